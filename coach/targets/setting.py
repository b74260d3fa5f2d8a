"""Targets are proposed, looked at, and put in force by a manager above everybody: never silently."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from coach.events import PostedEvent
from coach.problems import CoachError, NotAllowed, not_found
from coach.rules.service import Service
from coach.store import Store, Viewer, policies, tables
from coach.store.database import next_number
from coach.store.settings import calendar_of
from coach.store.sight import EVERYTHING, Sight, sight_of
from coach.store.store import audited
from coach.store.viewer import ask
from coach.targets.adjusting import granted_since, taken_off
from coach.targets.due import CONFIRMED, IN_FORCE, PROPOSED, WITHDRAWN, target_events, with_gone
from coach.targets.figures import Figures
from coach.targets.periods import Period, Which, period_of
from coach.targets.reckoning import Reckoned, Reckoning, reckoned
from coach.targets.units import Units, units_of
from coach.targets.wording import reasons
from policies.targets.tree import Uneven, line, uneven, with_total

MOST = 50
LARGEST = 10**12
_set = tables.target_set.c


class DoesNotAddUp(CoachError):
    """Targets that were given by hand do not add up over the tree."""

    status = 409
    code = "does_not_add_up"


class Proposal(NamedTuple):
    """Targets for a period, not yet in force: every unit with its target, what was reckoned, and why."""

    period: Period
    policy: int
    units: list[dict[str, Any]]

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {"start_at": self.period.start, "end_at": self.period.end, "units": self.units}


def proposal(
    store: Store, viewer: Viewer, now: int, which: Which, totals: Mapping[str, int] | None = None,
    amounts: Mapping[str, int] | None = None,
) -> Proposal:  # fmt: skip
    """What the policy in force makes of the record for the running or the coming period; nothing is kept.

    `totals`: other totals for single units, shared out below in proportion, by the largest remainder, while all above follow.
    `amounts`: the whole tree as somebody wants it; DoesNotAddUp names every unit that is not the sum of those below.
    """
    whole = _sees_everything(store, viewer)
    with store.read() as connection:
        found = _reckoned(connection, now, which)
        policy = _policy(connection)
    wanted = _as_given(found.units, amounts) if amounts is not None else dict(found.amounts)
    for unit, total in _from_above(found.units, totals or {}):
        wanted = with_total(wanted, found.units.parents, unit, total)
    faults = uneven(wanted, found.units.parents)
    faults += [Uneven(unit, total, wanted[unit]) for unit, total in (totals or {}).items() if wanted[unit] != total]
    if faults:
        raise _does_not_add_up(faults)
    units = [_told(found, unit, wanted[unit]) for unit in found.units.from_above()]
    return Proposal(found.period, policy.number, [each for each in units if whole.units is None or each["unit"] in whole.units])


def propose(
    service: Service, viewer: Viewer, which: Which, totals: Mapping[str, int] | None = None,
    amounts: Mapping[str, int] | None = None,
) -> int:  # fmt: skip
    """Keep a proposal to be looked at; returns its number. For a manager above everybody, operations and administrators."""
    _ask_whole(service.store, viewer)
    now = service.clock()
    found = proposal(service.store, viewer, now, which, totals, amounts)
    with service.store.write() as connection:
        number = next_number(connection, _set.number) or 1
        connection.execute(
            insert(tables.target_set).values(
                number=number, policy=found.policy, start_at=found.period.start, end_at=found.period.end,
                units=json.dumps(found.units, ensure_ascii=False), proposed_at=now, proposed_by=viewer.name, state=PROPOSED,
            )
        )  # fmt: skip
        audited(connection, now, viewer.name, "targets_proposed", str(number))
    return number


def confirm(service: Service, viewer: Viewer, number: int) -> None:
    """A manager above everybody puts proposed targets in force: now, or when their period begins."""
    ask(viewer, "manager")
    _ask_whole(service.store, viewer)

    def decided(connection: Connection) -> tuple[None, list[PostedEvent]]:
        now, row = service.clock(), _open(connection, number)
        if row.end_at <= now:
            raise CoachError("The period of these targets is over; propose others.", "这些目标的周期已结束，请重新提出。")
        if granted_since(connection, row.start_at, row.proposed_at):
            raise CoachError(
                "An adjustment was granted since these targets were proposed; propose them again.",
                "提出后又批准了目标调整，请重新提出目标。",
            )
        begun = row.start_at < now
        decision = {"state": IN_FORCE if begun else CONFIRMED, "decided_at": now, "decided_by": viewer.name}
        connection.execute(
            update(tables.target_set)
            .where(_set.start_at == row.start_at, _set.state == CONFIRMED)
            .values(decision | {"state": WITHDRAWN})
        )
        connection.execute(update(tables.target_set).where(_set.number == number).values(decision))
        audited(connection, now, viewer.name, "targets_confirmed", str(number))
        if not begun:
            return None, []
        units, sold = with_gone(connection, json.loads(row.units)), _sold(connection, row.start_at, now + 1)
        return None, target_events(number, row.start_at, row.end_at, units, now, sold)

    service.act(viewer.name, decided)


def withdraw(service: Service, viewer: Viewer, number: int) -> None:
    """Take proposed targets back before they are in force."""
    _ask_whole(service.store, viewer)
    with service.store.write() as connection:
        now = service.clock()
        _open(connection, number, PROPOSED, CONFIRMED)
        change = update(tables.target_set).where(_set.number == number)
        connection.execute(change.values(state=WITHDRAWN, decided_at=now, decided_by=viewer.name))
        audited(connection, now, viewer.name, "targets_withdrawn", str(number))


def sets(store: Store, viewer: Viewer, limit: int = MOST) -> list[dict[str, Any]]:
    """Sets of targets, the latest first; of each the units that the viewer may be told of. For managers and operations."""
    whole = _sees_everything(store, viewer)
    with store.read() as connection:
        rows = connection.execute(select(tables.target_set).order_by(_set.number.desc()).limit(min(limit, MOST))).all()
    return [
        dict(row._mapping)
        | {"units": [each for each in json.loads(row.units) if whole.units is None or each["unit"] in whole.units]}
        for row in rows
    ]


def _ask_whole(store: Store, viewer: Viewer) -> None:
    if _sees_everything(store, viewer) != EVERYTHING:
        raise NotAllowed(
            "Targets of the whole firm are set by a manager above everybody.", "全公司的目标须由统管所有人的经理设定。"
        )


def _sees_everything(store: Store, viewer: Viewer) -> Sight:
    ask(viewer, "manager", "operations", "admin")
    return sight_of(store, viewer)


def _policy(connection: Connection) -> policies.PolicyVersion:
    version = policies.current(connection)
    if version is None:
        raise CoachError("Put a policy in force first: it says how targets are set.", "请先启用一项制度：目标由制度规定。")
    return version


def _reckoned(connection: Connection, now: int, which: Which) -> Reckoning:
    targets, calendar = _policy(connection).policy.targets, calendar_of(connection)
    period = period_of(calendar, targets.cadence, now, which)
    if period is None:
        raise CoachError("The policy in force sets no targets.", "现行制度不设目标。")
    units = units_of(connection).present(max(now, period.start))
    if not units.reps:
        raise CoachError("No unit that sells is recorded yet.", "尚未登记任何销售单位。")
    figures = Figures(connection, units, calendar, min(now, period.start))
    return reckoned(targets, figures, period).less(taken_off(connection, period.start))


def _sold(connection: Connection, start: int, end: int) -> dict[str, float]:
    """What every unit sold in [start, end)."""
    units = units_of(connection)
    figures, found = Figures(connection, units, calendar_of(connection), end), dict.fromkeys(units.of, 0.0)
    for seller in figures.sales.keys() & units.of.keys():
        for unit in line(seller, units.parents):
            found[unit] += figures.sold(seller, start, end)
    return {unit: round(amount, 2) for unit, amount in found.items()}


def _as_given(units: Units, amounts: Mapping[str, int]) -> dict[str, int]:
    for unit in amounts:
        if unit not in units.of:
            raise not_found("unit", "单位", unit)
    missing = [unit for unit in units.of if unit not in amounts]
    if missing:
        names = ", ".join(missing[:5])
        raise CoachError(f"No target is given for {names}.", f"缺少以下单位的目标：{names}。")
    return dict(amounts)


def _from_above(units: Units, totals: Mapping[str, int]) -> list[tuple[str, int]]:
    for unit in totals:
        if unit not in units.of:
            raise not_found("unit", "单位", unit)
    return [(unit, totals[unit]) for unit in units.from_above() if unit in totals]


def _does_not_add_up(faults: list[Uneven]) -> DoesNotAddUp:
    en = "; ".join(
        f"{each.unit} has {each.target:,}, those below add up to {each.below:,}, a difference of {each.difference:+,}"
        for each in faults
    )
    zh = "；".join(
        f"“{each.unit}”的目标为 {each.target:,}，下级合计 {each.below:,}，相差 {each.difference:+,}" for each in faults
    )
    return DoesNotAddUp(f"These targets do not add up: {en}.", f"目标上下不一致：{zh}。")


def _told(found: Reckoning, unit: str, target: int) -> dict[str, Any]:
    rep, about = found.reps.get(unit), found.units.of[unit]
    region = found.units.region(unit)
    own = reasons(rep or Reckoned(0), found.method if rep else "", region, found.markets.get(region))
    if unit in found.granted:
        cut = f"{found.granted[unit]:,}"
        own.append({"en": f"Granted adjustments of this period take off {cut}.", "zh": f"本期已批准的调整减少 {cut}。"})
    if target != found.amounts[unit]:
        reckoned_ = f"{found.amounts[unit]:,}"
        own.append({"en": f"Changed by hand; reckoned were {reckoned_}.", "zh": f"人工调整；测算值为 {reckoned_}。"})
    return {
        "unit": unit, "level": about.level, "parent": found.units.parents[unit], "target": target,
        "reckoned": found.amounts[unit], "reasons": own,
        "layers": rep.layers._asdict() if rep is not None and rep.layers is not None else None,
    }  # fmt: skip


def _open(connection: Connection, number: int, *states: str) -> Any:
    row = connection.execute(select(tables.target_set).where(_set.number == number)).one_or_none()
    if row is None:
        raise not_found("set of targets", "目标方案", str(number))
    if row.state not in (states or (PROPOSED,)):
        raise CoachError("This set of targets was decided already.", "该目标方案已有决定。")
    return row
