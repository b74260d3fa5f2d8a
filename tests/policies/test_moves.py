"""Who gives resources to whom when progress diverges, and how much: the functions that office and coach call."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.targets.moves import (
    STANDING,
    WEEK_MS,
    giver_for,
    hours_moved,
    leads_moved,
    more_may_go,
    pace_of,
    share_moved,
)

pytestmark = pytest.mark.system("G9")
Paces = st.sampled_from([math.nan, 0.0, 0.5, 0.79, 0.8, 0.9, 1.0, 1.2, 2.0])
Firms = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), Paces, st.booleans()), min_size=1, max_size=9)


def pairs(firm, behind=0.8, gives_from=1.0) -> dict[int, int]:
    """Who gets from whom, by place."""
    standings = np.array(firm, STANDING).view(np.recarray)
    givers = {taker: int(giver_for(standings, taker, behind, gives_from)) for taker in range(len(firm))}
    return {taker: giver for taker, giver in givers.items() if giver >= 0}


def sorted_pairs(firm, behind=0.8, gives_from=1.0) -> dict[int, int]:
    """The same by sorting: the furthest behind and the furthest ahead under each unit are put together first."""
    found = {}
    for above in {parent for parent, _, _ in firm if parent >= 0}:
        ranked = sorted(
            (place for place, (parent, pace, free) in enumerate(firm) if parent == above and free and pace == pace),
            key=lambda place: firm[place][1],
        )
        takers = [place for place in ranked if firm[place][1] < behind]
        found |= dict(zip(takers, [place for place in ranked if firm[place][1] >= gives_from][::-1], strict=False))
    return found


@given(Firms)
def test_under_each_unit_the_furthest_behind_gets_from_the_furthest_ahead(firm):
    assert pairs(firm) == sorted_pairs(firm)


@given(Firms, st.sampled_from([0.5, 0.8, 1.0]), st.sampled_from([1.0, 1.2]))
def test_the_policy_says_who_is_behind_and_who_can_give_and_nobody_does_both(firm, behind, gives_from):
    for taker, giver in pairs(firm, behind, gives_from).items():
        assert firm[taker][1] < behind <= gives_from <= firm[giver][1]
        assert firm[taker][0] == firm[giver][0]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1000.0))
def test_half_of_what_is_lacking_moves_at_most_what_the_policy_lets_go_and_never_more_than_there_is(pace, most, weekly):
    moved = leads_moved(pace, most, weekly)
    assert 0.0 <= moved <= min(most, (1.0 - pace) / 2.0) * weekly + 1e-6
    assert moved > share_moved(pace, most) * weekly - 0.1 - 1e-6
    assert round(moved, 1) == pytest.approx(moved)


def test_presales_hours_move_from_a_unit_that_asks_presales():
    assert (hours_moved(4.0, 3.0), hours_moved(4.0, 0.0)) == (4.0, 0.0)


@pytest.mark.parametrize(
    ("attained", "target", "elapsed", "pace"),
    [(40.0, 100.0, 0.5, 0.8), (0.0, 100.0, 0.5, 0.0), (40.0, 0.0, 0.5, None), (40.0, 100.0, 0.0, None),
     (40.0, 100.0, math.nan, None)],
)  # fmt: skip
def test_pace_is_what_was_attained_of_what_is_due_by_now(attained, target, elapsed, pace):
    found = pace_of(attained, target, elapsed)
    assert math.isnan(found) if pace is None else found == pytest.approx(pace)


def test_of_a_move_goes_as_much_as_the_weeks_begun_come_to():
    told = [(gone, week) for week in range(3) for gone in range(8) if more_may_go(2.0, float(gone), 0, week * WEEK_MS)]
    assert [sum(week == told_week for _, told_week in told) for week in range(3)] == [2, 4, 6]
