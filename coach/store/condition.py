"""How a store is: which database, how large, and what came in last."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text

from coach.store import tables
from coach.store.backups import LastBackup, last_backup
from coach.store.layout import VERSION
from coach.store.settings import setting
from coach.store.store import Store
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask


class Condition(NamedTuple):
    """`database`: sqlite or postgresql; `size` in bytes; instants in ms, None for never."""

    database: str
    layout: int
    size: int
    records: int
    events: int
    last_event: int | None
    sessions: int
    backup: LastBackup | None


def condition(store: Store, viewer: Viewer, at: int) -> Condition:
    """The store as it is now; `sessions` are those that are good at an instant (ms)."""
    ask(viewer, *SEE_EVERYTHING)
    event, token, name = tables.event.c, tables.token.c, store.engine.dialect.name
    good = (token.session, token.revoked_at.is_(None), token.expires_at > at)
    with store.read() as connection:
        if name == "postgresql":
            size = int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        else:
            size = _size_of(Path(str(store.engine.url.database)))
        # Numbers are given from 0 without gaps, so that the largest one tells how many there are.
        events, records = (connection.scalar(select(func.max(column))) for column in (event.sequence, tables.record.c.row))
        last = connection.scalar(select(event.recorded_at).order_by(event.sequence.desc()).limit(1))
        return Condition(
            name, int(setting(connection, VERSION)), size, 0 if records is None else int(records) + 1,
            0 if events is None else int(events) + 1, last,
            connection.scalar(select(func.count()).select_from(tables.token).where(*good)) or 0, last_backup(connection),
        )  # fmt: skip


def _size_of(file: Path) -> int:
    """Bytes of a SQLite file, with what waits beside it to go into it."""
    beside = (file, file.with_name(f"{file.name}-wal"))
    return sum(each.stat().st_size for each in beside if each.exists())
