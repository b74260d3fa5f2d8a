"""Calendars: which days are worked, and time arithmetic against a plain walk over dates."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.time.calendar import Calendar
from policies.time.calendar_arrays import (
    DAY,
    MONTH,
    NEVER,
    QUARTER,
    WEEK,
    OutsideCalendar,
    add_business_days,
    add_open,
    business_days_between,
    day_of,
    is_open,
    next_open,
    open_between,
    period_end,
    period_start,
)
from policies.time.countries import country_of, weekend_of

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SHANGHAI = Calendar()
NEW_YORK = Calendar(country="US", zone="America/New_York", hours=(("08:00", "16:30"),), fiscal_year_start_month=2)
CAIRO = Calendar(country="EG", zone="Africa/Cairo", weekend=("friday", "saturday"))  # its clocks change at midnight
NIGHT_AND_DAY = Calendar(country="US", zone="America/New_York", always_open=True)
OFFICES = {"Shanghai": SHANGHAI, "New York": NEW_YORK, "Cairo": CAIRO, "never closed": NIGHT_AND_DAY}
HOUR = 3_600_000


def days_of(office: Calendar):
    return office.days(FIRST, LAST)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def local(office: Calendar, instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(office.zone))


offices = st.sampled_from(list(OFFICES.values()))
instants = st.one_of(
    st.integers(at("2026-01-02 00:00"), at("2026-11-30 00:00")),
    # Whole half hours, where spans, days and clock changes begin and end.
    st.integers(0, 2 * 24 * 332).map(lambda half_hours: at("2026-01-02 00:00") + half_hours * HOUR // 2),
)


def test_china_works_some_weekends_and_rests_on_some_weekdays():
    table = days_of(SHANGHAI)
    worked = {SHANGHAI.local_date(int(day.midnight)) for day in table.days[:-1] if day.business}
    assert {date(2026, 2, 14), date(2026, 2, 28)} <= worked  # Saturdays made up for the Spring Festival
    assert not {date(2026, 2, 15), date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 1)} & worked


def test_own_exceptions_come_before_public_ones():
    office = Calendar(extra_holidays=(date(2026, 2, 14), date(2026, 3, 3)), extra_working_days=(date(2026, 2, 16),))
    table = office.days(FIRST, LAST)
    assert not is_open(table, at("2026-02-14 10:00"))
    assert not is_open(table, at("2026-03-03 10:00"))
    assert is_open(table, at("2026-02-16 10:00"))


def test_an_unpublished_year_is_announced_and_has_plain_weekends():
    assert SHANGHAI.unpublished_years(date(2025, 12, 1), date(2026, 12, 31)) == []
    assert SHANGHAI.unpublished_years(date(2026, 12, 1), date(2091, 1, 1))[-2:] == [2090, 2091]
    table = SHANGHAI.days(date(2090, 1, 1), date(2090, 12, 31))
    assert all(
        bool(day.business) == (SHANGHAI.local_date(int(day.midnight)).weekday() < 5)
        for day in table.days[:-1]
        if SHANGHAI.local_date(int(day.midnight)).year == 2090
    )


def test_an_office_that_never_closes_needs_no_holidays():
    assert NIGHT_AND_DAY.unpublished_years(date(2026, 1, 1), date(2300, 1, 1)) == []
    assert all(days_of(NIGHT_AND_DAY).days[:-1].business)


@pytest.mark.parametrize("given", [{"zone": "Mars/Base"}, {"country": "XX"}, {"hours": (("10:00", "09:00"),)},
                                   {"hours": (("09:00", "12:00"), ("11:00", "18:00"))}, {"opening": "9"}])  # fmt: skip
def test_bad_calendars_are_refused(given):
    with pytest.raises(ValidationError):
        Calendar(**given)


def test_an_instant_outside_the_compiled_days_is_an_error_not_a_guess():
    table = days_of(SHANGHAI)
    before, behind = int(table.days[0].midnight) - 1, int(table.days[-1].midnight)
    for instant in (before, behind):
        for function in (day_of, is_open):
            with pytest.raises(OutsideCalendar, match="日历"):
                function(table, instant)
    with pytest.raises(OutsideCalendar):
        open_between(table, before, behind)
    with pytest.raises(OutsideCalendar):
        next_open(table, before)


def test_a_future_behind_the_compiled_days_is_never():
    table = days_of(SHANGHAI)
    end = int(table.days[-1].midnight)
    assert next_open(table, end) == add_open(table, end, 1) == add_business_days(table, end - HOUR, 1) == NEVER
    assert add_open(table, at("2026-12-01 09:00"), 10_000 * HOUR) == NEVER


def test_a_period_cut_by_the_compiled_days_is_an_error():
    table = days_of(SHANGHAI)  # widened to whole weeks: the last days belong to a quarter that is cut
    with pytest.raises(OutsideCalendar):
        period_end(table, QUARTER, int(table.days[-1].midnight) - 1)
    with pytest.raises(OutsideCalendar):
        period_start(table, QUARTER, int(table.days[0].midnight))


@given(offices, instants)
def test_next_open_is_the_first_open_instant(office, instant):
    table = days_of(office)
    opening = next_open(table, instant)
    assert is_open(table, opening)
    assert opening == instant or not is_open(table, instant)
    assert opening == instant or not is_open(table, opening - 1)
    assert open_between(table, instant, opening) == 0


@given(offices, instants, st.integers(1, 150 * HOUR))
def test_add_open_is_the_inverse_of_open_between(office, instant, open_time):
    table = days_of(office)
    later = add_open(table, instant, open_time)
    assert open_between(table, instant, later) == open_time
    assert open_between(table, instant, later - 1) == open_time - 1


@given(offices, instants, instants, instants)
def test_open_time_adds_up_and_never_exceeds_time(office, a, b, c):
    table = days_of(office)
    assert open_between(table, a, b) + open_between(table, b, c) == open_between(table, a, c)
    assert 0 <= open_between(table, min(a, b), max(a, b)) <= abs(b - a)


def walk_business_days(office: Calendar, instant: int, count: int) -> int:
    """The same clock time `count` business days on, found by going from date to date."""
    table = days_of(office)
    moment = local(office, next_open(table, instant))
    day = moment.date()
    while count:
        day += timedelta(days=1)
        count -= bool(table.days[day_of(table, office.midnight(day))].business)
    return round(datetime.combine(day, moment.time(), ZoneInfo(office.zone)).timestamp() * 1000)


@given(offices, instants, st.integers(0, 15))
def test_business_days_keep_the_clock_time(office, instant, count):
    assert add_business_days(days_of(office), instant, count) == walk_business_days(office, instant, count)


@given(st.sampled_from([SHANGHAI, NEW_YORK]), instants, instants, st.integers(0, 15))
def test_business_days_never_overtake(office, a, b, count):
    table = days_of(office)
    assert add_business_days(table, min(a, b), count) <= add_business_days(table, max(a, b), count)


def test_business_days_over_the_spring_festival():
    table = days_of(SHANGHAI)
    assert add_business_days(table, at("2026-02-13 10:00"), 1) == at("2026-02-14 10:00")  # a worked Saturday
    assert add_business_days(table, at("2026-02-14 10:00"), 1) == at("2026-02-24 10:00")
    assert add_business_days(table, at("2026-02-14 18:00"), 1) == at("2026-02-25 09:00")  # counts from the next opening
    assert add_business_days(table, at("2026-02-27 12:30"), 1) == at("2026-02-28 13:30")


def test_a_business_day_across_a_clock_change_is_an_hour_shorter():
    zone = "America/New_York"
    start = at("2026-03-06 10:00", zone)
    assert add_business_days(days_of(NEW_YORK), start, 1) == at("2026-03-09 10:00", zone) == start + 71 * HOUR


@given(offices, instants)
def test_days_begin_at_local_midnight(office, instant):
    table = days_of(office)
    midnight = int(table.days[day_of(table, instant)].midnight)
    assert office.local_date(midnight) == office.local_date(instant) != office.local_date(midnight - 1)


def first_day_of(office: Calendar, period: int, day: date) -> date:
    if period == WEEK:
        return day - timedelta(days=day.weekday())
    if period == DAY:
        return day
    months = (day.month - office.fiscal_year_start_month) % 3 if period == QUARTER else 0
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


@given(offices, st.sampled_from((DAY, WEEK, MONTH, QUARTER)), instants)
def test_periods_end_where_the_next_begins(office, period, instant):
    table = office.days(FIRST, LAST + timedelta(days=62))  # so that the next one is compiled whole, wherever the year begins
    day = office.local_date(instant)
    assert period_start(table, period, instant) == office.midnight(first_day_of(office, period, day))
    end = period_end(table, period, instant)
    assert end > instant
    assert period_start(table, period, end) == end
    assert period_end(table, period, end - 1) == end


@given(offices, st.dates(FIRST, date(2026, 10, 31)), st.integers(0, 60), st.integers(0, 23))
def test_business_days_between_counts_midnights(office, day, length, hour):
    table = days_of(office)
    start = office.midnight(day) + hour * HOUR
    end = office.midnight(day + timedelta(days=length)) + 24 * HOUR
    counted = sum(bool(each.business) for each in table.days[:-1] if start <= each.midnight < end)
    assert business_days_between(table, start, end) == counted


def test_hours_may_last_until_midnight():
    office = Calendar(hours=(("20:00", "24:00"),))
    table = office.days(FIRST, LAST)
    assert open_between(table, at("2026-03-03 00:00"), at("2026-03-04 00:00")) == 4 * HOUR
    assert not is_open(table, at("2026-03-04 00:00"))


def test_the_clock_of_the_office_reads_whole_minutes():
    opening = next_open(days_of(NEW_YORK), at("2026-11-01 12:00", "America/New_York"))
    assert local(NEW_YORK, opening).time() == time(8, 0)


@given(st.sampled_from(sorted(available_timezones())))
def test_a_calendar_moved_to_a_zone_has_the_holidays_of_its_country(zone):
    moved = NEW_YORK.in_zone(zone)
    country = country_of(zone)
    assert moved.zone == zone
    assert moved.country == (country or "US")
    assert moved.weekend == (weekend_of(country) if country else NEW_YORK.weekend)
    assert (moved.hours, moved.fiscal_year_start_month) == (NEW_YORK.hours, NEW_YORK.fiscal_year_start_month)


def test_a_zone_under_an_old_name_lies_in_the_same_country():
    assert country_of("Asia/Calcutta") == country_of("Asia/Kolkata") == "IN"
    assert country_of("UTC") is None
    assert SHANGHAI.in_zone("UTC").country == "CN"


def test_a_country_may_be_named():
    moved = SHANGHAI.in_zone("Europe/Berlin", "AT")
    assert (moved.country, moved.zone) == ("AT", "Europe/Berlin")
    assert not moved.days(FIRST, LAST).days.business[day_of(moved.days(FIRST, LAST), at("2026-10-26 12:00"))]
    with pytest.raises((ValidationError, NotImplementedError)):
        SHANGHAI.in_zone("Europe/Berlin", "ZZ")
