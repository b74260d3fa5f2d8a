"""Prepared events and the records that they bring, into the tables."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from sqlalchemy import Connection

from coach.store import tables
from coach.store.database import indexed_afterwards, insert_rows, next_number
from coach.store.prepared import Prepared
from coach.store.told_views import views_of
from coach.store.views import json_text, new_record, write_views

Told = Callable[[float], None]
"""Told which share of the work is done. An exception that it raises ends the work."""
_AT_ONCE = 10_000
"""Rows that are written at once, and records in one book."""
_MANY = 50_000
"""Events for which the indexes of empty tables are made afterwards."""
_RECORDS = 0.4
"""Share of the work that the views of records take."""


def nobody(_share: float) -> None:
    """Nobody wants to know."""


def write_events(
    connection: Connection, prepared: Sequence[Prepared], new_rows: dict[int, tuple[str, str]], told: Told = nobody
) -> None:
    """Write events, and the records that they bring, whose views follow."""
    first: dict[int, Prepared] = {}
    for each in prepared:
        first.setdefault(each.row, each)
    fresh = sorted(row for row in new_rows if row in first)
    for start in range(0, len(fresh), _AT_ONCE):
        records = [new_record(*new_rows[row], first[row]) for row in fresh[start : start + _AT_ONCE]]
        insert_rows(connection, tables.record, records)
    sequence = next_number(connection, tables.event.c.sequence)
    for start in range(0, len(prepared), _AT_ONCE):
        told(start / len(prepared))
        part = enumerate(prepared[start : start + _AT_ONCE], start=sequence + start)
        insert_rows(connection, tables.event, [_as_row(number, each) for number, each in part])


def write_with_views(
    connection: Connection, prepared: Sequence[Prepared], new_rows: dict[int, tuple[str, str]], told: Told = nobody
) -> None:
    """Write events that no rule works off, and the views that come of them: new records once, with their views.

    A record of which an entry was withdrawn is told anew from its whole story, so that its view comes last.
    """
    events: dict[int, list[Prepared]] = {}
    for each in prepared:
        events.setdefault(each.row, []).append(each)
    withdrawn = {each.row for each in prepared if each.event.event == "voided"}
    rows = sorted(events.keys() - withdrawn)
    many = len(prepared) >= _MANY
    with indexed_afterwards(connection, tables.record, tables.event) if many else nullcontext():
        for start in range(0, len(rows), _AT_ONCE):
            told(_RECORDS * start / len(rows))
            part = {row: events[row] for row in rows[start : start + _AT_ONCE]}
            _write_records(connection, part, new_rows)
        later = {row: name for row, name in new_rows.items() if row in withdrawn}
        write_events(connection, prepared, later, lambda share: told(_RECORDS + (1.0 - _RECORDS) * share))
        for start in range(0, len(withdrawn), _AT_ONCE):
            part = {row: events[row] for row in sorted(withdrawn)[start : start + _AT_ONCE]}
            write_views(connection, views_of(connection, part, set()))


def _write_records(connection: Connection, events: dict[int, list[Prepared]], new_rows: dict[int, tuple[str, str]]) -> None:
    """Some records with their views: those that are new are inserted, the others changed."""
    views = views_of(connection, events, new_rows.keys())
    fresh = [(view, view["of_row"]) for view in views if view["of_row"] in new_rows]
    records = [new_record(*new_rows[row], events[row][0], view) for view, row in fresh]
    insert_rows(connection, tables.record, records)
    write_views(connection, [view for view in views if view["of_row"] not in new_rows])


def _as_row(sequence: int, prepared: Prepared) -> tuple:
    """Columns of the table of events, in its order."""
    event = prepared.event
    return (
        sequence, event.source, event.key, event.event, prepared.row, event.unit, event.acted_at, event.recorded_at,
        prepared.recorded_at, json_text(event.payload) if event.payload else "{}", event.voids, event.dated,
    )  # fmt: skip
