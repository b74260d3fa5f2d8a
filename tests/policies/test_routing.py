"""Choosing who gets a lead: the one function that office and coach call."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.settings import ROUTING_METHODS
from policies.routing.choosing import CANDIDATE, again_at, choose, first_at, lead_score, suitability
from policies.time.calendar import Calendar

METHODS = st.sampled_from(ROUTING_METHODS)
People = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from([1.0, 2.0, math.nan]), st.integers(0, 4), st.integers(0, 5), st.integers(0, 5),
        st.integers(0, 9), st.floats(0, 0.999),
    ), min_size=1, max_size=8,
)  # fmt: skip


def described(people) -> np.recarray:
    rows = [(*told[:4], told[3] + told[4], *told[5:]) for told in people]
    return np.array(rows, CANDIDATE).view(np.recarray)


def chosen(method: str, people, *, region=1.0, cap=0.0, before=-1, barred=-1) -> int:
    return int(choose(ROUTING_METHODS.index(method), described(people), region, cap, before, barred))


def has_room(told, cap: float) -> bool:
    return told[0] and (cap == 0 or told[2] < cap)


@given(METHODS, People, st.integers(0, 3), st.integers(-1, 7), st.integers(-1, 7))
def test_a_lead_goes_to_somebody_who_is_there_and_has_room_and_to_nobody_only_where_there_is_none(
    method, people, cap, before, barred
):
    before, barred = min(before, len(people) - 1), min(barred, len(people) - 1)
    place = chosen(method, people, cap=cap, before=before, barred=barred)
    able = [each for each, told in enumerate(people) if has_room(told, cap)]
    assert place in able if able else place == -1
    if set(able) - {barred}:
        assert place != barred


@given(People, st.integers(0, 3))
def test_taking_turns_everybody_with_room_gets_one_before_anybody_gets_two(people, cap):
    able = [each for each, told in enumerate(people) if has_room(told, cap)]
    before, got = -1, []
    for _ in able:
        before = chosen("round_robin", people, cap=cap, before=before)
        got.append(before)
    assert got == able


@given(People)
def test_the_best_suited_is_nobody_worse_and_among_equals_who_waited_longest(people):
    place = chosen("best_suited", people)
    able = [each for each, told in enumerate(people) if told[0]]
    worth = {each: suitability(people[each][3], people[each][3] + people[each][4], people[each][2]) for each in able}
    for each in able:
        assert (worth[place], -people[place][5]) >= (worth[each], -people[each][5])


@given(People)
def test_the_nearest_works_in_the_leads_region_where_anybody_there_does(people):
    place = chosen("nearest", people, region=2.0)
    near = [each for each, told in enumerate(people) if told[0] and told[1] == 2.0]
    assert place in near if near else True
    without = chosen("nearest", people, region=math.nan)
    assert (without == -1) == (not any(told[0] for told in people))


@pytest.mark.parametrize(("tier", "referred", "score"), [(1, False, 30), (3, False, 90), (3, True, 100)])
def test_a_lead_scores_by_budget_and_by_having_been_referred(tier, referred, score):
    assert lead_score(float(tier), referred) == score


def test_a_lead_is_given_out_after_the_minutes_at_the_earliest_a_millisecond_later_and_again_in_open_time():
    calendar = Calendar()
    assert (first_at(1000, 5.0), first_at(1000, 0.0)) == (301_000, 1001)
    days = calendar.days(date(2026, 1, 5), date(2026, 1, 12))
    midnight = calendar.midnight(date(2026, 1, 5))
    opening = midnight + 9 * 3_600_000
    assert again_at(days, midnight) == opening + 30 * 60_000
