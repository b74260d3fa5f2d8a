"""Commitment to a target (G5): what a person has to see before signing, and the signature with what was seen."""

import hashlib
import json
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from coach.events import PostedEvent
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, Viewer, policies, tables
from coach.store.database import next_number
from coach.store.policies import current_visibility
from coach.store.settings import calendar_of
from coach.store.viewer import ask, may_see
from coach.targets.due import IN_FORCE, SOURCE
from coach.targets.figures import YEAR_MS, Figures
from coach.targets.moving import moved_words
from coach.targets.rolling import FEWEST_OTHERS
from coach.targets.units import Units, units_of
from policies.language.policy import Policy
from policies.scores.score import Words
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import DAY_MS

LEADS_MS = 91 * DAY_MS
LATEST_PERIODS = 3
_set, _commitment, _record = tables.target_set.c, tables.commitment.c, tables.record.c
_HOURS = {
    "presales_hours": ("Presales", "售前"),
    "legal_hours": ("Legal", "法务"),
    "delivery_hours": ("Delivery", "交付"),
    "finance_hours": ("Finance", "财务"),
}


class Changed(CoachError):
    """What was signed for is not what stands now."""

    status = 409
    code = "changed"


class Running(NamedTuple):
    """The target of a unit that runs or is about to: period (ms) and money."""

    start: int
    end: int
    target: float


def shown(store: Store, viewer: Viewer, now: int) -> dict[str, Any]:
    """What the viewer has to see before signing the own target; `shown` names exactly this, `signed_at` tells whether it was
    signed. Figures are as of the beginning of the period, so that they stand still."""
    ask(viewer, "rep", "manager")
    with store.read() as connection:
        return _shown(connection, _own(viewer), now)


def sign(service: Service, viewer: Viewer, digest: str) -> int:
    """Sign the own target, having seen what `digest` names; returns the number of the signature. Changed if that is another."""
    ask(viewer, "rep", "manager")

    def signed(connection: Connection) -> tuple[int, list[PostedEvent]]:
        now = service.clock()
        told = _shown(connection, _own(viewer), now)
        if told["signed_at"] is not None:
            raise Changed("This target is signed already.", "该目标已签署。")
        if told["shown"] != digest:
            raise Changed(
                "What was shown has changed since; look at it again before you sign.", "展示内容已变化，请重新查看后再签署。"
            )
        number = next_number(connection, _commitment.number) or 1
        connection.execute(
            insert(tables.commitment).values(
                number=number, unit=told["unit"], start_at=told["start_at"], end_at=told["end_at"], target=told["target"],
                signed_by=viewer.name, signed_at=now, shown=json.dumps(told, ensure_ascii=False),
            )
        )  # fmt: skip
        event = PostedEvent(
            source=SOURCE, key=f"committed:{number}", event="committed", kind="unit", record=told["unit"], acted_at=now
        )
        return number, [event]

    return service.act(viewer.name, signed)


def commitments(store: Store, viewer: Viewer, limit: int = 100) -> list[dict[str, Any]]:
    """Signatures of units that the viewer may see, the latest first, with what was shown."""
    query = select(tables.commitment).where(may_see(viewer, _commitment.unit)).order_by(_commitment.number.desc()).limit(limit)
    with store.read() as connection:
        return [dict(row._mapping) | {"shown": json.loads(row.shown)} for row in connection.execute(query)]


def running_of(units: Units, unit: str, now: int) -> Running | None:
    """The target of a unit whose period is not over; None for none."""
    values = units.of[unit].values
    start, end, target = (values.get(name) for name in ("period_start_at", "period_end_at", "target"))
    if not target or start is None or end is None or end <= now:
        return None
    return Running(int(start), int(end), float(target))


def _own(viewer: Viewer) -> str:
    if viewer.unit is None:
        raise CoachError("Your sign-in belongs to no unit.", "您的账号尚未关联单位。")
    return viewer.unit


def _shown(connection: Connection, unit: str, now: int) -> dict[str, Any]:
    units, calendar = units_of(connection), calendar_of(connection)
    running = running_of(units, unit, now) if unit in units.of else None
    if running is None:
        raise CoachError("There is no running target to sign.", "没有正在执行、可签署的目标。")
    version = policies.current(connection)
    figures = Figures(connection, units, calendar, min(now, running.start))
    hides = current_visibility(connection) != "public" and _few(units, unit, units.region(unit), running)
    reasons = [each for each in _reasons(connection, unit, running) if not (hides and each.get("of_peers"))]
    told: dict[str, Any] = {
        "unit": unit, **running._asdict(), "reasons": reasons,
        "history": _history(figures, calendar, unit, running),
        "benchmark": _benchmark(figures, calendar, unit, running),
        "resources": [
            *_resources(connection, figures, unit, Policy(name="none") if version is None else version.policy),
            *(each._asdict() for each in moved_words(connection, units.above(unit), running.start)),
        ],
    }  # fmt: skip
    told = {"start_at": told.pop("start"), "end_at": told.pop("end")} | told
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    same = (_commitment.unit == unit, _commitment.start_at == running.start, _commitment.target == running.target)
    signed_at = connection.scalar(select(func.max(_commitment.signed_at)).where(*same))
    return told | {"shown": digest, "signed_at": signed_at}


def _reasons(connection: Connection, unit: str, running: Running) -> list[dict[str, str]]:
    """Why the target is what it is, where the coach set it."""
    query = select(_set.units).where(_set.state == IN_FORCE, _set.start_at == running.start).order_by(_set.number.desc())
    for kept in connection.scalars(query.limit(1)):
        return next((each["reasons"] for each in json.loads(kept) if each["unit"] == unit), [])
    return []


def _history(figures: Figures, calendar: Calendar, unit: str, running: Running) -> dict[str, Any]:
    """What the unit sold in the same period a year ago and in the year before this one, and how its last periods ended."""
    start, end = (_a_year_before(calendar, at) for at in (running.start, running.end))
    reps = figures.units.reps_under(unit)
    return {
        "same_period_start_at": start, "same_period_end_at": end,
        "same_period": sum(figures.sold(rep, start, end) for rep in reps),
        "twelve_months": sum(figures.sold(rep, running.start - YEAR_MS, running.start) for rep in reps),
        "periods": [course._asdict() for course in figures.courses(unit)[-LATEST_PERIODS:]],
    }  # fmt: skip


def _benchmark(figures: Figures, calendar: Calendar, unit: str, running: Running) -> dict[str, Any] | None:
    """What reps of the region sold per head; of the firm where the region is too small to hide the figure of a peer."""
    units = figures.units
    top = units.above(unit)[-1]
    start, end = (_a_year_before(calendar, at) for at in (running.start, running.end))
    for among in dict.fromkeys((units.region(unit), top)):
        if not _few(units, unit, among, running):
            reps = units.sharing(among, running.start)
            market = figures.market(among)
            return {
                "among": among, "reps": len(reps),
                "same_period": sum(figures.sold(rep, start, end) for rep in reps) / len(reps),
                "twelve_months": sum(figures.sold(rep, running.start - YEAR_MS, running.start) for rep in reps) / len(reps),
                "conversion": market.conversion, "amount": market.amount, "cycle_days": market.cycle_days,
            }  # fmt: skip
    return None


def _few(units: Units, unit: str, among: str, running: Running) -> bool:
    """Whether the figures of a unit take in so few reps besides those of another one that a peer could be told from them."""
    return len(units.sharing(among, running.start) - set(units.reps_under(unit))) < FEWEST_OTHERS


def _resources(connection: Connection, figures: Figures, unit: str, policy: Policy) -> list[dict[str, str]]:
    """What there is to reach the target with."""
    reps = figures.units.reps_under(unit)
    lately = (_record.registered_at >= figures.at - LEADS_MS, _record.registered_at < figures.at)
    leads = connection.scalar(select(func.count()).where(_record.kind == "lead", _record.unit.in_(reps), *lately)) or 0
    opened = (
        _record.kind == "opportunity",
        _record.unit.in_(reps),
        _record.status == "open",
        _record.registered_at < figures.at,
    )
    deals, worth = connection.execute(select(func.count(), func.coalesce(func.sum(_record.amount), 0.0)).where(*opened)).one()
    told = [
        Words(f"Leads in the 13 weeks before the period: {leads}.", f"周期开始前 13 周共获得 {leads} 条线索。"),
        Words(f"Open deals: {deals}, worth {worth:,.0f}.", f"进行中的商机 {deals} 个，合计 {worth:,.0f}。"),
    ]
    for name, (en, zh) in _HOURS.items():
        hours = getattr(policy.support, name)
        if hours:
            told.append(Words(f"{en} answers within {hours:g} open hours.", f"{zh}承诺 {hours:g} 个工作小时内答复。"))
    coaching, alone, most = policy.coaching.hours_per_rep_month, policy.discount.authority, policy.discount.max
    told.append(Words(f"{coaching:g} hours of coaching a month.", f"每月 {coaching:g} 小时辅导。"))
    told.append(
        Words(
            f"Discounts up to {alone:.0%} alone, up to {most:.0%} with the manager.",
            f"可自行给出 {alone:.0%} 折扣，经理批准最高 {most:.0%}。",
        )
    )
    return [words._asdict() for words in told]


def _a_year_before(calendar: Calendar, at: int) -> int:
    day = calendar.local_date(at)
    return calendar.midnight(day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 3, 1))
