"""Attainment week by week against pace (G7), for the units that a viewer may see."""

from datetime import timedelta
from typing import NamedTuple

from coach.store import Store, Viewer, reading
from coach.store.standings import Standing, standings
from policies.record.derived import share_elapsed
from policies.record.records import LEVELS
from policies.time.calendar import Calendar

WEEKS = 8
FAR_BEHIND = 0.8
"""Below this share of pace a unit is more than 20 % behind."""
WEEKS_TO_RED = 2


class Look(NamedTuple):
    """A unit at the end of a week, or now. `pace` is attained ÷ what the elapsed working days ask for; None without either."""

    at: int
    target: float | None
    attained: float | None
    attainment: float | None
    pace: float | None


class UnitRow(NamedTuple):
    """One row of the heat map; `depth` in the tree of units. `red`: far behind at the last two week ends, and still now."""

    unit: str
    level: str
    depth: int
    own: bool
    looks: list[Look | None]
    red: bool
    rank: float | None


def week_ends(calendar: Calendar, now: int, weeks: int = WEEKS) -> list[int]:
    """The last instants (ms) of the weeks that are over, in order, and then now."""
    today = calendar.local_date(now)
    monday = today - timedelta(days=today.weekday())
    return [calendar.midnight(monday - timedelta(weeks=back)) - 1 for back in range(weeks - 1, -1, -1)] + [now]


def heat_map(store: Store, viewer: Viewer, now: int) -> list[UnitRow]:
    """Rows in the order of the tree, those above first; only units that are named to the viewer."""
    calendar = store.calendar
    instants = week_ends(calendar, now)
    told = {each["unit"]: each for each in reading.targets(store, viewer) if each["unit"] is not None}
    stood = standings(store, viewer, instants)
    if not stood:
        return []
    pace = _Pace(calendar, stood, now)
    return [_row(told[name], depth, stood.get(name, []), instants, pace) for name, depth in _tree(told)]


def _row(told: dict, depth: int, stood: list[Standing | None], instants: list[int], pace) -> UnitRow:
    looks = [None if each is None else pace.look(each, at) for each, at in zip(stood, instants, strict=False)]
    latest = looks[-WEEKS_TO_RED - 1 :]
    red = len(latest) > WEEKS_TO_RED and all(_far_behind(each) for each in latest)
    return UnitRow(told["unit"], told["level"] or LEVELS[0], depth, told["own"], looks, red, told["rank"])


def _far_behind(look: Look | None) -> bool:
    return look is not None and look.pace is not None and look.pace < FAR_BEHIND


class _Pace:
    def __init__(self, calendar: Calendar, stood: dict[str, list[Standing | None]], now: int):
        known = [each for looks in stood.values() for each in looks if each is not None]
        instants = [at for each in known for at in (each.period_start_at, each.period_end_at) if at is not None]
        first, last = min([now, *instants]), max([now, *instants])
        day = timedelta(days=1)
        self._days = calendar.days(calendar.local_date(int(first)) - day, calendar.local_date(int(last)) + day)

    def look(self, stood: Standing, at: int) -> Look:
        target, attained = stood.target, stood.attained
        if not target or attained is None:
            return Look(at, target, attained, None, None)
        start, end = stood.period_start_at, stood.period_end_at
        elapsed = None if start is None or end is None else float(share_elapsed(self._days, int(start), int(end), at))
        pace = attained / (target * elapsed) if elapsed is not None and elapsed > 0 else None
        return Look(at, target, attained, attained / target, pace)


def _tree(told: dict[str, dict]) -> list[tuple[str, int]]:
    """Units with their depth, each after the one above it; a unit whose parent is not shown starts a tree of its own."""
    below: dict[str | None, list[str]] = {}
    for name, each in told.items():
        below.setdefault(each["parent"] if each["parent"] in told else None, []).append(name)
    found: list[tuple[str, int]] = []
    seen: set[str] = set()

    def add(name: str, depth: int) -> None:
        if name in seen:
            return
        seen.add(name)
        found.append((name, depth))
        for child in below.get(name, ()):
            add(child, depth + 1)

    for name in below.get(None, ()):
        add(name, 0)
    return found + [(name, 0) for name in told if name not in seen]  # a circle of parents hides nobody
