"""An office from five numbers: the search against a known response, and against the office itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import load_policy
from sim.fit import five_numbers
from sim.fit.five_numbers import CannotReach, FiveNumbers, Shown, find_office, first_guess, misses, near_enough, pilot

ASKED = FiveNumbers(people=12, leads_per_week=60, win_rate=0.2, cycle_days=45, deal_value=30_000)
NUMBERS = st.builds(
    FiveNumbers,
    people=st.integers(1, 400),
    leads_per_week=st.floats(1, 5000),
    win_rate=st.floats(0.01, 0.95),
    cycle_days=st.floats(2, 400),
    deal_value=st.floats(100, 1e7),
)


@pytest.fixture
def policy():
    return load_policy("monthly-private")


def invented(scenario, best_rate: float = 1.0) -> Shown:
    """A response that bends and couples its settings as an office might: busy people win less, long cycles too."""
    deals = scenario.deals
    odds = 1.3 * deals.stage_shift - 1.0 - 0.01 * deals.cycle_days
    value = 1.6 * deals.amount * (1 - 0.05 * deals.stage_shift)
    return Shown(best_rate / (1 + math.exp(-odds)), 4 + 1.2 * deals.cycle_days**0.9, value)


@given(NUMBERS)
def test_the_first_guess_has_the_size_and_flow_asked_for_and_somebody_at_every_desk(asked):
    scenario = first_guess(asked, "mine")
    people = scenario.people
    assert people.reps == asked.people
    assert scenario.leads.per_week == asked.leads_per_week
    assert 1 <= people.regions <= people.teams <= people.reps
    assert min(people.presales, people.legal, people.delivery, people.finance) >= 1
    assert scenario.warmup_weeks * 7 >= min(asked.cycle_days, 260 * 7)


@given(NUMBERS)
def test_nothing_is_missed_where_the_office_shows_what_was_asked_for(asked):
    shown = Shown(asked.win_rate, asked.cycle_days, asked.deal_value)
    assert np.allclose(misses(asked, shown), 0.0)
    assert near_enough(asked, shown)


@pytest.mark.parametrize("off", [Shown(0.23, 45, 30_000), Shown(0.2, 51, 30_000), Shown(0.2, 45, 26_000)])
def test_an_office_that_is_off_in_one_number_is_not_near_enough(off):
    assert not near_enough(ASKED, off)


@given(win_rate=st.floats(0.08, 0.6), cycle_days=st.floats(10, 120), deal_value=st.floats(1000, 1e6))
def test_the_search_finds_the_settings_behind_a_coupled_response(win_rate, cycle_days, deal_value):
    asked = ASKED._replace(win_rate=win_rate, cycle_days=cycle_days, deal_value=deal_value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(five_numbers, "pilot", lambda scenario, *_: invented(scenario))
        found = find_office(asked, policy=None)
    assert near_enough(asked, invented(found.scenario))
    assert found.shown == invented(found.scenario)


def test_numbers_that_no_office_shows_are_told_with_the_nearest(monkeypatch):
    monkeypatch.setattr(five_numbers, "pilot", lambda scenario, *_: invented(scenario, best_rate=0.3))
    told = []
    with pytest.raises(CannotReach, match="nearest shows a win rate of") as caught:
        find_office(ASKED._replace(win_rate=0.9), policy=None, progress=lambda done, most: told.append((done, most)))
    assert "最接近" in caught.value.zh
    assert told == [(count, five_numbers.MOST_PILOTS) for count in range(1, len(told) + 1)]
    assert len(told) <= five_numbers.MOST_PILOTS


@pytest.mark.statistical
def test_the_office_found_shows_the_numbers_on_draws_that_the_search_never_saw(policy):
    found = find_office(ASKED, policy)
    again = pilot(found.scenario, policy, seed=1000)
    assert again.win_rate == pytest.approx(ASKED.win_rate, abs=0.04)
    assert again.cycle_days == pytest.approx(ASKED.cycle_days, rel=0.2)
    assert again.deal_value == pytest.approx(ASKED.deal_value, rel=0.25)
