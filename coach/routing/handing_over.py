"""Hand-over: everything that a unit has going moves to its successor in one act (H2)."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from coach.events import PostedEvent
from coach.problems import CoachError, NotAllowed, not_found
from coach.rules.service import Service, Together
from coach.store import tables
from coach.store.database import next_number
from coach.store.kinds import kinds_among
from coach.store.store import Store, audited
from coach.store.titles import titles
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask, units_below
from policies.record.fields import Kind
from policies.record.records import LEVELS, OWN, RECORD_KINDS

SOURCE = "hand-over"
_record, _todo, _notice, _pursuit = tables.record.c, tables.todo.c, tables.notice.c, tables.pursuit.c
_KINDS = ("customer", "opportunity", "lead", "request")
_RUNNING = ("asked", "joint")
_GOING = or_(
    and_(_record.kind == "lead", _record.status.in_(("new", "open"))),
    and_(_record.kind == "opportunity", _record.status == "open"),
    and_(_record.kind == "customer", _record.status == "active"),
    and_(_record.kind == "request", _record.status == "open"),
    and_(_record.kind.not_in(RECORD_KINDS), _record.status.in_(("open", "started"))),
)
"""What is going on: open leads, deals, requests and records of the policy's own kinds, active customers. What is closed stays
with who closed it."""


def would_move(store: Store, viewer: Viewer, unit: str) -> dict[str, Any]:
    """What a hand-over of a unit would move: the records by kind, with what they and their kinds are called, and the numbers of
    open to-dos, of notices that wait to leave, and of running pursuits."""
    ask(viewer, "manager", *SEE_EVERYTHING)
    with store.read() as connection:
        _reports_to(connection, viewer, unit)
        rows = connection.execute(_records_of(unit)).all()
        called = titles(connection, [row.row for row in rows])
        kinds = kinds_among(connection, {row.kind for row in rows})
        records = [
            {"kind": row.kind, "record": row.id, "title": called[row.row], "called": _called(kinds[row.kind])} for row in rows
        ]
        return {"unit": unit, "records": records, **_numbers(connection, unit)}


def hand_over(service: Service, viewer: Viewer, unit: str, to: str) -> dict[str, Any]:
    """Move all of it to a successor, or nothing; returns what moved, in numbers; "own" are all of own kinds."""
    ask(viewer, "manager", *SEE_EVERYTHING)

    def work(at_work: Together) -> dict[str, Any]:
        connection = at_work.connection
        for each in (unit, to):
            _reports_to(connection, viewer, each)
        _can_succeed(connection, unit, to, at_work.at)
        rows = connection.execute(_records_of(unit)).all()
        numbers = _numbers(connection, unit)
        act = next_number(connection, tables.event.c.sequence)
        events = [_reassigned(row.kind, row.id, to, f"{act}-{row.row}", at_work.at) for row in rows]
        if events:
            at_work.post(events).whole()
        for table, which, column in _obligations(unit):
            connection.execute(update(table).where(which).values({column: to}))
        of_kind = Counter(row.kind if row.kind in _KINDS else OWN for row in rows)
        moved = {kind: of_kind[kind] for kind in (*_KINDS, OWN)} | numbers
        audited(connection, at_work.at, viewer.name, "handed_over", unit, to=to, **moved)
        return moved

    return service.together(work, viewer.name)


def _called(kind: str) -> dict[str, str] | None:
    """What people call records of an own kind; None for a built-in one."""
    return {"en": kind.called[0], "zh": kind.called[1]} if isinstance(kind, Kind) and kind.declared else None


def _records_of(unit: str):
    return select(_record.row, _record.kind, _record.id).where(_record.unit == unit, _GOING).order_by(_record.row)


def _obligations(unit: str) -> list[tuple[Any, ColumnElement[bool], str]]:
    """(table, which rows, column that names the unit) of what a unit owes and is owed."""
    return [
        (tables.todo, and_(_todo.unit == unit, _todo.closed_at.is_(None), _todo.done_at.is_(None)), "unit"),
        (tables.notice, and_(_notice.unit == unit, _notice.told_at.is_(None), _notice.sent), "unit"),
        (tables.pursuit, and_(_pursuit.owner_unit == unit, _pursuit.state.in_(_RUNNING)), "owner_unit"),
        (tables.pursuit, and_(_pursuit.asked_unit == unit, _pursuit.state.in_(_RUNNING)), "asked_unit"),
    ]


def _numbers(connection: Connection, unit: str) -> dict[str, int]:
    todos, notices, owned, asked = (
        connection.scalar(select(func.count()).select_from(table).where(which)) or 0 for table, which, _ in _obligations(unit)
    )
    return {"todos": todos, "notices": notices, "pursuits": owned + asked}


def _reassigned(kind: str, record: str, to: str, key: str, at: int) -> PostedEvent:
    event = "reassigned" if kind in RECORD_KINDS else "assigned"
    return PostedEvent(
        source=SOURCE, key=key, event=event, kind=kind, record=record, unit=to, acted_at=at, payload={"owner": to}
    )


def _reports_to(connection: Connection, viewer: Viewer, unit: str) -> None:
    if connection.scalar(select(_record.row).where(_record.kind == "unit", _record.id == unit)) is None:
        raise not_found("unit", "单位", unit)
    if viewer.role not in SEE_EVERYTHING and unit not in units_below(connection, viewer.unit):
        raise NotAllowed(f"{unit} does not report to you.", f"{unit} 不在您的管理范围内。")


def _can_succeed(connection: Connection, unit: str, to: str, at: int) -> None:
    if to == unit:
        raise CoachError("The successor is somebody else than who hands over.", "接手人不能是交接人本人。")
    values = json.loads(
        connection.scalar(select(_record["values"]).where(_record.kind == "unit", _record.id == to)) or "{}"
    )
    if values.get("level", LEVELS[0]) != LEVELS[0]:
        raise CoachError(f"{to} is no rep; choose somebody who sells.", f"{to} 不是销售人员，请选择一名销售。")
    if values.get("left_at", at + 1) <= at:
        raise CoachError(f"{to} has left the firm; choose somebody else.", f"{to} 已离职，请另选他人。")
