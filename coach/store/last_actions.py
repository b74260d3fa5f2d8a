"""Which action last reset the idle clock of a record."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from coach.store import tables
from coach.store.store import Store
from coach.store.viewer import Viewer, may_see
from policies.record.records import MOVES

ACTIONS = tuple(event for event, kinds in MOVES.items() if "last_action_at" in kinds.get("opportunity", ()))
"""Kinds of event that are an action on an opportunity."""
_event, _record = tables.event.c, tables.record.c
_CHUNK = 400


class LastAction(NamedTuple):
    """The latest action that was not withdrawn: what and by which source, when it happened and when it was recorded (ms)."""

    event: str
    source: str
    acted_at: int
    recorded_at: int


def last_actions(store: Store, viewer: Viewer, rows: Iterable[int]) -> dict[int, LastAction]:
    """The last action by row, for those of the rows that the viewer may see and that ever had one."""
    wanted, found = sorted(rows), {}
    fields = (_event.record, _event.source, _event.key, _event.event, _event.acted_at, _event.recorded_at, _event.voids)
    with store.read() as connection:
        for start in range(0, len(wanted), _CHUNK):
            query = (
                select(*fields)
                .join(tables.record, _event.record == _record.row)
                .where(
                    _record.row.in_(wanted[start : start + _CHUNK]), may_see(viewer, _record.unit),
                    _event.event.in_((*ACTIONS, "voided")),
                )
                .order_by(_event.acted_at, _event.sequence)
            )  # fmt: skip
            told = connection.execute(query).all()
            withdrawn = {(row.source, row.voids) for row in told if row.event == "voided"}
            for row in told:
                if row.event != "voided" and (row.source, row.key) not in withdrawn:
                    found[row.record] = LastAction(row.event, row.source, row.acted_at, row.recorded_at)
    return found
