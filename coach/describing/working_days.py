"""On which days a firm works, as its record shows it: whether public holidays are kept, and what a free day brings.

A calendar tells when a country rests, not whether a firm does: an outsourced programme sells on most public holidays.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from policies.time.calendar import WEEKDAYS, Calendar
from policies.time.weeks import business_days

_AROUND = (-3, -2, -1, 1, 2, 3)
"""Weeks before and after, whose same weekday a holiday is held against."""
_USUAL, _USUAL_HOLIDAYS = 0.3, 3.0
"""Of an ordinary day's closings, what comes where holidays are kept, and for how many holidays that stands."""
_KEPT_BELOW = 0.75
_MOST = 10.0
YEARS_AHEAD = 3


class Counted(NamedTuple):
    """What happened on each day: the first day, and i8[days]."""

    first: date
    daily: np.ndarray


def counted(instants: pd.Series, zone: str) -> Counted | None:
    """Events (ms) by local day; None without any."""
    told = instants.dropna()
    if told.empty:
        return None
    day = pd.to_datetime(told, unit="ms", utc=True).dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    number = (day - day.min()).dt.days.to_numpy()
    return Counted(day.min().date(), np.bincount(number))


def as_worked(calendar: Calendar, closings: pd.Series) -> Calendar:
    """The calendar, or the same without public holidays where a record's closings (ms) show that they are worked through.

    What closed on holidays is held against the same weekday of the three weeks before and after; a few holidays say nothing.
    """
    found = counted(closings, calendar.zone)
    if found is None:
        return calendar
    business, plain = business_days(calendar, found.first, len(found.daily)), _plain(calendar, found.first, len(found.daily))
    came, expected = [], []
    for holiday in np.flatnonzero(plain & ~business):
        others = [holiday + 7 * week for week in _AROUND]
        beside = [found.daily[each] for each in others if 0 <= each < len(business) and business[each]]
        if beside:
            came.append(found.daily[holiday])
            expected.append(float(np.mean(beside)))
    if not sum(expected):
        return calendar
    ratio = (sum(came) / sum(expected) * len(came) + _USUAL * _USUAL_HOLIDAYS) / (len(came) + _USUAL_HOLIDAYS)
    return calendar if ratio < _KEPT_BELOW else _without_holidays(calendar, found.first, len(found.daily))


def free_day(calendar: Calendar, instants: pd.Series) -> float:
    """What comes on a free day against a business day; 1 without anything."""
    found = counted(instants, calendar.zone)
    if found is None:
        return 1.0
    business = business_days(calendar, found.first, len(found.daily))
    if business.all() or not business.any():
        return 1.0
    return round(min(float((found.daily[~business].mean()) / max(found.daily[business].mean(), 1e-9)), _MOST), 3)


def _plain(calendar: Calendar, first: date, days: int) -> np.ndarray:
    """Days that are no weekend, were there no holidays and no make-up days, bool[days]."""
    names = [WEEKDAYS[(first.weekday() + day) % 7] for day in range(days)]
    return np.array([name not in calendar.weekend for name in names], dtype=bool)


def _without_holidays(calendar: Calendar, first: date, days: int) -> Calendar:
    begin = date(first.year - 1, 1, 1)
    span = (date(first.year, 1, 1) + timedelta(days=days + 366 * (1 + YEARS_AHEAD)) - begin).days
    business, plain = business_days(calendar, begin, span), _plain(calendar, begin, span)

    def listed(which: np.ndarray) -> tuple[date, ...]:
        return tuple(begin + timedelta(days=int(day)) for day in np.flatnonzero(which))

    own = set(calendar.extra_holidays)
    worked = [day for day in listed(plain & ~business) if day not in own]
    more = {
        "extra_working_days": (*calendar.extra_working_days, *worked),
        "extra_holidays": (*calendar.extra_holidays, *listed(~plain & business)),
    }
    return calendar.model_copy(update=more)
