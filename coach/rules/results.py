"""What rules did, written to the store: firings, to-dos and notices."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, update

from coach.messages.quiet_hours import leaves_at
from coach.routing.words import TAKEN, is_giving
from coach.rules.addressees import addressee, first_present
from coach.rules.following_up import name_in
from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.database import next_number
from coach.store.views import field_name
from policies.engine.driver import NOTICES, Done
from policies.record.records import DESKS, EVENT, EVENTS, FLAGS, GATES, OFFERS, ROLES

LATE_MS = 60_000
"""A firing is late when it is worked off more than this after its instant: the service was not there in time."""
_TO_ROLE = (*NOTICES, EVENT.todo_closed)
_OF_FIELD = (EVENT.field_required, EVENT.field_set)
_COLOURS = (EVENT.flagged, EVENT.flag_closed)


class Refusal(NamedTuple):
    """A step that a gate refused; `rule` is the rule's id, or "requirement" or "stage" for fields that are asked for."""

    row: int
    gate: str
    rule: str
    missing: list[str]
    at: int


def argument_of(live: LiveBook, done: Done) -> str | None:
    """Role, colour, field, offer, new owner, desk or gate of a thing done, by name."""
    number = int(done.argument)
    if done.event in _TO_ROLE:
        return ROLES[number]
    if done.event in _COLOURS:
        return FLAGS[number]
    if done.event in _OF_FIELD:
        return field_name(live.kinds[done.row], number, live.custom)
    if done.event == EVENT.passed_on:
        return name_in(live, done.rule_id, done.argument)
    if done.event == EVENT.approval_asked:
        return DESKS[number]
    if done.event == EVENT.offered:
        return OFFERS[number]
    return GATES[number] if done.event == EVENT.refused else None


def save_results(
    connection: Connection, live: LiveBook, done: Sequence[Done], refusals: Iterable[Refusal], now: int
) -> list[dict]:
    """Write things done at wall clock `now`; returns the notices. Late ones are sent only while their cause lasts."""
    number = next_number(connection, tables.firing.c.number)
    rows = []
    for place, each in enumerate(done):
        rows.append(
            {
                "number": number + place, "rule": each.rule_id, "record": each.row, "event": EVENTS[each.event],
                "argument": argument_of(live, each),
                "value": each.value if each.event == EVENT.field_set else None, "due_at": each.due_at, "at": each.at,
                "fired_at": now, "since": each.since, "late": now - each.at > LATE_MS,
            }
        )  # fmt: skip
    number += len(rows)
    for place, refusal in enumerate(refusals):
        rows.append(
            {
                "number": number + place, "rule": refusal.rule, "record": refusal.row, "event": "refused",
                "argument": refusal.gate, "value": None, "due_at": refusal.at, "at": refusal.at, "fired_at": now,
                "since": refusal.at, "late": False,
            }
        )  # fmt: skip
    if not rows:
        return []
    connection.execute(insert(tables.firing), rows)
    told = _save_notices(connection, live, done, rows, now)
    _save_todos(connection, live, done, rows)
    return told


def _save_notices(connection: Connection, live: LiveBook, done: Sequence[Done], rows: list[dict], now: int) -> list[dict]:
    number = next_number(connection, tables.notice.c.id)
    found: list[dict] = []
    told = [(each, row) for each, row in zip(done, rows, strict=False) if each.event in NOTICES]
    leaves = iter(_leave_late(live, [each for each, row in told if row["late"]]))
    for each, row in told:
        unit = _for(live, each, row)
        leave = leaves_at(live.driver.policy.notices, live.calendar_of(unit).zone, now)
        found.append(
            {
                "id": number + len(found), "firing": row["number"], "rule": row["rule"], "record": row["record"],
                "effect": row["event"], "role": row["argument"], "unit": unit,
                "due_at": row["due_at"], "at": row["at"], "late": row["late"],
                "sent": not row["late"] or next(leaves), "leaves_at": leave, "in_digest": False,
            }
        )  # fmt: skip
    if found:
        connection.execute(insert(tables.notice), found)
    return found


def _for(live: LiveBook, done: Done, row: dict) -> str | None:
    if done.rule_id.startswith(TAKEN):
        return first_present(live, live.line(live.ids[int(done.value)]), row["at"])
    return addressee(live, done.row, row["argument"], row["at"])


def _leave_late(live: LiveBook, late: Sequence[Done]) -> list[bool]:
    """Which late notices are still sent: those of rules whose cause lasts, and of a record that was given away the latest to
    each side."""
    by_rules = iter(live.driver.leaves_late([each for each in late if not is_giving(each.rule_id)]))
    sides = [(each.row, each.rule_id.startswith(TAKEN)) for each in late]
    latest = {side: place for place, (each, side) in enumerate(zip(late, sides, strict=True)) if is_giving(each.rule_id)}
    return [
        latest[side] == place if is_giving(each.rule_id) else next(by_rules)
        for place, (each, side) in enumerate(zip(late, sides, strict=True))
    ]


def _save_todos(connection: Connection, live: LiveBook, done: Sequence[Done], rows: list[dict]) -> None:
    columns = tables.todo.c
    for each, row in zip(done, rows, strict=False):
        if each.event not in (EVENT.todo_opened, EVENT.todo_closed):
            continue
        same = (columns.rule == row["rule"], columns.record == row["record"], columns.role == row["argument"])
        if each.event == EVENT.todo_closed:
            connection.execute(update(tables.todo).where(*same, columns.closed_at.is_(None)).values(closed_at=row["at"]))
            continue
        due_at = int(each.value) or row["due_at"]  # the value of a to-do with a time of its own is when it is due
        renewed = {"firing": row["number"], "due_at": due_at, "opened_at": row["at"], "late": row["late"]}
        is_open = (columns.closed_at.is_(None), columns.done_at.is_(None))
        if connection.execute(update(tables.todo).where(*same, *is_open).values(**renewed)).rowcount == 0:
            unit = addressee(live, each.row, row["argument"], row["at"])
            first = {"rule": row["rule"], "record": row["record"], "role": row["argument"], "unit": unit}
            connection.execute(insert(tables.todo).values(id=next_number(connection, columns.id), **first, **renewed))
