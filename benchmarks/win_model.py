"""The win model on two real histories, split by time, against Odoo's naive Bayes and gradient boosting.

it_bids (IT-services bids 2011-19): foretold when a bid is opened, learnt from 2011-17, judged on 2018-19. bpi2012 (loan
offers of a bank): foretold when the first offer has been sent, and a week later if the case is still undecided; learnt from
offers sent before December 2011 and decided before January 2012, judged on offers sent in January 2012. Every column is
something known at the instant of the prediction: events after it are cut off before anything is counted.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

from benchmarks.measure import Row, Words
from benchmarks.public_data import data_folder, told_absent
from coach.winning.encoding import Encoding, Feature
from coach.winning.model import HELD_BACK, History, fit_win_model

NAMES = {
    "bids": Words("win probability, IT bids: log loss", "赢单概率，IT 投标：对数损失"),
    "offer": Words("win probability, loan offers at sending: log loss", "赢单概率，贷款报价发出时：对数损失"),
    "offer_week": Words("win probability, loan offers a week later: log loss", "赢单概率，贷款报价发出一周后：对数损失"),
}
_ENDS = ["A_APPROVED", "A_REGISTERED", "A_ACTIVATED", "A_DECLINED", "A_CANCELLED"]
_WON = _ENDS[:3]
_WORK = ["W_Completeren aanvraag", "W_Nabellen offertes", "W_Afhandelen leads", "W_Valideren aanvraag", "W_Beoordelen fraude"]
_DAY = pd.Timedelta(days=1)


class Case(NamedTuple):
    """One history, cut in two: what is learnt from and what is judged."""

    name: str
    features: tuple[Feature, ...]
    past: History
    future: History


def win_model(lang: str) -> list[Row]:
    """Log losses as ratios: below 1 against naive Bayes, at most 1.02 against gradient boosting."""
    folder = data_folder()
    if folder is None:
        return told_absent(lang)
    rows = []
    for case in cases(folder):
        ours = log_loss(case.future.won, fit_win_model(case.features, case.past).probability(case.future.table))
        bayes = log_loss(case.future.won, naive_bayes(case))
        boosted = log_loss(case.future.won, boosting(case))
        name = getattr(NAMES[case.name], lang)
        rows.append(Row(name, ours, "nats", f"Odoo's naive Bayes {bayes:.4f} (< 1)", ours / bayes))
        rows.append(Row(name, ours, "nats", f"gradient boosting {boosted:.4f} (<= 1.02)", ours / boosted))
    return rows


def cases(folder: Path) -> Iterator[Case]:
    """The three histories."""
    yield bids(folder)
    events, loans = _loans(folder)
    yield offers("offer", events, loans, pd.Timedelta(0))
    yield offers("offer_week", events, loans, 7 * _DAY)


def bids(folder: Path) -> Case:
    """Bids when they are opened; days were altered in the source, years were not."""
    table = pd.read_csv(folder / "it_bids" / "it_bids.csv.gz")
    opened = pd.to_datetime(table["Deal Date"])
    names = ["Client Category", "Solution Type", "Sector", "Location", "VP", "Manager"]
    features = (*(Feature(name, name, name) for name in names), Feature("Deal Cost", "Deal Cost", "Deal Cost", True))
    won = (table["Deal Status Code"] == "Won").to_numpy()
    history = History(table[[f.name for f in features]], won, _milliseconds(opened), np.arange(len(table)))
    past = (opened.dt.year <= 2017).to_numpy()
    return Case("bids", features, _part(history, past), _part(history, ~past))


def offers(name: str, events: pd.DataFrame, loans: pd.DataFrame, later: pd.Timedelta) -> Case:
    """Loan cases with an offer, looked at `later` than the first offer was sent, if still undecided then."""
    look = loans["sent"] + later
    loans = loans[loans["ended"].isna() | (loans["ended"] > look)]
    look = look[loans.index]
    known = events[events["case"].isin(loans.index)]
    known = known[known["time"] <= known["case"].map(look)]
    table = _known_of_offers(known, loans, look)
    features = (Feature("sender", "sender", "sender"), Feature("weekday", "weekday", "weekday"))
    features += tuple(Feature(column, column, column, True) for column in table.columns[2:])
    history = History(table, loans["end"].isin(_WON).to_numpy(), _milliseconds(look), loans.index.to_numpy())
    sent, ended = loans["sent"], loans["ended"]
    past = (sent < "2011-12-01") & (ended < "2012-01-01")
    future = (sent >= "2012-01-01") & (sent < "2012-02-01") & ended.notna()
    return Case(name, features, _part(history, past.to_numpy()), _part(history, future.to_numpy()))


def _loans(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    events = pd.read_csv(folder / "bpi2012" / "events.csv.gz")
    events["time"] = pd.to_datetime(events["timestamp"], utc=True)
    events = events.sort_values("time", kind="stable")
    sent = events[events["activity"] == "O_SENT"].groupby("case").agg(sent=("time", "first"), sender=("resource", "first"))
    ended = events[events["activity"].isin(_ENDS)].groupby("case").agg(end=("activity", "last"), ended=("time", "first"))
    loans = pd.read_csv(folder / "bpi2012" / "cases.csv.gz").set_index("case").join(sent, how="inner").join(ended)
    loans["asked"] = pd.to_datetime(loans["reg_date"], utc=True)
    return events, loans


def _known_of_offers(known: pd.DataFrame, loans: pd.DataFrame, look: pd.Series) -> pd.DataFrame:
    by_case = known.groupby("case")
    asked = loans["asked"].dt.tz_convert("Europe/Amsterdam")
    accepted = known[known["activity"] == "A_PREACCEPTED"].groupby("case")["time"].first()
    columns = {
        "sender": loans["sender"].astype(str),
        "weekday": asked.dt.weekday.astype(str),
        "amount": loans["amount_req"].astype(float),
        "events": by_case.size(),
        "people": by_case["resource"].nunique(),
        "days so far": (loans["sent"] - loans["asked"]) / _DAY,
        "days to pre-acceptance": (accepted - loans["asked"]) / _DAY,
        "days idle": (look - by_case["time"].max()) / _DAY,
        "hour": asked.dt.hour,
        "offers": known[known["activity"] == "O_SENT"].groupby("case").size(),
        "sent back": known[known["activity"] == "O_SENT_BACK"].groupby("case").size(),
    }
    started = known[known["lifecycle"] == "START"].groupby(["activity", "case"]).size()
    for work in _WORK:
        columns[work] = started[work] if work in started.index.get_level_values(0) else pd.Series(dtype=float)
    table = pd.DataFrame(columns).reindex(loans.index)
    counts = ["offers", "sent back", *_WORK]
    return table.fillna(dict.fromkeys(counts, 0.0))


def naive_bayes(case: Case) -> np.ndarray:
    """Odoo's predictive lead scoring: a table of won and lost counts per field, 0.1 added to each, clamped to 0.01-99.99 %.

    It knows names only, so numbers are given to it in the ranges of our own encoding: without them it does worse.
    """
    encoding = Encoding(case.features, case.past.table)
    won, share = case.past.won, case.past.won.mean()
    score = np.full(len(case.future.won), np.log(share / (1 - share)))
    for past, future in zip(encoding.levels(case.past.table), encoding.levels(case.future.table), strict=True):
        counts = pd.crosstab(past, won).reindex(columns=[False, True], fill_value=0) + 0.1
        ratio = np.log((counts[True] / counts[True].sum()) / (counts[False] / counts[False].sum()))
        score += pd.Series(future).map(ratio).fillna(0).to_numpy()
    return np.clip(1 / (1 + np.exp(-score)), 0.0001, 0.9999)


def boosting(case: Case) -> np.ndarray:
    """Gradient boosting with the settings that foretell the latest fifth of the past best."""
    past, future = _for_boosting(case)
    order = np.argsort(case.past.at, kind="stable")
    cut = int((1 - HELD_BACK) * len(order))
    earlier, latest = order[:cut], order[cut:]

    def fitted(settings: tuple, rows: np.ndarray) -> HistGradientBoostingClassifier:
        rate, leaves, rounds = settings
        model = HistGradientBoostingClassifier(
            learning_rate=rate, max_leaf_nodes=leaves, max_iter=rounds, categorical_features="from_dtype", early_stopping=False
        )
        return model.fit(past.iloc[rows], case.past.won[rows])

    def loss(settings: tuple) -> float:
        return log_loss(case.past.won[latest], fitted(settings, earlier).predict_proba(past.iloc[latest])[:, 1])

    tried = [(rate, leaves, rounds) for rate in (0.03, 0.1) for leaves in (7, 31) for rounds in (50, 100, 200)]
    return fitted(min(tried, key=loss), order).predict_proba(future)[:, 1]


def _for_boosting(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    past, future = case.past.table.copy(), case.future.table.copy()
    for feature in case.features:
        if not feature.number:
            kept = past[feature.name].value_counts().index[:250]
            past[feature.name] = pd.Categorical(past[feature.name], categories=kept)
            future[feature.name] = pd.Categorical(future[feature.name], categories=kept)
    return past, future


def _milliseconds(instants: pd.Series) -> np.ndarray:
    plain = instants if instants.dt.tz is None else instants.dt.tz_convert("UTC").dt.tz_localize(None)
    return plain.astype("datetime64[ms]").astype("int64").to_numpy()


def _part(history: History, keep: np.ndarray) -> History:
    return History(history.table[keep], history.won[keep], history.at[keep], history.record[keep])
