"""The customers' own times as a firm's record tells them: who buys when, who leaves when, and nobody buys who never would."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.record.records import EVENT, LEAD_KIND, OPPORTUNITY_KIND
from sim.fit.lifetimes import LOST, OPEN, WON, hazards, lives_in
from sim.office.cases.customers_clock import NEVER_DAYS, curve_of, reached_after
from sim.office.cases.leads import grown, load_of_week
from sim.office.engine.clocks import SimpyClock
from sim.office.engine.events import DAY, STATE
from sim.office.scenario import Deals, Reached
from tests.sim.offices import WEEK, same_journals, started, tiny

OWN = ((2.0, 0.1), (10.0, 0.4), (40.0, 0.6))
LEAVING = ((1.0, 0.2), (7.0, 0.35), (60.0, 0.8))


def points(curve):
    return tuple(Reached(days=days, share=share) for days, share in curve)


def firm(seed: int = 1, beyond: dict | None = None, **deals):
    """An office that keeps no leads, whose customers' own times are told."""
    told = {"own_time": points(OWN), "leaving": points(LEAVING), "wait_factor": 0.1, **deals}

    usual = tiny()
    leads = usual.leads.model_copy(update={"as_opportunities": True, "per_week": 12.0})
    scenario = usual.model_copy(update={"leads": leads, "deals": usual.deals.model_copy(update=told)})
    return started("monthly-private", seed, scenario, beyond)


def interpreted(part):
    """The Python behind a compiled part."""
    return getattr(part, "py_func", part)


def rising(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    days, shares = (np.cumsum(each) for each in zip(*steps, strict=True))
    return [(float(day), float(share)) for day, share in zip(days, 0.99 * shares / max(1.0, shares[-1]), strict=True)]


curves = st.lists(st.tuples(st.floats(0.01, 50), st.floats(0.01, 1)), min_size=1, max_size=12).map(rising)


@given(curves, st.floats(1e-6, 1 - 1e-6))
def test_a_curve_gives_the_day_by_which_a_share_of_the_customers_has_come(curve, share):
    day = interpreted(reached_after)(curve_of(points(curve)), share)
    if share > curve[-1][1]:
        assert day == NEVER_DAYS
        return
    days, shares = (np.array([0.0, *each]) for each in zip(*curve, strict=True))
    assert np.interp(day, days, -np.log1p(-shares)) == pytest.approx(-math.log1p(-share), rel=1e-6, abs=1e-9)


@given(curves.filter(lambda curve: len(curve) > 1), st.sampled_from(("own_time", "leaving")), st.sampled_from((0, 1)))
def test_a_curve_that_does_not_rise_is_refused(curve, name, part):
    falling = [list(point) for point in curve]
    falling[-1][part] = falling[-2][part]
    with pytest.raises(ValidationError):
        Deals(**{name: points(falling)})


def test_both_clocks_write_the_same_journal():
    on_heap, on_simpy = firm(), firm()
    until = on_heap.now + 5 * WEEK
    on_heap.run_until(until)
    SimpyClock(on_simpy).run_until(until)
    assert same_journals(on_heap, on_simpy)


def test_what_comes_in_is_an_opportunity_and_is_contacted_as_one():
    office = firm()
    office.run_until(office.now + 8 * WEEK)
    journal = office.arrays.journal[: int(office.arrays.state[0].journal)]
    contacts = journal[journal["event"] == EVENT.first_contact]
    kinds = office.arrays.book.rows["kind"][contacts["row"]]
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    came_in = (cases["source"] < 4) & (cases["row"] >= 0)
    assert (kinds == OPPORTUNITY_KIND).sum() >= (cases["first_touch_at"][came_in] > 0).sum() > 40
    assert not (cases["source"][cases["state"] == STATE.disqualified] < 4).any(), "no lead stands between"
    assert LEAD_KIND not in kinds


def test_nobody_buys_who_never_would_and_all_others_may():
    office = firm(leaving=(), own_time=points(((1.0, 0.3),)))
    office.run_until(office.now + 12 * WEEK)
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    old = cases[(cases["row"] >= 0) & (cases["opened_at"] < office.now - 8 * WEEK)]
    assert (old["never"] == 1).mean() == pytest.approx(0.7, abs=0.15)
    assert not (old["state"][old["never"] == 1] == STATE.won).any()
    assert (old["state"][old["never"] == 0] == STATE.won).mean() > 0.3


def test_customers_leave_by_their_curve_where_nothing_else_ends_a_deal():
    """Reps who bring no talk to its end, deals that do not die and are never given up: all losses are the customers' own.

    Each of the three bands may stray by four standard errors (false alarm below 1 in 5,000).
    """
    patient = {"loss_per_failure": 0.0, "death_rate": 0.0, "fruitless_limit": 1e9, "stage_odds": -50.0}
    office = firm(beyond=patient)
    since = office.now
    office.run_until(since + 16 * WEEK)
    lives = lives_in(office, since)
    assert set(lives.ended) == {OPEN, LOST}
    edges = np.array([0.0, *(days for days, _ in LEAVING)])
    found = hazards(lives, LOST, edges)
    wanted = np.diff(-np.log1p(-np.array([0.0, *(share for _, share in LEAVING)]))) / np.diff(edges)
    expected = wanted * found.lived
    assert (np.abs(found.ends - expected) < 4 * np.sqrt(expected)).all()
    assert WON not in lives.ended
    assert (lives.days * DAY >= 1).all()


def test_weeks_differ_as_much_as_the_scenario_says():
    """Variance of the weekly factor over 4,000 weeks: within four standard errors of a lognormal's sample variance."""
    office = firm()
    office.arrays.firm[0]["week_dispersion"] = 0.3
    factors = np.array([interpreted(load_of_week)(office.arrays, week) for week in range(4000)])
    assert factors.mean() == pytest.approx(1.0, abs=4 * math.sqrt(0.3 / 4000))
    assert factors.var() == pytest.approx(0.3, rel=0.25)
    office.arrays.firm[0]["week_dispersion"] = 0.0
    assert interpreted(load_of_week)(office.arrays, 17) == 1.0


def test_demand_grows_by_its_trend_from_the_policy_date_on_and_doubles_or_halves_at_most():
    office = firm()
    begin = office.scenario.policy_at
    for trend in (0.03, -0.03):
        office.arrays.firm[0]["trend"] = trend
        factors = [interpreted(grown)(office.arrays, begin + week * WEEK) for week in (-20, 0, 10, 1000)]
        most = 2.0 if trend > 0 else 0.5
        assert factors == pytest.approx([1.0, 1.0, math.exp(10 * trend), most])


def test_a_firm_that_keeps_no_leads_has_no_opportunities_beside_those_that_come():
    """What prospecting finds and customers who return are among those that the record counts."""
    office = firm(beyond={"need_again_days": 20.0})
    office.run_until(office.now + 30 * WEEK)
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    assert (cases.state == STATE.won).sum() > 20
    assert set(cases.source) == {0, 1, 2, 3} & set(cases.source)
