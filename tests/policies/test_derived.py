"""Quantities that change by themselves: pace, attainment and idle days."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.record.derived import attainment, behind_pace, days_idle, derive, share_elapsed, was_there
from policies.record.records import OPPORTUNITY, OPPORTUNITY_KIND, UNIT, UNIT_KIND, WIDTH
from policies.time.calendar_arrays import business_days_between
from tests.policies.journals import OFFICE, at

DAYS = OFFICE.days(date(2026, 1, 1), date(2026, 12, 31))
DAY = 86_400_000


def unit(**fields) -> np.ndarray:
    values = np.full((1, WIDTH), np.nan)
    quarter = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-04-01 00:00")}
    for name, value in {**quarter, "target": 100, "attained": 30, "absent": 0, **fields}.items():
        values[0, getattr(UNIT, name)] = value
    return values


def test_behind_pace_is_one_minus_attained_over_what_the_elapsed_business_days_ask_for():
    # January has 20 business days (1 and 2 are holidays, Sunday 4 is worked up), of a quarter with 58.
    now = at("2026-02-01 00:00")
    elapsed = business_days_between(DAYS, at("2026-01-01 00:00"), now)
    quarter = business_days_between(DAYS, at("2026-01-01 00:00"), at("2026-04-01 00:00"))
    assert behind_pace(unit(), 0, DAYS, now) == pytest.approx(1 - 30 / (100 * elapsed / quarter))


@given(st.integers(at("2026-01-02 00:00"), at("2026-09-01 00:00")))
def test_the_elapsed_share_never_falls_and_ends_at_one(now):
    start, end = at("2026-01-01 00:00"), at("2026-04-01 00:00")
    share = share_elapsed(DAYS, start, end, now)
    assert 0 <= share <= share_elapsed(DAYS, start, end, now + DAY) <= 1
    assert (share == 1) == (business_days_between(DAYS, min(now, end), end) == 0)


@given(st.floats(1, 1e9), st.floats(0, 1e9))
def test_a_unit_on_pace_is_not_behind(target, ahead):
    now = at("2026-02-16 00:00")
    share = share_elapsed(DAYS, at("2026-01-01 00:00"), at("2026-04-01 00:00"), now)
    assert behind_pace(unit(target=target, attained=target * share + ahead), 0, DAYS, now) <= 1e-9


@pytest.mark.parametrize("fields", [{"target": 0}, {"target": math.nan}, {"attained": math.nan}])
def test_without_target_or_attainment_both_are_missing(fields):
    assert math.isnan(behind_pace(unit(**fields), 0, DAYS, at("2026-02-01 00:00")))
    assert math.isnan(attainment(unit(**fields), 0))


@pytest.mark.parametrize("now", ["2025-12-31 00:00", "2026-01-01 00:00", "2026-01-02 00:00"])
def test_before_the_first_business_day_is_over_there_is_no_pace(now):
    assert math.isnan(behind_pace(unit(), 0, DAYS, at(now)))


def test_attainment_is_attained_over_target():
    assert attainment(unit(attained=150), 0) == 1.5


def test_idle_days_have_fractions_and_are_missing_without_an_action():
    assert days_idle(float(at("2026-03-02 12:00")), at("2026-03-04 00:00")) == 1.5
    assert math.isnan(days_idle(math.nan, 5))


FIVE_STAGES = np.arange(1, 6), np.full(3, -1)
"""One stage for each phase of the work, and no signals."""


def test_derive_writes_the_derived_fields_of_the_record_only():
    values = unit()
    before = values.copy()
    derive(values, 0, UNIT_KIND, DAYS, at("2026-02-01 00:00"), *FIVE_STAGES)
    changed = np.flatnonzero(~((values == before) | (np.isnan(values) & np.isnan(before)))[0])
    assert changed.tolist() == [UNIT.behind_pace, UNIT.attainment]
    deal = np.full((1, WIDTH), np.nan)
    deal[0, OPPORTUNITY.last_action_at] = at("2026-01-31 00:00")
    derive(deal, 0, OPPORTUNITY_KIND, DAYS, at("2026-02-01 00:00"), *FIVE_STAGES)
    assert deal[0, OPPORTUNITY.days_idle] == 1


@pytest.mark.parametrize(
    ("fields", "there"),
    [
        ({}, True),
        ({"present_since": at("2026-01-05 00:00")}, True),
        ({"present_since": at("2026-01-05 00:00") + 1}, False),
        ({"absent": 1}, False),
        ({"target": 0}, False),
        ({"target": math.nan}, False),
    ],
)
def test_a_unit_partly_absent_or_without_target_was_not_there(fields, there):
    assert was_there(unit(**fields), 0, at("2026-01-05 00:00")) == there
