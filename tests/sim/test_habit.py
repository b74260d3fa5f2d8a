"""Recording as a habit (E2): it grows with doing, needs no asking once it is there, and goes when nobody does it."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from policies.documents.loader import edited, load_policy
from sim.office.counting.tally import M
from sim.office.office import Office
from sim.office.people.habit import FULL, NOT_FULL, after_day, hope_of
from tests.sim.offices import WEEK, same_journals, started, tiny

pytestmark = pytest.mark.system("E2")
BASE = load_policy("monthly-private")
PROGRAMME = {"recording.programme_days": 21, "recording.entries_day": 4}
SEEDS = range(1, 5)
grown = getattr(after_day, "py_func", after_day)
hoped = getattr(hope_of, "py_func", hope_of)
shares = st.floats(0.0, 1.0)


def person(best: float = 0.8, loss: float = 0.01) -> SimpleNamespace:
    return SimpleNamespace(habit_at_best=best, habit_loss_daily=loss)


@given(st.floats(18.0, 254.0), st.floats(0.5, 1.0))
def test_after_its_days_of_doing_a_habit_has_95_percent_of_its_strength(days, best):
    strength, step = 0.0, 1.0 - math.exp(-math.log(20.0) / days)
    for _ in range(round(days)):
        strength = grown(person(best), strength, 1.0, step, True)
    assert strength == pytest.approx(0.95 * best, abs=0.06 * best)


@given(shares, shares, st.floats(0.0, 0.2), st.booleans())
def test_a_habit_never_leaves_its_range_and_grows_only_by_doing(strength, done, step, asked):
    b = person()
    after = grown(b, strength * b.habit_at_best, done, step, asked)
    assert 0.0 <= after <= b.habit_at_best
    assert after <= grown(b, strength * b.habit_at_best, 1.0, step, asked)
    if done == 0.0 or not asked:
        assert after <= strength * b.habit_at_best


def office(changes: dict, seed: int, weeks: int, beyond: dict | None = None) -> Office:
    """Run on under a changed policy after two weeks without, counted over the last four weeks."""
    run = Office.start(tiny(), BASE, None, seed, beyond=beyond)
    run.run_until(run.now + 2 * WEEK)
    run = run.branch(edited(BASE, changes))
    run.run_until(run.now + (weeks - 4) * WEEK)
    run.mark()
    run.run_until(run.now + 4 * WEEK)
    return run


def recorded(changes: dict, weeks: int, beyond: dict | None = None) -> float:
    """Share of touches that was entered in the last four weeks."""
    totals = sum(office(changes, seed, weeks, beyond).arrays.totals[0] for seed in SEEDS)
    return float(totals[M.updates_recorded] / totals[M.updates])


def test_more_is_recorded_in_the_programme_and_some_of_it_stays_only_where_a_habit_has_grown():
    none = recorded({}, 12)
    assert recorded(PROGRAMME, 4) > recorded({}, 4) + 0.02
    assert recorded(PROGRAMME, 12) > none + 0.02
    assert recorded(PROGRAMME, 12, {"habit_at_best": 0.0}) == pytest.approx(none, abs=0.02)


@given(st.floats(0.0, 60.0), st.integers(1, 50))
def test_the_chance_of_a_reward_falls_with_what_it_asks_and_is_that_of_a_poisson_number(usual, needed):
    assert hoped(usual, needed) == pytest.approx(stats.poisson.sf(needed - 1, usual), abs=1e-9)
    assert hoped(-1.0, needed) == 1.0


def test_a_reward_that_nobody_can_earn_moves_nobody():
    none, reward = recorded({}, 5), {"recording.reward_day": 30}
    assert recorded({**reward, "recording.entries_day": 50}, 5) == pytest.approx(none, abs=0.01)
    assert recorded({**reward, "recording.entries_day": 3}, 5) > none + 0.05


@pytest.mark.parametrize("path", ["recording.entries_day", "recording.within_hours", "recording.filled"])
def test_without_reward_and_programme_their_details_change_nothing(path):
    runs = [started(policy) for policy in (BASE, edited(BASE, {path: 1}))]
    for run in runs:
        run.run_until(run.now + 8 * WEEK)
    assert same_journals(*runs)
    assert not runs[0].arrays.judged.any()


def test_every_complete_day_is_paid():
    paid = [office({**PROGRAMME, "recording.reward_day": reward, "pay.commission": 0}, 1, 6) for reward in (0.0, 10.0)]
    plain, rewarded = (run.arrays.totals[0] for run in paid)
    assert plain[M.record_days_full] > 0
    assert rewarded[M.pay] == pytest.approx(10.0 * rewarded[M.record_days_full])
    assert plain[M.pay] == 0.0


def test_a_day_is_complete_in_the_first_part_when_enough_was_entered_in_time():
    run = office(PROGRAMME, 2, 5)
    o = run.arrays
    judged = np.argwhere(o.judged != 0)
    first = judged[:, 1].min()
    in_first_part = [(seat, day) for seat, day in judged if day < first + 5]
    assert len(in_first_part) > 10
    for seat, day in in_first_part:
        assert o.judged[seat, day] == (FULL if o.entered[seat, day] >= 4 else NOT_FULL)
