"""Taking events into a store: once each, in the order in which they were recorded, or told why not."""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from coach.events import Fault, PostedEvent, as_number
from coach.store import tables
from coach.store.database import next_number
from coach.store.pricing import Pricing, Unpriced, prices_to_withdraw
from coach.store.settings import PROCESSED_THROUGH, setting
from coach.store.story import owner_of, replayed, stories, told_of
from coach.store.views import column_of, from_row, kept_values, to_row, write_views, written
from policies.engine.compile import compile_rules
from policies.jit.by_reference import pinned
from policies.language.policy import Policy
from policies.record.book import enter, new_book, place_row, put
from policies.record.records import EVENT, RECORD_KINDS

_CHUNK = 400


class Refused(NamedTuple):
    """An event that was not taken, and why."""

    position: int
    key: str
    en: str
    zh: str
    code: str = ""


class WithoutPrice(NamedTuple):
    """An amount of an event that was taken and has no price in the firm's currency, and why."""

    position: int
    key: str
    unpriced: Unpriced


class Report(NamedTuple):
    """What became of the events that were given; `taken`: positions of the accepted ones."""

    accepted: int
    repeated: int
    refused: list[Refused]
    taken: frozenset[int]
    unpriced: list[WithoutPrice] = []


class Prepared(NamedTuple):
    """An event on its way into the store. `sequence` is given when it is written."""

    position: int
    event: PostedEvent
    row: int
    is_new: bool  # brings its record into the store
    recorded_at: int


def now_ms() -> int:
    """Present instant, ms."""
    return time.time_ns() // 1_000_000


class Preparation:
    """Which of some events are new, to which records they belong, and when they count as recorded.

    `answers`: whether a coach is there that can answer an intent.
    """

    def __init__(self, connection: Connection, events: Sequence[PostedEvent], received_at: int, *, answers: bool):
        self._answers = answers
        self.prepared: list[Prepared] = []
        self.refused: list[Refused] = []
        self.unpriced: list[WithoutPrice] = []
        self.repeated = 0
        self.new_rows: dict[int, tuple[str, str]] = {}
        self._connection = connection
        self._received_at = received_at
        self._processed = setting(connection, PROCESSED_THROUGH)
        self._known = _known_keys(connection, events)
        self._rows = _known_rows(connection, events)
        self._next_row = next_number(connection, tables.record.c.row)
        self._pricing = Pricing(connection)
        also = prices_to_withdraw(connection, events) if self._pricing.has_foreign else {}
        for position, event in sorted(enumerate(events), key=lambda each: (self._instant(each[1]), each[0])):
            if self._take(position, event):
                for price in also.pop((event.source, event.voids or ""), ()):
                    self._take(position, price)
        self._pricing.keep()
        self.refused.sort()

    def _instant(self, event: PostedEvent) -> int:
        """The source's stamp, or receipt if that instant was already processed; a stamp from the future is receipt too."""
        stamp = self._received_at if event.recorded_at is None else min(event.recorded_at, self._received_at)
        if self._processed is None or stamp > self._processed:
            return stamp
        return max(self._received_at, self._processed + 1)

    def _take(self, position: int, event: PostedEvent) -> bool:
        """Whether the event is taken."""
        if (event.source, event.key) in self._known:
            self.repeated += 1
            return False
        recorded_at = self._instant(event)
        event, unpriced = self._pricing.of(event)
        fault = self._fault(event, recorded_at, unpriced)
        if fault:
            unknown = event.event != "registered" and (event.kind, event.record) not in self._rows
            code = "not_registered" if unknown and event.acted_at <= recorded_at else ""
            self.refused.append(Refused(position, event.key, fault.en, fault.zh, code))
            return False
        name = (event.kind, event.record)
        is_new = name not in self._rows
        if is_new:
            self._rows[name] = self._next_row
            self.new_rows[self._next_row] = name
            self._next_row += 1
        self._known.add((event.source, event.key))
        self.unpriced += [WithoutPrice(position, event.key, each) for each in unpriced]
        self.prepared.append(Prepared(position, event, self._rows[name], is_new, recorded_at))
        return True

    def _fault(self, event: PostedEvent, recorded_at: int, unpriced: list[Unpriced]) -> Fault | None:
        if event.acted_at > recorded_at:
            return Fault("acted_at: lies in the future or behind the stamp", "acted_at：在未来，或晚于记录时刻")
        if event.intent and (not self._answers or event.event == "registered"):
            return Fault(
                "intent: ask the gate of a running coach (POST /api/v1/gates)",
                "intent：请向运行中的服务提交（POST /api/v1/gates）",
            )
        if event.intent and unpriced:  # no gate can rule on an amount that nobody knows
            return Fault(unpriced[0].en, unpriced[0].zh)
        if event.event == "registered" or (event.kind, event.record) in self._rows:
            return None
        return Fault(
            f"record: {event.kind} {event.record!r} is not registered; post its 'registered' event first",
            f"record：{event.kind}“{event.record}”尚未登记，请先提交其“registered”事件",
        )


def _known_keys(connection: Connection, events: Iterable[PostedEvent]) -> set[tuple[str, str]]:
    keys: dict[str, set[str]] = {}
    for each in events:
        keys.setdefault(each.source, set()).add(each.key)
    columns = tables.event.c
    found = set()
    for source, wanted in keys.items():
        for part in _parts(sorted(wanted)):
            query = select(columns.key).where(columns.source == source, columns.key.in_(part))
            found |= {(source, key) for key in connection.scalars(query)}
    return found


def _known_rows(connection: Connection, events: Iterable[PostedEvent]) -> dict[tuple[str, str], int]:
    ids: dict[str, set[str]] = {}
    for each in events:
        ids.setdefault(each.kind, set()).add(each.record)
    columns = tables.record.c
    found: dict[tuple[str, str], int] = {}
    for kind, wanted in ids.items():
        for part in _parts(sorted(wanted)):
            query = select(columns.id, columns.row).where(columns.kind == kind, columns.id.in_(part))
            found |= {(kind, identifier): row for identifier, row in connection.execute(query)}
    return found


def _parts(items: list) -> Iterable[list]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def write_events(connection: Connection, prepared: Sequence[Prepared], new_rows: dict[int, tuple[str, str]]) -> None:
    """Write prepared events, and the records that they bring."""
    if not prepared:
        return
    first: dict[int, Prepared] = {}
    for each in prepared:
        first.setdefault(each.row, each)
    fresh = [
        {
            "row": row, "kind": kind, "id": identifier, "registered_at": first[row].event.acted_at,
            "updated_at": first[row].recorded_at, "values": "{}", "open_rules": "[]",
            "unit": identifier if kind == "unit" else first[row].event.unit,
        }
        for row, (kind, identifier) in sorted(new_rows.items()) if row in first
    ]  # fmt: skip
    if fresh:
        connection.execute(insert(tables.record), fresh)
    sequence = next_number(connection, tables.event.c.sequence)
    connection.execute(
        insert(tables.event),
        [
            {
                "sequence": sequence + number, "source": event.source, "key": event.key, "event": event.event,
                "record": each.row, "unit": event.unit, "acted_at": event.acted_at, "stamped_at": event.recorded_at,
                "recorded_at": each.recorded_at, "payload": json.dumps(event.payload, ensure_ascii=False),
                "voids": event.voids, "dated": event.dated,
            }
            for number, each in enumerate(prepared) for event in (each.event,)
        ],
    )  # fmt: skip


def append(connection: Connection, events: Sequence[PostedEvent], received_at: int | None = None) -> Report:
    """Take events without running rules; see `Store.append`."""
    work = Preparation(connection, events, now_ms() if received_at is None else received_at, answers=False)
    write_events(connection, work.prepared, work.new_rows)
    if setting(connection, PROCESSED_THROUGH) is None:
        bring_views_up_to_date(connection, work.prepared)
    taken = frozenset(each.position for each in work.prepared)
    return Report(len(taken), work.repeated, work.refused, taken, work.unpriced)


def bring_views_up_to_date(connection: Connection, prepared: Sequence[Prepared]) -> None:
    """Fold the events into the views with the functions that the rules' own book uses.

    A record of which an entry was withdrawn is told anew from its whole story.
    """
    rows = sorted({each.row for each in prepared})
    if not rows:
        return
    kinds = {each.row: each.event.kind for each in prepared}
    again = stories(connection, {each.row for each in prepared if each.event.event == "voided"})
    told: dict[int, dict[str, Any]] = kept_values(connection, [row for row in rows if row not in again])
    rules = compile_rules(Policy(name="none"), activated_at=0)
    book = new_book(rules, max(len(rows), len(prepared)) + 1, voidable=False)
    book.counts[0].rows = len(rows)
    place_of = {row: place for place, row in enumerate(rows)}
    units = _units_of(connection, rows)
    for row, place in place_of.items():
        place_row(book, place, RECORD_KINDS.index(kinds[row]), -1)
        if row in again:
            book.values[place] = replayed(kinds[row], again[row], rules)[0].values[0]
            told[row] = told_of(again[row])
            units[row] = units[row] if kinds[row] == "unit" else owner_of(again[row])
        else:
            book.values[place] = to_row(kinds[row], told[row])
    shared = pinned(book)
    updated = {each.row: each.recorded_at for each in prepared}
    for each in prepared:
        event, place = each.event, place_of[each.row]
        if each.row in again:
            continue
        if event.unit is not None and event.kind != "unit":
            units[each.row] = event.unit
        enter(shared, place, getattr(EVENT, event.event), event.acted_at)
        for name, value in event.payload.items():
            column = column_of(event.kind, name)
            if column is not None:
                put(shared, place, column, as_number(event.kind, name, value))
        told[each.row] |= event.payload
    write_views(
        connection,
        [
            written(row, kinds[row], units[row], from_row(kinds[row], book.values[place], told[row]), updated[row])
            for row, place in place_of.items()
        ],
    )  # fmt: skip


def _units_of(connection: Connection, rows: list[int]) -> dict[int, str | None]:
    columns = tables.record.c
    found: dict[int, str | None] = {}
    for part in _parts(rows):
        found |= dict(connection.execute(select(columns.row, columns.unit).where(columns.row.in_(part))).all())
    return found
