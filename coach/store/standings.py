"""How units stood at instants of the past: target and attainment as they were recorded by then, as far as a viewer may see."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.store import tables
from coach.store.policies import current_visibility
from coach.store.reading import targets
from coach.store.store import Store
from coach.store.viewer import Viewer

_FIELDS = ("target", "attained", "period_start_at", "period_end_at")
_EVENTS = ("registered", "target_set", "attained", "adjusted", "field_recorded")
_event, _record, _version = tables.event.c, tables.record.c, tables.policy_version.c


class Standing(NamedTuple):
    """Figures of a unit's running period, as recorded; money and instants (ms). None where nothing was recorded."""

    target: float | None
    attained: float | None
    period_start_at: float | None
    period_end_at: float | None


def standings(store: Store, viewer: Viewer, instants: Sequence[int]) -> dict[str, list[Standing | None]]:
    """Standings by unit at rising instants (ms); a unit that was not yet recorded has None.

    Whoever `reading.targets` names to the viewer is told. Of peers only instants since targets are public without a break:
    what was private then stays private. Empty for a rep whose policy shows attainment to nobody.
    """
    named = {each["unit"]: each["own"] for each in targets(store, viewer) if each["unit"] is not None}
    with store.read() as connection:
        if not named or (viewer.role == "rep" and current_visibility(connection) == "none"):
            return {}
        public_since = _public_since(connection)
        told: dict[str, list[tuple[int, dict[str, Any]]]] = {name: [] for name in named}
        for name, event in _events(connection, list(named), instants[-1] if instants else 0):
            told[name].append(event)
    return {
        name: [
            standing if is_own or instant >= public_since else None
            for instant, standing in zip(instants, _at(told[name], instants), strict=True)
        ]
        for name, is_own in named.items()
    }


def _events(connection: Connection, names: list[str], until: int):
    query = (
        select(_record.id, _event.recorded_at, _event.payload)
        .join(tables.record, _event.record == _record.row)
        .where(_record.kind == "unit", _record.id.in_(names), _event.event.in_(_EVENTS), _event.recorded_at <= until)
        .order_by(_event.recorded_at, _event.sequence)
    )
    for row in connection.execute(query):
        yield row.id, (row.recorded_at, json.loads(row.payload))


def _at(events: list[tuple[int, dict[str, Any]]], instants: Sequence[int]) -> list[Standing | None]:
    values: dict[str, Any] = {}
    found, place = [], 0
    for instant in instants:
        while place < len(events) and events[place][0] <= instant:
            values |= {name: value for name, value in events[place][1].items() if name in _FIELDS}
            place += 1
        found.append(Standing(*(values.get(name) for name in _FIELDS)) if place else None)
    return found


def _public_since(connection: Connection) -> float:
    """Instant from which every policy in force made targets public; never when the present one does not."""
    since = float("inf")
    query = select(_version.document, _version.activated_at).order_by(_version.number.desc())
    for document, activated_at in connection.execute(query):
        if json.loads(document).get("targets", {}).get("visibility", "private") != "public":
            break
        since = activated_at
    return since
