"""When a manager coaches whom in a month: sessions of at most an hour, spread over the working days by the policy in force.

Nothing of it is kept: the same policy, calendar and people give the same sessions. As in the simulated office, the hours that
the policy keeps for escalations come first on a working day, and coaching is booked behind them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from policies.language.policy import Policy
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import Days, add_open, open_between

HOUR_MS = 3_600_000
SESSION_MS = HOUR_MS
WORKING_DAYS_WEEK = 5.0


class Session(NamedTuple):
    """A session of a manager's unit with a rep: the which-th of the month, from 0, its beginning and its open time, ms, and the
    beginning of the month for which it is booked."""

    manager: str
    rep: str
    number: int
    start_at: int
    length_ms: int
    month_at: int


class Month(NamedTuple):
    """A month of the firm's calendar: its beginning and end, ms, the compiled days, and by the midnight of each working day its
    open time."""

    start_at: int
    end_at: int
    days: Days
    open_ms: dict[int, int]

    @property
    def working_ms(self) -> int:
        """Open time of the whole month."""
        return sum(self.open_ms.values())

    def open_until(self, instant: int) -> int:
        """Open time of the month up to an instant."""
        until = min(max(instant, self.start_at), self.end_at)
        return int(open_between(self.days, self.start_at, until))


def month_of(calendar: Calendar, instant: int) -> Month:
    """The month in which an instant lies."""
    first = calendar.local_date(instant).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    days = calendar.days(first - timedelta(days=1), after + timedelta(days=31))
    dates: list[date] = [first + timedelta(days=number) for number in range((after - first).days)]
    midnights = [calendar.midnight(day) for day in [*dates, after]]
    open_ms = {start: int(open_between(days, start, end)) for start, end in zip(midnights, midnights[1:], strict=False)}
    return Month(midnights[0], midnights[-1], days, {start: found for start, found in open_ms.items() if found > 0})


def kept_for_escalations(policy: Policy, open_ms: int) -> int:
    """Of a day's open time, ms, what the policy keeps for escalations; a week has five working days."""
    return min(round(policy.escalation.hours_per_week / WORKING_DAYS_WEEK * HOUR_MS), open_ms)


def sessions_of(policy: Policy, month: Month, manager: str, reps: Sequence[str]) -> list[Session]:
    """All sessions of a manager in a month, in order of time; those for which there are no more hours are left out.

    Every rep has the policy's hours, in sessions of an hour with what is left over as the last one. First sessions of all reps
    come before second ones; they are laid out evenly over the working days, one behind the other within a day.
    """
    lengths = _lengths(policy.coaching.hours_per_rep_month)
    wanted = [(rep, number, length) for number, length in enumerate(lengths) for rep in reps]
    midnights = sorted(month.open_ms)
    if not wanted or not midnights:
        return []
    used = {day: kept_for_escalations(policy, month.open_ms[day]) for day in midnights}
    found = []
    for place, (rep, number, length) in enumerate(wanted):
        first = place * len(midnights) // len(wanted)
        fits = (day for day in midnights[first:] + midnights[:first] if used[day] + length <= month.open_ms[day])
        day = next(fits, None)
        if day is not None:
            # A moment into the open time, so that what begins with the opening does not stand at the midnight before.
            start = int(add_open(month.days, day, used[day] + 1)) - 1
            found.append(Session(manager, rep, number, start, length, month.start_at))
            used[day] += length
    return sorted(found, key=lambda each: (each.start_at, each.rep))


def _lengths(hours: float) -> list[int]:
    whole, rest = divmod(round(hours * HOUR_MS), SESSION_MS)
    return [SESSION_MS] * whole + ([rest] if rest else [])
