"""How much of an ordinary week each week is: public holidays make it less, make-up working days more."""

from datetime import date, timedelta

import numpy as np

from policies.time.calendar import Calendar

LEAST_LOAD = 0.1
"""Of an ordinary week: a week that is less tells nothing of the others."""


def business_days(calendar: Calendar, first: date, days: int) -> np.ndarray:
    """Whether the office opens on each of so many days from `first` on, bool[days]."""
    if days <= 0:
        return np.zeros(0, dtype=bool)
    last = first + timedelta(days=days - 1)
    # Whole years, so that one compiled calendar serves many spans.
    table = calendar.days(date(first.year, 1, 1), date(last.year, 12, 31)).days
    begin = int(np.searchsorted(table.midnight, calendar.midnight(first)))
    return table.business[begin : begin + days] != 0


def loads(calendar: Calendar, first: date, weeks: int, free_day: float) -> np.ndarray:
    """Load of each week of seven days from `first` on against one of five business days, f8[weeks].

    `free_day`: load of a free day against a business day's.
    """
    business = business_days(calendar, first, 7 * weeks).reshape(weeks, 7)
    return np.where(business, 1.0, free_day).sum(axis=1) / (5.0 + 2.0 * free_day)
