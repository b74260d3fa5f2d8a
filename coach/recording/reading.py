"""How reps stand in the habit programme, for pages and programs (E2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from coach.recording.programme import Day, Programme
from coach.store import Store, Viewer
from coach.store.policies import current
from coach.store.settings import calendar_of
from coach.store.viewer import seeing
from coach.targets.units import units_of

LONG_HOLIDAY = 10
"""Days for which the last day before a holiday, or the end of a programme, is still shown."""


class Standing(NamedTuple):
    """A rep's days in the running programme, or where there is none since the 1st of the month; the last one is today's.

    `today` is None on a day off and where the programme has `ended`.

    `full` and `over` count days that are over; `earned` is what they earned, today's included once its records are complete.
    """

    unit: str
    days: list[Day]
    today: Day | None
    ended: bool

    @property
    def over(self) -> int:
        """Days that are over and were judged."""
        return len(self.days) - (self.today is not None)

    @property
    def full(self) -> int:
        """Days with complete records among those that are over."""
        return sum(each.full for each in self.days if each is not self.today)

    @property
    def earned(self) -> float:
        """What the days earned, in the firm's currency."""
        return sum(each.reward for each in self.days if each.full)

    @property
    def latest(self) -> Day:
        """Today, or on a day off the last day before it."""
        return self.today or self.days[-1]

    def told(self) -> dict[str, Any]:
        """The standing as JSON."""
        days = [each._asdict() | {"day": each.day.isoformat()} for each in self.days]
        counted = {"over": self.over, "full": self.full, "earned": self.earned}
        return {"unit": self.unit, "ended": self.ended} | counted | {"days": days}


def standings(store: Store, viewer: Viewer, now: int, rep: str | None = None) -> list[Standing]:
    """Every rep whom the viewer may see and of whom days are judged, or one of them; empty where the policy asks for none."""
    with store.read() as connection:
        version = current(connection)
        asked = None if version is None else version.policy.recording
        if asked is None or not (asked.programme_days or asked.reward_day):
            return []
        sight, calendar = seeing(connection, viewer), calendar_of(connection)
        reps = [each for each in units_of(connection).reps if sight.sees(each) and rep in (None, each)]
        today = calendar.local_date(now)
        back = max(asked.programme_days + LONG_HOLIDAY, today.day)
        days = Programme(connection, calendar, today - timedelta(days=back), today).days(reps)
    found = (_standing(each, [day for day in days if day.unit == each], today) for each in reps)
    return [standing for standing in found if standing is not None]


def rewards(connection: Connection, rep: str, start: int, end: int) -> float:
    """What complete days of [start, end), ms, earned a rep, in the firm's currency."""
    calendar = calendar_of(connection)
    first, last = calendar.local_date(start), calendar.local_date(end - 1)
    return sum(each.reward for each in Programme(connection, calendar, first, last).days([rep]) if each.full)


def _standing(rep: str, days: Sequence[Day], today: date) -> Standing | None:
    if not days or days[-1].day < today - timedelta(days=LONG_HOLIDAY):
        return None
    last, ended = days[-1], False
    if last.number is not None:
        ended = (today - last.day).days + last.number > last.length
        first = last.day - timedelta(days=last.number - 1)
        mine = [each for each in days if each.day >= first]
    else:
        mine = [each for each in days if each.number is None and each.day >= today.replace(day=1)]
    return Standing(rep, mine, last if last.day == today else None, ended) if mine else None
