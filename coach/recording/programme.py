"""Days with complete records of each rep, the habit programme, and what they earn (E2).

A programme begins for a person on the first morning on which both are there: the policy that has it, and the person. A day is
judged on the morning after, by the policy in force then.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from coach.recording.entries import Counted, counted_entries
from coach.store.policies import versions_since
from coach.targets.units import units_of
from policies.engine.settings import SETTINGS, settings
from policies.recording.full_day import A_WEEK, FACT_COUNT, NO_PART, is_full, is_in_time, part_on
from policies.recording.parts import PARTS
from policies.time.calendar import Calendar

LONGEST = 84
"""Days of the longest programme that a policy may have."""


class Spell(NamedTuple):
    """A person's time in a unit, [start, end) in ms."""

    start: int
    end: float


class Day(NamedTuple):
    """A rep's day: the programme's day and part where it lies in one, what was entered in time, whether its records are `full`.

    `filled` is a share, None without an entry on an opportunity; `others` and `others_before` are the colleagues' entries in
    time on this day and a week before; `asked` is what the policy asks for; `reward` is what a complete day earns, in money.
    """

    unit: str
    day: date
    number: int | None
    length: int
    part: str | None
    entries: int
    asked: int
    filled: float | None
    filled_asked: float
    others: int
    others_before: int
    full: bool
    reward: float


class Programme:
    """What the policies of a store ask of the days from `first` to `last`, and how the days of its reps were.

    `spells`: who sat where and when, by unit; by default one person a unit, from its registration until the last one left.
    """

    def __init__(
        self,
        connection: Connection,
        calendar: Calendar,
        first: date,
        last: date,
        spells: Mapping[str, Sequence[Spell]] | None = None,
    ):
        self._connection, self._calendar, self._first, self._last = connection, calendar, first, last
        self._units = units_of(connection)
        self._spells = spells or {
            name: [Spell(unit.registered_at, math.inf if unit.left_at is None else unit.left_at)]
            for name, unit in self._units.of.items()
        }
        self._versions = versions_since(connection, self._midnight(first - timedelta(days=LONGEST)))
        self._settings = [settings(version.policy).astype(SETTINGS).view(np.recarray)[0] for version in self._versions]

    def days(self, reps: Sequence[str]) -> list[Day]:
        """The business days of each rep that are judged, or would be if they ended now; in order."""
        asked = [each for each in _business_days(self._calendar, self._first, self._last) if self._asks(each)]
        if not asked:
            return []
        teams = {rep: self._team(rep) for rep in reps}
        everybody = {mate for team in teams.values() for mate in team}.union(reps)
        found: list[Day] = []
        counts: dict[int, dict[tuple[str, date], Counted]] = {}
        for day in asked:
            place = self._in_force(self._morning_after(day))
            if place not in counts:
                counts[place] = self._counted(everybody, place)
            told = (self._day(rep, day, place, counts[place], teams[rep]) for rep in reps if self._is_there(rep, day))
            found += [each for each in told if each is not None]
        return found

    def first_day(self, rep: str, day: date) -> date | None:
        """First day of the programme in which a rep is on a day; None in none."""
        morning = self._morning_after(day)
        place = self._in_force(morning)
        if place < 0 or not self._versions[place].policy.recording.programme_days:
            return None
        since = self._versions[place].activated_at
        while place > 0 and self._versions[place - 1].policy.recording.programme_days:
            place -= 1
            since = self._versions[place].activated_at
        spell = self._spell(rep, morning)
        if spell is None:
            return None
        return self._first_morning(max(since, spell.start))

    def _counted(self, reps: set[str], place: int) -> dict[tuple[str, date], Counted]:
        terms = self._settings[place]
        start, end = self._midnight(self._first - timedelta(days=A_WEEK)), self._morning_after(self._last)
        return counted_entries(
            self._connection, self._calendar, reps, start, end, lambda acted, recorded: bool(is_in_time(terms, acted, recorded))
        )

    def _day(
        self, rep: str, day: date, place: int, counted: Mapping[tuple[str, date], Counted], team: Sequence[str]
    ) -> Day | None:
        terms, told = self._settings[place], self._versions[place].policy.recording
        first = self.first_day(rep, day)
        past = -1 if first is None else (day - first).days
        part = NO_PART if first is None else int(part_on(terms, past, 0))
        if part == NO_PART and not told.reward_day:
            return None
        mine = counted.get((rep, day), Counted())
        others, before = (
            sum(counted.get((mate, each), Counted()).entries for mate in team) for each in (day, day - timedelta(days=A_WEEK))
        )
        return Day(
            rep, day, None if part == NO_PART else past + 1, told.programme_days, None if part == NO_PART else PARTS[part],
            mine.entries, told.entries_day, mine.filled / (mine.deals * FACT_COUNT) if mine.deals else None, told.filled,
            others, before, bool(is_full(terms, part, mine.entries, mine.filled, mine.deals, others, before)),
            told.reward_day,
        )  # fmt: skip

    def _asks(self, day: date) -> bool:
        place = self._in_force(self._morning_after(day))
        if place < 0:
            return False
        told = self._versions[place].policy.recording
        return bool(told.programme_days or told.reward_day)

    def _is_there(self, rep: str, day: date) -> bool:
        return self._spell(rep, self._morning_after(day)) is not None

    def _spell(self, rep: str, at: int) -> Spell | None:
        """Who sits in a unit at an instant, and sat there before it."""
        return next((each for each in self._spells.get(rep, ()) if each.start < at < each.end), None)

    def _team(self, rep: str) -> list[str]:
        above = self._units.parents[rep]
        return [mate for mate in self._units.reps if mate != rep and above is not None and self._units.parents[mate] == above]

    def _in_force(self, at: int) -> int:
        """Place of the version in force at an instant; -1 before the first."""
        return next((place for place in range(len(self._versions))[::-1] if self._versions[place].activated_at <= at), -1)

    def _first_morning(self, at: int) -> date:
        day = self._calendar.local_date(at)
        return day if self._midnight(day) >= at else day + timedelta(days=1)

    def _morning_after(self, day: date) -> int:
        return self._midnight(day + timedelta(days=1))

    def _midnight(self, day: date) -> int:
        return int(self._calendar.midnight(day))


def _business_days(calendar: Calendar, first: date, last: date) -> list[date]:
    table = calendar.days(first, last).days
    opened = (calendar.local_date(int(midnight)) for midnight in table.midnight[table.business == 1])
    return [day for day in opened if first <= day <= last]
