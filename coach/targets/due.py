"""What is due by the calendar: confirmed targets take hold when their period begins, weekly counts begin again at zero."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from coach.events import PostedEvent
from coach.store import tables
from coach.targets.units import units_of
from policies.language.target_sections import ActionUnits
from policies.record.records import LEVELS
from policies.time.calendar import Calendar

SOURCE = "targets"
"""Source of what the coach records of targets by itself."""
PROPOSED, WITHDRAWN, CONFIRMED, IN_FORCE = "proposed", "withdrawn", "confirmed", "in_force"
ACTION_UNITS = tuple(ActionUnits.model_fields)
_REMEMBERED = 4
"""Sets of targets whose periods sales are counted for; what is told of earlier ones comes too late."""
_set = tables.target_set.c


class Counted(NamedTuple):
    """For which units the coach counts sales by itself: by period (start, end), ms; `number` of the latest set."""

    number: int | None
    units: Mapping[tuple[int, int], frozenset[str]]


def next_start(connection: Connection) -> int | None:
    """The instant at which the next confirmed set takes hold; None for none."""
    start = connection.scalar(select(func.min(_set.start_at)).where(_set.state == CONFIRMED))
    return None if start is None else takes_hold(start)


def takes_hold(start: int) -> int:
    """Just after the midnight, so that looks of that midnight see the period that ended."""
    return start + 1


def due_targets(connection: Connection, now: int) -> list[PostedEvent]:
    """Events of the confirmed sets that take hold by an instant; they are in force from then on."""
    waiting = select(tables.target_set).where(_set.state == CONFIRMED, _set.start_at < now).order_by(_set.start_at, _set.number)
    events = []
    for row in connection.execute(waiting).all():
        units = with_gone(connection, json.loads(row.units))
        events += target_events(row.number, row.start_at, row.end_at, units, takes_hold(row.start_at), {})
        connection.execute(update(tables.target_set).where(_set.number == row.number).values(state=IN_FORCE))
    return events


def due_weeks(connection: Connection, calendar: Calendar, processed: int, now: int) -> list[PostedEvent]:
    """Events with which the action units of reps begin again at zero, at each beginning of a week in (processed, now]."""
    events = []
    start = next_week(calendar, processed - 1)
    while takes_hold(start) <= now:
        reps = _reps_in_force(connection, start)
        events += [_zero(f"week:{start}:{rep}", rep, takes_hold(start)) for rep in reps if takes_hold(start) > processed]
        start = next_week(calendar, start)
    return events


def next_week(calendar: Calendar, now: int) -> int:
    """The midnight after an instant with which the next week begins, ms."""
    today = calendar.local_date(now)
    return calendar.midnight(today + timedelta(days=7 - today.weekday()))


def _reps_in_force(connection: Connection, at: int) -> list[str]:
    """The reps whose targets the coach set for the period of an instant."""
    running = select(_set.units).where(_set.state == IN_FORCE, _set.start_at <= at, _set.end_at >= at)
    sets = [json.loads(units) for units in connection.scalars(running)]
    return list(dict.fromkeys(each["unit"] for units in sets for each in units if each["level"] == LEVELS[0]))


def _zero(key: str, rep: str, at: int) -> PostedEvent:
    return PostedEvent(
        source=SOURCE, key=key, event="counted", kind="unit", record=rep, acted_at=at, recorded_at=at,
        payload=dict.fromkeys(ACTION_UNITS, 0.0),
    )  # fmt: skip


def with_gone(connection: Connection, units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A set of targets, and nothing for those who have left and still have a target, so that the whole tree adds up."""
    named = {each["unit"] for each in units}
    gone = [
        {"unit": name, "target": 0}
        for name, unit in units_of(connection).of.items()
        if name not in named and unit.left_at is not None and unit.values.get("target")
    ]
    return units + gone


def target_events(
    number: int, start: int, end: int, units: list[dict[str, Any]], at: int, sold: Mapping[str, float]
) -> list[PostedEvent]:
    """A set of targets as events at an instant; `sold`: what units sold in the period so far."""
    return [
        PostedEvent(
            source=SOURCE, key=f"target:{number}:{place}", event="target_set", kind="unit", record=each["unit"], acted_at=at,
            recorded_at=at,
            payload={"target": float(each["target"]), "attained": sold.get(each["unit"], 0.0), "period_start_at": float(start),
                     "period_end_at": float(end)},
        )
        for place, each in enumerate(units)
    ]  # fmt: skip


def counted(connection: Connection, before: Counted | None) -> Counted:
    """The units of the latest sets in force; `before` if that is still so."""
    number = connection.scalar(select(func.max(_set.number)).where(_set.state == IN_FORCE))
    if before is not None and before.number == number:
        return before
    latest = select(tables.target_set).where(_set.state == IN_FORCE).order_by(_set.number.desc()).limit(_REMEMBERED)
    units: dict[tuple[int, int], frozenset[str]] = {}
    for row in connection.execute(latest):
        named = frozenset(each["unit"] for each in json.loads(row.units))
        units[row.start_at, row.end_at] = units.get((row.start_at, row.end_at), frozenset()) | named
    return Counted(number, units)
