"""The stretch of the firm's calendar that is compiled: from the earliest instant recorded to more than a year ahead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from policies.record.records import FIELDS, fields_of
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import DAY_MS, Days

HORIZON_DAYS = 420
"""Days ahead that the calendar is compiled for; extended when less than LEAST_DAYS are left."""
LEAST_DAYS = 380
_INSTANTS = {kind: [place for place, about in enumerate(fields) if about.type == "instant"] for kind, fields in FIELDS.items()}
_AHEAD = {"next_step_at", "close_at", "promised_at"}  # what lies ahead starts no clock before it has come


def moved_instants(kind: str, payload: Mapping[str, float]) -> list[float]:
    """Instants in a payload from which the calendar must reach."""
    names = {about.name for about in fields_of(kind) if about.type == "instant"} - _AHEAD
    return [value for name, value in payload.items() if name in names]


class CalendarSpan:
    """`days` is the compiled calendar; `kinds` and `values` are the records that are there at the start."""

    def __init__(self, calendar: Calendar, kinds: Sequence[str], values: np.ndarray, now: int):
        self.calendar = calendar
        earliest = latest = now
        of_kind = np.array(kinds)
        for kind, places in _INSTANTS.items():
            part = values[of_kind == kind][:, places] if len(kinds) else values
            if np.isfinite(part).any():
                earliest = min(earliest, int(np.nanmin(part)))
                if kind == "unit":
                    latest = max(latest, int(np.nanmax(part)))
        self._first = calendar.local_date(earliest) - timedelta(days=1)
        self._last = max(calendar.local_date(latest), calendar.local_date(now) + timedelta(days=HORIZON_DAYS))
        self.days = self._compiled()

    @property
    def dates(self) -> tuple[date, date]:
        """The first and the last date that are compiled."""
        return self._first, self._last

    def _compiled(self) -> Days:
        days = self.calendar.days(self._first, self._last)
        self._low, self._high = int(days.days[0].midnight) + DAY_MS, int(days.days[-1].midnight) - DAY_MS
        return days

    def extended(self, instants: Iterable[float], now: int) -> Days | None:
        """A calendar that covers these instants too, and more than a year from now; None if the present one does."""
        wanted = [int(each) for each in instants if each == each]
        low, high = min([now, *wanted]), max([now + LEAST_DAYS * DAY_MS, *wanted])
        if self._low <= low and high < self._high:
            return None
        self._first = min(self._first, self.calendar.local_date(low) - timedelta(days=1))
        ahead = self.calendar.local_date(now) + timedelta(days=HORIZON_DAYS)
        self._last = max(self._last, ahead, self.calendar.local_date(high) + timedelta(days=2))
        self.days = self._compiled()
        return self.days
