"""The oracle's time: plain datetimes, walked day by day, as the semantics put it.

Of `policies.calendar.Calendar` only what the user entered is read, none of its arithmetic; public holidays come from the
`holidays` library once more.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

MILLISECOND = timedelta(milliseconds=1)
DAY = 24 * 60 * 60 * 1000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PlainCalendar:
    """When an office is open.

    Parameters
    ----------
    zone: name of the time zone
    hours: opening and closing clock times ("09:00", "12:00"), in order; empty for an office that never closes
    is_business_day: which dates are worked
    fiscal_month: month (1 to 12) with which the first quarter starts
    """

    def __init__(
        self,
        zone: str,
        hours: Sequence[tuple[str, str]],
        is_business_day: Callable[[date], bool],
        fiscal_month: int = 1,
    ):
        self.zone = ZoneInfo(zone)
        self.fiscal_month = fiscal_month
        self.hours = [(_minute_of_day(opening), _minute_of_day(closing)) for opening, closing in hours]
        self.is_business_day = cache(is_business_day)
        self.due = cache(self._due)

    @classmethod
    def of(cls, calendar) -> "PlainCalendar":
        """The same office as a `policies.calendar.Calendar`."""
        hours = () if calendar.always_open else calendar.hours
        return cls(calendar.zone, hours, lambda day: _is_worked(calendar, day), calendar.fiscal_year_start_month)

    def local(self, instant: int) -> datetime:
        """The wall clock of the office at an instant (ms)."""
        return (EPOCH + instant * MILLISECOND).astimezone(self.zone)

    def instant(self, day: date, clock: time) -> int:
        """The instant (ms) at which the office's wall clock shows that date and time."""
        return (datetime.combine(day, clock, self.zone).astimezone(UTC) - EPOCH) // MILLISECOND

    def midnight(self, day: date) -> int:
        """First instant of a date."""
        return self.instant(day, time())

    def next_midnight(self, instant: int) -> int:
        """First local midnight after an instant."""
        return self.midnight(self.local(instant).date() + timedelta(days=1))

    def open_spans(self, day: date) -> list[tuple[int, int]]:
        """Opening and closing instants of a date, none on a day off."""
        if not self.is_business_day(day):
            return []
        if not self.hours:
            return [(self.midnight(day), self.midnight(day + timedelta(days=1)))]
        return [(self._at_minute(day, opening), self._at_minute(day, closing)) for opening, closing in self.hours]

    def is_open(self, instant: int) -> bool:
        """Whether the office is open at that millisecond."""
        return any(opening <= instant < closing for opening, closing in self.open_spans(self.local(instant).date()))

    def next_opening(self, instant: int) -> int:
        """The instant itself when the office is open, else the next opening."""
        if self.is_open(instant):
            return instant
        return next(opening for opening, _ in self._spans_from(instant) if opening >= instant)

    def after_business_days(self, start: int, count: int) -> int:
        """The same clock time `count` business days after the first open instant from `start` on."""
        local = self.local(self.next_opening(start))
        day = local.date()
        while count:
            day += timedelta(days=1)
            count -= self.is_business_day(day)
        return self.instant(day, local.time())

    def after_open_time(self, start: int, open_time: int) -> int:
        """First instant by which the office was open for `open_time` ms since `start`."""
        if open_time == 0:
            return start
        for opening, closing in self._spans_from(start):
            begin = max(opening, start)
            if closing - begin >= open_time:
                return begin + open_time
            open_time -= max(closing - begin, 0)
        raise AssertionError("the office never opens again")

    def open_time(self, begins: int, ends: int) -> int:
        """Ms for which the office was open in [begins, ends)."""
        found = 0
        for opening, closing in self._spans_from(begins):
            if opening >= ends:
                return found
            found += max(min(closing, ends) - max(opening, begins), 0)
        raise AssertionError("the office never opens again")

    def _due(self, start: int, delay: tuple[int, str]) -> int:
        """When a delay of (amount, unit) that starts at `start` has passed."""
        amount, unit = delay
        if unit == "bd":
            return self.after_business_days(start, amount)
        if unit == "bh":
            return self.after_open_time(start, amount)
        return start + amount

    def business_days(self, start: int, end: int) -> int:
        """Number of business days whose midnight lies in [start, end)."""
        day, count = self.local(start).date(), 0
        while self.midnight(day) < end:
            count += start <= self.midnight(day) and self.is_business_day(day)
            day += timedelta(days=1)
        return count

    def period_ending(self, period: str, midnight: int) -> int | None:
        """Start of the day, week, month or quarter that ends at a local midnight; None when none ends there."""
        day = self.local(midnight).date()
        if period == "day":
            return self.midnight(day - timedelta(days=1))
        if period == "week":
            return self.midnight(day - timedelta(days=7)) if day.weekday() == 0 else None
        months = {"month": 1, "quarter": 3}[period]
        if day.day != 1 or (day.month - self.fiscal_month) % months:
            return None
        earlier = day.month - months
        return self.midnight(date(day.year - (earlier < 1), earlier + 12 * (earlier < 1), 1))

    def _at_minute(self, day: date, minute: int) -> int:
        if minute == 24 * 60:
            return self.midnight(day + timedelta(days=1))
        return self.instant(day, time(minute // 60, minute % 60))

    def _spans_from(self, instant: int) -> Iterator[tuple[int, int]]:
        day = self.local(instant).date()
        for _ in range(4000):
            yield from self.open_spans(day)
            day += timedelta(days=1)


def _minute_of_day(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)


@cache
def _public(country: str, subdivision: str | None, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up working days of a year; none of either while China has not published the year."""
    public = holidays.country_holidays(country, subdiv=subdivision, years=year)
    worked = frozenset(getattr(public, "weekend_workdays", ()))
    if country == "CN" and not any(day.year == year for day in worked):
        return frozenset(), frozenset()
    return frozenset(public), worked


def _is_worked(calendar, day: date) -> bool:
    if calendar.always_open or day in calendar.extra_working_days:
        return True
    free, worked = _public(calendar.country, calendar.subdivision, day.year)
    if day in calendar.extra_holidays:
        return False
    return day in worked or not (day in free or WEEKDAYS[day.weekday()] in calendar.weekend)
