"""How one's own work rolls up: the own target within that of every unit above, as far as that tells of no peer."""

from typing import Any

from coach.store import Store, Viewer
from coach.store.policies import current_visibility
from coach.store.viewer import ask
from coach.targets.units import Units, units_of

FEWEST_OTHERS = 3
"""Reps whose figures a sum must take in besides what one knows already, so that none of them can be told from it."""


def own_line(store: Store, viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's unit and those above it, from below: target, attained, and the share that the own unit has in each.

    Sums from which a peer's figure could be told are None: unless targets are public, what a unit adds to the sum told before
    takes in nobody or at least three reps who are there and have a target of that period.
    """
    ask(viewer, "rep", "manager")
    with store.read() as connection:
        units, visibility = units_of(connection), current_visibility(connection)
        if viewer.unit not in units.of:
            return []
        above = units.above(viewer.unit)
    told = above if visibility == "public" else _tellable(units, above)
    own = units.of[viewer.unit].values.get("target")
    hidden = visibility == "none" and viewer.role == "rep"
    found = []
    for unit in above:
        target = units.of[unit].values.get("target") if unit in told else None
        found.append(
            {
                "unit": unit, "level": units.of[unit].level, "target": target,
                "attained": units.of[unit].values.get("attained") if unit in told and not hidden else None,
                "own_share": own / target if own is not None and target else None,
            }
        )  # fmt: skip
    return found


def _tellable(units: Units, above: list[str]) -> list[str]:
    told, below = above[:1], units.reps_under(above[0])
    for unit in above[1:]:
        reps, start = units.reps_under(unit), units.of[unit].values.get("period_start_at")
        if len(reps) == len(below) or len(units.sharing(unit, start) - set(below)) >= FEWEST_OTHERS:
            told.append(unit)
            below = reps
    return told
