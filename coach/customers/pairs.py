"""Likely duplicates within a store, pair by pair."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from coach.customers.comparing import LIKELY, Likeness
from coach.customers.register import Entry, Register
from coach.customers.searching import Record
from coach.store import tables

_record = tables.record.c
_CHUNK = 400


class Pair(NamedTuple):
    """Two that are likely or perhaps the same customer, and who owns them."""

    name: str
    other_name: str
    record: Record
    other: Record
    likeness: Likeness


def duplicates(
    connection: Connection, register: Register, *, least: float = LIKELY, told: Callable[[float], None] = lambda _share: None
) -> list[Pair]:
    """Pairs whose likeness is at least `least`, the likeliest first; without those of which somebody said that they are apart.

    A lead and what became of it in the same hands is one story, and no pair. `told`: which share of the work is done.
    """
    index = register.up_to_date(connection)
    found = list(_pairs(index, least, told))
    rows = {row for one, other, _ in found for row in (_row(register, one), _row(register, other))}
    records, apart = _records(connection, rows), _apart(connection)
    pairs = []
    for one, other, likeness in found:
        record, second = records[_row(register, one)], records[_row(register, other)]
        if {record.row, second.row} not in apart and not (record.unit == second.unit and record.kind != second.kind):
            pairs.append(Pair(one.name, other.name, record, second, likeness))
    return sorted(pairs, key=lambda each: (-each.likeness.share, each.record.row, each.other.row))


def _pairs(index, least: float, told: Callable[[float], None]) -> Iterator[tuple[Entry, Entry, Likeness]]:
    met: set[frozenset[Entry]] = set()
    entries = list(index)
    for place, (key, entry) in enumerate(entries):
        if place % 100 == 0:
            told(place / len(entries))
        for found in index.find(entry, least=least, most=20):
            both = frozenset((key, found.key))
            if len(both) == 2 and both not in met:
                met.add(both)
                yield key, found.key, found.likeness
    told(1.0)


def _row(register: Register, entry: Entry) -> int:
    return entry.row if entry.row is not None else register.deals_of(entry)[0]


def _records(connection: Connection, rows: set[int]) -> dict[int, Record]:
    wanted, found = sorted(rows), {}
    for start in range(0, len(wanted), _CHUNK):
        columns = (_record.row, _record.kind, _record.id, _record.unit, _record.status)
        for row in connection.execute(select(*columns).where(_record.row.in_(wanted[start : start + _CHUNK]))):
            found[row.row] = Record(*row)
    return found


def _apart(connection: Connection) -> list[set[int]]:
    return [{row, other} for row, other in connection.execute(select(tables.apart.c.record, tables.apart.c.other))]
