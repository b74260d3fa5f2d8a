"""Instants that lie long after all others of an export: mistyped years, which would move the end of the record."""

from collections.abc import Sequence

import numpy as np

from coach.events import PostedEvent
from coach.mapping.building import CLOSINGS
from coach.mapping.reading import Origin, Snapshot
from coach.mapping.remarks import Remark, text_of

LEAST_EVENTS = 30
"""With fewer nothing can be said of what is usual."""
LEAST_GAP_MS = 60 * 86_400_000
_TIMES_USUAL = 20.0
"""So many times the usual time between two instants is a gap: where they come by chance, one is as long once in 10^8 cases."""
_MOST_SHARE, _MOST = 0.005, 2
"""Share, or number, of the instants that may lie beyond it."""


def end_of_most(instants: np.ndarray) -> int | None:
    """The last of some instants (ms) before a gap behind which only very few lie; None where there is no such gap."""
    if len(instants) < LEAST_EVENTS:
        return None
    ordered = np.sort(instants)
    few = max(_MOST, int(_MOST_SHARE * len(ordered)))
    tail = ordered[-few - 1 :]
    usual = (tail[0] - ordered[0]) / len(ordered)
    wide = np.flatnonzero(np.diff(tail) > max(LEAST_GAP_MS, _TIMES_USUAL * usual))
    return int(tail[wide[0]]) if len(wide) else None


def without_apart(
    events: list[PostedEvent], origins: list[Origin], exported_at: int
) -> tuple[list[PostedEvent], list[Origin], list[Remark]]:
    """The events without what lies apart. Records that were created so late are set aside as a whole, closings count as of a
    day that nobody knows, everything else is left out."""
    at = np.array([event.acted_at if event.dated else exported_at for event in events], np.int64)
    end = end_of_most(at[at != exported_at])
    apart = np.flatnonzero((at > end) & (at != exported_at)).tolist() if end is not None else []
    if not apart:
        return events, origins, []
    rows = {origins[place] for place in apart if events[place].event == "registered"}
    changed = {
        place: events[place].model_copy(update={"acted_at": exported_at, "recorded_at": exported_at, "dated": False})
        for place in apart if events[place].event in CLOSINGS
    }  # fmt: skip
    out = {place for place in apart if place not in changed} | {
        place for place, origin in enumerate(origins) if rows and origin in rows
    }
    remarks = [_remark(origin, "created_apart", aside=True) for origin in sorted(rows)]
    remarks += [
        _remark(origins[place], "closed_after_export" if place in changed else "apart", aside=False)
        for place in apart if origins[place] not in rows
    ]  # fmt: skip
    kept: Sequence[int] = [place for place in range(len(events)) if place not in out]
    return [changed.get(place, events[place]) for place in kept], [origins[place] for place in kept], remarks


def still_inside(snapshot: Snapshot, remarks: list[Remark]) -> Snapshot:
    """A snapshot without the rows that were set aside."""
    out = {(each.file, each.row) for each in remarks if each.set_aside and each.table == snapshot.table}
    rows = zip(snapshot.ids, snapshot.files, snapshot.lines, strict=True)
    return snapshot._replace(inside=snapshot.inside - {identifier for identifier, *place in rows if tuple(place) in out})


def _remark(origin: Origin, code: str, *, aside: bool) -> Remark:
    text = text_of(code)
    return Remark(origin.table, origin.file, origin.row, "", "", aside, text.en, text.zh)
