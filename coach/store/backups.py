"""Copies of a store: a backup is itself a store in a SQLite file, whatever database it was taken from, and can be opened."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, Table, func, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from coach.problems import CoachError
from coach.store import tables
from coach.store.database import begun, cannot_open, engine_of
from coach.store.layout import check_known, layout_of
from coach.store.settings import set_setting, setting

Told = Callable[[int, int], None]
"""Called with what was done and how much there is."""
COMMAND = "command"
"""Who made a backup that somebody made by the command."""
_LAST = "last_backup"
_PAGES = 256
_ROWS = 1000


class LastBackup(NamedTuple):
    """When a backup was made (ms), by whom, and its size in bytes."""

    at: int
    by: str
    bytes: int


def backup(place: str | Path, target: str | Path, told: Told = lambda _done, _of: None) -> Path:
    """Copy a store, while others go on working with it, into a new SQLite file.

    A file that exists is a CoachError. Half a copy is taken away again.
    """
    target = Path(target)
    if target.exists():
        raise CoachError(
            f"{target} exists already; name another file for the backup.", f"{target} 已存在，请为备份另取文件名。"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with _opened(place, create=False) as source, _whole_or_nothing(target):
        with begun(source, write=False) as connection:
            _layout(connection, _shown(place))
        if source.dialect.name == "sqlite":
            _pages(Path(str(source.url.database)), target, told)
        else:
            with _opened(target, create=True) as copy:
                _rows(source, copy, told)
    return target


def restore(copy: str | Path, place: str | Path, *, replace: bool = False, told: Told = lambda _done, _of: None) -> None:
    """Make a store out of a backup.

    A place that holds a store is a CoachError unless `replace` is on; one that holds other tables always is.
    """
    if not Path(copy).is_file():
        raise CoachError(f"There is no backup {copy}.", f"没有备份文件 {copy}。")
    with _opened(copy, create=False) as source, _opened(place, create=True) as target:
        with begun(source, write=False) as connection:
            check_known(_layout(connection, copy))
        with begun(target, write=False) as connection:
            held = layout_of(connection)
        if held is not None and not replace:
            raise CoachError(
                f"{_shown(place)} holds a store already; say --replace to put the backup in its place.",
                f"{_shown(place)} 已有存储；若要用备份取代它，请加 --replace。",
            )
        _rows(source, target, told)


def note_backup(place: str | Path, at: int, by: str, size: int) -> None:
    """Have a store know that a backup of it was made (`size` in bytes); one that cannot be written now does not."""
    with suppress(CoachError, DatabaseError), _opened(place, create=False) as store, begun(store, write=True) as connection:
        set_setting(connection, _LAST, {"at": at, "by": by, "bytes": size})


def last_backup(connection: Connection) -> LastBackup | None:
    """The latest backup that is known; None for none."""
    told = setting(connection, _LAST)
    return None if told is None else LastBackup(told["at"], told["by"], told["bytes"])


def _layout(connection: Connection, place: str | Path) -> int:
    layout = layout_of(connection)
    if layout is None:
        raise CoachError(f"{place} is empty: it holds no store.", f"{place} 是空的，其中没有存储。")
    return layout


@contextmanager
def _opened(place: str | Path, create: bool) -> Iterator[Engine]:
    engine = engine_of(place, create)
    try:
        yield engine
    except DatabaseError as error:
        raise cannot_open(place, error) from None
    finally:
        engine.dispose()


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _pages(source: Path, target: Path, told: Told) -> None:
    """SQLite's own online copy."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing, pages=_PAGES, progress=lambda _status, left, of: told(of - left, of))
        writing.execute("PRAGMA journal_mode = DELETE")  # one file, to be carried away
    finally:
        reading.close()
        writing.close()


def _rows(source: Engine, target: Engine, told: Told) -> None:
    """Every row of every table, in one transaction on either side."""
    found = MetaData()
    with begun(source, write=False) as reading:
        found.reflect(reading)
        whole = sum(reading.scalar(select(func.count()).select_from(table)) for table in found.sorted_tables)
        done = 0
        with begun(target, write=True) as writing:
            MetaData().reflect(writing)
            _cleared(writing)
            for table in found.sorted_tables:
                known = _made(writing, table)
                for rows in reading.execute(select(table)).mappings().partitions(_ROWS):
                    writing.execute(insert(known), [dict(row) for row in rows])
                    done += len(rows)
                    told(done, whole)


def _cleared(writing) -> None:
    old = MetaData()
    old.reflect(writing)
    old.drop_all(writing)


def _made(writing, table: Table) -> Table:
    """The table in the other database: as the program knows it, or as it was found (such as pages keep their own)."""
    known = tables.metadata.tables.get(table.name)
    if known is None or set(known.columns.keys()) != set(table.columns.keys()):
        known = table.to_metadata(MetaData(), referred_schema_fn=lambda *_: None)
    known.create(writing, checkfirst=True)
    return known


def _shown(place: str | Path) -> str:
    return str(place).rsplit("@", 1)[-1]
