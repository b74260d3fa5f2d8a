"""Whom something is for: the unit whose people play a role for a record, and are still there."""

from collections.abc import Iterable

from coach.rules.live_book import LiveBook
from policies.record.records import LEVELS, UNIT


def addressee(live: LiveBook, row: int, role: str, at: float) -> str | None:
    """Unit whose people play a role for a record at an instant (ms); None for nobody that is known.

    The manager is who leads the unit above the owner's; the director leads the topmost, the regional director the nearest
    region, or where there is none the topmost. What is for somebody who left is for the unit above. A desk stands for itself.
    """
    if role == "owner":
        return present_owner(live, row, at)
    unit = live.units[row]
    if role in ("manager", "team"):
        leads_itself = live.kinds[row] == "unit" and live.book.values[row, UNIT.level] > LEVELS.index("rep")
        return unit if leads_itself else first_present(live, live.line(unit)[1:], at)
    line = live.line(unit)
    if role == "regional_director" and (regions := [each for each in line if _is_region(live, each)]):
        return first_present(live, line[line.index(regions[0]) :], at)
    if role in ("director", "regional_director"):
        return first_present(live, reversed(line), at)
    return role


def present_owner(live: LiveBook, row: int, at: float) -> str | None:
    """Unit that owns a record at an instant (ms), or, of an owner who left, the unit above; None for nobody that is known."""
    return first_present(live, live.line(live.units[row]), at)


def first_present(live: LiveBook, line: Iterable[str], at: float) -> str | None:
    """The first unit of a line who has not left by an instant (ms); None where all have."""
    return next((unit for unit in line if not _has_left(live, unit, at)), None)


def _is_region(live: LiveBook, unit: str) -> bool:
    row = live.row_of.get(("unit", unit))
    return row is not None and bool(live.book.values[row, UNIT.level] == LEVELS.index("region"))


def _has_left(live: LiveBook, unit: str, at: float) -> bool:
    row = live.row_of.get(("unit", unit))
    return row is not None and bool(live.book.values[row, UNIT.left_at] <= at)
