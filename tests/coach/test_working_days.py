"""On which days a firm works: by its record, not by its country alone; and what weeks of holidays are worth ahead."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coach.describing.rhythm import around_trend
from coach.describing.working_days import as_worked, free_day
from coach.fitting.firm import _beyond_chance
from coach.forecasting.arrivals import level_and_trend, level_of_today
from coach.forecasting.chances import by_age
from coach.forecasting.known import History
from coach.forecasting.open_days import Loads, loads_of
from policies.time.calendar import Calendar
from policies.time.weeks import business_days, loads
from tests.coach.test_forecasting import end_of, firm

GERMAN = Calendar(country="DE", zone="Europe/Berlin")
CHINESE = Calendar()
FIRST, DAYS = date(2023, 1, 2), 500


def closings(calendar: Calendar, on_business: int, on_holiday: int, on_weekend: int = 0, days: int = DAYS) -> pd.Series:
    """Instants (ms) at noon: so many on each business day, on each public holiday and on each other free day."""
    open_then = business_days(calendar, FIRST, days)
    found = []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        weekend = day.weekday() >= 5
        times = on_business if open_then[number] else on_weekend if weekend else on_holiday
        at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(calendar.zone)).timestamp() * 1000
        found += [at] * times
    return pd.Series(found, dtype=float)


@pytest.mark.parametrize("calendar", [GERMAN, CHINESE])
def test_holidays_on_which_nothing_is_closed_are_kept(calendar):
    assert as_worked(calendar, closings(calendar, 3, 0)) == calendar


@pytest.mark.parametrize("calendar", [GERMAN, CHINESE])
def test_holidays_that_are_worked_through_are_business_days_from_then_on(calendar):
    found = as_worked(calendar, closings(calendar, 3, 3))
    ahead = business_days(found, date(2024, 7, 1), 365)
    weekdays = [(date(2024, 7, 1) + timedelta(days=number)).weekday() < 5 for number in range(365)]
    assert ahead.tolist() == weekdays, "make-up days go with the holidays that they make up for"


def test_a_few_busy_holidays_say_nothing_and_neither_does_an_empty_record():
    until_may = (date(2023, 5, 1) - FIRST).days
    assert as_worked(GERMAN, closings(GERMAN, 3, 4, days=until_may)) == GERMAN
    assert as_worked(GERMAN, pd.Series(dtype=float)) == GERMAN


def test_days_on_which_the_firm_itself_rests_stay_free():
    own = GERMAN.model_copy(update={"extra_holidays": (date(2023, 8, 7),)})
    found = as_worked(own, closings(own, 3, 3))
    assert not business_days(found, date(2023, 8, 7), 1)[0]


@given(st.integers(1, 9), st.integers(0, 9))
def test_a_free_day_counts_holidays_and_weekends_alike(business, free):
    assert free_day(GERMAN, closings(GERMAN, business, free, free)) == pytest.approx(free / business, abs=0.001)


@given(st.floats(0.0, 2.0), st.dates(date(2015, 1, 1), date(2025, 12, 1)))
def test_a_week_without_holidays_is_an_ordinary_one(free, first):
    usual = np.array([(first + timedelta(days=number)).weekday() < 5 for number in range(56)])
    without_holidays = (business_days(GERMAN, first, 56) == usual).reshape(8, 7).all(axis=1)
    assert loads(GERMAN, first, 8, free)[without_holidays] == pytest.approx(1.0)


def test_the_golden_week_is_hardly_a_week():
    """2025: free from 1 to 8 October; Sunday 28 September and Saturday 11 October are worked."""
    assert loads(CHINESE, date(2025, 9, 22), 4, 0.0) == pytest.approx([1.2, 0.4, 0.6, 1.0])


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.sampled_from((0.0, 0.3, 1.0)))
def test_what_holidays_explain_is_no_variation(seed, free):
    """Poisson counts on the calendar's own load: the rest beyond chance stays below 0.05 of the square, which 60 weeks exceed
    in fewer than 1 of 1,000 records."""
    load = loads(CHINESE, date(2023, 1, 2), 60, free)
    counts = np.random.default_rng(seed).poisson(200.0 * load).astype(float)
    assert _beyond_chance(counts, load) < 0.05 * 200 / counts.mean()
    if free == 0.0:
        assert around_trend(counts).value > 3.0 * around_trend(counts, load).value


@given(st.floats(5.0, 500.0), st.floats(-0.02, 0.02), st.sampled_from((0.0, 0.4)))
def test_the_level_of_today_is_that_of_an_ordinary_week(level, slope, free):
    load = loads(CHINESE, date(2024, 1, 1), 60, free)
    counts = level * np.exp(slope * (np.arange(60) - 59.5)) * load
    found, trend = level_of_today(counts, load)
    assert found == pytest.approx(level, rel=0.05)
    assert abs(trend) <= abs(slope) + 1e-9
    ahead = loads(CHINESE, date(2025, 2, 24), 8, free)
    expected = found * np.exp(trend * (0.5 + np.arange(8))) * ahead
    assert level_and_trend(counts, Loads(load, ahead)) == pytest.approx(expected)


@settings(max_examples=5)
@given(st.integers(0, 2**31))
def test_less_is_won_in_weeks_of_holidays(seed):
    """The second week ahead is a holiday of the firm's own."""
    calendar = GERMAN.in_zone("UTC")
    first = calendar.local_date(end_of(30)) + timedelta(days=8)
    rests = calendar.model_copy(update={"extra_holidays": tuple(first + timedelta(days=day) for day in range(7))})
    records = firm(seed, weeks=30)
    plain, told = (History(records, zone="UTC", calendar=each).known_at(end_of(30)) for each in (calendar, rests))
    share = loads_of(told, told.won["end"], 3).ahead / loads_of(plain, plain.won["end"], 3).ahead
    assume(free_day(calendar, plain.won["end"]) < 0.9)
    assert share[1] < 1.0
    assert share[[0, 2]] == pytest.approx(1.0)
    usual, less = by_age(plain, 3), by_age(told, 3)
    assert less[0] == pytest.approx(usual[0])
    assert less[1] < usual[1]
    untold = History(records, zone="UTC").known_at(end_of(30))
    assert loads_of(untold, untold.won["end"], 3).ahead.tolist() == [1.0] * 3
