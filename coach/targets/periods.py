"""The period that runs, and the one that comes, by a policy's cadence and the firm's calendar."""

from datetime import timedelta
from typing import Literal, NamedTuple

from policies.engine.settings import CADENCES
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import DAY_MS, Days, business_days_between, period_end, period_start

Which = Literal["running", "coming"]
_A_QUARTER = timedelta(days=100)


class Period(NamedTuple):
    """A target period [start, end), ms, and its business days."""

    start: int
    end: int
    business_days: int

    @property
    def days(self) -> float:
        """Its calendar days, as days of 24 hours."""
        return (self.end - self.start) / DAY_MS


def period_of(calendar: Calendar, cadence: str, now: int, which: Which) -> Period | None:
    """The period of a cadence; None for a cadence of none."""
    code = CADENCES.index(cadence) - 1
    if code < 0:
        return None
    days = days_around(calendar, now)
    at = now if which == "running" else int(period_end(days, code, now))
    return bounded(days, int(period_start(days, code, at)), int(period_end(days, code, at)))


def days_around(calendar: Calendar, now: int) -> Days:
    """The compiled days of the quarters around an instant."""
    today = calendar.local_date(now)
    return calendar.days(today - _A_QUARTER, today + 2 * _A_QUARTER)


def bounded(days: Days, start: int, end: int) -> Period:
    """The period with its business days."""
    return Period(start, end, int(business_days_between(days, start, end)))
