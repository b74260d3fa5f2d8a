"""Views of records after new events, without running rules."""

from collections.abc import Iterable, Set
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from coach.events import as_number
from coach.store import tables
from coach.store.prepared import Prepared
from coach.store.story import owner_of, replayed, stories, told_of
from coach.store.views import column_of, first_unit, from_row, kept_values, to_row, written
from policies.engine.compile import Rules, compile_rules
from policies.jit.by_reference import pinned
from policies.language.policy import Policy
from policies.record.book import new_book
from policies.record.records import EVENT, RECORD_KINDS
from policies.record.telling import enter_all, place_rows

_CHUNK = 400
_CODES = EVENT._asdict()
"""Code of an event by its name."""


def views_of(connection: Connection, events: dict[int, list[Prepared]], new: Set[int]) -> list[dict]:
    """The views of some records after their events, as `write_views` takes them, folded with the functions that the rules' own
    book uses. `new`: rows that are not in the store yet.

    A record of which an entry was withdrawn is told anew from its whole story.
    """
    rules = _no_rules()
    kinds = {row: those[0].event.kind for row, those in events.items()}
    again = stories(connection, {row for row, those in events.items() if any(each.event.event == "voided" for each in those)})
    stored = [row for row in events if row not in new]
    told: dict[int, dict[str, Any]] = {row: {} for row in events} | kept_values(
        connection, [row for row in stored if row not in again]
    )
    units = {row: first_unit(those[0]) for row, those in events.items()} | _units_of(connection, stored)
    book = new_book(rules, len(events), voidable=False)
    place_rows(pinned(book), np.array([RECORD_KINDS.index(kind) for kind in kinds.values()], np.int64))
    for place, (row, kind) in enumerate(kinds.items()):
        if row in again:
            book.values[place] = replayed(kind, again[row], rules)[0].values[0]
            told[row] = told_of(again[row])
            units[row] = units[row] if kind == "unit" else owner_of(again[row])
        elif told[row]:
            book.values[place] = to_row(kind, told[row])
    fresh = [(place, each) for place, (row, those) in enumerate(events.items()) if row not in again for each in those]
    enter_all(pinned(book), *_as_arrays(fresh))
    for _, each in fresh:
        told[each.row] |= each.event.payload
        if each.event.unit is not None and each.event.kind != "unit":
            units[each.row] = each.event.unit
    return [
        written(row, kinds[row], units[row], from_row(kinds[row], book.values[place], told[row]), those[-1].recorded_at)
        for place, (row, those) in enumerate(events.items())
    ]


@lru_cache(maxsize=1)
def _no_rules() -> Rules:
    return compile_rules(Policy(name="none"), activated_at=0)


def _as_arrays(events: Iterable[tuple[int, Prepared]]) -> tuple[np.ndarray, ...]:
    """Events with their places in the book, as `enter_all` takes them."""
    entries: list[tuple[int, int, int, int]] = []
    columns: list[int] = []
    values: list[float] = []
    for place, (_, event, *_) in events:
        kind = event.kind
        for name, value in event.payload.items():
            column = column_of(kind, name)
            if column is not None:
                columns.append(column)
                values.append(value if type(value) is float else as_number(kind, name, value))
        entries.append((place, _CODES[event.event], event.acted_at, len(columns)))
    whole = np.array(entries, np.int64).reshape(-1, 4)
    return *(np.ascontiguousarray(part) for part in whole.T), np.array(columns, np.int64), np.array(values, np.float64)


def _units_of(connection: Connection, rows: list[int]) -> dict[int, str | None]:
    columns = tables.record.c
    found: dict[int, str | None] = {}
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        found |= dict(connection.execute(select(columns.row, columns.unit).where(columns.row.in_(part))).all())
    return found
