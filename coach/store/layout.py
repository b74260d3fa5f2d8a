"""The layout of a store's tables: which one it has, and how an older one becomes the present one without loss.

Every layout has a number, and every step from one to the next is an Alembic migration of that number under
`migrations/versions`. A store of an older layout is upgraded when it is opened where that is a file, after a copy of it was
made beside it. A database server is upgraded when somebody says so.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select
from sqlalchemy.engine import Engine

from coach.problems import CoachError
from coach.store import tables
from coach.store.database import begun
from coach.store.settings import set_setting, setting

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = "schema_version"
_log = logging.getLogger("rehearse.store")


class NewerStore(CoachError):
    """The store was written by a newer version of the program."""

    def __init__(self, found: int, known: int):
        super().__init__(
            f"The store has layout {found}; this program knows layouts up to {known}. Install the newer version of Rehearse "
            "that wrote it; nothing was changed.",
            f"存储的布局版本为 {found}，本程序最多只认识 {known}。请安装写入它的较新版本的 Rehearse；未作任何更改。",
        )


class OlderStore(CoachError):
    """The store is of an older layout and is not upgraded unasked."""

    def __init__(self, found: int):
        super().__init__(
            f"The store has layout {found}, this program works with layout {tables.SCHEMA_VERSION}. Back it up and upgrade it: "
            "rehearse store backup, then rehearse store upgrade.",
            f"存储的布局版本为 {found}，本程序使用版本 {tables.SCHEMA_VERSION}。请先备份再升级："
            "rehearse store backup，然后 rehearse store upgrade。",
        )


def layout_of(connection: Connection) -> int | None:
    """The number of a store's layout; None for an empty database. Other tables without ours are a CoachError."""
    found = inspect(connection).get_table_names()
    if not found:
        return None
    if "setting" not in found:
        raise CoachError(
            "This database holds other tables and is no store of ours; give an empty one.",
            "该数据库中已有其他数据表，不是本系统的存储，请换一个空库。",
        )
    return int(setting(connection, VERSION))


def create(connection: Connection) -> None:
    """All tables in an empty database."""
    tables.metadata.create_all(connection)
    connection.execute(insert(tables.setting).values(name=VERSION, value=str(tables.SCHEMA_VERSION)))


def check_known(layout: int) -> None:
    """NewerStore for a layout that this program does not know."""
    if layout > tables.SCHEMA_VERSION:
        raise NewerStore(layout, tables.SCHEMA_VERSION)


def upgrade(engine: Engine) -> tuple[int, Path | None]:
    """Bring a store to the present layout, all of it or nothing; who comes at the same time waits and finds it done.

    Returns the layout that it had, and the copy that was made of a file before. NewerStore where this program is too old.
    """
    with _upgrading(engine) as connection:
        layout = layout_of(connection)
        if layout is None:
            create(connection)
            return tables.SCHEMA_VERSION, None
        check_known(layout)
        if layout == tables.SCHEMA_VERSION:
            return layout, None
        copy = _copied(engine, layout)
        _migrate(connection, layout)
    where_en, where_zh = ("", "") if copy is None else (f"; its former state is kept in {copy}", f"；升级前的副本保存在 {copy}")
    _log.warning(
        "the store was upgraded from layout %d to %d%s / 存储已从布局版本 %d 升级到 %d%s",
        layout, tables.SCHEMA_VERSION, where_en, layout, tables.SCHEMA_VERSION, where_zh,
    )  # fmt: skip
    return layout, copy


def _migrate(connection: Connection, layout: int) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes |= {"connection": connection, "metadata": tables.metadata}
    command.stamp(config, revision_of(layout), purge=True)
    command.upgrade(config, revision_of(tables.SCHEMA_VERSION))
    set_setting(connection, VERSION, tables.SCHEMA_VERSION)


def revision_of(layout: int) -> str:
    """The migration that leads to a layout."""
    return f"{layout:04d}"


@contextmanager
def _upgrading(engine: Engine) -> Iterator[Connection]:
    """The one writing transaction, in which SQLite lets a table be replaced that others refer to."""
    if engine.dialect.name != "sqlite":
        with begun(engine, write=True) as connection:
            yield connection
        return
    with engine.connect() as held:
        driver = held.connection.cursor()
        driver.execute("PRAGMA foreign_keys = OFF")  # means nothing within a transaction
        try:
            with held.execution_options(writes=True).begin():
                yield held
                broken = held.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration leaves references to nothing: {broken[:3]}")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _copied(engine: Engine, layout: int) -> Path | None:
    """A copy of a SQLite file, beside it, named by its layout."""
    if engine.dialect.name != "sqlite":
        return None
    source = Path(str(engine.url.database))
    target = source.with_name(f"{source.name}.layout-{layout}")
    number = 1
    while target.exists():
        number += 1
        target = source.with_name(f"{source.name}.layout-{layout}-{number}")
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
    return target


def rows_of(connection: Connection) -> dict[str, int]:
    """Number of rows by table."""
    known = sorted(tables.metadata.tables.items())
    return {name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in known}
