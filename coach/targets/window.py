"""The window in which an adjustment may be asked for, and the quarter in which adjustments are counted (G6)."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from policies.time.calendar import Calendar
from policies.time.calendar_arrays import QUARTER, day_of, period_end, period_start

_AHEAD, _BACK = timedelta(days=200), timedelta(days=100)


class Window(NamedTuple):
    """Whether today is the day; the next one after today; the present fiscal quarter [start, end), ms."""

    open: bool
    next_day: date
    quarter_start: int
    quarter_end: int
    next_quarter_day: date


def window(calendar: Calendar, business_day: int, now: int) -> Window:
    """The window of the n-th business day of each month; a month that has fewer business days has none."""
    today = calendar.local_date(now)
    days = calendar.days(today - _BACK, today + _AHEAD)
    table, place = days.days, int(day_of(days, now))
    start, end = int(period_start(days, QUARTER, now)), int(period_end(days, QUARTER, now))
    first_of_month = np.searchsorted(table.month, table.month, "left")
    number = table.business_before + table.business - table.business_before[first_of_month]
    open_days = np.flatnonzero((table.business == 1) & (number == business_day) & (table.month > table.month[0]))
    later = [int(table[each].midnight) for each in open_days if each > place]
    return Window(
        bool(place in open_days), calendar.local_date(later[0]), start, end,
        calendar.local_date(next(at for at in later if at >= end)),
    )  # fmt: skip
