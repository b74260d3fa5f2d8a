"""How reps stand in the habit programme, for pages and programs (E2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from coach.pay.period import pay_period
from coach.recording.programme import Day, Programme
from coach.store import Store, Viewer
from coach.store.policies import in_force_at
from coach.store.settings import calendar_of
from coach.store.viewer import seeing
from coach.targets.units import units_of

LONG_HOLIDAY = 10
"""Days for which the last day before a holiday, or the end of a programme, is still shown."""


class Standing(NamedTuple):
    """A rep's judged days of the pay period that began at `since` (ms), today's being the last; `latest` is the last day of
    all, before a holiday or at the end of a programme also where it lies before the period.

    `today` is None on a day off and where the programme has `ended`. Sums count the days that are over, and today once its
    records are complete: they tell what `rewards` tells of the period.
    """

    unit: str
    since: int
    days: list[Day]
    latest: Day
    today: Day | None
    ended: bool

    @property
    def judged(self) -> int:
        """Days that are counted."""
        return sum(each.full or each is not self.today for each in self.days)

    @property
    def full(self) -> int:
        """Days with complete records among them."""
        return sum(each.full for each in self.days)

    @property
    def earned(self) -> float:
        """What these earned, in the firm's currency."""
        return _earned(self.days)

    def told(self) -> dict[str, Any]:
        """The standing as JSON."""
        counted = {"since": self.since, "judged": self.judged, "full": self.full, "earned": self.earned}
        days = [_told(each) for each in self.days]
        return {"unit": self.unit, "ended": self.ended} | counted | {"latest": _told(self.latest), "days": days}


def standings(store: Store, viewer: Viewer, now: int, rep: str | None = None) -> list[Standing]:
    """Every rep whom the viewer may see and of whom days are judged, or one of them; empty where the policy asks for none."""
    with store.read() as connection:
        version = in_force_at(connection, now)
        asked = None if version is None else version.policy.recording
        if version is None or asked is None or not (asked.programme_days or asked.reward_day):
            return []
        sight, calendar = seeing(connection, viewer), calendar_of(connection)
        reps = [each for each in units_of(connection).reps if sight.sees(each) and rep in (None, each)]
        today = calendar.local_date(now)
        since = pay_period(version.policy, calendar, now).start
        first = calendar.local_date(since)
        days = Programme(connection, calendar, min(first, today - timedelta(days=LONG_HOLIDAY)), today).days(reps)
    of = {each: [day for day in days if day.unit == each] for each in reps}
    found = (_standing(each, since, of[each], [day for day in of[each] if day.day >= first], today) for each in reps)
    return [standing for standing in found if standing is not None]


def rewards(connection: Connection, rep: str, start: int, end: int) -> float:
    """What complete days of [start, end), ms, earned a rep, in the firm's currency."""
    calendar = calendar_of(connection)
    first, last = calendar.local_date(start), calendar.local_date(end - 1)
    return _earned(Programme(connection, calendar, first, last).days([rep]))


def _earned(days: Sequence[Day]) -> float:
    return sum(each.reward for each in days if each.full)


def _told(day: Day) -> dict[str, Any]:
    return day._asdict() | {"day": day.day.isoformat()}


def _standing(rep: str, since: int, days: list[Day], counted: list[Day], today: date) -> Standing | None:
    if not days or days[-1].day < today - timedelta(days=LONG_HOLIDAY):
        return None
    last = days[-1]
    ended = last.number is not None and (today - last.day).days + last.number > last.length
    return Standing(rep, since, counted, last, last if last.day == today else None, ended)
