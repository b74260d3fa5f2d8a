"""Improvements at their departments: who has them, how long is left, when they go to whoever leads everything.

72 hours run on, nights and weekends included, from when the review was finished. What is not closed by then goes up at that
instant, to whoever leads the unit at the top of the department's tree (the COO), and where nobody who may sign in leads that
one, to operations.
"""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, true, update

from coach.problems import CoachError, not_found
from coach.retrospective.reviews import LONGEST, MOST
from coach.store import tables
from coach.store.store import Store, audited
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask, units_below

_improvement, _review, _cause = tables.improvement.c, tables.review.c, tables.review_cause.c
_record, _person = tables.record.c, tables.person.c
_RUNNING = and_(_improvement.due_at.is_not(None), _improvement.closed_at.is_(None), _improvement.escalated_at.is_(None))


def next_escalation(connection: Connection) -> int | None:
    """When the next improvement goes up, ms; None for none in sight."""
    due = connection.scalar(select(func.min(_improvement.due_at)).where(_RUNNING))
    return None if due is None else int(due)


def escalate_due(connection: Connection, now: int) -> int:
    """Let everything go up whose time is over; returns how many did. Each at its due instant, however late it is seen."""
    due = connection.execute(
        select(_improvement.number, _improvement.department, _improvement.due_at)
        .where(_RUNNING, _improvement.due_at <= now)
        .order_by(_improvement.due_at, _improvement.number)
    ).all()
    for number, department, at in due:
        to = _leading(connection, department)
        connection.execute(
            update(tables.improvement).where(_improvement.number == number).values(escalated_at=at, escalated_to=to)
        )
        audited(connection, at, "system", "improvement_escalated", str(number), to=to or "operations")
    return len(due)


def _leading(connection: Connection, department: str) -> str | None:
    """The unit at the top of a department's tree, where somebody who may sign in leads it."""
    told = connection.execute(select(_record.id, _record.parent).where(_record.kind == "unit"))
    units = {unit: parent for unit, parent in told}
    top, passed = department, {department}
    while (above := units.get(top)) is not None and above in units and above not in passed:
        passed.add(above)
        top = above
    leads = select(_person.name).where(_person.role == "manager", _person.unit == top, _person.active)
    return top if connection.scalar(leads.limit(1)) is not None else None


def close(store: Store, viewer: Viewer, number: int, outcome: str, at: int) -> None:
    """Say that an improvement is made, and what is different now; twice is once."""
    text = outcome.strip()
    if not text or len(text) > LONGEST:
        raise CoachError("Write what is different now.", "请写明现在有何不同。")
    with store.write() as connection:
        sent = _improvement.number == number, _improvement.sent_at.is_not(None)
        found = connection.execute(select(_improvement.closed_at).where(*sent, _for(connection, viewer))).one_or_none()
        if found is None:
            raise not_found("improvement", "改进项", str(number))
        if found.closed_at is None:
            values = {"closed_at": at, "closed_by": viewer.name, "outcome": text}
            connection.execute(update(tables.improvement).where(_improvement.number == number).values(**values))
            audited(connection, at, viewer.name, "improvement_closed", str(number))


def improvements(store: Store, viewer: Viewer, *, open_only: bool = True) -> list[dict[str, Any]]:
    """Improvements that a viewer's department has to make, or that have gone up to it, the longest due first.

    `mine`: it is for the viewer's own unit now; `late`: its time is over.
    """
    ask(viewer, "rep", "manager", "operations", "admin")
    query = (
        select(tables.improvement, _review.title, _cause.kind.label("cause_kind"), _cause.text.label("cause_text"))
        .join(tables.review, _improvement.review == _review.number)
        .join(tables.review_cause, _improvement.cause == _cause.number)
        .where(_improvement.sent_at.is_not(None))
        .order_by(_improvement.due_at, _improvement.number)
        .limit(MOST)
    )
    if open_only:
        query = query.where(_improvement.closed_at.is_(None))
    with store.read() as connection:
        found = [dict(row._mapping) for row in connection.execute(query.where(_for(connection, viewer)))]
    return [each | {"mine": _is_mine(viewer, each), "late": each["escalated_at"] is not None} for each in found]


def _is_mine(viewer: Viewer, each: dict[str, Any]) -> bool:
    if each["escalated_at"] is None:
        return each["department"] == viewer.unit
    return viewer.role == "operations" if each["escalated_to"] is None else each["escalated_to"] == viewer.unit


def _for(connection: Connection, viewer: Viewer) -> ColumnElement[bool]:
    """Those of the viewer's own unit and of units below, those that have gone up to it, and for operations all."""
    if viewer.role in SEE_EVERYTHING:
        return true()
    if viewer.unit is None:
        return false()
    own = units_below(connection, viewer.unit) if viewer.role == "manager" else {viewer.unit}
    return or_(_improvement.department.in_(own), _improvement.escalated_to.in_(own))


def departments(store: Store) -> list[str]:
    """Units that an improvement may be sent to: departments and teams first, then people."""
    query = select(_record.id, _record["values"]).where(_record.kind == "unit").order_by(_record.id)
    with store.read() as connection:
        people = {each.id: json.loads(each.values).get("level") == "rep" for each in connection.execute(query)}
    return sorted(people, key=lambda unit: people[unit])
