"""A later export of present states: compared with what the store holds, what differs becomes events.

A row of a snapshot tells how a record stands, not what happened to it. The first export of a table registers its records. Of a
later one, what the row says otherwise than the store becomes an event at the instant of the export, when it was known: another
owner, other values, a step to another stage. An event that an earlier export of the row told and this one does not (a closing
of a deal that is open again, a date that was corrected) is withdrawn, and so is a closing that was recorded elsewhere before
the export, where the mapping reads closings. What was recorded elsewhere after the export is newer and stays. An export that is
older than the newest of its table changes nothing.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from coach.events import PostedEvent
from coach.mapping.building import CLOSINGS
from coach.mapping.reading import Origin, Reading, Snapshot
from coach.mapping.remarks import Remark, text_of
from coach.money import as_told
from coach.store import tables
from coach.store.pricing import SOURCE
from coach.store.settings import set_setting, setting
from coach.store.titles import titles, told_apart
from coach.store.views import kept_values

SNAPSHOTS = "snapshots"
"""Setting: by source and table, the instant and the digest of every snapshot that was brought in."""
MOST_SNAPSHOTS = 500
"""Of each table, the latest: a system that is asked every minute brings thousands."""
_CHUNK = 400
_event, _record = tables.event.c, tables.record.c
_CHANGE = "/then/"
"""In the key of an event that was made by comparing, and not by a row itself."""


class Vanished(NamedTuple):
    """A record that an earlier export of a table held and this one does not; `title` is what it is called, by language."""

    table: str
    id: str
    title: dict[str, str]


class Compared(NamedTuple):
    """A reading with the events that bring the store to what the files say, and what is to be told."""

    reading: Reading
    repeated: int
    vanished: list[Vanished]


class _Told(NamedTuple):
    """An event that an earlier export of a table made and that still stands, or stood."""

    key: str
    event: str
    kind: str
    record: str
    stands: bool


def compared(connection: Connection, reading: Reading) -> Compared:
    """Every snapshot of a reading against the store."""
    kept, vanished, repeated = _by_table(reading), [], 0
    remarks = list(reading.remarks)
    brought = setting(connection, SNAPSHOTS, {})
    for snapshot in reading.snapshots:
        name = f"{snapshot.source}/{snapshot.table}"
        before = brought.get(name, [])
        if _is_old(snapshot, before):
            repeated += len(kept[snapshot.table])
            kept[snapshot.table] = []
            remarks += _older(snapshot, before)
            continue
        comparison = _Comparison(connection, snapshot, kept[snapshot.table])
        kept[snapshot.table] = comparison.events()
        vanished += comparison.vanished()
        same = [each for each in before if each[0] != snapshot.exported_at]
        brought[name] = sorted([*same, [snapshot.exported_at, snapshot.digest]])[-MOST_SNAPSHOTS:]
    if reading.snapshots:
        set_setting(connection, SNAPSHOTS, brought)
        needed = {event.unit for event, origin in sum(kept.values(), []) if origin.table}
        kept[""] = [pair for pair in kept[""] if pair[0].record in needed]
    pairs = [pair for table in kept.values() for pair in table]
    changed = reading._replace(events=[event for event, _ in pairs], origins=[origin for _, origin in pairs], remarks=remarks)
    return Compared(changed, repeated, vanished)


def _by_table(reading: Reading) -> dict[str, list[tuple[PostedEvent, Origin]]]:
    """Events of each table in the order of the tables; those of no table first."""
    found: dict[str, list[tuple[PostedEvent, Origin]]] = {name: [] for name in ("", *(each.name for each in reading.tables))}
    for pair in zip(reading.events, reading.origins, strict=True):
        found[pair[1].table].append(pair)
    return found


def _is_old(snapshot: Snapshot, before: list[list]) -> bool:
    """Whether the export, or a later one of its table, was brought in already.

    Where nobody said when the files were taken, files that were brought in before are taken for those.
    """
    if not before:
        return False
    at = snapshot.exported_at
    known = [instant for instant, digest in before if digest == snapshot.digest]
    if known and not snapshot.said:
        at = max(known)
    newest = max(instant for instant, _ in before)
    return at < newest or (at == newest and bool(known) and max(known) == newest)


def _older(snapshot: Snapshot, before: list[list]) -> list[Remark]:
    """That nothing of the files was taken; nothing to say where they are the newest themselves."""
    if snapshot.digest == max(before)[1]:
        return []
    text = text_of("older_export")
    return [Remark(snapshot.table, snapshot.file, 0, "", "", False, text.en, text.zh)]


class _Comparison:
    """One snapshot against what the store holds."""

    def __init__(self, connection: Connection, snapshot: Snapshot, pairs: list[tuple[PostedEvent, Origin]]):
        self.connection, self.snapshot, self.pairs = connection, snapshot, pairs
        self.earlier = self._earlier()
        self.row_of = {identifier: place for place, identifier in enumerate(snapshot.ids)}

    def events(self) -> list[tuple[PostedEvent, Origin]]:
        """What is new, what differs, and what no longer holds."""
        if self.connection.scalar(select(_record.row).limit(1)) is None:
            return self.pairs
        known = {each.key for each in self.earlier.values()}
        fresh = [self._again(event, origin) for event, origin in self.pairs]
        changes = list(self._changes([pair for pair in self.pairs if pair[0].key in known and pair[0].event == "registered"]))
        return [*fresh, *self._withdrawn(), *changes]

    def vanished(self) -> list[Vanished]:
        """Records of earlier exports whose rows are gone."""
        gone = {(each.kind, each.record) for each in self.earlier.values()
                if each.event == "registered" and self._row(each) is None}  # fmt: skip
        rows = self._rows(gone)
        called = titles(self.connection, rows.values(), told_apart)
        return [
            Vanished(self.snapshot.table, identifier, called[rows[kind, identifier]])
            for kind, identifier in sorted(gone)
        ]

    def _earlier(self) -> dict[str, _Told]:
        """Events that earlier exports of this table made, by key."""
        prefix = f"{self.snapshot.table}/"
        rows = select(_event.key, _event.event, _event.voids, _record.kind, _record.id).join(
            tables.record, _event.record == _record.row
        )
        rows = rows.where(_event.source == self.snapshot.source, func.substr(_event.key, 1, len(prefix)) == prefix)
        found = self.connection.execute(rows).all()
        voided = {each.voids for each in found if each.event == "voided"}
        return {
            key: _Told(key, event, kind, record, key not in voided)
            for key, event, _, kind, record in found if event != "voided"
        }  # fmt: skip

    def _row(self, told: _Told) -> str | None:
        """Id of the row of this snapshot that made an event; None if the row is gone."""
        own = told.key.removeprefix(f"{self.snapshot.table}/")
        identifier = own.rsplit("/", 1 if told.event == "registered" else 2)[0]
        return identifier if identifier in self.row_of else None

    def _again(self, event: PostedEvent, origin: Origin) -> tuple[PostedEvent, Origin]:
        """An event that was withdrawn once and holds again gets a key of its own."""
        key, number = event.key, 1
        while key in self.earlier and not self.earlier[key].stands:
            number += 1
            key = f"{event.key}-{number}"
        return (event if key == event.key else event.model_copy(update={"key": key})), origin

    def _withdrawn(self) -> Iterator[tuple[PostedEvent, Origin]]:
        """Events that the rows told before and no longer tell, and closings from elsewhere of what is open in the files."""
        now = {self._again(event, origin)[0].key for event, origin in self.pairs}
        for each in self.earlier.values():
            gone = each.stands and each.event != "registered" and each.key not in now and _CHANGE not in each.key
            identifier = self._row(each) if gone else None
            if gone and identifier in self.snapshot.inside:
                yield self._void(self.snapshot.source, each.key, each.kind, each.record), self._origin(identifier)
        yield from self._reopened()

    def _reopened(self) -> Iterator[tuple[PostedEvent, Origin]]:
        if not self.snapshot.closes:
            return
        closed = {(event.kind, event.record) for event, _ in self.pairs if event.event in CLOSINGS}
        opened = {
            (event.kind, event.record): origin for event, origin in self.pairs
            if event.event == "registered" and event.kind in ("lead", "opportunity")
        }  # fmt: skip
        rows = self._closed(self._rows(key for key in opened if key not in closed))
        for (kind, record), row in rows.items():
            for source, key in self._closings_elsewhere(row):
                yield self._void(source, key, kind, record), opened[kind, record]

    def _closed(self, rows: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        closed: set[int] = set()
        for part in _parts(rows.values()):
            query = select(_record.row).where(_record.row.in_(part), _record.status.in_(CLOSINGS))
            closed |= set(self.connection.scalars(query))
        return {name: row for name, row in rows.items() if row in closed}

    def _closings_elsewhere(self, row: int) -> list[tuple[str, str]]:
        """Standing closings of a record that were recorded by other means before the export."""
        query = select(_event.source, _event.key, _event.event, _event.voids, _at().label("at")).where(_event.record == row)
        found = self.connection.execute(query.order_by(_event.sequence)).all()
        voided = {(each.source, each.voids) for each in found if each.event == "voided"}
        return [
            (each.source, each.key) for each in found
            if each.event in CLOSINGS and each.at <= self.snapshot.exported_at and (each.source, each.key) not in voided
            and (each.source != self.snapshot.source or each.key not in self.earlier)
        ]  # fmt: skip

    def _changes(self, pairs: list[tuple[PostedEvent, Origin]]) -> Iterator[tuple[PostedEvent, Origin]]:
        """Owners, stages and values of known records that the rows tell otherwise than the store."""
        rows = self._rows((event.kind, event.record) for event, _ in pairs)
        values, units = kept_values(self.connection, rows.values()), self._units(rows.values())
        newer, elsewhere = self._newer(rows), self._told_elsewhere()
        for event, origin in pairs:
            row = rows[event.kind, event.record]
            names = set(self.snapshot.compared.get(event.key, ())) - newer[row] - elsewhere[event.kind, event.record]
            other = {
                name: event.payload.get(name) for name in sorted(names)
                if event.payload.get(name) != as_told(values[row], name)
            }  # fmt: skip
            moved = event.unit is not None and event.unit != units[row] and "#unit" not in newer[row] and event.kind != "unit"
            for name, unit, payload in _as_events(event.kind, other, event.unit if moved else None, values[row]):
                yield self._made(event, name, unit, payload), origin

    def _newer(self, rows: dict[tuple[str, str], int]) -> dict[int, set[str]]:
        """What was recorded of the records after the export, by row: names of fields, and #unit; a price is no news."""
        found: dict[int, set[str]] = defaultdict(set)
        query = select(_event.record, _event.unit, _event.payload).where(
            _at() > self.snapshot.exported_at, _event.source != SOURCE
        )
        wanted = set(rows.values())
        for row, unit, payload in self.connection.execute(query):
            if row in wanted:
                found[row] |= {*json.loads(payload), *(["#unit"] if unit is not None else [])}
        return found

    def _told_elsewhere(self) -> dict[tuple[str, str], set[str]]:
        """Fields that other events of the rows set, which are compared as events."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for event, _ in self.pairs:
            if event.event != "registered":
                found[event.kind, event.record] |= set(event.payload)
        return found

    def _made(self, registered: PostedEvent, event: str, unit: str | None, payload: dict[str, Any]) -> PostedEvent:
        at = self.snapshot.exported_at
        base = registered.key.removesuffix("/registered")
        told = hashlib.blake2b(repr((unit, sorted(payload.items()))).encode(), digest_size=5).hexdigest()
        return PostedEvent(
            source=registered.source, key=f"{base}{_CHANGE}{event}/{at}-{told}", event=event, kind=registered.kind,
            record=registered.record, unit=unit, acted_at=at, recorded_at=at, payload=payload,
        )  # fmt: skip

    def _void(self, source: str, key: str, kind: str, record: str) -> PostedEvent:
        at = self.snapshot.exported_at
        told = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
        own = f"{self.snapshot.table}/{record}{_CHANGE}voided/{told}"
        return PostedEvent(
            source=source, key=own, event="voided", kind=kind, record=record, acted_at=at, recorded_at=at, voids=key
        )

    def _origin(self, identifier: str) -> Origin:
        place = self.row_of[identifier]
        return Origin(self.snapshot.table, self.snapshot.files[place], self.snapshot.lines[place])

    def _rows(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        wanted: dict[str, list[str]] = defaultdict(list)
        for kind, identifier in names:
            wanted[kind].append(identifier)
        found: dict[tuple[str, str], int] = {}
        for kind, ids in wanted.items():
            for part in _parts(ids):
                query = select(_record.id, _record.row).where(_record.kind == kind, _record.id.in_(part))
                found |= {(kind, identifier): row for identifier, row in self.connection.execute(query)}
        return found

    def _units(self, rows: Iterable[int]) -> dict[int, str | None]:
        found: dict[int, str | None] = {}
        for part in _parts(rows):
            query = select(_record.row, _record.unit).where(_record.row.in_(part))
            found |= dict(self.connection.execute(query).all())
        return found


def _parts(items: Iterable) -> Iterator[list]:
    every = list(items)
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))


def _at():
    """When an event was known: the source's stamp, or receipt."""
    return func.coalesce(_event.stamped_at, _event.recorded_at)


def _as_events(
    kind: str, other: dict[str, Any], unit: str | None, held: dict[str, Any]
) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """The events that values and an owner told otherwise come to: (event, unit, payload)."""
    other = dict(other)
    if unit is not None or "owner" in other:
        yield "reassigned", unit, ({"owner": other.pop("owner")} if "owner" in other else {})
    stage, before = other.get("stage"), held.get("stage")
    if kind == "opportunity" and isinstance(stage, float) and isinstance(before, float) and stage > before:
        yield "advanced", None, {"stage": other.pop("stage")}
    if other:
        yield "field_recorded", None, other
