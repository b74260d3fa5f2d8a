"""Of whom figures may be told to somebody: what a firm expects and how its people differ follow the same lines as records."""

from typing import NamedTuple

from sqlalchemy import select

from coach.store import tables
from coach.store.policies import current_visibility
from coach.store.store import Store
from coach.store.viewer import SEE_EVERYTHING, Viewer, units_below


class Sight(NamedTuple):
    """Figures of `units` may be told, None for everybody's; `unit` is the one that stands above them all."""

    unit: str | None
    units: frozenset[str] | None

    @property
    def is_nobodys(self) -> bool:
        """Whether nothing at all may be told."""
        return self.units is not None and not self.units

    @property
    def is_ones_own(self) -> bool:
        """Whether it takes in one unit alone, such as a rep's own."""
        return self.units == {self.unit}


EVERYTHING = Sight(None, None)


def sight_of(store: Store, viewer: Viewer) -> Sight:
    """What a viewer may be told: operations and administrators everything, managers the units that report to them, reps their
    own, unless the policy shows reps no attainment. A manager above everybody is told everything.
    """
    if viewer.role in SEE_EVERYTHING:
        return EVERYTHING
    record = tables.record.c
    with store.read() as connection:
        if viewer.role == "rep":
            hidden = viewer.unit is None or current_visibility(connection) == "none"
            return Sight(viewer.unit, frozenset() if hidden else frozenset({str(viewer.unit)}))
        if viewer.role != "manager" or viewer.unit is None:
            return Sight(viewer.unit, frozenset())
        below = units_below(connection, viewer.unit)
        everybody = set(connection.scalars(select(record.id).where(record.kind == "unit")))
    return EVERYTHING if everybody and everybody <= below else Sight(viewer.unit, frozenset(below))
