"""A new lead or customer that is likely a known one: refused where a person creates it, reported where another system did.

It is refused with those named that it is likely the same as, and goes on when the person says of each of them that it is not
the same; that is recorded with the person's name. The story of one customer with one owner is no duplicate: a lead becomes a
deal, and a deal a customer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from coach.customers.register import Register, description
from coach.customers.searching import Known, Record, known_as
from coach.events import PostedEvent
from coach.problems import CoachError
from coach.rules.service import GateRefusal, Posted, Service
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import audited
from coach.store.viewer import Viewer

DUPLICATE = "duplicate"
"""What stands for the rule in a refusal or a breach."""
CREATED = ("lead", "customer")
_record = tables.record.c
_CHUNK = 400


class Creation(NamedTuple):
    """What became of a record that a person creates: `posted`, or a `refusal` with those `known` that it is likely the same
    as."""

    posted: Posted | None
    refusal: GateRefusal | None
    known: list[Known]


def is_meant(event: PostedEvent) -> bool:
    """Whether a person means to create a record with an event, and asks first."""
    return event.event == "registered" and event.intent == "create"


def create(
    service: Service, register: Register, viewer: Viewer, event: PostedEvent,
    also: Callable[[Connection], None] | None = None,
) -> Creation:  # fmt: skip
    """Record a new lead, customer or other record unless it is likely a known one, or a rule of the policy refuses.

    `also` is done in the transaction in which it is recorded."""
    with register.lock:
        with service.store.read() as connection:
            likely = _likely(connection, register, viewer, event)
        said = set(event.not_the_same)
        _check_said(said, likely)
        left = [each for each in likely if not {record.id for record in each.records} & said]
        if left:
            with service.store.write() as connection:
                ids = [each.first.id for each in left]
                audited(
                    connection, service.clock(), viewer.name, "refused", event.record, gate="create", rule=DUPLICATE, known=ids
                )
            return Creation(None, _refusal(event, DUPLICATE, []), left)
        answer = service.ask_create(event)
        if answer.rule is not None:
            return Creation(None, _refusal(event, answer.rule, answer.missing), [])
        posted = service.post([event.model_copy(update={"intent": None})], viewer.name, also)
        if posted.accepted and said:
            with service.store.write() as connection:
                _say_apart(connection, event, likely, viewer.name, service.clock())
        return Creation(posted, None, [])


def _refusal(event: PostedEvent, rule: str, missing: list[str]) -> GateRefusal:
    return GateRefusal(0, event.key, event.kind, event.record, "create", rule, missing)


@contextmanager
def watched(
    service: Service, register: Register, viewer: Viewer, events: Sequence[PostedEvent]
) -> Iterator[list[tuple[PostedEvent, list[Known]]]]:
    """Around the posting of facts: fills the list with the leads and customers among them that are new and likely known.

    They are reported as breaches; `viewer` is who is told of those that they are likely the same as.
    """
    fresh = {(each.kind, each.record): each for each in events if each.event == "registered" and each.kind in CREATED}
    found: list[tuple[PostedEvent, list[Known]]] = []
    if not fresh:
        yield found
        return
    with service.store.read() as connection:
        before = _stored(connection, fresh)
    yield found
    with register.lock, service.store.read() as connection:
        rows = _stored(connection, fresh)
        for name in rows.keys() - before.keys():
            likely = _likely(connection, register, viewer, fresh[name])
            if likely:
                found.append((fresh[name], likely))
        found.sort(key=lambda each: rows[each[0].kind, each[0].record])
    if found:
        with service.store.write() as connection:
            _keep_breaches(connection, [(event, rows[event.kind, event.record]) for event, _ in found], service.clock())


def _stored(connection: Connection, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Rows of those of some records that the store has, by kind and id."""
    wanted = set(names)
    ids = sorted({identifier for _, identifier in wanted})
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(_record.kind, _record.id, _record.row).where(_record.id.in_(ids[start : start + _CHUNK]))
        found |= {(kind, identifier): row for kind, identifier, row in connection.execute(query)}
    return {name: row for name, row in found.items() if name in wanted}


def _likely(connection: Connection, register: Register, viewer: Viewer, event: PostedEvent) -> list[Known]:
    """Whom a new record is likely, as far as somebody is at them."""
    if event.event != "registered" or event.kind not in CREATED:
        return []
    register.up_to_date(connection)
    wanted = description(event.kind, event.payload, register.country)
    if wanted.says_nothing:
        return []
    found = []
    for each in known_as(connection, register, viewer, wanted):
        records = [record for record in each.records if _stands_against(record, event)]
        if records and each.likeness.verdict == "likely":
            found.append(each._replace(records=records))
    return found


def _stands_against(record: Record, event: PostedEvent) -> bool:
    if (record.kind, record.id) == (event.kind, event.record) or not record.is_active:
        return False
    return record.unit != event.unit or record.kind == event.kind


def _check_said(said: set[str], likely: list[Known]) -> None:
    unknown = said - {record.id for each in likely for record in each.records}
    if unknown:
        named = ", ".join(sorted(unknown))
        raise CoachError(
            f"not_the_same: {named} is not among those that this is likely the same as.",
            f"not_the_same：{named} 不在疑似相同的客户之中。",
        )


def _say_apart(connection: Connection, event: PostedEvent, likely: list[Known], who: str, now: int) -> None:
    row = _stored(connection, [(event.kind, event.record)])[event.kind, event.record]
    others = sorted({record.row for each in likely for record in each.records})
    connection.execute(
        insert(tables.apart), [{"record": row, "other": other, "said_by": who, "said_at": now} for other in others]
    )
    names = [record.id for each in likely for record in each.records]
    audited(connection, now, who, "not_the_same", event.record, kind=event.kind, others=names)


def _keep_breaches(connection: Connection, found: list[tuple[PostedEvent, int]], now: int) -> None:
    number = next_number(connection, tables.breach.c.id)
    rows = [
        {"id": number + place, "record": row, "gate": "create", "rule": DUPLICATE, "missing": "[]", "source": event.source,
         "key": event.key, "at": now}
        for place, (event, row) in enumerate(found)
    ]  # fmt: skip
    connection.execute(insert(tables.breach), rows)
