"""The past of a store, worked off again under any policy: each event when it was recorded, each rule when it was due.

The compiled evaluator, the driver and the book are those of the running coach. Nothing is written. Effects that an earlier
policy had are not repeated, but what people did under it stands in the record.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from threading import Event
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from coach.events import PostedEvent
from coach.rules.gating import ask_create, ask_gate, gate_of
from coach.rules.live_book import LiveBook
from coach.store import Store, tables
from coach.store.policies import PolicyVersion
from coach.store.settings import PROCESSED_THROUGH, calendar_of, setting
from policies.engine.driver import Done
from policies.language.policy import Policy
from policies.record.book import new_book
from policies.record.records import SETS, built_as, field

LOOK_EVERY = 200
"""Events between two looks at whether to stop."""
Told = Callable[[int, int], None]


class Stopped(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """The validation was stopped; nothing of it is kept."""

    en, zh = "The validation was stopped.", "验证已停止。"


class StoredEvent(NamedTuple):
    """An event of the store with the instant at which it counts as recorded."""

    at: int
    row: int
    event: PostedEvent


class Step(NamedTuple):
    """A step that a gate would have refused: `rule` is an id, "requirement" or "stage"."""

    rule: str
    row: int
    at: int
    status: str | None  # of the record as the step was taken


class Worked(NamedTuple):
    """What the rules did over the past."""

    done: list[Done]
    refused: list[Step]
    status_then: list[str | None]  # status of the record of each thing done, as it was recorded at that instant
    status_now: dict[int, str]  # by row, at the end


class PastBook(LiveBook):
    """The records of a store before anything was recorded of them, under a policy switched on at `since`."""

    def __init__(self, connection: Connection, policy: Policy, since: int):
        always: dict[str, int | None] = {rule.id: None for rule in policy.rules if rule.activate == "catch_up"}
        super().__init__(connection, PolicyVersion(0, policy, always, since, "", "", None), since)
        self.calendar = calendar_of(connection)
        # Of what was loaded only the names are kept: values, owners and memory grow again event by event.
        self.units = [name if kind == "unit" else None for kind, name in zip(self.kinds, self.ids, strict=True)]
        self.parents = {}
        self._waiting.clear()
        self._loaded_at = since - 1
        loaded = self.driver
        book = new_book(loaded.rules, len(self.ids) + 64, self.custom.width)
        book.counts[0].rows = len(self.ids)
        self.driver = self.driven(policy, loaded.rules, book, loaded.days)

    def _withdraw(self, connection: Connection | None, event: PostedEvent, row: int, now: int) -> None:  # noqa: ARG002
        entry = self.entries.get((event.source, event.voids or ""))
        if entry is not None and int(self.book.entries[entry].row) == row:
            self.driver.withdraw(row, entry, now)


def stored_events(connection: Connection, after: int = -1) -> list[StoredEvent]:
    """Every event that was recorded after an instant, in order."""
    columns, record = tables.event.c, tables.record.c
    query = (
        select(tables.event, record.kind, record.id.label("name"))
        .join(tables.record, columns.record == record.row)
        .where(columns.recorded_at > after)
        .order_by(columns.recorded_at, columns.sequence)
    )
    return [_stored(row) for row in connection.execute(query)]


def _stored(row) -> StoredEvent:
    event = PostedEvent.model_construct(
        source=row.source, key=row.key, event=row.event, kind=row.kind, record=row.name, unit=row.unit, acted_at=row.acted_at,
        recorded_at=row.stamped_at, payload=json.loads(row.payload), voids=row.voids, intent=None,
    )  # fmt: skip
    return StoredEvent(row.recorded_at, row.record, event)


def end_of_past(connection: Connection) -> int | None:
    """The last instant that the store knows of: its last event, or how far its rules were worked off; None when empty."""
    last = connection.scalar(select(func.max(tables.event.c.recorded_at)))
    return None if last is None else max(last, setting(connection, PROCESSED_THROUGH, last))


def work_through(
    live: LiveBook, events: Sequence[StoredEvent], start: int, until: int, hear: Callable[[StoredEvent], None], told: Told,
    cancel: Event, connection: Connection | None = None,
) -> Iterable[Done]:  # fmt: skip
    """Events and dues of [start, until] in the order of their instants, as the coach works them off; yields what rules did.

    `hear` is called before each event enters the record. Raises Stopped when `cancel` is set.
    """
    driver, place, at = live.driver, 0, start - 1
    while True:
        due = driver.next_instant(at)
        at = min(due, events[place].at) if place < len(events) else due
        if at > until:
            return
        live.reach([], at)
        while place < len(events) and events[place].at <= at:
            hear(events[place])
            live.feed(connection, events[place].event, events[place].row, at)
            place += 1
            if place % LOOK_EVERY == 0:
                told(place, len(events))
        if cancel.is_set():
            raise Stopped
        live.ready(at)
        yield from driver.work_off(at)


def over_the_past(
    store: Store, policy: Policy, events: Sequence[StoredEvent], until: int, told: Told, cancel: Event
) -> tuple[Worked, PastBook]:
    """What a policy's rules would have done had they been in force since the first event; `events` are not empty."""
    start = events[0].at
    with store.read() as connection:
        live = PastBook(connection, policy, start)
    worked = Worked([], [], [], {})
    creates = any(rule.before == "create" and rule.mode != "off" for rule in policy.rules)

    def hear(stored: StoredEvent) -> None:
        event, row = stored.event, stored.row
        gate = gate_of(live, row, event) if live.is_registered(row) else None
        answer = None
        if gate:
            answer = ask_gate(live, row, gate, stored.at)
        elif creates and event.event == "registered" and not live.is_registered(row):
            answer = ask_create(live, event, stored.at)
        if answer is not None and answer.rule is not None:
            worked.refused.append(Step(answer.rule, row, stored.at, worked.status_now.get(row)))
        status = status_after(event, live.kinds[row])
        if status is not None:
            worked.status_now[row] = status

    for done in work_through(live, events, start, until, hear, told, cancel):
        worked.done.append(done)
        worked.status_then.append(worked.status_now.get(done.row))
    told(len(events), len(events))
    return worked, live


def status_after(event: PostedEvent, kind: str) -> str | None:
    """The status that an event gives its record, of that kind; None when it leaves it as it is."""
    told = event.payload.get("status")
    if isinstance(told, str):
        return told
    fixed = SETS.get(event.event, {}).get(built_as(kind), {}).get("status")
    return None if fixed is None else field(kind, "status").choices[int(fixed)]


def local_week(live: PastBook, instant: int) -> str:
    """The Monday of an instant's week, as an ISO date."""
    day = live.calendar.local_date(instant)
    return (day - timedelta(days=day.weekday())).isoformat()


def weeks_between(live: PastBook, start: int, end: int) -> list[str]:
    """Mondays of every week that [start, end] touches."""
    first, last = (date.fromisoformat(local_week(live, instant)) for instant in (start, end))
    return [(first + timedelta(weeks=week)).isoformat() for week in range((last - first).days // 7 + 1)]
