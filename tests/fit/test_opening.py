"""A firm's open deals in its office: under today's policy as many are won and lost as its record lets expect, and when."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import load_policy
from sim.fit.beginnings import Beginnings
from sim.fit.from_record import curve, fit_on, rates
from sim.fit.opening import STEP, Moved, Opening, opened, taken_over
from sim.office.cases.phases import PHASES
from sim.office.engine.events import DAY, STATE
from sim.office.pipeline import open_deals
from tests.fit.test_from_record import firm, invented

POLICY = load_policy("monthly-private")
STEPS = 14
hazards = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).exponential(0.2, (2, 12, STEPS)))


def opening(won, lost, at=0, ages=None) -> Opening:
    deals = open_deals(len(won))
    ages = np.ones(len(won)) if ages is None else ages
    deals.opened_at = at - (ages * DAY).astype(int)
    deals.touched_at = deals.opened_at
    deals.phase = PHASES
    return Opening(won, lost, deals, np.zeros(6))


@given(hazards)
def test_what_is_expected_is_what_competing_chances_give(told):
    won, lost = told
    wins, losses = opening(won, lost).expected()
    still = np.exp(-(won + lost).sum(axis=1))
    assert wins.sum() + losses.sum() == pytest.approx(len(won) - still.sum())
    finer = opening(*(np.repeat(each / 50, 50, axis=1) for each in (won, lost))).expected()
    assert wins == pytest.approx(finer[0].reshape(STEPS, 50).sum(axis=1), rel=1e-6)


@given(hazards, st.floats(0.0, 6.0))
def test_curves_rise_within_their_bounds_however_they_are_moved(told, lag):
    moved = Moved(np.linspace(0.25, 4.0, STEPS), np.linspace(4.0, 0.25, STEPS), lag)
    found = opening(*told).pipeline(moved)
    for curves in (found.own, found.leaving):
        assert ((curves >= 0) & (curves <= 1)).all()
        assert (np.diff(curves, axis=1) >= 0).all()
    plain = opening(*told).pipeline(moved._replace(lag=0.0)).own
    assert (found.own >= plain - 1e-12).all()
    assert found.own[:, -1] == pytest.approx(plain[:, -1])


@given(st.lists(st.tuples(st.floats(1.0, 40.0), st.floats(1e-3, 0.2)), min_size=1, max_size=14))
def test_rates_of_a_curve_are_those_that_it_was_made_of(steps):
    edges = np.cumsum([0.0, *(width for width, _ in steps)])
    wanted = np.array([rate for _, rate in steps])
    kept = np.exp(-(wanted * np.diff(edges)).cumsum()) > 0.01  # shares are told to six figures
    found = rates(curve(edges, wanted), edges)
    assert found[kept] == pytest.approx(wanted[kept], rel=0.05, abs=1e-3)


@pytest.mark.statistical
def test_as_many_are_won_and_lost_as_is_expected_and_when():
    """Wins of 64 futures within 12 % in the first month and in the rest, losses within 6 %: three standard errors and more."""
    office = fit_on(firm(invented(1200, 1, 30.0, 50.0)), POLICY)
    generator = np.random.default_rng(2)
    ages = generator.uniform(1.0, 80.0, 300)
    won, lost = generator.gamma(2.0, (0.03, 0.05), (300, 2)).T
    begins = opening(*(np.repeat(each[:, None], STEPS, axis=1) for each in (won, lost)), office.policy_at, ages)
    begun = Beginnings(office, POLICY, begins.pipeline(Moved.nowhere(STEPS)), seed=1)
    pipeline = opened(begun, begins)
    until = office.policy_at + STEPS * STEP
    cases = begun.futures(pipeline, range(100, 164), until, lambda each: taken_over(each).copy(), POLICY)
    for state, expected, error in ((STATE.won, begins.expected()[0], 0.12), (STATE.lost, begins.expected()[1], 0.06)):
        ended = np.concatenate([(each.closed_at[each.state == state] - office.policy_at) / STEP for each in cases])
        came = np.histogram(ended, [0, 4, STEPS])[0] / len(cases)
        assert came == pytest.approx([expected[:4].sum(), expected[4:].sum()], rel=error)
