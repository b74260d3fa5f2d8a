"""Entries in time by rep and day, read off the record as it stood at the end of each day (E2).

What an entry is, when it is in time and what stands on a deal is said by `policies.recording` for the office and the coach.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.store import tables
from policies.record.records import EVENTS
from policies.recording.full_day import ENTRIES, FACT_NAMES
from policies.time.calendar import Calendar

_event, _record = tables.event.c, tables.record.c
_ENTERED = tuple(EVENTS[code] for code in ENTRIES)


class Counted(NamedTuple):
    """Entries in time of a rep on a day: how many, on how many opportunities, and the facts that stood on these in the end."""

    entries: int = 0
    filled: int = 0
    deals: int = 0

    def plus(self, entries: int, filled: int, deals: int) -> "Counted":
        """With more counted."""
        return Counted(self.entries + entries, self.filled + filled, self.deals + deals)


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
    An entry counts for the unit that had the record when it was made, wherever the record went since.
    """
    found: dict[tuple[str, date], Counted] = {}
    for kind, events in _stories(connection, reps, start, end):
        for unit, day, entries, facts in _days(events, calendar, start, in_time):
            if unit in reps:
                on_deal = kind == "opportunity"
                counted = found.get((unit, day), Counted())
                found[unit, day] = counted.plus(entries, facts if on_deal else 0, int(on_deal))
    return found


def _stories(connection: Connection, reps: Collection[str], start: int, end: int) -> Iterable[tuple[str, list[Any]]]:
    """(kind, events in order) of each lead and opportunity with entries in [start, end) that was ever one of the reps'."""
    owning = tables.event.alias()
    theirs = select(owning.c.record).where(owning.c.record == _event.record, owning.c.unit.in_(reps)).exists()
    rows = (
        select(_event.record)
        .join(tables.record, _event.record == _record.row)
        .where(
            _event.recorded_at >= start, _event.recorded_at < end, _event.event.in_(_ENTERED),
            _record.kind.in_(("lead", "opportunity")), theirs,
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


def _days(
    events: Iterable[Any], calendar: Calendar, start: int, in_time: Callable[[int, int], bool]
) -> Iterable[tuple[str, date, int, int]]:
    """(unit, day, entries in time, facts that stood at the end of the day) of one record, from an instant on."""
    unit: str | None = None
    told: list[tuple[tuple[str, str], dict[str, Any]]] = []
    entered: dict[tuple[str, str], str] = {}
    day, ends = calendar.local_date(start), start
    for each in events:
        if each.recorded_at >= ends:
            yield from _of_day(day, entered, told)
            entered = {}
            day = calendar.local_date(each.recorded_at)
            ends = int(calendar.midnight(day + timedelta(days=1)))
        unit = each.unit or unit
        key = (each.source, each.key)
        if each.event == "voided":
            withdrawn = (each.source, each.voids)
            told = [fact for fact in told if fact[0] != withdrawn]
            entered.pop(withdrawn, None)
            continue
        if any(name in each.payload for name in FACT_NAMES):
            told.append((key, json.loads(each.payload)))
        is_new = each.recorded_at >= start and each.event in _ENTERED and unit is not None
        if is_new and in_time(each.acted_at, each.recorded_at):
            entered[key] = str(unit)
    yield from _of_day(day, entered, told)


def _of_day(
    day: date, entered: dict[tuple[str, str], str], told: list[tuple[tuple[str, str], dict[str, Any]]]
) -> Iterable[tuple[str, date, int, int]]:
    facts = sum(_stands(told, name) for name in FACT_NAMES) if entered else 0
    for unit, entries in Counter(entered.values()).items():
        yield unit, day, entries, facts


def _stands(told: list[tuple[tuple[str, str], dict[str, Any]]], name: str) -> bool:
    """Whether a fact stands on the record by what was last told of it."""
    return next((payload[name] is not None for _, payload in reversed(told) if name in payload), False)
