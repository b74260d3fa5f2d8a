"""The win model on two real histories, looked at again and again: what it foretold of all that was open, and what came.

At each look the model is learnt from what was recorded by then, and foretells which of the opportunities open then will be won
within some weeks. It is held against a hazard by age alone, and against logistic regression and gradient boosting on the same
columns, which learn the same target from all looks that have been followed that long. school_crm: a school's CRM; closings
whose date the export does not tell are open as long as nobody recorded them. bpi2012: loan applications of a bank; the loan's
activation is a win. it_bids tells no dates of closing: there the chance of being won, if closed, is foretold at the opening for
the bids of 2018-19 from those of the years before.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from benchmarks.measure import Row, Words
from benchmarks.public_data import data_folder, told_absent
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.store import Store
from coach.winning.encoding import Encoding, Feature
from coach.winning.hazards import Choice, Hazards, incidence
from coach.winning.history import CLOSINGS, DAY, Entry, Record, records_at, standing, states
from coach.winning.looks import Looks, Past, look, look_back
from coach.winning.model import WinModel, fit_win_model
from sim.experiment.statistics.keyed import generator

NAMES = {
    "school": Words("won within {days} days of {day}, school's CRM", "学校 CRM，{day} 起 {days} 天内赢单"),
    "loans": Words("won within {days} days of {day}, loan applications", "贷款申请，{day} 起 {days} 天内赢单"),
    "pooled": Words("all looks at the {history} together", "{history}，全部时点合计"),
    "bids": Words("won, if closed; IT bids of 2018-19", "若关闭则赢单；2018–19 年 IT 投标"),
}
LOOKS = {
    "school": [(day, days) for day in ("2023-10-12", "2023-11-09", "2023-12-07") for days in (28, 56)],
    "loans": [(day, 28) for day in ("2011-11-24", "2011-12-08", "2011-12-22", "2012-01-05", "2012-01-19")],
}
HISTORIES = {"school": Words("school's CRM", "学校 CRM"), "loans": Words("loan applications", "贷款申请")}
BINS = 10
REPEATS = 200
BOOSTING = {"learning_rate": 0.05, "categorical_features": "from_dtype"}
TREES = [(leaves, fewest) for leaves in (4, 8) for fewest in (20, 200)]
"""Leaves of a tree, and looks in a leaf at least, that boosting is tried with."""
_WON = ("A_APPROVED", "A_REGISTERED", "A_ACTIVATED")
_LOST = ("A_DECLINED", "A_CANCELLED")
_STAGES = {"A_PREACCEPTED": 2.0, "A_ACCEPTED": 3.0, "O_SENT": 4.0, "O_SENT_BACK": 5.0}


class Question(NamedTuple):
    """One look at the instant `at` (ms): what is learnt from, what was open, and whether that was won within `days`."""

    name: str
    day: str
    at: int
    days: int
    past: Past
    opened: pd.DataFrame
    won: np.ndarray


def win_model(lang: str) -> list[Row]:
    """For each look: log losses against the three others (below 1), calibration error (0.02), and wins expected and come."""
    folder = data_folder()
    if folder is None:
        return told_absent(lang)
    rows: list[Row] = []
    pooled: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for asked in questions(folder):
        model = fit_win_model(asked.past)
        if isinstance(model, WinModel):
            told = model.within(asked.opened, asked.days)
            rows += _answers(asked, model, told, lang)
            pooled.setdefault(asked.name, []).append((told, asked.won))
    for name, looked in pooled.items():
        told, won = (np.concatenate(each) for each in zip(*looked, strict=True))
        rows.append(_calibration(getattr(NAMES["pooled"], lang).format(history=getattr(HISTORIES[name], lang)), told, won))
    return [*rows, *_bids(folder, lang)]


def questions(folder: Path) -> Iterator[Question]:
    """All looks at both histories."""
    for name, records in (("school", school(folder)), ("loans", loans(folder))):
        last = max(entry.recorded_at for record in records for entry in record.entries)
        for day, days in LOOKS[name]:
            at = int(pd.Timestamp(day, tz="UTC").value // 1_000_000)
            if at + days * DAY <= last:
                yield question(name, day, days, records, at, last)


def question(name: str, day: str, days: int, records: list[Record], at: int, last: int) -> Question:
    """What was known at a look at records whose last instant is `last` (ms), and what came of what was open."""
    known = [record._replace(entries=[entry for entry in record.entries if entry.recorded_at < at]) for record in records]
    known = [record for record in known if record.entries]
    now = {record.row: next(iter(states(record, [at]))) for record in known}
    opened = {record.row for record in known if now[record.row].get("status", "open") == "open"}
    won = {record.row: _won_at(record, last) for record in records if record.row in opened}
    rows = [record.row for record in known if record.row in opened]
    table = pd.DataFrame([look(now[row], at) for row in rows])
    return Question(
        name, day, at, days, look_back(known, at, set()), table, np.array([won[row] <= at + days * DAY for row in rows])
    )


def _won_at(record: Record, last: int) -> float:
    """Instant of the win; never where it stands at the export's own instant, which is no date."""
    closings = standing(record, CLOSINGS)
    won = closings and closings[-1].event == "won" and closings[-1].recorded_at < last
    return float(closings[-1].recorded_at) if won else np.inf


def _answers(question: Question, model: WinModel, told: np.ndarray, lang: str) -> Iterator[Row]:
    name = getattr(NAMES[question.name], lang).format(days=question.days, day=question.day)
    loss = log_loss(question.won, told, labels=[False, True])
    others = {"age": by_age(question), "logistic": _logistic(question), "boosting": _boosting(question)}
    for other, chances in others.items():
        if chances is not None:
            against = log_loss(question.won, np.clip(chances, 1e-6, 1 - 1e-6), labels=[False, True])
            yield Row(name, loss, "nats", f"{other} {against:.4f} (< 1)", loss / against)
    yield _calibration(name, told, question.won)
    (whole,) = model.expected(question.opened, np.array([0.0, question.days]))
    came = int(question.won.sum())
    yield Row(name, whole.wins, "wins", f"{came} came; 80 %: {whole.low:.0f}-{whole.high:.0f}", whole.wins / max(came, 1))


def _calibration(name: str, told: np.ndarray, won: np.ndarray) -> Row:
    """The calibration error beside the figure to reach, and what chances that are right to the point would show by luck."""
    error = calibration_error(told, won)
    rng = generator("calibration by luck", name)
    luck = np.mean([calibration_error(told, rng.random(len(told)) < told) for _ in range(REPEATS)])
    return Row(name, error, "calibration error", f"0.02 (<= 1); {luck:.3f} by luck alone", error / 0.02)


def calibration_error(told: np.ndarray, won: np.ndarray) -> float:
    """Expected calibration error: mean distance of share won and mean chance over ten bins of equal counts."""
    order = np.argsort(told, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    return float(sum(abs(told[part].sum() - won[part].sum()) for part in bins) / len(told))


def by_age(question: Question) -> np.ndarray:
    model = Hazards.learnt((), question.past.dated, Choice(1.0, 0.0))
    return incidence(model.of(model.columns(question.opened[["age"]])), question.days)


def _followed(question: Question) -> tuple[Looks, np.ndarray]:
    """Looks so long before the question that all were followed long enough, and whether they were won within it."""
    looks = question.past.dated
    if question.at:
        looks = looks.part(looks.at <= question.at - question.days * DAY)
    return looks, (looks.ended == 1) & (looks.left <= question.days)


def _columns(question: Question) -> tuple[Feature, ...]:
    return (*question.past.features, Feature("age", "age", "age", True))


def _logistic(question: Question) -> np.ndarray | None:
    looks, won = _followed(question)
    if not 0 < won.sum() < len(won):
        return None
    encoding = Encoding(_columns(question), looks.table)
    model = LogisticRegression(C=0.03, max_iter=2000).fit(encoding.columns(looks.table), won, sample_weight=looks.weight)
    return model.predict_proba(encoding.columns(question.opened.reindex(columns=looks.table.columns)))[:, 1]


def _boosting(question: Question) -> np.ndarray | None:
    looks, won = _followed(question)
    if not 0 < won.sum() < len(won):
        return None
    past, opened = looks.table, question.opened.reindex(columns=looks.table.columns)
    own: tuple[dict, dict] = ({}, {})
    for feature in _columns(question):
        kept = past[feature.name].astype(str).value_counts().index[:200]
        for side, table in zip(own, (past, opened), strict=True):
            values = table[feature.name]
            numbers = values.astype(float).to_numpy() if feature.number else None
            side[feature.name] = numbers if feature.number else pd.Categorical(values.astype(str), categories=kept)
    return _boosted(looks, won, *(pd.DataFrame(side) for side in own))


def _boosted(looks: Looks, won: np.ndarray, past: pd.DataFrame, opened: pd.DataFrame) -> np.ndarray:
    """Boosting whose trees and their number are chosen by how well it foretells the latest quarter of the opportunities."""
    began = looks.at - looks.table["age"].to_numpy() * DAY
    firsts = pd.Series(began).groupby(looks.record).min()
    later = began >= firsts.quantile(0.75)
    if not all(0 < part.sum() < len(part) for part in (won[later], won[~later])):
        later = looks.record % 4 == 0
    tried = []
    for leaves, fewest in TREES:
        settings = {"max_leaf_nodes": leaves, "min_samples_leaf": fewest, **BOOSTING}
        model = HistGradientBoostingClassifier(max_iter=500, early_stopping=True, n_iter_no_change=20, **settings)
        model.fit(past[~later], won[~later], sample_weight=looks.weight[~later], X_val=past[later], y_val=won[later],
                  sample_weight_val=looks.weight[later])  # fmt: skip
        losses = -model.validation_score_
        tried.append((losses.min(), max(int(losses.argmin()), 1), settings))
    _, trees, settings = min(tried, key=lambda each: each[0])
    model = HistGradientBoostingClassifier(max_iter=trees, early_stopping=False, **settings)
    return model.fit(past, won, sample_weight=looks.weight).predict_proba(opened)[:, 1]


def school(folder: Path) -> list[Record]:
    with tempfile.TemporaryDirectory() as place:
        store = Store.open(Path(place) / "school.db")
        import_folder(folder / "school_crm", load_mapping("zoho-school"), store, now=time.time_ns() // 1_000_000)
        records = [record for record in records_at(store, time.time_ns() // 1_000_000) if record.kind == "opportunity"]
        store.close()
    return records


def loans(folder: Path) -> list[Record]:
    """Applications as records of opportunities: work done on them are conversations, an offer is a document."""
    events = pd.read_csv(folder / "bpi2012" / "events.csv.gz")
    events["at"] = pd.to_datetime(events["timestamp"], utc=True, format="ISO8601").astype("datetime64[ms, UTC]").astype("int64")
    amounts = pd.read_csv(folder / "bpi2012" / "cases.csv.gz").set_index("case")["amount_req"]
    records = []
    for row, (case, own) in enumerate(events.sort_values("at", kind="stable").groupby("case", sort=False)):
        told = zip(own["activity"], own["lifecycle"], own["at"], own["resource"].astype(str), strict=True)
        records.append(Record(row, "opportunity", str(case), list(_loan(told, float(amounts[case])))))
    return records


def _loan(told, amount: float) -> Iterator[Entry]:
    closed = False
    for number, (activity, lifecycle, at, person) in enumerate(told):
        found = _event(activity, lifecycle, closed)
        if number == 0:
            found = "registered", {"amount": amount, "stage": 1.0}
        if found is None:
            continue
        closed = closed or found[0] in CLOSINGS
        yield Entry(("loans", str(number)), found[0], at, at, None, {**found[1], "owner": person}, None)


def _event(activity: str, lifecycle: str, closed: bool) -> tuple[str, dict] | None:
    if closed:
        return None
    if activity in _WON or activity in _LOST:
        return ("won" if activity in _WON else "lost"), {}
    if activity in _STAGES:
        return "advanced", {"stage": _STAGES[activity]}
    if activity == "O_CREATED":
        return "document", {}
    return ("contact", {}) if activity.startswith("W_") and lifecycle == "COMPLETE" else None


def _bids(folder: Path, lang: str) -> Iterator[Row]:
    table = pd.read_csv(folder / "it_bids" / "it_bids.csv.gz")
    opened = pd.to_datetime(table["Deal Date"])
    names = ["Client Category", "Solution Type", "Sector", "Location", "VP", "Manager"]
    features = (*(Feature(name, name, name) for name in names), Feature("Deal Cost", "Deal Cost", "Deal Cost", True))
    won = (table["Deal Status Code"] == "Won").to_numpy()
    at = opened.astype("datetime64[ms]").astype("int64").to_numpy()
    known = table[[each.name for each in features]].assign(age=0.0)
    looks = Looks(known, at, np.arange(len(table)), np.zeros(len(table)), np.where(won, 1, 2), np.ones(len(table)))
    looks = looks.part(np.argsort(at, kind="stable"))
    cut = int(pd.Timestamp("2018-01-01").value // 1_000_000)
    past, future = looks.part(looks.at < cut), looks.part(looks.at >= cut)
    question = Question("bids", "", 0, 1, Past(features, past._replace(left=np.ones(len(past.at))), past, len(past.at), past),
                        future.table, future.ended == 1)  # fmt: skip
    model = fit_win_model(question.past._replace(dated=past.part(past.at < 0)))
    if not isinstance(model, WinModel):
        raise ValueError(f"bids: {model}")
    told = model.ever(question.opened)
    loss, name = log_loss(question.won, told), getattr(NAMES["bids"], lang)
    for other, chances in (("logistic", _logistic(question)), ("boosting", _boosting(question))):
        against = log_loss(question.won, chances)
        yield Row(name, loss, "nats", f"{other} {against:.4f} (< 1)", loss / against)
    share = log_loss(question.won, np.full(len(told), (past.ended == 1).mean()))
    yield Row(name, loss, "nats", f"share won {share:.4f} (< 1)", loss / share)
    yield _calibration(name, told, question.won)
