"""Resources that move between units when progress diverges (G9): the coach proposes, a manager above both decides; it is kept.

A move is a decision that is kept and shown to the units that it concerns. Where the coach gives leads out, it obeys a move of
leads; whoever gives out presales time or money acts on the others.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Connection, func, insert, select

from coach.problems import CoachError, NotAllowed
from coach.rules.service import Service, Together
from coach.store import Store, Viewer, tables
from coach.store.database import next_number
from coach.store.settings import calendar_of
from coach.store.store import audited
from coach.store.viewer import ask, seeing, units_below
from coach.targets.periods import days_around
from coach.targets.units import Units, units_of
from policies.record.derived import share_elapsed
from policies.scores.score import Words
from policies.time.calendar_arrays import DAY_MS

Resource = Literal["leads", "presales_hours", "budget"]
RESOURCES: tuple[str, ...] = get_args(Resource)
FAR_BEHIND, ON_PACE, LARGEST_SHARE = 0.8, 1.0, 0.25
"""Below which pace a unit is to be helped, from which one on another can give, and the most that it is asked for."""
LATELY_MS = 91 * DAY_MS
WEEKS = 13
_NAMES = {"leads": ("leads", "线索"), "presales_hours": ("presales hours", "售前工时"), "budget": ("budget", "预算")}
_move, _record = tables.resource_move.c, tables.record.c


class Proposed(NamedTuple):
    """Leads a week that one unit could give to another, and why."""

    from_unit: str
    to_unit: str
    amount: float
    en: str
    zh: str


def proposals(store: Store, viewer: Viewer, now: int) -> list[Proposed]:
    """Moves of leads between units under the same one of which one is more than 20 % behind pace and another on pace or ahead.

    Asked for is half of what the one behind lacks, as a share of the leads a week that the other got in the last 13 weeks, at
    most a quarter of them.
    """
    ask(viewer, "manager", "operations", "admin")
    with store.read() as connection:
        units, sight = units_of(connection), seeing(connection, viewer)
        paces = dict(_paces(connection, units, now))
        found = []
        for below in units.below.values():
            ranked = sorted((unit for unit in below if unit in paces and sight.sees(unit)), key=lambda unit: paces[unit])
            givers = [unit for unit in ranked if paces[unit] >= ON_PACE][::-1]
            for unit, giver in zip([unit for unit in ranked if paces[unit] < FAR_BEHIND], givers, strict=False):
                weekly = _leads(connection, units.reps_under(giver), now) / WEEKS
                amount = round(min(LARGEST_SHARE, (1.0 - paces[unit]) / 2.0) * weekly, 1)
                if amount > 0.0:
                    found.append(_proposed(giver, unit, amount, paces[giver], paces[unit], weekly))
    return found


def move(service: Service, viewer: Viewer, resource: str, from_unit: str, to_unit: str, amount: float, reason: str) -> int:
    """Record that a manager above both units moves so much of a resource from one to the other for the running period."""
    ask(viewer, "manager")
    if not reason.strip():
        raise CoachError("Say why.", "请说明原因。")

    def work(at_work: Together) -> int:
        connection, now = at_work.connection, service.clock()
        units = units_of(connection)
        below = units_below(connection, viewer.unit) - {viewer.unit}
        if from_unit not in below or to_unit not in below or from_unit == to_unit:
            raise NotAllowed(
                "Resources move between two units that both report to you.", "资源只能在您的两个下属单位之间调配。"
            )
        start = units.of[to_unit].values.get("period_start_at")
        if start is None:
            raise CoachError(f"{to_unit} has no running target.", f"“{to_unit}”没有正在执行的目标。")
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


def moves(store: Store, viewer: Viewer, limit: int = 100) -> list[dict[str, Any]]:
    """Moves that were made, the latest first: of units that the viewer may see, and of those above the own one."""
    with store.read() as connection:
        units, sight = units_of(connection), seeing(connection, viewer)
        own = set(units.above(viewer.unit)) if viewer.unit in units.of else set()
        rows = connection.execute(select(tables.resource_move).order_by(_move.number.desc()).limit(limit)).all()
    return [dict(row._mapping) for row in rows if any(sight.sees(unit) or unit in own for unit in (row.from_unit, row.to_unit))]


def moved_words(connection: Connection, line: list[str], start: int) -> Iterator[Words]:
    """What was moved to or from the units of a line for the period that began at an instant."""
    query = select(tables.resource_move).where(_move.start_at == start).order_by(_move.number)
    for row in connection.execute(query):
        en, zh = _NAMES[row.resource]
        if row.to_unit in line and row.from_unit not in line:
            yield Words(f"More {en} for {row.to_unit}: {row.amount:g}.", f"“{row.to_unit}”增加{zh}：{row.amount:g}。")
        elif row.from_unit in line and row.to_unit not in line:
            yield Words(f"Less {en} for {row.from_unit}: {row.amount:g}.", f"“{row.from_unit}”减少{zh}：{row.amount:g}。")


def _paces(connection: Connection, units: Units, now: int) -> Iterator[tuple[str, float]]:
    """Attained against what the working days so far ask for, of the units with a running target."""
    days = days_around(calendar_of(connection), now)
    for name, unit in units.of.items():
        target, attained, start, end = (
            unit.values.get(field) for field in ("target", "attained", "period_start_at", "period_end_at")
        )
        if not target or attained is None or start is None or end is None or not start <= now < end:
            continue
        elapsed = float(share_elapsed(days, int(start), int(end), now))
        if elapsed > 0.0:
            yield name, attained / (target * elapsed)


def _leads(connection: Connection, reps: list[str], now: int) -> int:
    lately = (_record.registered_at >= now - LATELY_MS, _record.registered_at <= now)
    query = select(func.count()).where(_record.kind == "lead", _record.unit.in_(reps), *lately)
    return int(connection.scalar(query) or 0)


def _proposed(giver: str, taker: str, amount: float, ahead: float, behind: float, weekly: float) -> Proposed:
    return Proposed(
        giver, taker, amount,
        f"{taker} is at {behind:.0%} of pace, {giver} at {ahead:.0%}: {amount:g} of its {weekly:.1f} weekly leads could move.",
        f"“{taker}”为进度的 {behind:.0%}，“{giver}”为 {ahead:.0%}：后者每周 {weekly:.1f} 条线索中可转移 {amount:g} 条。",
    )  # fmt: skip
