"""Reading records, what rules did, to-dos and notices: only the rows that a viewer may see."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, or_, select, update

from coach.money import ORIGINAL
from coach.problems import not_found
from coach.store import tables
from coach.store.deputies import standing_in
from coach.store.kinds import kinds_among, required_names
from coach.store.policies import current_visibility
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of
from coach.store.store import Store, audited
from coach.store.titles import UNIT_TITLE, record_name, titles
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask, may_see

MOST = 500
_TOLD_AS_SCORES = ("capability", "scorecard")
"""Scores of a rep, told to reps as scores alone: where there are few reps not even that."""
_HIDDEN_WHEN_UNSEEN = ("attained", f"{ORIGINAL}attained", "rank")
_record, _todo, _notice, _firing, _event = tables.record.c, tables.todo.c, tables.notice.c, tables.firing.c, tables.event.c


def _told(connection: Connection, rows: Iterable[Any], viewer: Viewer) -> list[dict]:
    """Records as they are told: required fields by name, and nothing that the policy keeps from everybody.

    `title` is what people call them, in "en" and "zh"; `currency` the firm's, in which their amounts are; `owner_left_at` when
    their owner left the firm.
    """
    visibility, currency, left = current_visibility(connection), firm_currency(connection), people_gone(connection)
    zone, rows = calendar_of(connection).zone, list(rows)
    kinds = kinds_among(connection, (row.kind for row in rows))
    return [
        told | {
            "title": record_name(kinds[told["kind"]], told["id"], told["values"], zone, currency), "currency": currency,
            "owner_left_at": left.get(told["unit"]),
        }
        for told in (_one_told(connection, row, kinds[row.kind], viewer, visibility) for row in rows)
    ]  # fmt: skip


def _with_titles(connection: Connection, rows: Iterable[Any]) -> list[dict]:
    """Rows that are about records, each with what its record is called."""
    found = [dict(row._mapping) for row in rows]
    called = titles(connection, (each["record"] for each in found))
    return [each | {"title": called[each["record"]]} for each in found]


def titles_of(store: Store, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """What some records are called, by (kind, id)."""
    wanted = set(names)
    query = select(_record.row, _record.kind, _record.id).where(_record.id.in_({identifier for _, identifier in wanted}))
    with store.read() as connection:
        rows = {row: (kind, identifier) for row, kind, identifier in connection.execute(query) if (kind, identifier) in wanted}
        return {rows[row]: title for row, title in titles(connection, rows).items()}


def people_gone(connection: Connection) -> dict[str, float]:
    """The same as `people_who_left`, within a transaction."""
    query = select(_record.id, _record["values"]).where(_record.kind == "unit", _record["values"].contains('"left_at"'))
    return {identifier: json.loads(values)["left_at"] for identifier, values in connection.execute(query)}


def people_who_left(store: Store) -> dict[str, float]:
    """Units that stand for people who left the firm, with the instant (ms) from which they are gone."""
    with store.read() as connection:
        return people_gone(connection)


def unit_titles(store: Store) -> dict[str, str]:
    """What people call the units that were given a title, by the name under which records belong to them."""
    query = select(_record.id, _record["values"]).where(_record.kind == "unit", _record["values"].contains(f'"{UNIT_TITLE}"'))
    with store.read() as connection:
        told = [(unit, json.loads(values).get(UNIT_TITLE)) for unit, values in connection.execute(query)]
    return {unit: title for unit, title in told if isinstance(title, str)}


def _one_told(connection: Connection, row: Any, kind: str, viewer: Viewer, visibility: str) -> dict:
    told = dict(row._mapping)
    values = json.loads(told.pop("values"))
    told["open_rules"] = [] if told["open_rules"] == "[]" else json.loads(told["open_rules"])
    bits = int(values.pop("required", 0))
    told["required"] = required_names(connection, kind, bits) if bits else []
    if told["kind"] == "unit" and viewer.role == "rep":
        values = _seen_by_rep(values, visibility == "none")
    return told | {"values": values}


def _seen_by_rep(values: dict[str, Any], unseen: bool) -> dict[str, Any]:
    """What of a unit a rep reads there; `unseen`: whether the policy shows reps no attainment."""
    hidden = (*_TOLD_AS_SCORES, *(_HIDDEN_WHEN_UNSEEN if unseen else ()))
    return {name: value for name, value in values.items() if name not in hidden}


def _records(viewer: Viewer) -> Select:
    columns = (
        _record.row, _record.kind, _record.id, _record.unit, _record.owner, _record.status, _record.registered_at,
        _record.updated_at, _record["values"], _record.open_rules,
    )  # fmt: skip
    return select(*columns).where(may_see(viewer, _record.unit))


def records(
    store: Store,
    viewer: Viewer,
    *,
    kind: str | None = None,
    status: str | None = None,
    unit: str | None = None,
    after: int = -1,
    limit: int = 100,
) -> list[dict]:
    """Records in order of their row, from behind `after` on."""
    query = _records(viewer).where(_record.row > after).order_by(_record.row).limit(min(limit, MOST))
    for column, wanted in ((_record.kind, kind), (_record.status, status), (_record.unit, unit)):
        if wanted is not None:
            query = query.where(column == wanted)
    with store.read() as connection:
        return _told(connection, connection.execute(query), viewer)


def open_opportunities(store: Store, viewer: Viewer, unit: str | None) -> list[dict]:
    """All open opportunities of a unit, or of nobody (None)."""
    query = _records(viewer).where(_record.kind == "opportunity", _record.status == "open", _record.unit == unit)
    with store.read() as connection:
        return _told(connection, connection.execute(query), viewer)


def open_deals(store: Store, viewer: Viewer) -> list[dict]:
    """All open opportunities that the viewer may see, in order of registration; at most MOST."""
    return records(store, viewer, kind="opportunity", status="open", limit=MOST)


def record(store: Store, viewer: Viewer, kind: str, identifier: str) -> dict:
    """One record; NotFound also when the viewer may not see it."""
    with store.read() as connection:
        row = connection.execute(_records(viewer).where(_record.kind == kind, _record.id == identifier)).one_or_none()
        if row is None:
            raise not_found(kind, "记录", identifier)
        return _told(connection, [row], viewer)[0]


def history(store: Store, viewer: Viewer, kind: str, identifier: str) -> dict[str, list[dict]]:
    """What was recorded of a record, and what rules did with it, each in order."""
    row = record(store, viewer, kind, identifier)["row"]
    events = select(
        _event.sequence, _event.source, _event.key, _event.event, _event.acted_at, _event.recorded_at, _event.payload,
        _event.voids,
    ).where(_event.record == row).order_by(_event.recorded_at, _event.sequence).limit(MOST)  # fmt: skip
    fired = select(tables.firing).where(_firing.record == row).order_by(_firing.number).limit(MOST)
    with store.read() as connection:
        unseen = current_visibility(connection) == "none"
        found = [dict(each._mapping) | {"payload": json.loads(each.payload)} for each in connection.execute(events)]
        for each in found if kind == "unit" and viewer.role == "rep" else ():
            each["payload"] = _seen_by_rep(each["payload"], unseen)
        return {"events": found, "firings": [dict(each._mapping) for each in connection.execute(fired)]}


def todos(store: Store, viewer: Viewer, *, unit: str | None = None, open_only: bool = True, limit: int = MOST) -> list[dict]:
    """To-dos that are for people whom the viewer may see, the longest due first.

    `deputy` is the unit that stands in while the one that a to-do is for is on leave. Those of a `unit` are its own, and those
    that it stands in for.
    """
    query = (
        select(tables.todo, _record.kind, _record.id.label("record_id"))
        .join(tables.record, _todo.record == _record.row)
        .where(may_see(viewer, _todo.unit))
        .order_by(_todo.due_at, _todo.id)
        .limit(min(limit, MOST))
    )
    if open_only:
        query = query.where(_todo.closed_at.is_(None), _todo.done_at.is_(None))
    with store.read() as connection:
        deputies = standing_in(connection)
        if unit is not None:
            query = query.where(_todo.unit.in_([unit, *(absent for absent, deputy in deputies.items() if deputy == unit)]))
        told = _with_titles(connection, connection.execute(query))
    return [each | {"deputy": deputies.get(each["unit"])} for each in told]


def finish_todo(store: Store, viewer: Viewer, number: int, at: int) -> dict:
    """Mark a to-do as done; doing it twice changes nothing."""
    ask(viewer, "rep", "manager", "operations", "admin")
    with store.write() as connection:
        row = connection.execute(select(tables.todo).where(_todo.id == number, may_see(viewer, _todo.unit))).one_or_none()
        if row is None:
            raise not_found("to-do", "待办", str(number))
        if row.done_at is None:
            connection.execute(update(tables.todo).where(_todo.id == number).values(done_at=at, done_by=viewer.name))
            audited(connection, at, viewer.name, "todo_done", str(number), rule=row.rule)
        return dict(connection.execute(select(tables.todo).where(_todo.id == number)).one()._mapping)


def notices(store: Store, viewer: Viewer, *, after: int = -1, sent_only: bool = True, limit: int = 100) -> list[dict]:
    """Notices to people whom the viewer may see, the latest first, older than number `after` if given."""
    query = (
        select(tables.notice, _record.kind, _record.id.label("record_id"))
        .join(tables.record, _notice.record == _record.row)
        .where(may_see(viewer, _notice.unit))
        .order_by(_notice.id.desc())
        .limit(min(limit, MOST))
    )
    if after >= 0:
        query = query.where(_notice.id < after)
    if sent_only:
        query = query.where(_notice.sent)
    with store.read() as connection:
        return _with_titles(connection, connection.execute(query))


def firings(store: Store, viewer: Viewer, *, rule: str | None = None, after: int = -1, limit: int = 100) -> list[dict]:
    """What rules did with records that the viewer may see, in order."""
    query = (
        select(tables.firing, _record.kind, _record.id.label("record_id"), _record.unit)
        .join(tables.record, _firing.record == _record.row)
        .where(may_see(viewer, _record.unit), _firing.number > after)
        .order_by(_firing.number)
        .limit(min(limit, MOST))
    )
    if rule is not None:
        query = query.where(_firing.rule == rule)
    with store.read() as connection:
        return _with_titles(connection, connection.execute(query))


def breaches(store: Store, viewer: Viewer, *, limit: int = 100) -> list[dict]:
    """Steps that another system took although a gate would have refused them, the latest first."""
    columns = tables.breach.c
    query = (
        select(tables.breach, _record.kind, _record.id.label("record_id"), _record.unit)
        .join(tables.record, columns.record == _record.row)
        .where(may_see(viewer, _record.unit))
        .order_by(columns.id.desc())
        .limit(min(limit, MOST))
    )
    with store.read() as connection:
        return [each | {"missing": json.loads(each["missing"])} for each in _with_titles(connection, connection.execute(query))]


def targets(store: Store, viewer: Viewer) -> list[dict]:
    """Targets and attainment, as far as the policy's visibility lets this viewer see them.

    A rep sees the own unit; of peers everything when targets are public, figures without names when they are anonymous, and
    nothing else. A manager sees the units that report to that person in full. `committed_at` is of this target in this period.
    """
    query = select(_record.id, _record.unit, _record["values"]).where(_record.kind == "unit").order_by(_record.row)
    with store.read() as connection:
        visibility = current_visibility(connection)
        own = set(connection.scalars(select(_record.id).where(_record.kind == "unit", may_see(viewer, _record.unit))))
        rows = [
            (row.id, json.loads(row.values)) for row in connection.execute(query.where(or_(*_target_rows(own, visibility))))
        ]
        signed = _signed(connection)
    told = [
        _target(identifier, values, signed.get((identifier, values.get("period_start_at"), values.get("target"))),
                identifier in own, viewer, visibility)
        for identifier, values in rows
    ]  # fmt: skip
    named = [each for each in told if each["unit"] is not None]
    # Without their order, too: the order of registration would tell who is who.
    nameless = sorted((each for each in told if each["unit"] is None), key=lambda each: -(each["attainment"] or 0.0))
    return named + nameless


def _signed(connection: Connection) -> dict[tuple[str, float, float], int]:
    """When units last signed, ms, by unit, beginning of the period (ms) and target."""
    signed = tables.commitment.c
    query = select(signed.unit, signed.start_at, signed.target, func.max(signed.signed_at))
    query = query.group_by(signed.unit, signed.start_at, signed.target)
    return {(unit, float(start), target): at for unit, start, target, at in connection.execute(query)}


def _target_rows(own: set[str], visibility: str) -> list:
    conditions: list[ColumnElement[bool]] = [_record.id.in_(own)]
    if visibility in ("public", "anonymous"):
        conditions.append(_record.kind == "unit")
    return conditions


def _target(identifier: str, values: dict, signed_at: int | None, is_own: bool, viewer: Viewer, visibility: str) -> dict:
    target, attained = values.get("target"), values.get("attained")
    named = is_own or visibility == "public"
    told = {
        "unit": identifier if named else None,
        "level": values.get("level"),
        "parent": values.get("parent") if named else None,
        "period_start_at": values.get("period_start_at"),
        "period_end_at": values.get("period_end_at"),
        "committed_at": signed_at if named else None,
        "target": target if named else None,
        "attained": attained if named else None,
        "attainment": attained / target if target and attained is not None else None,
        "rank": values.get("rank") if named else None,
        "own": is_own,
    }
    if viewer.role == "rep":
        if visibility == "none":
            told |= {"attained": None, "attainment": None, "rank": None}
        elif visibility not in ("private_rank", "public", "anonymous"):
            told["rank"] = None
    return told


def audit(
    store: Store, viewer: Viewer, *, before: int | None = None, limit: int = 100, who: str = "", action: str = "",
    about: str = "", since: int | None = None, until: int | None = None,
) -> list[dict]:  # fmt: skip
    """The audit log, the latest first.

    `who` stands in the name of whoever did it, `about` in what it was done to or in its details; `action` is what was done;
    `since` and `until` (ms) are when, the latter not included.
    """
    ask(viewer, *SEE_EVERYTHING)
    columns = tables.audit.c
    query = select(tables.audit).order_by(columns.id.desc()).limit(min(limit, MOST))
    if before is not None:
        query = query.where(columns.id < before)
    if who:
        query = query.where(columns.actor.icontains(who, autoescape=True))
    if action:
        query = query.where(columns.action == action)
    if about:
        told = (columns.subject.icontains(about, autoescape=True), columns.detail.icontains(about, autoescape=True))
        query = query.where(or_(*told))
    if since is not None:
        query = query.where(columns.at >= since)
    if until is not None:
        query = query.where(columns.at < until)
    with store.read() as connection:
        return [dict(row._mapping) | {"detail": json.loads(row.detail)} for row in connection.execute(query)]


def audited_actions(store: Store, viewer: Viewer) -> list[str]:
    """Everything that was ever done and written to the audit log, each kind once."""
    ask(viewer, *SEE_EVERYTHING)
    with store.read() as connection:
        return list(connection.scalars(select(tables.audit.c.action).distinct().order_by(tables.audit.c.action)))


def stage_outcomes(store: Store, viewer: Viewer) -> list[tuple[float, str, int]]:
    """(stage, status, number) of the closed opportunities of the firm whose last stage is known: shares only, no names, so
    everybody may ask."""
    ask(viewer, "rep", "manager", "operations", "admin")
    closed = ("won", "lost", "no_decision")
    query = (
        select(_record.stage, _record.status, func.count())
        .where(_record.kind == "opportunity", _record.status.in_(closed), _record.stage.is_not(None))
        .group_by(_record.stage, _record.status)
    )
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def save_run(store: Store, viewer: Viewer, identifier: str, title: str, result: dict, page: str, at: int) -> None:
    """Keep a run of the lab: its result and its page."""
    with store.write() as connection:
        connection.execute(
            insert(tables.run).values(
                id=identifier, person=viewer.name, title=title, created_at=at, page=page,
                result=json.dumps(result, ensure_ascii=False),
            )
        )  # fmt: skip
        audited(connection, at, viewer.name, "run_saved", identifier, title=title)


def runs(store: Store, viewer: Viewer, *, limit: int = 100) -> list[dict]:
    """Saved runs without their pages, the latest first: a person's own; operations and admin see all."""
    columns = tables.run.c
    query = select(columns.id, columns.person, columns.title, columns.created_at).order_by(columns.created_at.desc())
    if viewer.role not in SEE_EVERYTHING:
        query = query.where(columns.person == viewer.name)
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(query.limit(min(limit, MOST)))]


def saved_run(store: Store, viewer: Viewer, identifier: str) -> dict:
    """One saved run with its result and its page."""
    columns = tables.run.c
    query = select(tables.run).where(columns.id == identifier)
    if viewer.role not in SEE_EVERYTHING:
        query = query.where(columns.person == viewer.name)
    with store.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise not_found("run", "运行记录", identifier)
    return dict(row._mapping) | {"result": json.loads(row.result)}
