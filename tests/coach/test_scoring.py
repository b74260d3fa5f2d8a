"""All scores of a store at an instant: from what was recorded by then, never from what came later."""

import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from openpyxl import load_workbook

from apps.cli.main import program
from coach.events import PostedEvent
from coach.rules.advice import MINUTES, Share, minutes_at
from coach.scoring.scores import score_store
from coach.scoring.workbook import notes, write_scores
from coach.store import Store
from coach.winning.few import TooLittleHistory
from coach.winning.history import records_at, states, undated_closings
from coach.winning.latest_chances import LatestChances
from coach.winning.looks import look, look_back
from coach.winning.model import WITHIN_DAYS, WinModel
from coach.winning.ranking import WinChances
from coach.winning.trials import USUAL, Trial
from policies.language.policy import Policy
from policies.record.phases import stage_at
from tests.policies.stage_layouts import layouts, stages_of

DAY = 86_400_000
START = round(datetime(2025, 1, 6, tzinfo=UTC).timestamp() * 1000)
NOW = START + 300 * DAY


def event(name: str, record: str, day: float, *, kind: str = "opportunity", number: int = 0, **payload) -> PostedEvent:
    at = round(START + day * DAY)
    return PostedEvent(
        source="test", key=f"{kind}/{record}/{name}/{number}", event=name, kind=kind, record=record,
        unit=payload.get("owner") if kind == "opportunity" else None, acted_at=at, recorded_at=at, payload=payload,
    )  # fmt: skip


def deal(number: int, draws: np.random.Generator) -> list[PostedEvent]:
    """An opportunity: referrals are won twice as often, and one in eight is still open."""
    name, begun = f"D{number:04d}", draws.uniform(0, 270)
    source = draws.choice(["referral", "website"])
    owner = f"rep-{number % 4}"
    told = {"owner": owner, "source": str(source), "stage": 1.0, "amount": float(round(draws.uniform(1e4, 9e4)))}
    events = [event("registered", name, begun, **told), event("first_contact", name, begun + 1)]
    length = draws.uniform(10, 40)
    won = draws.random() < (0.6 if source == "referral" else 0.3)
    if won or draws.random() < 0.5:
        events.append(event("advanced", name, begun + 0.4 * length, stage=2.0))
    if number % 8 and begun + length < 299:
        events.append(event("won" if won else "lost", name, begun + length))
    return events


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store.open(tmp_path_factory.mktemp("scores") / "store.db")
    draws = np.random.default_rng(3)
    units = [event("registered", f"rep-{number}", 0, kind="unit", level="rep") for number in range(4)]
    minutes = {"custom.minutes_worked": 2400.0, "custom.minutes_forms": 1300.0}
    units.append(event("field_recorded", "rep-1", 200, kind="unit", **minutes))
    customers = [
        event("registered", "C1", 10, kind="customer"),
        event("satisfaction", "C1", 200, kind="customer", satisfaction=1.0),
        event("paid", "C1", 201, kind="customer", payments=5.0, late_payments=4.0),
        event("registered", "C2", 10, kind="customer"),
    ]
    deals = [each for number in range(400) for each in deal(number, draws)]
    opened.append([*units, *customers, *deals])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scored(store):
    return score_store(store, NOW, {1: 0.9})


@pytest.mark.system("S1")
def test_every_open_opportunity_is_scored_with_reasons(scored):
    assert len(scored.opportunities) > 40
    for each in scored.opportunities:
        assert 0 <= each.health.value <= 100
        assert each.health.reasons
    old = min(scored.opportunities, key=lambda each: each.values["opened_at"])
    assert old.alarm
    assert old.health.colour == "red"


def test_referrals_get_the_higher_probability_and_the_reason(scored):
    assert isinstance(scored.model, WinModel)
    alike = {"opened_at": NOW - 5 * DAY, "stage": 1.0, "amount": 50_000.0}
    table = pd.DataFrame([look(alike | {"source": source}, NOW) for source in ("referral", "website")])
    referral, website = scored.model.within(table)
    assert referral > website + 0.05
    for source, reasons in zip(("referral", "website"), scored.model.reasons(table, most=9), strict=True):
        points = {reason.feature.name: reason.points for reason in reasons}
        assert (points["source"] > 0) == (source == "referral")


def test_what_lay_open_longer_than_anything_was_ever_won_has_next_to_no_chance(scored):
    """One in eight is never closed, and all others are within 40 days."""
    old = [each.probability for each in scored.opportunities if each.values["opened_at"] < NOW - 60 * DAY]
    assert len(old) > 20
    assert max(old) < 0.06


def test_the_sum_of_probabilities_is_what_is_expected(scored):
    within = scored.expected_within
    assert within.wins == pytest.approx(sum(each.probability for each in scored.opportunities))
    assert within.low < within.wins < within.high
    weeks = scored.expected
    assert sum(each.wins for each in weeks if each.to_day <= 63) < within.wins < sum(each.wins for each in weeks) + 1
    assert sum(each.expected_wins or 0.0 for each in scored.reps) == pytest.approx(within.wins)
    assert all(each.probability <= each.ever for each in scored.opportunities)


@pytest.mark.system("S4")
def test_a_customer_in_the_red_for_two_months_needs_a_substitute(scored):
    sick, unknown = scored.customers
    assert (sick.health.colour, sick.substitute) == ("red", True)
    assert unknown.health.value is None
    assert not unknown.substitute


@pytest.mark.system("S5")
def test_time_lost_is_told_where_it_was_recorded(scored):
    energy = {each.id: each.energy for each in scored.reps}
    assert energy["rep-1"].colour == "red"
    assert energy["rep-2"].value is None


@pytest.mark.system("S11")
def test_the_firms_bottleneck_is_named_against_the_benchmark(scored):
    assert scored.firm.bottleneck == 1
    assert "against 90%" in scored.firm.reason.en


def test_what_is_recorded_later_changes_no_score(store):
    earlier = score_store(store, START + 150 * DAY)
    again = [each.id for each in earlier.opportunities]
    assert again == [
        record.id
        for record in records_at(store, START + 150 * DAY)
        if record.kind == "opportunity" and next(states(record, [START + 150 * DAY])).get("status") == "open"
    ]
    assert all(each.values["opened_at"] <= START + 150 * DAY for each in earlier.opportunities)
    assert earlier.model.won + earlier.model.lost < 220


def test_the_model_learns_from_looks_before_the_end_only(store):
    deals = [record for record in records_at(store, NOW) if record.kind == "opportunity"]
    features, looks, *_ = look_back(deals, NOW, set())
    ends = {"won": 1, "lost": 2}
    last = {record.row: record.entries[-1] for record in deals}
    assert len(looks.at) > 300
    for at, row, left, ended in zip(looks.at, looks.record, looks.left, looks.ended, strict=True):
        assert ended == ends.get(last[row].event, 0)
        assert at + left * DAY == pytest.approx(last[row].recorded_at if ended else NOW)
    assert {"source", "owner", "amount"} <= {each.name for each in features}


def test_a_store_without_history_gives_no_probability(tmp_path):
    opened = Store.open(tmp_path / "empty.db")
    opened.append([event("registered", "only", 1, owner="x", stage=1.0)])
    found = score_store(opened, NOW)
    opened.close()
    assert isinstance(found.model, TooLittleHistory)
    assert found.opportunities[0].probability is None
    assert found.opportunities[0].health.value is not None
    assert "no rate can be told" in " ".join(each.en for each in notes(found))


def test_few_wins_are_told_as_one_rate_for_all_with_its_interval(tmp_path):
    """In the notes of the scores, and with every action on the page of today."""
    opened = Store.open(tmp_path / "few.db")
    draws = np.random.default_rng(3)
    opened.append([each for number in range(40) for each in deal(number, draws)])
    found = score_store(opened, NOW)
    chances = WinChances.of(opened, NOW)
    opened.close()
    whole, (share, low, high) = found.expected_within, found.model.share
    told = {"en": " ".join(each.en for each in notes(found)), "zh": "".join(each.zh for each in notes(found))}
    deals = [{"kind": "opportunity", "id": each.id, "values": each.values} for each in found.opportunities]
    (action,) = chances.rank(deals, [Share(0.3, 100, 30)] * 5, Policy(name="none"), NOW, 1)
    figures = [f"{share:.0%}", f"{low:.0%}", f"{high:.0%}", f"{whole.wins:.1f}", f"{whole.low:.0f}", f"{whole.high:.0f}"]
    for language in ("en", "zh"):
        assert all(figure in told[language] for figure in figures)
        assert f"{low:.0%}" in action.reasons[language][-1]
    assert whole.low <= whole.wins <= whole.high
    assert all(each.probability is None for each in found.opportunities)


def test_what_was_opened_since_then_is_ranked_by_the_same_kind_of_chance_as_the_rest(store):
    """A share of wins among closed opportunities, near 1 here, must not put it before everything else."""
    kept = LatestChances(store, lambda: NOW)
    kept.refresh()
    begun = {"amount": 50_000.0, "stage": 1.0, "source": "website", "owner": "rep-1", "opened_at": float(NOW)}
    deals = [{"kind": "opportunity", "id": "new", "values": begun}]
    (alone,) = kept.rank(deals, [Share(0.99, 100, 99)] * 5, Policy(name="none"), NOW, 1)
    share = alone.value_per_minute * alone.minutes / 50_000.0
    assert share == pytest.approx(kept.latest.chances["new"].probability)
    assert 0.0 < share < 0.6


def test_closings_dated_by_an_export_are_found_after_work_went_on_live(tmp_path):
    opened = Store.open(tmp_path / "live.db")
    deals = [f"D{number}" for number in range(40)]
    told = [event("registered", name, 1, stage=1.0) for name in deals]
    told += [event("lost", name, 5 + number / 10) for number, name in enumerate(deals[:20])]
    told += [event("won", name, 50) for name in deals[20:35]]
    opened.append(told)
    live = [event("won", name, 60 + number).model_copy(update={"source": "live"}) for number, name in enumerate(deals[35:])]
    opened.append(live)
    rows = {record.row for record in records_at(opened, NOW) if record.id in deals[20:35]}
    assert undated_closings(opened) == rows
    opened.close()


def test_an_opportunity_lost_first_and_won_later_was_won_later(tmp_path):
    opened = Store.open(tmp_path / "later.db")
    opened.append([event("registered", "A", 0, stage=1.0), event("lost", "A", 20), event("won", "A", 50)])
    past = look_back(records_at(opened, NOW), NOW, set())
    opened.close()
    ends = past.dated.left + (past.dated.at - START) / DAY
    assert ends == pytest.approx(np.full(len(ends), 50.0))
    assert set(past.dated.ended) == {1}
    assert past.dated.at.max() < START + 20 * DAY


def test_without_dates_of_closing_the_workbook_says_won_if_closed(scored, tmp_path):
    untried = Trial(USUAL, None, None, scored.model.level)
    model = WinModel(scored.model.hazards, (scored.model.won, scored.model.lost), 500, untried, timed=False)
    untimed = [each._replace(probability=None) for each in scored.opportunities]
    path = write_scores(scored._replace(model=model, opportunities=untimed), tmp_path / "scores.xlsx", "en", "Asia/Shanghai")
    names = [cell.value for cell in load_workbook(path)["Opportunities"][1]]
    assert "won, if closed" in names
    assert not {"ever won", f"won within {WITHIN_DAYS} days"} & set(names)


@pytest.mark.parametrize(("times", "en", "zh"), [(1.5, "more were", "上调"), (0.5, "fewer were", "下调"), (1.0, "", "")])
def test_without_dates_of_closing_it_is_told_when_the_odds_were_moved(scored, times, en, zh):
    level = scored.model.level
    moved = level._replace(shape=1e9 * times * np.ones_like(level.shape), rate=1e9 * np.ones_like(level.rate))
    ends = scored.model.won, scored.model.lost
    model = WinModel(scored.model.hazards, ends, 500, Trial(USUAL, None, None, moved), timed=False)
    note = notes(scored._replace(model=model))[1]
    assert ("opened lately" in note.en) == ("近期创建" in note.zh) == bool(en)
    assert en in note.en
    assert zh in note.zh


def test_withdrawing_an_event_moves_the_instant_back(tmp_path):
    opened = Store.open(tmp_path / "void.db")
    told = [event("registered", "A", 0, stage=1.0), event("contact", "A", 2), event("contact", "A", 5, number=1)]
    voided = PostedEvent(
        source="test", key="v", event="voided", kind="opportunity", record="A", acted_at=START + 6 * DAY,
        recorded_at=START + 6 * DAY, voids="opportunity/A/contact/1",
    )  # fmt: skip
    opened.append([*told, voided])
    (record,) = records_at(opened, NOW)
    opened.close()
    before, after = states(record, [START + 5 * DAY, START + 7 * DAY])
    assert before["last_action_at"] == START + 5 * DAY
    assert after["last_action_at"] == START + 2 * DAY


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_has_a_sheet_for_everybody(scored, tmp_path, language):
    book = load_workbook(write_scores(scored, tmp_path / "scores.xlsx", language, "Asia/Shanghai"))
    names = {
        "en": ["Reps", "Opportunities", "Customers", "Funnel", "Expected wins", "Further scores", "About"],
        "zh": ["销售", "商机", "客户", "漏斗", "预期赢单", "其他评分", "说明"],
    }
    assert book.sheetnames == names[language]
    rows = list(book[names[language][1]].values)
    assert len(rows) == 1 + len(scored.opportunities)
    assert any(cell for row in rows[1:] for cell in row if isinstance(cell, str) and ("days" in cell or "天" in cell))
    about = "\n".join(row[0] for row in book[names[language][-1]].values)
    assert str(scored.model.won) in about


def test_a_text_from_the_crm_is_never_a_formula(tmp_path):
    opened = Store.open(tmp_path / "formula.db")
    opened.append([event("registered", "=HYPERLINK(1)", 1, stage=1.0)])
    path = write_scores(score_store(opened, NOW), tmp_path / "scores.xlsx", "en", "Asia/Shanghai")
    opened.close()
    assert load_workbook(path)["Opportunities"]["A2"].value == "'=HYPERLINK(1)"


def test_actions_are_ranked_by_each_opportunitys_own_chance_once_there_is_a_model(store):
    kept = LatestChances(store, lambda: NOW)
    deal = {"kind": "opportunity", "id": "new", "values": {"amount": 50_000.0, "stage": 1.0}}
    assert [each.record for each in kept.rank([deal], [Share(0.3, 100, 30)] * 5, Policy(name="none"), NOW, 3)] == ["new"]
    chances = WinChances.of(store, NOW)
    names = sorted(chances.chances, key=lambda name: chances.chances[name].probability)
    deals = [
        {"kind": "opportunity", "id": name, "values": {"amount": 50_000.0, "stage": 1.0}}
        for name in (names[0], names[-1], "new")
    ]
    ranked = chances.rank(deals, [Share(0.3, 100, 30)] * 5, Policy(name="none"), NOW, 3)
    order = [each.record for each in ranked]
    assert order.index(names[-1]) < order.index(names[0])
    told = {each.record: each.reasons for each in ranked}
    assert told[names[-1]]["en"][0].startswith(f"won within {WITHIN_DAYS} days")
    assert told[names[-1]]["zh"][0].startswith(f"{WITHIN_DAYS} 天内赢单概率")
    assert told["new"]["en"][0].startswith(f"won within {WITHIN_DAYS} days")
    (best,) = chances.rank(deals[:2], [Share(0.3, 100, 30)] * 5, Policy(name="none"), NOW, 1)
    assert best.record == names[-1]


@pytest.mark.file
def test_the_command_scores_once_and_writes_excel_and_json(store, tmp_path):
    place = str(store.engine.url.database)
    results, book = tmp_path / "scores.json", tmp_path / "scores.xlsx"
    arguments = ["score", place, "--at", "2025-11-02", "--json", str(results), "--xlsx", str(book), "--lang", "en"]
    result = CliRunner().invoke(program, arguments, prog_name="rehearse")
    assert result.exit_code == 0, result.output
    assert "least healthy" in result.output
    found = json.loads(results.read_text(encoding="utf-8"))
    assert {"opportunities", "customers", "reps", "firm"} <= set(found)
    assert book.exists()
    wrong = CliRunner().invoke(program, ["score", place, "--at", "soon", "--lang", "zh"], prog_name="rehearse")
    assert wrong.exit_code == 2
    assert "不是时刻" in wrong.stderr
    absent = CliRunner().invoke(program, ["score", str(tmp_path / "absent.db"), "--lang", "en"], prog_name="rehearse")
    assert absent.exit_code == 2
    assert "import" in absent.stderr


@given(layouts())
def test_the_next_step_takes_what_the_work_takes_whatever_the_stage_is_called(said):
    policy = Policy(name="mine", stages=stages_of(said))
    for phase in set(policy.begins):
        assert minutes_at(stage_at(phase, policy.begins), policy) == MINUTES[phase - 1]
    for stage in range(1, len(said) + 1):
        assert minutes_at(stage, policy) == MINUTES[policy.begins[stage - 1] - 1]
