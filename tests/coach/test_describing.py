"""What a record says: estimates against known truths, open cases counted as open, and what cannot be said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.describing import conversion, habits, rhythm, timing
from coach.describing.describe import SECTIONS, completeness, describe
from coach.describing.estimates import dispersion, rate, share, shrunk
from coach.describing.page import write_description
from coach.describing.spans import Spans, last_recorded
from coach.events import PostedEvent
from coach.problems import CoachError
from coach.store import Store

DAY = 86_400_000
START = 1_735_689_600_000  # 2025-01-01T00:00Z
YEAR = START + 365 * DAY


def spans_of(deals: pd.DataFrame, at: int = YEAR, leads: pd.DataFrame | None = None, moves=(), actions=()) -> Spans:
    told = {"source": None, "owner": None, "amount": np.nan, "amount_before": np.nan, "response": np.nan, "lead": np.nan}
    table = deals.assign(**{name: value for name, value in told.items() if name not in deals}, row=range(len(deals)))
    table["id"] = table["row"].astype(str)
    if "dated" not in table:
        table["dated"] = True
    empty = pd.DataFrame(columns=["row", "id", "start", "end", "outcome", "source", "owner", "response"])
    return Spans(
        at, "UTC", table, empty if leads is None else leads,
        pd.DataFrame(moves, columns=["deal", "stage", "start", "end", "went_on"]),
        pd.DataFrame(actions, columns=["deal", "at"]), np.zeros(0), int((~table["dated"]).sum()),
    )  # fmt: skip


def drawn(number: int, seed: int, wins_a_day=0.004, losses_a_day=0.012) -> pd.DataFrame:
    """Opportunities with constant hazards of win and loss, opened all through a year and looked at at its end."""
    random = np.random.default_rng(seed)
    start = START + random.uniform(0, 365, number) * DAY
    took = random.exponential(1 / (wins_a_day + losses_a_day), number) * DAY
    won = random.random(number) < wins_a_day / (wins_a_day + losses_a_day)
    end = start + took
    outcome = np.where(end > YEAR, "open", np.where(won, "won", "lost"))
    return pd.DataFrame({"start": start, "end": np.where(end > YEAR, np.nan, end), "outcome": outcome})


def test_open_opportunities_count_as_open_in_the_curve():
    """Of constant hazards h and g, h/(h+g)·(1 − exp(−(h+g)t)) are won by age t; closed ones alone would show far more."""
    section = timing.timing(spans_of(drawn(4000, 1)))
    curve = next(each for each in section.measured if each.name == "won_by_age")
    for row in curve.rows:
        truth = 0.25 * -np.expm1(-0.016 * row.at)
        if row.at > 5:
            assert row.low - 0.012 <= truth <= row.high + 0.012


def test_hazards_by_age_find_a_constant_one():
    """Of eight bands at 95 %, at most two miss the truth (chance of more than two: under 1 %; the seed is fixed)."""
    section = timing.hazards(spans_of(drawn(4000, 2)))
    rows = next(each for each in section.measured if each.name == "wins_by_age").rows
    assert sum(not row.low <= 7 * 0.004 <= row.high for row in rows) <= 2


@given(st.integers(1, 30), st.integers(0, 30))
def test_no_rate_is_told_of_an_age_that_few_reached(few, more):
    """`few` live for 200 days, the others end by day 20: a rate of the ages behind it stands on those few alone."""
    lived = np.concatenate([np.full(few, 200.0), np.linspace(1, 20, 15 + more)])
    start = np.full(len(lived), float(START))
    deals = pd.DataFrame({"start": start, "end": start + lived * DAY, "outcome": ["lost"] * few + ["won"] * (15 + more)})
    rows = {row.label.en: row for row in next(iter(timing.hazards(spans_of(deals)).measured)).rows}
    assert "0 to 7" in rows
    assert ("60 to 90" in rows) == (few >= 10)
    assert all(row.high is not None and row.high < 1.0 for row in rows.values() if row.cases == 0)


def test_idle_time_starts_again_with_every_action():
    start = START + np.zeros(40) * DAY
    deals = pd.DataFrame({"start": start, "end": start + 50 * DAY, "outcome": ["won"] * 20 + ["lost"] * 20})
    actions = [(deal, START + day * DAY) for deal in range(40) for day in (10, 20, 30, 45)]
    section = timing.hazards(spans_of(deals, actions=actions))
    rows = {row.label.en: row for row in next(each for each in section.measured if each.name == "wins_by_idleness").rows}
    assert rows["0 to 7"].cases == 20
    assert rows["7 to 14"].cases == 0
    # By day: idle for 10, 10, 10, 15 and 5 days; up to 7 of each but the last.
    assert rows["0 to 7"].value == pytest.approx(20 / (40 * (4 * 7 + 5) / 7))


def test_a_share_is_of_those_old_enough_and_undated_closings_are_left_out():
    old = pd.DataFrame({"start": [START] * 100, "end": [START + 10 * DAY] * 100, "outcome": ["won"] * 40 + ["lost"] * 60})
    young = pd.DataFrame({"start": [YEAR - DAY] * 50, "end": [np.nan] * 50, "outcome": ["open"] * 50})
    undated = old.assign(dated=False)
    spans = spans_of(pd.concat([old.assign(dated=True), young.assign(dated=True), undated], ignore_index=True))
    horizon = conversion.horizon_of(spans)
    ripe = conversion.ripe(spans, horizon)
    assert (len(ripe), ripe["won"].sum(), horizon) == (100, 40, 30)
    assert "100 opportunities were closed is not known" in completeness(spans).unsaid[0].en


def test_amounts_that_are_entered_with_the_closing_foretell_nothing():
    deals = drawn(1000, 3).assign(amount=1000.0, source="web", owner="A")
    section = conversion.conversion(spans_of(deals))
    assert any("entered with the closing" in each.en for each in section.unsaid)
    assert not any(each.name == "won_by_amount" for each in section.measured)


@pytest.mark.parametrize("spread", [0.0, 0.08])
def test_people_differ_only_where_they_do(spread):
    """Twenty people of 200 cases each; alike they are told to be so, and a spread of eight points is found (fixed seed)."""
    random = np.random.default_rng(5)
    true = np.clip(0.3 + spread * random.standard_normal(20), 0.05, 0.9)
    found = shrunk(random.binomial(200, true), np.full(20, 200))
    assert (found.p_value < 0.05) == (spread > 0)
    if spread:
        assert found.spread == pytest.approx(spread, rel=0.4)
        raw_error = np.abs(random.binomial(200, true) / 200 - true).mean()
        assert np.abs(np.array([each.value for each in found.shares]) - true).mean() < 1.2 * raw_error


@given(st.integers(0, 500), st.integers(10, 500))
def test_intervals_hold_their_value(count, cases):
    count = min(count, cases)
    for found in (share(count, cases), rate(count, cases / 7)):
        assert found.low - 1e-12 <= found.value <= found.high + 1e-12


def test_intervals_agree_with_published_ones():
    """Wilson for 10 of 100: .0552 to .1744 (Newcombe, Statistics in Medicine 17, 1998); Garwood for 10: 4.795 to 18.39."""
    assert share(10, 100)[1:] == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert rate(10, 1.0)[1:] == pytest.approx((4.795, 18.39), abs=5e-3)


@pytest.mark.parametrize("times", [1.0, 3.0])
def test_dispersion_of_counts(times):
    random = np.random.default_rng(7)
    mean = 20.0
    counts = random.poisson(mean, 150) if times == 1 else random.negative_binomial(mean / (times - 1), 1 / times, 150)
    found = dispersion(counts)
    assert found.low <= times <= found.high


def test_wins_that_crowd_on_the_last_day_are_found_and_new_opportunities_beside_them_are_not():
    random = np.random.default_rng(11)
    days = pd.date_range("2025-01-01", "2025-12-31", freq="D", tz="UTC")
    wins = random.poisson(np.where((days + pd.offsets.MonthEnd(0)) == days, 9.0, 3.0))
    ends = np.repeat(days.as_unit("ms").asi8 + 12 * 3_600_000, wins).astype(float)
    deals = pd.DataFrame({"start": random.uniform(START, YEAR - 40 * DAY, len(ends)), "end": ends, "outcome": "won"})
    section = rhythm.calendar_days(spans_of(deals))
    by_day = {each.name: {row.label.en: row for row in each.rows} for each in section.measured}
    last = by_day["wins_by_day"]["last day of the month"]
    assert last.low <= 3 <= last.high
    assert last.low > 1
    placebo = by_day["opportunities_by_day"]["last day of the month"]
    assert placebo.low <= 1 <= placebo.high


def test_weeks_are_whole_and_those_without_anything_count():
    monday = START + 5 * DAY  # 2025-01-06
    starts = pd.Series([START, monday, monday + 21 * DAY, monday + 22 * DAY], dtype=float)
    spans = spans_of(pd.DataFrame({"start": starts, "end": np.nan, "outcome": "open"}), at=monday + 30 * DAY)
    assert rhythm.weekly(starts, spans).tolist() == [1, 0, 0, 2]


def test_answers_are_told_by_how_long_they_took():
    deals = drawn(2000, 13)
    deals["response"] = np.where(np.arange(2000) % 2, 60_000.0, np.nan)
    section = habits.response(spans_of(deals))
    rows = {row.label.en: row.cases for row in section.measured[0].rows}
    assert rows["up to 5 minutes"] > 0
    assert rows["never, as recorded"] > 0
    assert sum(rows.values()) == len(conversion.ripe(spans_of(deals), conversion.horizon_of(spans_of(deals))))


@pytest.mark.parametrize("make", [*SECTIONS, completeness], ids=lambda make: make.__name__)
@pytest.mark.parametrize("number", [1, 3, 12])
def test_little_history_is_told_as_such(make, number):
    """Every section of a record of a few opportunities says what it can or why it cannot, in both languages."""
    section = make(spans_of(drawn(number, 17)))
    assert section.findings or section.measured or section.unsaid
    for words in (section.title, *section.findings, *section.unsaid):
        assert words.en
        assert words.zh
        assert not words.en.isascii() or words.en != words.zh


def stored(tmp_path, number: int = 60) -> Store:
    store = Store.open(tmp_path / "firm.db")
    events = []
    for place in range(number):
        at = START + place * 3 * DAY

        def post(event, after, at=at, place=place, **payload):
            events.append(
                PostedEvent(
                    source="test", key=f"{place}-{event}", event=event, kind="opportunity", record=f"d{place}",
                    acted_at=at + after * DAY, recorded_at=at + after * DAY, unit=None, payload=payload,
                )
            )  # fmt: skip

        post("registered", 0, source="website" if place % 2 else "referral", owner=f"rep-{place % 3}")
        post("first_contact", 1)
        post("advanced", 2, stage=2)
        if place % 3:
            post("won" if place % 3 == 1 else "lost", 5 + place % 7)
    store.append(sorted(events, key=lambda each: each.recorded_at))
    return store


def test_a_store_is_described_from_end_to_end(tmp_path):
    store = stored(tmp_path)
    steps = []
    found = describe(store, YEAR, lambda done, of: steps.append((done, of)))
    store.close()
    assert steps == [(place, len(SECTIONS) + 1) for place in (0, *range(len(SECTIONS) + 1))], "reading comes before the first"
    sections = {each.name: each for each in found.sections}
    assert "60 opportunities (20 won, 20 lost or without decision, 20 open)" in sections["completeness"].findings[0].en
    names = {each.name for section in found.sections for each in section.measured}
    assert {"won_by_source", "stages", "days_in_stage", "won_by_age", "won_by_response"} <= names
    page = write_description(found, tmp_path / "page.html", "zh").read_text(encoding="utf-8")
    assert "记录说明了什么" in page
    assert "What the record says" in page
    assert "http://" not in page.split("<script", 1)[0].replace("http://www.w3.org", "")


@given(st.sets(st.sampled_from(["rep-0", "rep-1", "rep-2", "rep-9"])))
@settings(max_examples=8)
def test_only_those_who_may_be_named_have_figures_and_all_else_stays_the_same(kept, named):
    whole, part = describe(kept, YEAR), describe(kept, YEAR, named=named)
    assert {row.label.en for row in measured_of(part, "won_by_owner")} == named - {"rep-9"}
    shares = {row.label.en: row for row in measured_of(whole, "won_by_owner")}
    assert all(shares[row.label.en] == row for row in measured_of(part, "won_by_owner"))
    others = [[each for each in found.sections if each.name != "people"] for found in (whole, part)]
    assert others[0] == others[1]
    assert part.sections[-1].findings == whole.sections[-1].findings


def measured_of(found, name: str):
    return [row for section in found.sections for each in section.measured if each.name == name for row in each.rows]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    store = stored(tmp_path_factory.mktemp("kept"))
    yield store
    store.close()


def test_the_last_record_is_the_last_that_was_known_of_a_lead_or_deal(kept):
    whole = last_recorded(kept, YEAR)
    assert START < whole < YEAR
    assert last_recorded(kept, whole) == whole
    assert last_recorded(kept, whole - 1) < whole
    assert last_recorded(kept, START - 1) == START - 1, "nothing was recorded by then"


def test_an_empty_store_is_refused_with_the_remedy(tmp_path):
    store = Store.open(tmp_path / "empty.db")
    with pytest.raises(CoachError, match="rehearse import"):
        describe(store, YEAR)
    store.close()
