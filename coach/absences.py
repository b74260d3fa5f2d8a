"""Leave as people plan it, end it and call it off; the coach records it when its time has come."""

import secrets

from sqlalchemy import Connection

from coach.entering import entered, new_key
from coach.events import EARLIEST, LATEST, PostedEvent
from coach.problems import CoachError, not_found
from coach.rules.service import Service
from coach.store.planned_absences import Planned, keep, planned
from coach.store.store import audited
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask
from coach.targets.units import Unit, units_of

SOURCE = "leave"
"""Source of what somebody says of an absence that nobody planned."""


def plan(service: Service, viewer: Viewer, unit: str, begins: int, ends: int | None) -> None:
    """Have a unit be absent from an instant (ms) until another, None for until somebody says so.

    CoachError where it ends before it begins, or holds at the same time as another plan of the unit.
    """
    ask(viewer, *SEE_EVERYTHING)
    if not EARLIEST <= begins < LATEST or (ends is not None and not begins < ends < LATEST):
        raise CoachError("The day of return lies after the first day of leave.", "返岗日期须晚于休假首日。")

    def work(connection: Connection) -> tuple[None, list[PostedEvent]]:
        found = _unit(connection, unit)
        if found.left_at is not None:
            raise CoachError(f"{unit} left the firm.", f"“{unit}”已离职。")
        wanted, plans = Planned(secrets.token_hex(8), unit, begins, ends), planned(connection)
        if any(each.unit == unit and each.overlaps(wanted) for each in plans):
            raise CoachError(
                "Leave at that time is planned already; call that one off first.", "该时段已有休假安排，请先取消原安排。"
            )
        keep(connection, [*plans, wanted])
        audited(connection, service.clock(), viewer.name, "absence_planned", unit, begins=begins, ends=ends)
        return None, []

    service.act(viewer.name, work)


def call_off(service: Service, viewer: Viewer, key: str) -> None:
    """Drop leave that has not begun. NotFound where there is none."""
    ask(viewer, *SEE_EVERYTHING)

    def work(connection: Connection) -> tuple[None, list[PostedEvent]]:
        plans = planned(connection)
        found = next((each for each in plans if each.key == key and not each.begun), None)
        if found is None:
            raise not_found("planned leave", "休假安排", key)
        keep(connection, [each for each in plans if each is not found])
        audited(connection, service.clock(), viewer.name, "absence_called_off", found.unit, begins=found.begins)
        return None, []

    service.act(viewer.name, work)


def end_now(service: Service, viewer: Viewer, unit: str) -> None:
    """A unit is back at work now. CoachError where it is not absent, or left the firm."""
    ask(viewer, *SEE_EVERYTHING)

    def work(connection: Connection) -> tuple[None, list[PostedEvent]]:
        found = _unit(connection, unit)
        if found.values.get("absent") != 1.0 or found.left_at is not None:
            raise CoachError(f"{unit} is not on leave.", f"“{unit}”并未休假。")
        keep(connection, [each for each in planned(connection) if not (each.unit == unit and each.begun)])
        told = {"source": SOURCE, "key": new_key(viewer.name), "kind": "unit", "record": unit, "acted_at": service.clock()}
        return None, [entered(event="absence_ended", **told)]

    service.act(viewer.name, work)


def _unit(connection: Connection, name: str) -> Unit:
    found = units_of(connection).of.get(name)
    if found is None:
        raise not_found("unit", "单位", name)
    return found
