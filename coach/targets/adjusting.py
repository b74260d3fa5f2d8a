"""Adjusting a running target (G6): asked for in the window with evidence, granted when all whom the policy names approve.

A granted adjustment takes the same amount off the rep and off every unit above, so that the tree still adds up; nobody else's
target moves. Every request is kept, the refused ones too, with the reason.
"""

import json
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from coach.events import PostedEvent
from coach.problems import CoachError, NotAllowed, not_found
from coach.rules.service import Service
from coach.store import Store, Viewer, policies, tables
from coach.store.database import next_number
from coach.store.settings import calendar_of
from coach.store.store import audited
from coach.store.viewer import ask, may_see
from coach.targets.committing import Running, running_of
from coach.targets.due import SOURCE
from coach.targets.units import Units, units_of
from coach.targets.window import Window, window
from policies.language.policy import Policy
from policies.language.target_sections import Elasticity
from policies.scores.score import Words

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
COACH = "coach"
"""Who decided where no person did."""
MOST = 200
_adjustment, _record = tables.adjustment.c, tables.record.c
_RECORDS = ("lead", "opportunity", "customer")


class NotNow(CoachError):
    """An adjustment is not possible; `en` and `zh` say why and when it will be."""

    status = 409
    code = "no_adjustment"


def ask_for(
    service: Service, viewer: Viewer, target: int, evidence: str, kind: str | None = None, record: str | None = None
) -> int:
    """Ask for another target of the own unit; returns the number of the request. NotNow outside the window, without evidence or
    above the number; that refusal is kept as well."""
    ask(viewer, "rep")

    def asked(connection: Connection) -> tuple[tuple[int, Words | None], list[PostedEvent]]:
        now, units = service.clock(), units_of(connection)
        if viewer.unit not in units.of:
            raise CoachError("Your sign-in belongs to no unit that is recorded.", "您的账号尚未关联已登记的单位。")
        running = running_of(units, viewer.unit, now)
        if running is None or running.start > now:
            raise CoachError("There is no running target to adjust.", "没有正在执行、可调整的目标。")
        elasticity = _policy(connection).targets.elasticity
        number, proof = next_number(connection, _adjustment.number) or 1, evidence.strip()
        why = _why_not(connection, elasticity, viewer.unit, running, target, proof, kind, record, now)
        connection.execute(
            insert(tables.adjustment).values(
                number=number, unit=viewer.unit, start_at=running.start, target=running.target, wanted=float(target),
                evidence=proof, kind=kind, record=record, asked_by=viewer.name, asked_at=now,
                asks=json.dumps(list(elasticity.approved_by)), approvals="{}", state=ASKED if why is None else REFUSED,
                decided_at=None if why is None else now, decided_by=None if why is None else COACH,
                why=json.dumps(None if why is None else why._asdict(), ensure_ascii=False),
            )
        )  # fmt: skip
        audited(connection, now, viewer.name, "adjustment_asked" if why is None else "adjustment_refused", str(number))
        if why is not None:
            return (number, why), []
        filed = [_unit_event(f"need:{number}", "field_recorded", viewer.unit, now, need_change=1.0)] if proof else []
        return (number, None), filed + _granted_if_all(connection, number, now, units)

    number, why = service.act(viewer.name, asked)
    if why is not None:
        raise NotNow(why.en, why.zh)
    return number


def approve(service: Service, viewer: Viewer, number: int) -> str:
    """Approve as one of those whom the policy named when it was asked; returns the state. A person approves once."""

    def approved(connection: Connection) -> tuple[str, list[PostedEvent]]:
        now, units = service.clock(), units_of(connection)
        row = _waiting(connection, viewer, units, number)
        roles = _roles(viewer, units, row)
        if not roles:
            raise _not_yours()
        given = json.loads(row.approvals)
        open_roles = [role for role in roles if role not in given]
        if not open_roles or viewer.name in {each["by"] for each in given.values()}:
            raise NotNow("You approved this already; the others still have to.", "您已批准，尚待其他人批准。")
        given[open_roles[0]] = {"by": viewer.name, "at": now}
        connection.execute(update(tables.adjustment).where(_adjustment.number == number).values(approvals=json.dumps(given)))
        audited(connection, now, viewer.name, "adjustment_approved", str(number), role=open_roles[0])
        events = _granted_if_all(connection, number, now, units)
        return connection.scalar(select(_adjustment.state).where(_adjustment.number == number)) or ASKED, events

    return service.act(viewer.name, approved)


def refuse(service: Service, viewer: Viewer, number: int, why: str) -> None:
    """Refuse as one of those whom the policy names; the person who asked may take it back."""
    with service.store.write() as connection:
        now, units = service.clock(), units_of(connection)
        row = _waiting(connection, viewer, units, number)
        if row.unit != viewer.unit and not _roles(viewer, units, row):
            raise _not_yours()
        said = why.strip() or "–"
        _decide(connection, number, REFUSED, now, viewer.name, Words(said, said))
        audited(connection, now, viewer.name, "adjustment_refused", str(number))


def adjustments(store: Store, viewer: Viewer) -> list[dict[str, Any]]:
    """Requests that concern the viewer, the latest first; `mine_to_decide` tells those that wait for the viewer."""
    query = select(tables.adjustment).order_by(_adjustment.number.desc()).limit(MOST)
    if not _is_finance(viewer):
        query = query.where(may_see(viewer, _adjustment.unit))
    with store.read() as connection:
        units, found = units_of(connection), connection.execute(query).all()
    told = []
    for row in found:
        approvals = json.loads(row.approvals)
        mine = row.state == ASKED and any(role not in approvals for role in _roles(viewer, units, row))
        mine = mine and viewer.name not in {each["by"] for each in approvals.values()}
        read = {name: json.loads(getattr(row, name)) for name in ("asks", "approvals", "why")}
        told.append(dict(row._mapping) | read | {"mine_to_decide": mine})
    return told


def taken_off(connection: Connection, start: int) -> dict[str, float]:
    """Money that granted adjustments took off the targets of reps in the period that began at an instant (ms)."""
    query = select(_adjustment.unit, func.sum(_adjustment.target - _adjustment.wanted))
    query = query.where(_adjustment.state == GRANTED, _adjustment.start_at == start).group_by(_adjustment.unit)
    return {unit: cut for unit, cut in connection.execute(query)}


def granted_since(connection: Connection, start: int, since: int) -> bool:
    """Whether an adjustment of the period that began at an instant was granted after another one (ms)."""
    asked = (_adjustment.state == GRANTED, _adjustment.start_at == start, _adjustment.decided_at > since)
    return connection.scalar(select(_adjustment.number).where(*asked).limit(1)) is not None


def _why_not(
    connection: Connection, elasticity: Elasticity, unit: str, running: Running, target: int, evidence: str, kind: str | None,
    record: str | None, now: int,
) -> Words | None:  # fmt: skip
    """What stands against an adjustment, and when it will be possible."""
    if not elasticity.per_quarter:
        return Words("The policy in force allows no adjustments.", "现行制度不允许调整目标。")
    if target >= running.target:
        return Words(
            f"The adjusted target must lie below the present one of {running.target:,.0f}.",
            f"调整后的目标须低于现行目标 {running.target:,.0f}。",
        )
    today = window(calendar_of(connection), elasticity.day, now)
    if not today.open:
        return Words(
            f"Adjustments are asked for on business day {elasticity.day} of the month; next on {today.next_day}.",
            f"仅可在每月第 {elasticity.day} 个工作日申请调整，下次为 {today.next_day}。",
        )
    had = _had(connection, unit, today)
    if had >= elasticity.per_quarter:
        return Words(
            f"{had} of {elasticity.per_quarter} adjustments of this quarter are used; next on {today.next_quarter_day}.",
            f"本季度 {elasticity.per_quarter} 次调整已用 {had} 次，下次为 {today.next_quarter_day}。",
        )
    if elasticity.evidence == "need_change" and not (evidence and _is_own(connection, unit, kind, record)):
        when = calendar_of(connection).local_date(now)
        return Words(
            "Say which customer's need changed and how that is known, and name the own record on which it stands; "
            f"possible until the end of {when}.",
            f"请说明哪位客户的需求发生了变化、如何得知，并指明本人名下的相关记录；可在 {when} 当天内重新申请。",
        )
    return None


def _had(connection: Connection, unit: str, today: Window) -> int:
    """Adjustments of this quarter that were granted or still wait."""
    query = select(_adjustment.asked_at).where(_adjustment.unit == unit, _adjustment.state.in_((ASKED, GRANTED)))
    return sum(today.quarter_start <= at < today.quarter_end for at in connection.scalars(query))


def _is_own(connection: Connection, unit: str, kind: str | None, record: str | None) -> bool:
    if kind not in _RECORDS or record is None:
        return False
    query = select(_record.row).where(_record.kind == kind, _record.id == record, _record.unit == unit)
    return connection.scalar(query) is not None


def _roles(viewer: Viewer, units: Units, row: Any) -> list[str]:
    """The roles of a request that a viewer plays: the manager leads the unit right above, the director the topmost one, finance
    is whoever sits at that desk. Nobody decides on the own request."""
    if viewer.role not in ("manager", "desk") or viewer.unit is None or viewer.name == row.asked_by:
        return []
    if viewer.role == "desk":
        return ["finance"] if _is_finance(viewer) and "finance" in json.loads(row.asks) else []
    above = units.above(row.unit)[1:] if row.unit in units.of else []
    plays = {"manager": above[:1], "director": above[-1:], "finance": []}
    return [role for role in json.loads(row.asks) if viewer.unit in plays[role]]


def _is_finance(viewer: Viewer) -> bool:
    return viewer.role == "desk" and viewer.unit == "finance"


def _granted_if_all(connection: Connection, number: int, now: int, units: Units) -> list[PostedEvent]:
    """Lower the target of the rep and of every unit above by the same amount, once all have approved."""
    row = connection.execute(select(tables.adjustment).where(_adjustment.number == number)).one()
    if set(json.loads(row.asks)) - json.loads(row.approvals).keys():
        return []
    running = running_of(units, row.unit, now)
    if running is None or (running.start, running.target) != (row.start_at, row.target):
        over = Words("The target that it was asked for has ended or changed.", "所申请调整的目标已结束或已变更。")
        _decide(connection, number, REFUSED, now, COACH, over)
        return []
    _decide(connection, number, GRANTED, now, COACH, None)
    cut = row.target - row.wanted
    granted = _granted_before(connection, row, now) + 1
    events: list[PostedEvent] = []
    for unit in units.above(row.unit):
        values = units.of[unit].values
        if values.get("period_start_at") != row.start_at or values.get("target") is None:
            continue
        more = {"adjustments": float(granted), "need_change": 0.0} if unit == row.unit else {}
        told = {"target": float(values["target"]) - cut, **more}
        events.append(_unit_event(f"adjusted:{number}:{len(events)}", "adjusted", unit, now, **told))
    return events


def _granted_before(connection: Connection, row: Any, now: int) -> int:
    quarter = window(calendar_of(connection), 1, now)
    query = select(_adjustment.asked_at).where(
        _adjustment.unit == row.unit, _adjustment.state == GRANTED, _adjustment.number != row.number
    )
    return sum(quarter.quarter_start <= at < quarter.quarter_end for at in connection.scalars(query))


def _unit_event(key: str, event: str, unit: str, at: int, **payload: float) -> PostedEvent:
    return PostedEvent(source=SOURCE, key=key, event=event, kind="unit", record=unit, acted_at=at, payload=payload)


def _waiting(connection: Connection, viewer: Viewer, units: Units, number: int) -> Any:
    row = connection.execute(select(tables.adjustment).where(_adjustment.number == number)).one_or_none()
    seen = (_adjustment.number == number, may_see(viewer, _adjustment.unit))
    visible = _is_finance(viewer) or connection.scalar(select(_adjustment.number).where(*seen)) is not None
    if row is None or not visible:
        raise not_found("request", "申请", str(number))
    if row.unit != viewer.unit and not _roles(viewer, units, row):
        raise _not_yours()
    if row.state != ASKED:
        raise NotNow("This request was decided already.", "该申请已有决定。")
    return row


def _decide(connection: Connection, number: int, state: str, at: int, by: str, why: Words | None) -> None:
    said = json.dumps(None if why is None else why._asdict(), ensure_ascii=False)
    change = update(tables.adjustment).where(_adjustment.number == number)
    connection.execute(change.values(state=state, decided_at=at, decided_by=by, why=said))


def _not_yours() -> NotAllowed:
    return NotAllowed("Those whom the policy names decide this request.", "该申请须由制度指定的人员决定。")


def _policy(connection: Connection) -> Policy:
    version = policies.current(connection)
    return Policy(name="none") if version is None else version.policy
