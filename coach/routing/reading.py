"""What became of leads: who got one and why, and which wait."""

import json
import math
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from coach.problems import not_found
from coach.routing.words import waits_words, why_words
from coach.store import tables
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of
from coach.store.store import Store
from coach.store.titles import record_name, titles
from coach.store.viewer import Viewer, may_see
from policies.language.sections import Routing
from policies.routing.choosing import first_at, lead_score

MOST = 500
_TOLD_IN_POOL = ("source", "region", "industry", "budget_tier", "product_interest", "score", "registered_at", "captured_at")
_CHUNK = 400
_assignment, _waiting, _record = tables.assignment.c, tables.waiting_lead.c, tables.record.c


def assignments(store: Store, viewer: Viewer, lead: str) -> list[dict[str, Any]]:
    """Every time that a lead was given to somebody by the coach, in order, each with the reasons in both languages; none for
    one that came with its owner."""
    one = select(_record.row).where(_record.kind == "lead", _record.id == lead, may_see(viewer, _record.unit))
    with store.read() as connection:
        row = connection.scalar(one)
        if row is None:
            raise not_found("lead", "线索", lead)
        given = select(tables.assignment).where(_assignment.record == row).order_by(_assignment.number)
        return [_told(each) for each in connection.execute(given)]


def latest(store: Store, viewer: Viewer, limit: int) -> list[dict[str, Any]]:
    """The leads that were given out last and that one may see, each with its title, owner now, reasons and photo, if any."""
    query = (
        select(tables.assignment, _record.id, _record.unit.label("owner"), _record["values"])
        .join(tables.record, _record.row == _assignment.record)
        .where(may_see(viewer, _record.unit), _assignment.unit == _record.unit)
        .order_by(_assignment.number.desc()).limit(min(limit, MOST))
    )  # fmt: skip
    with store.read() as connection:
        rows = connection.execute(query).all()
        called = titles(connection, [row.record for row in rows])
    return [
        _told(row) | {"lead": row.id, "title": called[row.record], "photo": json.loads(row.values).get("photo") == 1.0}
        for row in rows
    ]


def all_assignments(store: Store) -> list[tuple[str, str, int]]:
    """(lead, unit, instant in ms) of everything that was given out, in order."""
    query = select(tables.record.c.id, _assignment.unit, _assignment.at).join(
        tables.assignment, tables.record.c.row == _assignment.record
    )
    with store.read() as connection:
        return [tuple(each) for each in connection.execute(query.order_by(_assignment.number))]


def reasons_at(connection: Connection, given: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[str, str]]:
    """Why leads were given out, in both languages, by row and instant (ms)."""
    wanted, found = set(given), {}
    rows = sorted({row for row, _ in wanted})
    for start in range(0, len(rows), _CHUNK):
        part = select(tables.assignment).where(_assignment.record.in_(rows[start : start + _CHUNK]))
        for each in connection.execute(part):
            if (each.record, each.at) in wanted:
                found[each.record, each.at] = _told(each)["reasons"]
    return found


def _told(each) -> dict[str, Any]:
    why = json.loads(each.why)
    reasons = {language: why_words(each.how, each.by, why, language) for language in ("en", "zh")}
    return {"unit": each.unit, "at": each.at, "how": each.how, "by": each.by, "why": why, "reasons": reasons}


def waiting(store: Store, routing: Routing, viewer: Viewer) -> list[dict[str, Any]]:
    """Leads that wait for somebody, those that have waited longest first; `routing` is that of the policy in force.

    A manager is told of those that nobody has, and of those taken from somebody who reports to the manager. A rep is told of
    those in the pool, without the customer: that is told to who takes one.
    """
    in_pool = routing.assigned_by == "coach" and routing.method == "pool"
    if viewer.role == "rep" and (viewer.unit is None or not in_pool):
        return []
    query = select(
        _record.row, _record.id, _record.unit, _record["values"], _record.registered_at, _waiting.since, _waiting.due_at,
        _waiting.taken_from, _waiting.rule,
    ).outerjoin(tables.waiting_lead, _waiting.record == _record.row).where(_record.kind == "lead")  # fmt: skip
    nobodys = and_(_record.unit.is_(None), _record.status == "new")
    if viewer.role == "rep":
        query = query.where(_waiting.record.is_not(None))
    else:
        query = query.where(or_(nobodys, _waiting.record.is_not(None)), may_see(viewer, _record.unit))
    with store.read() as connection:
        zone, currency = calendar_of(connection).zone, firm_currency(connection)
        rows = connection.execute(query.order_by(_record.registered_at, _record.row).limit(MOST)).all()
    return [_one_waiting(row, routing, viewer, zone, currency) for row in rows]


def _one_waiting(row, routing: Routing, viewer: Viewer, zone: str, currency: str | None) -> dict[str, Any]:
    values = json.loads(row.values)
    if viewer.role == "rep":
        values = {name: value for name, value in values.items() if name in _TOLD_IN_POOL}
    score = values.get("score", lead_score(values.get("budget_tier", math.nan), values.get("source") == "referral"))
    what = _what(row, routing)
    return {
        "lead": row.id, "title": record_name("lead", row.id, values, zone, currency),
        "since": row.registered_at if row.since is None else row.since, "due_at": row.due_at, "waits_for": what,
        "taken_from": row.taken_from if viewer.role != "rep" else None,
        "score": None if math.isnan(score) else score, "values": values,
        "text": {language: waits_words(what, language) for language in ("en", "zh")},
    }  # fmt: skip


def _what(row, routing: Routing) -> str:
    """What a lead waits for: the coach, a new attempt of it, people, or the system that it came from."""
    if row.since is None:
        return "source"
    if row.due_at is None:
        return routing.method
    return "tried" if row.due_at > first_at(row.since, routing.within_minutes) else "coach"
