"""Who is looking, and which rows that person may see. Every function that reads people's rows asks for a viewer."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, false, literal, or_, select, true

from coach.problems import NotAllowed
from coach.store import tables

ROLES = ("rep", "manager", "desk", "trainer", "operations", "admin")
_CALLED = {
    "rep": ("rep", "销售"), "manager": ("manager", "经理"), "desk": ("support desk", "支持部门"),
    "trainer": ("trainer", "培训师"), "operations": ("operations", "运营"), "admin": ("administrator", "管理员"),
}  # fmt: skip
SEE_EVERYTHING = ("operations", "admin")


class Viewer(NamedTuple):
    """A person in a role. `unit` is a rep's own, the team, region or company that reports to a manager, or the desk at which
    somebody answers requests.

    `language` is en, zh, or browser for the one that the browser asks for.
    """

    name: str
    role: str
    unit: str | None = None
    language: str = "browser"


SYSTEM = Viewer("system", "admin")
"""The program itself, for its own work."""


@lru_cache(maxsize=4096)
def below(unit: str | None):
    """Query of the ids of a unit and of all units under it."""
    above = tables.record.alias()
    start = select(literal(unit).label("id"))
    tree = start.cte("tree", recursive=True)
    tree = tree.union(select(above.c.id).where(above.c.kind == "unit", above.c.parent == tree.c.id))
    return select(tree.c.id)


def may_see(viewer: Viewer, unit: ColumnElement) -> ColumnElement[bool]:
    """Condition on the column that holds a row's unit."""
    if viewer.role in SEE_EVERYTHING:
        return true()
    if viewer.unit is None:
        return false()
    if viewer.role in ("rep", "desk"):
        return unit == viewer.unit
    if viewer.role == "manager":
        # What belongs to nobody yet is a manager's business.
        return or_(unit.in_(below(viewer.unit)), unit.is_(None))
    return false()


class Seeing(NamedTuple):
    """Whose rows somebody may see, as `may_see` says it in a query; `units` None: everybody's."""

    units: frozenset[str] | None
    nobodys: bool
    """Whether rows that belong to nobody are among them."""

    def sees(self, unit: str | None) -> bool:
        """Whether a row of that unit, None for nobody's, may be seen."""
        return self.units is None or (self.nobodys if unit is None else unit in self.units)

    @property
    def sees_nothing(self) -> bool:
        """Whether there is no row at all that may be seen."""
        return self.units is not None and not self.units and not self.nobodys


def seeing(connection: Connection, viewer: Viewer) -> Seeing:
    """Whose rows a viewer may see."""
    if viewer.role in SEE_EVERYTHING:
        return Seeing(None, True)
    if viewer.unit is None or viewer.role not in ("rep", "manager"):
        return Seeing(frozenset(), False)
    if viewer.role == "rep":
        return Seeing(frozenset({viewer.unit}), False)
    return Seeing(frozenset(units_below(connection, viewer.unit)), True)


def units_below(connection: Connection, unit: str | None) -> set[str]:
    """A unit and all units under it."""
    return set(connection.scalars(below(unit)))


def units_above(connection: Connection, unit: str | None) -> set[str]:
    """The units to which a unit belongs, its own not among them."""
    below_it = tables.record.alias()
    start = select(below_it.c.parent.label("id")).where(below_it.c.kind == "unit", below_it.c.id == unit)
    tree = start.cte("above", recursive=True)
    tree = tree.union(select(below_it.c.parent).where(below_it.c.kind == "unit", below_it.c.id == tree.c.id))
    return set(filter(None, connection.scalars(select(tree.c.id))))


def ask(viewer: Viewer, *roles: str) -> None:
    """Raises NotAllowed unless the viewer has one of these roles."""
    if viewer.role not in roles:
        en, zh = (mark.join(_CALLED[role][place] for role in roles) for place, mark in enumerate((", ", "、")))
        raise NotAllowed(f"This is for the roles {en}.", f"此项仅供以下角色使用：{zh}。")
