"""Entries in time by rep and day, read off the record as it stood at the end of each day (E2).

What an entry is, when it is in time and what stands on a deal is said by `policies.recording` for the office and the coach.
"""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from coach.store import tables
from policies.record.records import EVENT, EVENTS
from policies.recording.full_day import ENTRIES, FACT_NAMES
from policies.time.calendar import Calendar

_event, _record = tables.event.c, tables.record.c
_ENTERED = tuple(EVENTS[code] for code in ENTRIES)
_GIVEN = (EVENTS[EVENT.assigned], EVENTS[EVENT.reassigned])


class Counted(NamedTuple):
    """Entries in time of a rep on a day: how many, and of those on opportunities the number and the facts that stood there."""

    entries: int = 0
    filled: int = 0
    deals: int = 0

    def plus(self, entries: int, filled: int, deals: int) -> "Counted":
        """With more counted, or with some taken back."""
        return Counted(self.entries + entries, self.filled + filled, self.deals + deals)


class Entered(NamedTuple):
    """One entry: by whom, when it was recorded (local day), and what it counts for."""

    unit: str
    day: date
    filled: int
    deals: int


def counted_entries(
    connection: Connection,
    calendar: Calendar,
    reps: Collection[str],
    start: int,
    end: int,
    in_time: Callable[[int, int], bool],
) -> dict[tuple[str, date], Counted]:
    """Entries in time of reps that were recorded in [start, end), ms, by rep and local day.

    `in_time` is told when something happened and when it was recorded. One that is withdrawn on its own day does not count.
    """
    found: dict[tuple[str, date], Counted] = {}
    for kind, events in _stories(connection, reps, start, end):
        for each, sign in _entered(kind, events, calendar, start, in_time):
            if each.unit in reps:
                key = (each.unit, each.day)
                found[key] = found.get(key, Counted()).plus(sign, sign * each.filled, sign * each.deals)
    return found


def _stories(connection: Connection, reps: Collection[str], start: int, end: int):
    """(kind, events in order) of each lead and opportunity that may hold entries of reps: theirs, or given on since."""
    given = select(_event.record).where(_event.recorded_at >= start, _event.event.in_(_GIVEN))
    mine = or_(_record.unit.in_(reps), _record.row.in_(given))
    rows = (
        select(_event.record)
        .join(tables.record, _event.record == _record.row)
        .where(
            and_(_event.recorded_at >= start, _event.recorded_at < end), _event.event.in_(_ENTERED),
            _record.kind.in_(("lead", "opportunity")), mine,
        )
    )  # fmt: skip
    columns = (
        _record.kind, _event.record, _event.source, _event.key, _event.event, _event.unit, _event.acted_at,
        _event.recorded_at, _event.payload, _event.voids,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(tables.record, _event.record == _record.row)
        .where(_event.record.in_(rows), _event.recorded_at < end)
        .order_by(_event.record, _event.recorded_at, _event.sequence)
    )
    for _, events in groupby(connection.execute(query), key=lambda each: each.record):
        told = list(events)
        yield told[0].kind, told


def _entered(
    kind: str, events: Iterable[Any], calendar: Calendar, start: int, in_time: Callable[[int, int], bool]
) -> Iterable[tuple[Entered, int]]:
    """Entries of one record from an instant on with +1, and with -1 those withdrawn on their own day."""
    unit: str | None = None
    told: list[tuple[tuple[str, str], dict[str, Any]]] = []
    counted: dict[tuple[str, str], Entered] = {}
    for each in events:
        unit = each.unit or unit
        if each.event == "voided":
            withdrawn = (each.source, each.voids)
            told = [fact for fact in told if fact[0] != withdrawn]
            entry = counted.pop(withdrawn, None)
            if entry is not None and entry.day == calendar.local_date(each.recorded_at):
                yield entry, -1
            continue
        key = (each.source, each.key)
        if any(name in each.payload for name in FACT_NAMES):
            told.append((key, json.loads(each.payload)))
        is_new = each.recorded_at >= start and each.event in _ENTERED and unit is not None
        if is_new and in_time(each.acted_at, each.recorded_at):
            on_deal = kind == "opportunity"
            filled = sum(_stands(told, name) for name in FACT_NAMES) if on_deal else 0
            counted[key] = Entered(str(unit), calendar.local_date(each.recorded_at), filled, int(on_deal))
            yield counted[key], 1


def _stands(told: list[tuple[tuple[str, str], dict[str, Any]]], name: str) -> bool:
    """Whether a fact stands on the record by what was last told of it."""
    return next((payload[name] is not None for _, payload in reversed(told) if name in payload), False)
