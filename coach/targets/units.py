"""The tree of units as a store holds it."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.store import tables
from policies.record.records import LEVELS
from policies.targets.tree import children, line

REP, REGION = LEVELS[0], LEVELS[2]
_record = tables.record.c


class Unit(NamedTuple):
    """A unit: its level, the one above, since when it is recorded and when its last person left (ms), None for none, and all
    that is recorded of it."""

    name: str
    level: str
    parent: str | None
    registered_at: int
    left_at: float | None
    values: Mapping[str, Any]


class Units:
    """Units by name, and who stands above whom."""

    def __init__(self, units: Iterable[Unit]):
        self.of = {unit.name: unit for unit in units}
        self.parents = _without_circles(
            {name: unit.parent if unit.parent in self.of else None for name, unit in self.of.items()}
        )
        self.below = children(self.parents)

    def present(self, at: int) -> "Units":
        """Those that nobody left for good by an instant (ms)."""
        return self.where(lambda unit: unit.left_at is None or unit.left_at > at)

    def where(self, kept: Callable[[Unit], bool]) -> "Units":
        """Those of a kind; who is left of a line stands under the next above that is there."""
        here = {name for name, unit in self.of.items() if kept(unit)}
        return Units(
            self.of[name]._replace(parent=next((up for up in list(line(name, self.parents))[1:] if up in here), None))
            for name in self.of
            if name in here
        )

    @property
    def reps(self) -> list[str]:
        """Those who sell, and lead nobody."""
        return [name for name, unit in self.of.items() if unit.level == REP and name not in self.below]

    def reps_under(self, unit: str) -> list[str]:
        """The reps of a unit; of a rep itself."""
        return [rep for rep in self.reps if unit in line(rep, self.parents)]

    def sharing(self, unit: str, start: float | None) -> set[str]:
        """The reps of a unit whose figures enter its sum: those who are there and have a target of the period that began at an
        instant (ms)."""
        told = ((rep, self.of[rep]) for rep in self.reps_under(unit))
        return {
            rep
            for rep, each in told
            if each.left_at is None and each.values.get("target") and each.values.get("period_start_at") == start
        }

    def above(self, unit: str) -> list[str]:
        """A unit and those above it, from below."""
        return list(line(unit, self.parents))

    def region(self, unit: str) -> str:
        """The region to which a unit belongs; the topmost unit where the firm has no regions."""
        above = self.above(unit)
        return next((name for name in above if self.of[name].level == REGION), above[-1])

    def from_above(self) -> list[str]:
        """Names in the order of the tree, each before those below."""
        order, waiting = [], [name for name, above in self.parents.items() if above is None][::-1]
        while waiting:
            name = waiting.pop()
            order.append(name)
            waiting += self.below.get(name, [])[::-1]
        return order


def units_of(connection: Connection) -> Units:
    """All units that are recorded."""
    query = select(_record.id, _record.registered_at, _record["values"]).where(_record.kind == "unit").order_by(_record.row)
    found = []
    for row in connection.execute(query):
        values = json.loads(row.values)
        parent = values.get("parent")
        found.append(
            Unit(
                row.id, values.get("level") or REP, None if parent is None else str(parent), row.registered_at,
                values.get("left_at"), values,
            )
        )  # fmt: skip
    return Units(found)


def _without_circles(parents: dict[str, str | None]) -> dict[str, str | None]:
    """Parents in which a line that closes a circle ends at the unit where it would."""
    found = dict(parents)
    for unit in parents:
        seen, each = {unit}, unit
        while (above := found[each]) is not None:
            if above in seen:
                found[each] = None
                break
            seen.add(above)
            each = above
    return found
