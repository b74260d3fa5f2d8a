"""What rules did, written to the store: firings, to-dos, notices, and messages in the outbox."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from coach import texts
from coach.messages.quiet_hours import leaves_at
from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.database import next_number
from coach.store.views import field_name
from policies.engine.driver import NOTICES, Done
from policies.record.records import EVENT, EVENTS, FLAGS, GATES, ROLES

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
    """Role, colour, field or gate of a thing done, by name."""
    number = int(done.argument)
    if done.event in _TO_ROLE:
        return ROLES[number]
    if done.event in _COLOURS:
        return FLAGS[number]
    if done.event in _OF_FIELD:
        return field_name(live.kinds[done.row], number, live.custom)
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
    told = _save_notices(connection, live, done, rows)
    _save_todos(connection, live, done, rows)
    return told


def _save_notices(connection: Connection, live: LiveBook, done: Sequence[Done], rows: list[dict]) -> list[dict]:
    number = next_number(connection, tables.notice.c.id)
    found: list[dict] = []
    for each, row in zip(done, rows, strict=False):
        if each.event not in NOTICES:
            continue
        found.append(
            {
                "id": number + len(found), "firing": row["number"], "rule": row["rule"], "record": row["record"],
                "effect": row["event"], "role": row["argument"], "unit": live.addressee(each.row, row["argument"]),
                "due_at": row["due_at"], "at": row["at"], "late": row["late"],
                "sent": not row["late"] or live.driver.cause_lasts(each),
            }
        )  # fmt: skip
    if found:
        connection.execute(insert(tables.notice), found)
    return found


def _save_todos(connection: Connection, live: LiveBook, done: Sequence[Done], rows: list[dict]) -> None:
    columns = tables.todo.c
    for each, row in zip(done, rows, strict=False):
        if each.event not in (EVENT.todo_opened, EVENT.todo_closed):
            continue
        same = (columns.rule == row["rule"], columns.record == row["record"], columns.role == row["argument"])
        if each.event == EVENT.todo_closed:
            connection.execute(update(tables.todo).where(*same, columns.closed_at.is_(None)).values(closed_at=row["at"]))
            continue
        renewed = {"firing": row["number"], "due_at": row["due_at"], "opened_at": row["at"], "late": row["late"]}
        is_open = (columns.closed_at.is_(None), columns.done_at.is_(None))
        if connection.execute(update(tables.todo).where(*same, *is_open).values(**renewed)).rowcount == 0:
            unit = live.addressee(each.row, row["argument"])
            first = {"rule": row["rule"], "record": row["record"], "role": row["argument"], "unit": unit}
            connection.execute(insert(tables.todo).values(id=next_number(connection, columns.id), **first, **renewed))


def put_in_outbox(connection: Connection, live: LiveBook, told: Sequence[dict], now: int) -> int:
    """One message per notice that is sent and webhook that wants it, to leave outside quiet hours; returns how many."""
    hooks = connection.execute(select(tables.webhook).where(tables.webhook.c.active).order_by(tables.webhook.c.id)).all()
    number = next_number(connection, tables.outbox.c.id)
    rows: list[dict] = []
    leave = leaves_at(live.driver.policy.notices, live.calendar.zone, now)
    for notice in told if hooks else ():
        if not notice["sent"]:
            continue
        line = live.line(notice["unit"])
        body = json.dumps(message(live, notice), ensure_ascii=False)
        for hook in hooks:
            if hook.unit is None or hook.unit in line:
                rows.append(
                    {"id": number + len(rows), "webhook": hook.id, "notice": notice["id"], "body": body, "created_at": now,
                     "attempts": 0, "next_at": leave}
                )  # fmt: skip
    if rows:
        connection.execute(insert(tables.outbox), rows)
    return len(rows)


def message(live: LiveBook, notice: dict) -> dict:
    """What a notice says, for a webhook: codes for programs, and a title and a text in both languages for people."""
    kind, record = live.kinds[notice["record"]], live.ids[notice["record"]]
    told = {name: notice[name] for name in ("id", "rule", "effect", "role", "unit", "due_at", "at", "late")}
    told |= {"kind": kind, "record": record}
    rule = live.driver.policy.rule(notice["rule"]) if notice["rule"] in _ids(live) else None
    for language in ("en", "zh"):
        told[language] = texts.notice_text(notice["effect"], notice["role"], kind, record, rule, notice["rule"], language)
    return told


def _ids(live: LiveBook) -> set[str]:
    return {rule.id for rule in live.driver.policy.rules}
