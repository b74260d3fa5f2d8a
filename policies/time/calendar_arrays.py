"""Compiled time arithmetic over a calendar: days, opening hours, business days, periods.

All instants are whole milliseconds since 1970 (UTC). A `Days` covers the instants from the midnight of its first day up
to, not including, the midnight of its sentinel. Nothing is clamped:

- an instant before the first day raises `OutsideCalendar`;
- an instant behind the last day raises it too, except where the answer is an instant that lies in the future
  (`next_open`, `add_open`, `add_business_days`): these return `NEVER`, "not within this calendar".

A host therefore compiles a calendar that reaches at least as far as it will run.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from policies.jit.by_reference import by_reference
from policies.jit.compiled import compiled

NEVER = 2**62
"""An instant that never comes."""

DAY_MS = 86_400_000
DAY, WEEK, MONTH, QUARTER = range(4)
"""Period codes, in the order of `records.PERIODS`."""

FIRM = np.int64(-1)
"""In place of the row of a unit: the firm's own calendar."""

DAY_ROW = np.dtype(
    [
        ("midnight", "i8"),  # first instant of the local day
        ("change_at", "i8"),  # ms after midnight at which the clocks change on this day; NEVER if they do not
        ("change", "i8"),  # by how many ms they are put forward then
        ("business", "i4"),  # 1 if the office opens on this day
        ("first_span", "i4"),  # first opening span that starts on this day or later
        ("business_before", "i4"),  # business days before this day, counted from the first day
        ("week", "i4"),  # period ids: equal for days of one period, rising by one
        ("month", "i4"),
        ("quarter", "i4"),
        ("week_from", "i4"),  # day on which the period of this day begins; -1 if it began before the first day
        ("week_to", "i4"),  # first day behind it; -1 if it ends behind the last day
        ("month_from", "i4"),
        ("month_to", "i4"),
        ("quarter_from", "i4"),
        ("quarter_to", "i4"),
    ]
)
SPAN_ROW = np.dtype(
    [
        ("start", "i8"),
        ("end", "i8"),
        ("before", "i8"),  # open ms before this span, counted from the first day
    ]
)


_PARTS = ("days", "spans", "business_days")
PLACE_ROW = np.dtype([(name, "i8") for name in _PARTS])


@by_reference
class UnitDays(NamedTuple):
    """The calendars of units that have another one than the firm, compiled one behind the other; made by `unit_days`."""

    of_row: np.ndarray  # i8: by row of a unit in the book, the number of its calendar from 1; 0, or no place, for the firm's
    places: np.recarray  # PLACE_ROW, shape (C + 1,): where each of C calendars begins, and the end of the last
    days: np.recarray
    spans: np.recarray
    business_days: np.ndarray


@by_reference
class Days(NamedTuple):
    """A compiled calendar of D days and S opening spans; made by `Calendar.days`."""

    days: np.recarray  # DAY_ROW, shape (D + 1,), the last one a sentinel
    spans: np.recarray  # SPAN_ROW, shape (S + 1,), the last one a sentinel that starts at NEVER
    business_days: np.ndarray  # i8, shape (B,): the day of the n-th business day
    units: UnitDays


def unit_days(firm: Days, of_row: Mapping[int, Days]) -> Days:
    """The firm's days with those of units by their rows in the book, compiled for about the same dates."""
    calendars = list({id(each): each for each in of_row.values()}.values())
    numbers = np.zeros(1 + max(of_row, default=-1), np.int64)
    for row, each in of_row.items():
        numbers[row] = 1 + next(place for place, other in enumerate(calendars) if other is each)
    places = np.zeros(len(calendars) + 1, PLACE_ROW).view(np.recarray)
    for name in _PARTS:
        places[name][1:] = np.cumsum([len(getattr(each, name)) for each in calendars])
    tables = [(getattr(firm, name)[:0], *(getattr(each, name) for each in calendars)) for name in _PARTS]
    days, spans, business_days = map(np.concatenate, tables)
    units = UnitDays(numbers, places, days.view(np.recarray), spans.view(np.recarray), business_days)
    return firm._replace(units=units)


def _no_units() -> UnitDays:
    empty = np.zeros(0, np.int64)
    places, days, spans = (
        np.zeros(length, kind).view(np.recarray) for length, kind in ((1, PLACE_ROW), (0, DAY_ROW), (0, SPAN_ROW))
    )
    return UnitDays(empty, places, days, spans, empty)


NO_UNITS = _no_units()
"""Of a firm whose units all go by its calendar."""


class OutsideCalendar(ValueError):
    """An instant lies outside the days for which the calendar was compiled."""

    en = "This instant lies outside the days for which the calendar was compiled."
    zh = "该时刻超出了已编制日历的日期范围。"

    def __str__(self):
        return f"{self.en} {self.zh}"


@compiled
def _day_index(days, t):
    """Row of `days` (the record array) that holds instant t, which must lie inside."""
    index = min((t - days[0].midnight) // DAY_MS, days.shape[0] - 2)
    # Clock changes make days of 23 or 25 hours, so the guess may be a day off.
    while days[index].midnight > t:
        index -= 1
    while days[index + 1].midnight <= t:
        index += 1
    return index


@compiled
def day_of(days, t):
    """Index of the local day that holds instant t; OutsideCalendar if there is none."""
    table = days.days
    if t < table[0].midnight or t >= table[-1].midnight:
        raise OutsideCalendar
    return _day_index(table, t)


@compiled
def _span_at(table, spans, t):
    """First span that ends after t; the sentinel if t lies behind the last day; OutsideCalendar before the first day."""
    if t < table[0].midnight:
        raise OutsideCalendar
    if t >= table[-1].midnight:
        return spans.shape[0] - 1
    span = np.int64(table[_day_index(table, t)].first_span)
    while spans[span].end <= t:
        span += 1
    return span


@compiled
def is_open(days, t):
    """Whether the office is open at instant t; OutsideCalendar outside the compiled days."""
    if t >= days.days[-1].midnight:
        raise OutsideCalendar
    return days.spans[_span_at(days.days, days.spans, t)].start <= t


@compiled
def next_open(days, t):
    """First instant from t on at which the office is open; NEVER if that lies behind the compiled days."""
    start = days.spans[_span_at(days.days, days.spans, t)].start
    return max(start, t)


@compiled
def next_close(days, t):
    """First instant after t at which the last opening hours of a business day end; NEVER if that lies behind the compiled days.

    OutsideCalendar before the first day.
    """
    table = days.days
    if t < table[0].midnight:
        raise OutsideCalendar
    if t >= table[-1].midnight:
        return np.int64(NEVER)
    for index in range(_day_index(table, t), table.shape[0] - 1):
        if table[index].business:
            end = days.spans[table[index + 1].first_span - 1].end
            if end > t:
                return end
    return np.int64(NEVER)


@compiled
def _open_before(table, spans, t):
    """Open ms from the first day to t."""
    row = spans[_span_at(table, spans, t)]
    return row.before + max(t - row.start, 0)


@compiled
def open_between(days, a, b):
    """Open ms between instants a and b (negative if b comes first); OutsideCalendar outside the compiled days."""
    return _open_between(days.days, days.spans, a, b)


@compiled
def _open_between(table, spans, a, b):
    end = table[-1].midnight
    if a > end or b > end:
        raise OutsideCalendar
    return _open_before(table, spans, b) - _open_before(table, spans, a)


@compiled
def add_open(days, t, ms):
    """First instant at which `ms` >= 0 of open time have passed since t; t itself for 0; NEVER behind the compiled days."""
    return _add_open(days.days, days.spans, t, ms)


@compiled
def _add_open(table, spans, t, ms):
    if ms <= 0:
        return t
    last = spans.shape[0] - 1
    goal = _open_before(table, spans, t) + ms
    total = spans[last].before
    if goal > total or t >= table[-1].midnight:
        return np.int64(NEVER)
    # Every business day has about the same open time, so the share of the total leads close to the span.
    span = min(goal * last // total, last - 1)
    while spans[span].before >= goal:
        span -= 1
    while spans[span + 1].before < goal:
        span += 1
    return spans[span].start + goal - spans[span].before


@compiled
def _clock_time(row, elapsed):
    """Clock reading (ms) `elapsed` ms after the midnight of a day."""
    return elapsed + row.change if elapsed >= row.change_at else elapsed


@compiled
def _instant_of(row, clock):
    """Instant at which the clock of a day reads `clock` (ms); skipped readings count on from the old time."""
    if clock >= row.change_at + max(row.change, 0):
        return row.midnight + clock - row.change
    return row.midnight + clock


@compiled
def add_business_days(days, t, n):
    """Same clock time n >= 0 business days after t, or after the next opening if the office is closed at t.

    NEVER if that lies behind the compiled days.
    """
    return _add_business_days(days.days, days.spans, days.business_days, t, n)


@compiled
def _add_business_days(table, spans, business_days, t, n):
    start = max(spans[_span_at(table, spans, t)].start, t)
    if start == NEVER:
        return start
    row = table[_day_index(table, start)]
    nth = row.business_before + n
    if nth >= business_days.shape[0]:
        return np.int64(NEVER)
    return _instant_of(table[business_days[nth]], _clock_time(row, start - row.midnight))


@compiled
def has_own(days, unit):
    """Whether the unit in a row of the book goes by another calendar than the firm's."""
    return _own_calendar(days, unit) != 0


@compiled
def _own_calendar(days, unit):
    """Number of the calendar of the unit in a row of the book; 0 for the firm's."""
    of_row = days.units.of_row
    return of_row[unit] if 0 <= unit < of_row.shape[0] else 0


@compiled
def next_open_of(days, unit, t):
    """`next_open` by the calendar of the unit in a row of the book; FIRM, and a unit without one, goes by the firm's."""
    number = _own_calendar(days, unit)
    if number == 0:
        return next_open(days, t)
    own, low, high = days.units, days.units.places[number - 1], days.units.places[number]
    table, spans = own.days[low.days : high.days], own.spans[low.spans : high.spans]
    return max(spans[_span_at(table, spans, t)].start, t)


@compiled
def open_between_of(days, unit, a, b):
    """`open_between` by the calendar of a unit."""
    number = _own_calendar(days, unit)
    if number == 0:
        return open_between(days, a, b)
    own, low, high = days.units, days.units.places[number - 1], days.units.places[number]
    return _open_between(own.days[low.days : high.days], own.spans[low.spans : high.spans], a, b)


@compiled
def add_open_of(days, unit, t, ms):
    """`add_open` by the calendar of a unit."""
    number = _own_calendar(days, unit)
    if number == 0:
        return add_open(days, t, ms)
    own, low, high = days.units, days.units.places[number - 1], days.units.places[number]
    return _add_open(own.days[low.days : high.days], own.spans[low.spans : high.spans], t, ms)


@compiled
def add_business_days_of(days, unit, t, n):
    """`add_business_days` by the calendar of a unit."""
    number = _own_calendar(days, unit)
    if number == 0:
        return add_business_days(days, t, n)
    own, low, high = days.units, days.units.places[number - 1], days.units.places[number]
    table, spans = own.days[low.days : high.days], own.spans[low.spans : high.spans]
    return _add_business_days(table, spans, own.business_days[low.business_days : high.business_days], t, n)


@compiled
def _midnight_from(table, t):
    """First day whose midnight is not before t; OutsideCalendar outside the compiled days."""
    if t == table[-1].midnight:
        return table.shape[0] - 1
    if t < table[0].midnight or t > table[-1].midnight:
        raise OutsideCalendar
    index = _day_index(table, t)
    return index if table[index].midnight == t else index + 1


@compiled
def business_days_between(days, a, b):
    """Number of business days whose midnight lies in [a, b)."""
    table = days.days
    return table[_midnight_from(table, b)].business_before - table[_midnight_from(table, a)].business_before


@compiled
def period_start(days, period, t):
    """Local midnight at which the day, week, month or quarter (codes 0 to 3) of instant t begins.

    OutsideCalendar if the compiled days cut that period.
    """
    index = day_of(days, t)
    row = days.days[index]
    if period == WEEK:
        index = row.week_from
    elif period == MONTH:
        index = row.month_from
    elif period == QUARTER:
        index = row.quarter_from
    if index < 0:
        raise OutsideCalendar
    return days.days[index].midnight


@compiled
def period_end(days, period, t):
    """First local midnight after t at which the day, week, month or quarter (codes 0 to 3) of instant t has ended.

    OutsideCalendar if the compiled days cut that period.
    """
    index = day_of(days, t)
    row = days.days[index]
    after = index + 1
    if period == WEEK:
        after = row.week_to
    elif period == MONTH:
        after = row.month_to
    elif period == QUARTER:
        after = row.quarter_to
    if after < 0:
        raise OutsideCalendar
    return days.days[after].midnight
