"""Calendars of units as a policy tells them, over the firm's own."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from policies.language.calendars import UnitCalendar, calendar_of_unit
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import Days, unit_days

_AROUND = timedelta(days=2)
"""Days around those of the firm: no two zones are further apart."""
Line = Callable[[str], list[str]]


class UnitCalendars:
    """`line`: a unit and those above it, from below."""

    def __init__(self, firm: Calendar, own: Mapping[str, UnitCalendar], line: Line):
        self._firm, self._own, self._line = firm, own, line
        self._found: dict[tuple[str, ...], Calendar] = {}

    def of(self, unit: str | None) -> Calendar:
        """The calendar of a unit; the firm's for none."""
        if unit is None or not self._own:
            return self._firm
        line = self._line(unit)
        told = tuple(name for name in line if name in self._own)
        if told not in self._found:
            self._found[told] = calendar_of_unit(self._firm, self._own, line)
        return self._found[told]

    def differs(self, unit: str) -> bool:
        """Whether a unit goes by another calendar than the firm."""
        return self.of(unit) != self._firm

    def days(self, firm: Days, first: date, last: date, rows: Mapping[str, int]) -> Days:
        """The firm's days, compiled from the first date to the last, with those of units by their rows in the book."""
        if not self._own:
            return firm
        differing = {row: self.of(unit) for unit, row in rows.items() if self.differs(unit)}
        return unit_days(firm, {row: compiled_around(each, first, last) for row, each in differing.items()})


def compiled_around(calendar: Calendar, first: date, last: date) -> Days:
    """A unit's calendar for the dates for which the firm's is compiled."""
    return calendar.days(first - _AROUND, last + _AROUND)
