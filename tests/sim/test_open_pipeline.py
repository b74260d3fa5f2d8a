"""An office that goes on from a firm's own open deals: it holds those and no others, and each as the record tells it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.documents.loader import load_policy
from policies.record.records import OPPORTUNITY
from scenarios.loader import load_scenario
from sim.fit.opening import taken_over
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.clocks import SimpyClock
from sim.office.engine.events import DAY, STATE
from sim.office.office import Office
from sim.office.pipeline import Pipeline, open_deals

SMALL = load_scenario("small")
POLICY = load_policy("monthly-private")
SEATS = SMALL.people.reps
WEEK = 7 * DAY


def pipeline(ages, values=None, phases=1, own=0.0, leaving=0.0, sold=0.0, seats=None) -> Pipeline:
    """Deals of these ages in days; `own` and `leaving`: share whose time comes in each of 26 weeks."""
    ages = np.asarray(ages, dtype=float)
    deals = open_deals(len(ages))
    deals.seat = np.arange(len(ages)) % SEATS if seats is None else seats
    deals.opened_at = SMALL.policy_at - (ages * DAY).astype(int)
    deals.touched_at = deals.opened_at + (0.5 * ages * DAY).astype(int)
    deals.phase = phases
    if values is not None:
        deals.value = values
    curves = [np.tile(1.0 - (1.0 - share) ** np.arange(27), (len(ages), 1)) for share in (own, leaving)]
    return Pipeline(deals, *curves, np.full(SEATS, float(sold)))


def on_the_day(told: Pipeline, **options) -> Office:
    office = Office.start(SMALL, POLICY, seed=3, pipeline=told, **options)
    office.run_until(SMALL.policy_at)
    return office


def open_cases(office: Office):
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    return cases[cases.state == STATE.open]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(1, 900), st.integers(1, 5), st.integers(0, SEATS - 1), st.floats(1, 1e6)), max_size=60),
    st.floats(0, 1e5),
)
def test_the_firms_deals_take_the_place_of_the_warm_ups(deals, sold):
    ages, phases, seats, values = (np.array(each) for each in zip(*deals, strict=True)) if deals else ([],) * 4
    told = pipeline(ages, values if deals else None, phases if deals else 1, sold=round(sold), seats=seats if deals else None)
    office = on_the_day(told)
    mine = taken_over(office)
    assert len(open_cases(office)) == len(mine) == len(deals)
    assert (mine.opened_at == told.deals.opened_at).all()
    assert (mine.stage == told.deals.phase).all()
    assert mine.value == pytest.approx(told.deals.value)
    record = office.arrays.book.values[mine.row]
    assert (record[:, OPPORTUNITY.last_action_at] == told.deals.touched_at).all()
    assert (record[:, OPPORTUNITY.owner] == office.arrays.seats.unit[mine.owner]).all()
    assert office.arrays.seats.attained.sum() == office.arrays.units.attained[-1] == SEATS * round(sold)


def test_a_deal_ends_by_its_own_curves_alone():
    """Nobody works in these weeks: whoever is to leave leaves, as often as the curve says (two-sided, 1 in 10,000)."""
    told = pipeline(np.full(400, 30.0), leaving=0.1, phases=5)
    office = on_the_day(told)
    office.arrays.seats.vacant[:] = 1
    office.run_until(SMALL.policy_at + 10 * WEEK)
    gone = (taken_over(office).state == STATE.lost).mean()
    expected = 1.0 - 0.9**10
    assert abs(gone - expected) < 3.9 * np.sqrt(expected * (1.0 - expected) / 400)


def test_customers_whose_time_never_comes_are_not_won():
    office = on_the_day(pipeline(np.full(100, 60.0), phases=5))
    office.run_until(SMALL.policy_at + 20 * WEEK)
    assert not (taken_over(office).state == STATE.won).any()


def test_wins_of_what_was_open_are_told_apart_from_those_of_new_deals():
    office = on_the_day(pipeline(np.linspace(1, 90, 120), phases=5, own=0.15))
    office.mark()
    office.run_until(SMALL.policy_at + 13 * WEEK)
    totals = dict(zip(MEASURE_NAMES, office.outcomes().totals[0], strict=True))
    assert totals["wins_of_open"] >= (taken_over(office).state == STATE.won).sum() > 20
    assert totals["wins"] == totals["wins_of_open"] + totals["cohort_wins"]
    assert 0 < totals["margin_of_open"] < totals["gross_margin"]


def test_both_clocks_give_the_same_journal():
    told = pipeline(np.linspace(1, 200, 40), phases=np.arange(40) % 5 + 1, own=0.1, leaving=0.05)
    plain, hosted = (Office.start(SMALL, POLICY, seed=5, journal=True, pipeline=told) for _ in range(2))
    until = SMALL.policy_at + 3 * WEEK
    plain.run_until(until)
    clock = SimpyClock(hosted)
    clock.run_until(until)
    clock.release()
    assert plain.journal().equals(hosted.journal())


def test_it_is_saved_and_branched_with_its_pipeline(tmp_path):
    office = Office.start(SMALL, POLICY, seed=5, pipeline=pipeline(np.linspace(1, 200, 40), own=0.1))
    office.run_until(SMALL.policy_at - WEEK)
    office.save(tmp_path / "office.npz")
    ends = []
    for each in (office.branch(), Office.load(tmp_path / "office.npz"), office):
        each.run_until(SMALL.policy_at + 4 * WEEK)
        ends.append(taken_over(each).copy())
    assert (ends[0] == ends[1]).all()
    assert (ends[0] == ends[2]).all()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("seat", SEATS, "seats"),
        ("opened_at", SMALL.policy_at + 1, "instants"),
        ("phase", 6, "phases"),
        ("value", 0.0, "values"),
    ],
)
def test_a_deal_that_cannot_be_is_refused(field, value, named):
    told = pipeline([10.0])
    told.deals[field][0] = value
    with pytest.raises(ValueError, match=named):
        Office.start(SMALL, POLICY, pipeline=told)


@settings(max_examples=10)
@given(st.lists(st.floats(2, 900), min_size=1, max_size=60))
def test_customers_who_never_buy_have_put_the_seller_off_before(ages):
    """The next time lies within as long again as the deal has taken so far: old deals are not all asked in the first weeks."""
    office = on_the_day(pipeline(ages, phases=5))
    mine = taken_over(office)
    age = SMALL.policy_at - mine.opened_at
    assert (mine.never == 1).all()
    assert (mine.own_at >= SMALL.policy_at).all()
    assert (mine.own_at - SMALL.policy_at <= age + WEEK).all()
