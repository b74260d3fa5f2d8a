"""What somebody entered on a page a short while ago and has not taken back: it can still be."""

from typing import NamedTuple

from sqlalchemy import select

from coach.entering import who_entered
from coach.problems import NotFound
from coach.store import tables
from coach.store.store import Store
from coach.store.viewer import Viewer, may_see

_event, _record = tables.event.c, tables.record.c


class OwnEntry(NamedTuple):
    """An event by its `key`, on the record of that `kind` and `id`; `acted_at` in ms."""

    key: str
    event: str
    kind: str
    id: str
    acted_at: int


def ask_for_entry(store: Store, viewer: Viewer, source: str, key: str, kind: str, record: str) -> None:
    """Raises NotFound where no entry of a source has this key and is on this record, or it is not the viewer's to see."""
    query = (
        select(_event.sequence)
        .join(tables.record, _event.record == _record.row)
        .where(_event.source == source, _event.key == key, _record.kind == kind, _record.id == record)
        .where(may_see(viewer, _record.unit))
    )
    with store.read() as connection:
        if connection.scalar(query) is None:
            raise NotFound("There is no such entry to take back.", "没有可撤回的该条记录。")


def own_entries(store: Store, viewer: Viewer, source: str, since: int) -> list[OwnEntry]:
    """Entries of the viewer from a source, recorded since an instant (ms) and not withdrawn, the latest first."""
    query = (
        select(_event.key, _event.event, _record.kind, _record.id, _event.acted_at, _event.voids)
        .join(tables.record, _event.record == _record.row)
        .where(_event.source == source, _event.recorded_at >= since, may_see(viewer, _record.unit))
        .order_by(_event.sequence.desc())
    )
    with store.read() as connection:
        rows = connection.execute(query).all()
    withdrawn = {row.voids for row in rows if row.voids is not None}
    return [
        OwnEntry(row.key, row.event, row.kind, row.id, row.acted_at)
        for row in rows
        if row.voids is None and row.key not in withdrawn and who_entered(row.key) == viewer.name[:100]
    ]
