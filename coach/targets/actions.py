"""Weekly action units of reps against what the policy in force asks for (G2)."""

from typing import Any

from coach.store import Store, Viewer, policies
from coach.store.viewer import seeing
from coach.targets.due import ACTION_UNITS
from coach.targets.units import units_of


def actions(store: Store, viewer: Viewer) -> list[dict[str, Any]]:
    """Of each rep whom the viewer may see what this week counts so far and what is asked; empty where nothing is asked."""
    with store.read() as connection:
        version, sight = policies.current(connection), seeing(connection, viewer)
        asked = {} if version is None else version.policy.targets.action_units.model_dump()
        if not any(asked.values()):
            return []
        units = units_of(connection)
    return [
        {"unit": rep, "asked": asked, "counted": {name: units.of[rep].values.get(name) for name in ACTION_UNITS if asked[name]}}
        for rep in units.reps
        if sight.sees(rep)
    ]
