"""Resources that move between units when progress diverges (G9): the coach proposes, a manager above both decides; it is kept.

When, what and how much the policy in force says, by `policies.targets.moves`. A move is a decision that is kept and shown to
the units that it concerns. Where the coach gives leads out, it obeys a move of leads; whoever gives out presales time or money
acts on the others.
"""

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from coach.desks.queue import choice_of
from coach.problems import CoachError, NotAllowed, NotFound
from coach.rules.service import Service, Together
from coach.store import Store, Viewer, policies, tables
from coach.store.database import next_number
from coach.store.settings import calendar_of
from coach.store.store import audited
from coach.store.viewer import ask, seeing, units_below
from coach.targets.periods import days_around
from coach.targets.units import Units, units_of
from policies.language.target_sections import Moves
from policies.record.derived import share_elapsed
from policies.scores.score import Words
from policies.targets.moves import (
    LATELY_MS,
    NOBODY,
    STANDING,
    WEEKS,
    Resource,
    giver_for,
    hours_moved,
    leads_moved,
    pace_of,
    share_moved,
)

__all__ = ["Proposed", "Resource", "move", "moved_words", "moves", "proposals", "withdraw"]

_NAMES = {
    "leads": ("leads a week", "每周线索"),
    "presales_hours": ("presales hours a week", "每周售前工时"),
    "budget": ("budget a week", "每周预算"),
}
_move, _record = tables.resource_move.c, tables.record.c


class Proposed(NamedTuple):
    """What one unit could give to another, and why: leads, presales hours or money a week."""

    resource: Resource
    from_unit: str
    to_unit: str
    amount: float
    en: str
    zh: str


def proposals(store: Store, viewer: Viewer, now: int) -> list[Proposed]:
    """Moves between units under the same one of which one is behind pace and another on pace or ahead, as the policy in force
    says, without those of which one gives or gets of the resource in its running period already."""
    ask(viewer, "manager", "operations", "admin")
    with store.read() as connection:
        units, sight, settings = units_of(connection), seeing(connection, viewer), _settings(connection)
        standings = _standings(connection, units, now)
        return [
            proposed
            for resource in get_args(Resource)
            for proposed in _proposed_of(connection, units, settings, resource, standings, now)
            if sight.sees(proposed.from_unit) and sight.sees(proposed.to_unit)
        ]


def move(service: Service, viewer: Viewer, resource: str, from_unit: str, to_unit: str, amount: float, reason: str) -> int:
    """Record that a manager above both units moves so much of a resource from one to the other for the running period.

    It takes the place of a move of the same resource between the same two. CoachError for an amount that is not above nothing,
    or for more leads a week than the giving unit got in the last 13 weeks, with what else moves away from it.
    """
    ask(viewer, "manager")
    if not reason.strip():
        raise CoachError("Say why.", "请说明原因。")

    def work(at_work: Together) -> int:
        connection, now = at_work.connection, service.clock()
        units = units_of(connection)
        leads_all = viewer.unit not in units.of or units.parents[viewer.unit] is None
        if _settings(connection).decided_by == "director" and not leads_all:
            raise NotAllowed("Under the policy in force the director decides this.", "按现行制度由总监决定。")
        below = units_below(connection, viewer.unit) - {viewer.unit}
        if from_unit not in below or to_unit not in below or from_unit == to_unit:
            raise NotAllowed(
                "Resources move between two units that both report to you.", "资源只能在您的两个下属单位之间调配。"
            )
        start = units.of[to_unit].values.get("period_start_at")
        if start is None:
            raise CoachError(f"{to_unit} has no running target.", f"“{to_unit}”没有正在执行的目标。")
        _bounded(connection, units, resource, from_unit, to_unit, amount, now)
        for each in _standing(connection, resource, from_unit, to_unit, int(start)):
            _take_back(at_work, viewer, each, now)
        number = next_number(connection, _move.number) or 1
        connection.execute(
            insert(tables.resource_move).values(
                number=number, resource=resource, from_unit=from_unit, to_unit=to_unit, amount=amount, reason=reason.strip(),
                start_at=int(start), made_at=now, made_by=viewer.name,
            )
        )  # fmt: skip
        audited(connection, now, viewer.name, "resources_moved", to_unit, number=number, source=from_unit, resource=resource)
        if at_work.live is not None:
            made = connection.execute(select(tables.resource_move).where(_move.number == number)).one()
            at_work.live.router.moves.decided(made)
        return number

    return service.together(work, viewer.name)


def withdraw(service: Service, viewer: Viewer, number: int) -> None:
    """Take a move back, as who decided it or a manager above; it ends now, and stays on the pages of those whom it concerns.
    Again changes nothing. NotFound for a move of which the viewer sees nothing."""
    ask(viewer, "manager")

    def work(at_work: Together) -> None:
        connection = at_work.connection
        row = connection.execute(select(tables.resource_move).where(_move.number == number)).one_or_none()
        if row is None or not {row.from_unit, row.to_unit} & units_below(connection, viewer.unit):
            raise NotFound("There is no such move.", "没有该项调配。")
        if not _may_withdraw(connection, viewer, row):
            raise NotAllowed(
                "Whoever decided a move, or a manager above, takes it back.", "须由作出决定的经理或其上级撤回调配。"
            )
        if row.withdrawn_at is None:
            _take_back(at_work, viewer, row, service.clock())

    service.together(work, viewer.name)


def _take_back(at_work: Together, viewer: Viewer, row: Row, now: int) -> None:
    connection, number = at_work.connection, row.number
    connection.execute(
        update(tables.resource_move).where(_move.number == number).values(withdrawn_at=now, withdrawn_by=viewer.name)
    )
    audited(connection, now, viewer.name, "resources_move_withdrawn", row.to_unit, number=number, source=row.from_unit)
    if at_work.live is not None:
        at_work.live.router.moves.withdrawn(number)


def _may_withdraw(connection: Connection, viewer: Viewer, row: Row) -> bool:
    if viewer.role != "manager":
        return False
    below, person = units_below(connection, viewer.unit), tables.person.c
    decided_in = connection.scalar(select(person.unit).where(person.name == row.made_by))
    return viewer.name == row.made_by or (decided_in in below and {row.from_unit, row.to_unit} <= below)


def _standing(connection: Connection, resource: str, from_unit: str, to_unit: str | None, start: int) -> list[Row]:
    """Moves away from a unit that hold for a period, or of those the ones to another."""
    query = select(tables.resource_move).where(
        _move.resource == resource, _move.from_unit == from_unit, _move.start_at == start, _move.withdrawn_at.is_(None)
    )
    return list(connection.execute(query if to_unit is None else query.where(_move.to_unit == to_unit)).all())


def _bounded(
    connection: Connection, units: Units, resource: str, from_unit: str, to_unit: str, amount: float, now: int
) -> None:  # fmt: skip
    if not amount > 0.0:
        raise CoachError("Move more than nothing.", "调配数量须大于零。")
    if resource != "leads":
        return
    start = int(units.of[to_unit].values["period_start_at"])
    away = sum(each.amount for each in _standing(connection, resource, from_unit, None, start) if each.to_unit != to_unit)
    weekly = _leads(connection, units.reps_under(from_unit), now) / WEEKS
    if amount + away > weekly:
        raise CoachError(
            f"{from_unit} got {weekly:.1f} leads a week in the last 13 weeks, of which {away:g} move already; "
            f"at most the rest can move.",
            f"“{from_unit}”最近 13 周平均每周获得 {weekly:.1f} 条线索，其中已调出 {away:g} 条；最多只能调配其余部分。",
        )


def moves(store: Store, viewer: Viewer, limit: int = 100) -> list[dict[str, Any]]:
    """Moves that were made, the latest first: of units that the viewer may see, and of those above the own one.
    `withdrawn_at` (ms) and `withdrawn_by`: null while it holds; `may_withdraw`: whether the viewer may take it back now."""
    with store.read() as connection:
        units, sight = units_of(connection), seeing(connection, viewer)
        own = set(units.above(viewer.unit)) if viewer.unit in units.of else set()
        rows = connection.execute(select(tables.resource_move).order_by(_move.number.desc()).limit(limit)).all()
        seen = [row for row in rows if any(sight.sees(unit) or unit in own for unit in (row.from_unit, row.to_unit))]
        return [
            dict(row._mapping) | {"may_withdraw": row.withdrawn_at is None and _may_withdraw(connection, viewer, row)}
            for row in seen
        ]


def moved_words(connection: Connection, line: list[str], start: int) -> Iterator[Words]:
    """What was moved to or from the units of a line for the period that began at an instant."""
    query = select(tables.resource_move).where(_move.start_at == start, _move.withdrawn_at.is_(None))
    for row in connection.execute(query.order_by(_move.number)):
        en, zh = _NAMES[row.resource]
        if row.to_unit in line and row.from_unit not in line:
            yield Words(f"More {en} for {row.to_unit}: {row.amount:g}.", f"“{row.to_unit}”增加{zh}：{row.amount:g}。")
        elif row.from_unit in line and row.to_unit not in line:
            yield Words(f"Less {en} for {row.from_unit}: {row.amount:g}.", f"“{row.from_unit}”减少{zh}：{row.amount:g}。")


def _settings(connection: Connection) -> Moves:
    version = policies.current(connection)
    return Moves() if version is None else version.policy.targets.moves


def _standings(connection: Connection, units: Units, now: int) -> np.recarray:
    """How every unit stands now: array of STANDING in the order of the units."""
    days, names = days_around(calendar_of(connection), now), list(units.of)
    standings = np.zeros(len(names), STANDING).view(np.recarray)
    for place, (name, unit) in enumerate(units.of.items()):
        above = units.parents[name]
        standings[place].parent = NOBODY if above is None else names.index(above)
        standings[place].pace = np.nan
        told = [unit.values.get(field) for field in ("target", "attained", "period_start_at", "period_end_at")]
        if None not in told:
            target, attained, start, end = (float(each) for each in told if each is not None)
            if start <= now < end:
                elapsed = float(share_elapsed(days, int(start), int(end), now))
                standings[place].pace = pace_of(attained, target, elapsed)
    return standings


def _proposed_of(
    connection: Connection, units: Units, settings: Moves, resource: Resource, standings: np.recarray, now: int
) -> Iterator[Proposed]:  # fmt: skip
    names = list(units.of)
    moved = _in_moves(connection, units, resource)
    standings.free = [name not in moved for name in names]
    for place, taker in enumerate(names):
        giver = int(giver_for(standings, place, settings.behind, settings.gives_from))
        if giver == NOBODY:
            continue
        pace, reps = float(standings[place].pace), units.reps_under(names[giver])
        amount, why = _amount(connection, settings, resource, pace, reps, now)
        if amount > 0.0:
            stand = Words(
                f"{taker} is at {pace:.0%} of pace, {names[giver]} at {standings[giver].pace:.0%}: {why.en}",
                f"“{taker}”为进度的 {pace:.0%}，“{names[giver]}”为 {standings[giver].pace:.0%}：{why.zh}",
            )
            yield Proposed(resource, names[giver], taker, amount, *stand)


def _amount(
    connection: Connection, settings: Moves, resource: Resource, pace: float, reps: list[str], now: int
) -> tuple[float, Words]:  # fmt: skip
    """How much of a resource the unit of these reps could give a week to one at a pace, and of what."""
    if resource == "leads":
        weekly = _leads(connection, reps, now) / WEEKS
        amount = leads_moved(pace, settings.leads_share, weekly)
        return amount, Words(
            f"{amount:g} of its {weekly:.1f} weekly leads could move.", f"后者每周 {weekly:.1f} 条线索中可转移 {amount:g} 条。"
        )
    if resource == "presales_hours":
        amount = hours_moved(settings.presales_hours, float(len(_requests(connection, reps, now, desk="presales"))))
        return amount, Words(
            f"presales could let its requests wait for {amount:g} hours of work a week.",
            f"售前每周可有 {amount:g} 小时让其请求靠后。",
        )
    granted = [each for each in _requests(connection, reps, now, asked_for="expense") if each.get("granted")]
    weekly = sum(each.get("sum") or 0.0 for each in granted) / WEEKS
    amount = math.floor(share_moved(pace, settings.budget_share) * weekly)
    return amount, Words(
        f"{amount:,} of its {weekly:,.0f} weekly expenses could move.", f"后者每周费用 {weekly:,.0f} 中可转移 {amount:,}。"
    )


def _in_moves(connection: Connection, units: Units, resource: str) -> set[str]:
    """Units that give or get of a resource in the running period of the one that gets."""
    rows = connection.execute(select(tables.resource_move).where(_move.resource == resource, _move.withdrawn_at.is_(None)))
    running = (
        row for row in rows
        if row.to_unit in units.of and units.of[row.to_unit].values.get("period_start_at") == row.start_at
    )  # fmt: skip
    return {unit for row in running for unit in (row.from_unit, row.to_unit)}


def _leads(connection: Connection, reps: list[str], now: int) -> int:
    query = select(func.count()).where(_record.kind == "lead", _record.unit.in_(reps), *_lately(now))
    return int(connection.scalar(query) or 0)


def _requests(connection: Connection, reps: list[str], now: int, **asked: str) -> list[dict[str, Any]]:
    """What stands on the requests of reps lately that have these choices."""
    query = select(_record["values"]).where(_record.kind == "request", _record.unit.in_(reps), *_lately(now))
    found = [json.loads(values) for values in connection.scalars(query)]
    return [each for each in found if all(choice_of(name, each.get(name)) == value for name, value in asked.items())]


def _lately(now: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _record.registered_at >= now - LATELY_MS, _record.registered_at <= now
