"""Taking events into a store: once each, in the order in which they were recorded, or told why not."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Column, Connection, Select, select

from coach.events import Fault, PostedEvent, of_declared_kind
from coach.store import tables
from coach.store.clocks import clocks_of, without_instant
from coach.store.database import next_number
from coach.store.kinds import stored_kinds
from coach.store.prepared import Prepared
from coach.store.pricing import Pricing, Unpriced, prices_to_withdraw
from coach.store.settings import PROCESSED_THROUGH, setting
from coach.store.stages import Bounds
from coach.store.writing import Told, nobody, write_events, write_with_views
from policies.record.records import RECORD_KINDS

_CHUNK = 400
_LOOKED_UP = 20
"""Rows that are read one after the other in the time in which one is looked up by its name."""
_PREPARED = 0.2
"""Share of the work of taking many events that sorting them out takes."""


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


def now_ms() -> int:
    """Present instant, ms."""
    return time.time_ns() // 1_000_000


class Preparation:
    """Which of some events are new, to which records they belong, and when they count as recorded.

    `answers`: whether a coach is there that can answer an intent; `bounds`: the stages that there are.
    """

    def __init__(
        self, connection: Connection, events: Sequence[PostedEvent], received_at: int, bounds: Bounds, *, answers: bool
    ):
        self._answers = answers
        self._bounds, self._clocks = bounds, clocks_of(bounds.policy)
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
        is_built_in = all(each.kind in RECORD_KINDS for each in events)
        self._declared = {} if is_built_in else stored_kinds(connection)
        self._pricing = Pricing(connection)
        also = prices_to_withdraw(connection, events) if self._pricing.has_foreign else {}
        instants = [self._instant(event) for event in events]
        for position in sorted(range(len(events)), key=instants.__getitem__):
            event = events[position]
            if self._take(position, event, instants[position]) and also:
                for price in also.pop((event.source, event.voids or ""), ()):
                    self._take(position, price, self._instant(price))
        self._pricing.keep()
        self.refused.sort()

    def _instant(self, event: PostedEvent) -> int:
        """The source's stamp, or receipt if that instant was already processed; a stamp from the future is receipt too."""
        stamp = self._received_at if event.recorded_at is None else min(event.recorded_at, self._received_at)
        if self._processed is None or stamp > self._processed:
            return stamp
        return max(self._received_at, self._processed + 1)

    def _take(self, position: int, event: PostedEvent, recorded_at: int) -> bool:
        """Whether the event is taken."""
        known = self._known.setdefault(event.source, set())
        if event.key in known:
            self.repeated += 1
            return False
        if event.kind not in RECORD_KINDS:
            try:
                event = of_declared_kind(event, self._declared)
            except Fault as unfit:
                self.refused.append(Refused(position, event.key, unfit.en, unfit.zh))
                return False
        event, unpriced = self._pricing.of(event)
        name = (event.kind, event.record)
        row = self._rows.get(name)
        fault = self._fault(event, recorded_at, unpriced, is_there=row is not None)
        if fault:
            unknown = event.event != "registered" and row is None
            code = "not_registered" if unknown and event.acted_at <= recorded_at else ""
            self.refused.append(Refused(position, event.key, fault.en, fault.zh, code))
            return False
        is_new = row is None
        if row is None:
            row = self._rows[name] = self._next_row
            self.new_rows[row] = name
            self._next_row += 1
        known.add(event.key)
        if unpriced:
            self.unpriced += [WithoutPrice(position, event.key, each) for each in unpriced]
        self.prepared.append(Prepared(position, event, row, is_new, recorded_at))
        return True

    def _fault(self, event: PostedEvent, recorded_at: int, unpriced: list[Unpriced], *, is_there: bool) -> Fault | None:
        if event.acted_at > recorded_at:
            return Fault("acted_at: lies in the future or behind the stamp", "acted_at：在未来，或晚于记录时刻")
        if event.intent and (not self._answers or event.event == "registered"):
            return Fault(
                "intent: ask the gate of a running coach (POST /api/v1/gates)",
                "intent：请向运行中的服务提交（POST /api/v1/gates）",
            )
        if not event.intent and self._bounds.exceeded_by(event):  # an intent is answered by the order of stages
            return self._bounds.fault()
        if (undated := without_instant(event, self._clocks)) is not None:
            return undated
        if event.intent and unpriced:  # no gate can rule on an amount that nobody knows
            return Fault(unpriced[0].en, unpriced[0].zh)
        if is_there or event.event == "registered":
            return None
        return Fault(
            f"record: {event.kind} {event.record!r} is not registered; post its 'registered' event first",
            f"record：{event.kind}“{event.record}”尚未登记，请先提交其“registered”事件",
        )


def _known_keys(connection: Connection, events: Iterable[PostedEvent]) -> dict[str, set[str]]:
    """Keys that are in the store already, by source."""
    keys: dict[str, set[str]] = {}
    for each in events:
        keys.setdefault(each.source, set()).add(each.key)
    columns, stored = tables.event.c, next_number(connection, tables.event.c.sequence)
    found: dict[str, set[str]] = {}
    for source, wanted in keys.items():
        query = select(columns.key).where(columns.source == source)
        for part in _asked(query, columns.key, wanted, stored):
            found.setdefault(source, set()).update(key for key in connection.scalars(part) if key in wanted)
    return found


def _known_rows(connection: Connection, events: Iterable[PostedEvent]) -> dict[tuple[str, str], int]:
    ids: dict[str, set[str]] = {}
    for each in events:
        ids.setdefault(each.kind, set()).add(each.record)
    columns, stored = tables.record.c, next_number(connection, tables.record.c.row)
    found: dict[tuple[str, str], int] = {}
    for kind, wanted in ids.items():
        query = select(columns.id, columns.row).where(columns.kind == kind)
        for part in _asked(query, columns.id, wanted, stored):
            found |= {(kind, identifier): row for identifier, row in connection.execute(part) if identifier in wanted}
    return found


def _asked(query: Select, column: Column, wanted: set[str], stored: int) -> Iterator[Select]:
    """Queries that give every row in which a column is wanted: all rows at once where many of those stored are wanted."""
    if stored <= _LOOKED_UP * len(wanted):
        yield query
        return
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _CHUNK):
        yield query.where(column.in_(ordered[start : start + _CHUNK]))


def append(
    connection: Connection, events: Sequence[PostedEvent], received_at: int | None = None, *, told: Told = nobody
) -> Report:
    """Take events without running rules; see `Store.append`."""
    bounds = Bounds.in_force(connection, events)
    work = Preparation(connection, events, now_ms() if received_at is None else received_at, bounds, answers=False)
    told(_PREPARED)
    write = write_with_views if setting(connection, PROCESSED_THROUGH) is None else write_events
    write(connection, work.prepared, work.new_rows, lambda share: told(_PREPARED + (1.0 - _PREPARED) * share))
    taken = frozenset(each.position for each in work.prepared)
    return Report(len(taken), work.repeated, work.refused, taken, work.unpriced)
