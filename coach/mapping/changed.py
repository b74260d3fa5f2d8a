"""Rows that tell otherwise than they did: what a row told before stays, unless its table is one of snapshots."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.mapping.document import Mapping
from coach.mapping.people_list import plain
from coach.mapping.reading import Origin, Reading
from coach.mapping.remarks import Remark, text_of
from coach.money import ORIGINAL
from coach.store import tables

_CHUNK = 400


def changed_rows(connection: Connection, reading: Reading, taken: frozenset[int], mapping: Mapping) -> list[Remark]:
    """A remark on each row of which an event was there before and the row tells something else of it now; the row is set aside
    if nothing of it is new. `taken`: positions of the events that are new in the store."""
    snapshots = {table.name for table in mapping.tables if table.snapshot}
    repeated = [
        place for place, origin in enumerate(reading.origins)
        if place not in taken and origin.table and origin.table not in snapshots
    ]  # fmt: skip
    new = {reading.origins[place] for place in taken}
    text, told = text_of("changed_row"), dict[Origin, str]()
    for event, origin, kept in _with_kept(connection, reading, repeated):
        if origin not in told and (field := _differs(event, kept, spelled=reading.people is not None)) is not None:
            told[origin] = field
    return [
        Remark(origin.table, origin.file, origin.row, "", field, origin not in new, text.en, text.zh)
        for origin, field in told.items()
    ]


def _with_kept(connection: Connection, reading: Reading, places: list[int]) -> Iterator[tuple[PostedEvent, Origin, Any]]:
    columns = tables.event.c
    for start in range(0, len(places), _CHUNK):
        part = {reading.events[place].key: place for place in places[start : start + _CHUNK]}
        sources = {reading.events[place].source for place in part.values()}
        query = select(columns.key, columns.acted_at, columns.payload).where(columns.source.in_(sources), columns.key.in_(part))
        for kept in connection.execute(query):
            place = part[kept.key]
            yield reading.events[place], reading.origins[place], kept


def _differs(event: PostedEvent, kept: Any, *, spelled: bool) -> str | None:
    """The first thing that an event tells otherwise; None where it tells the same. `spelled`: a list of people may have come
    that spells the owner in another way."""
    before = json.loads(kept.payload)
    for name, value in event.payload.items():
        if name == "owner" and (spelled or plain(str(value)) == plain(str(before.get(name)))):
            continue
        if value not in (before.get(name), before.get(f"{ORIGINAL}{name}")):
            return name
    gone = [name for name in before if name not in event.payload and not name.startswith(ORIGINAL) and name != "owner"]
    if gone:
        return gone[0]
    return "acted_at" if event.dated and event.acted_at != kept.acted_at else None
