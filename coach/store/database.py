"""The database of a store: opened by path or URL, with transactions of which one writes at a time."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Index, Table, create_engine, func, select, text
from sqlalchemy import event as engine_event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from coach.problems import CoachError

if TYPE_CHECKING:
    import psycopg

BUSY_MS = 30_000
CACHE_KB = 65_536
"""Pages of a SQLite file that a connection keeps: with fewer, the indexes of a million events are read and written again and
again."""
_ONE_WRITER = 5_771_204  # any number that nothing else on the server locks


@contextmanager
def begun(engine: Engine, write: bool) -> Iterator[Connection]:
    """A transaction; there is one that writes at a time, and one that reads sees one state of the store throughout."""
    options: dict[str, object] = {"writes": write}
    if not write and engine.dialect.name == "postgresql":
        # Only who reads: a writer's state would be that of before it waited for its turn.
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if write and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_WRITER})
        yield connection


def next_number(connection: Connection, column) -> int:
    """The number that follows the largest in a column; there is only one writer."""
    largest = connection.scalar(select(func.max(column)))
    return 0 if largest is None else int(largest) + 1


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple]) -> None:
    """Insert rows, each with every column of the table in its order.

    They are handed to the driver as they are: with SQLAlchemy's own way of binding them it takes twice as long. PostgreSQL
    copies them, in a tenth of the time of single statements.
    """
    if not rows:
        return
    names = ", ".join(connection.dialect.identifier_preparer.quote(column.name) for column in table.columns)
    if connection.dialect.name == "postgresql":
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(table.columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608 -- our tables


@contextmanager
def indexed_afterwards(connection: Connection, *filled: Table) -> Iterator[None]:
    """Many rows are about to come: SQLite makes the indexes of tables that are empty so far at the end, in half the time.

    On a server that would stop everybody who reads.
    """
    later: list[Index] = []
    if connection.dialect.name == "sqlite":
        empty = [table for table in filled if connection.execute(select(table).limit(1)).first() is None]
        later = [index for table in empty for index in table.indexes]
    for index in later:
        index.drop(connection)
    yield
    for index in later:
        index.create(connection)


def engine_of(place: str | Path, create: bool) -> Engine:
    """The database of that URL or SQLite file, as it is; CoachError where it cannot be."""
    written = str(place)
    try:
        url = make_url(written if "://" in written else f"sqlite:///{Path(written).expanduser().as_posix()}")
        if url.get_backend_name() not in ("sqlite", "postgresql") or (url.get_backend_name() == "sqlite" and not url.database):
            raise CoachError("A store is a SQLite file or a postgresql:// URL.", "存储须为 SQLite 文件或 postgresql:// 地址。")
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, create)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")  # the driver that is installed
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise cannot_open(place, error) from None


def _sqlite(url, create: bool) -> Engine:
    path = Path(url.database)
    if not create and not path.is_file():
        raise CoachError(f"There is no store {path}; import into it first.", f"没有存储文件 {path}，请先导入数据。")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False}, hide_parameters=True)

    @engine_event.listens_for(engine, "connect")
    def _settings(connection, _record):
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (f"busy_timeout = {BUSY_MS}", f"cache_size = -{CACHE_KB}", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @engine_event.listens_for(engine, "begin")
    def _begin(connection):
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def copy_of(engine: Engine) -> Iterator[Engine | None]:
    """The database as it is now, in a file of its own that is gone afterwards; None for one that is no file."""
    if engine.dialect.name != "sqlite":
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
        place = Path(folder) / "copy.db"
        source = engine.raw_connection()
        try:
            with closing(sqlite3.connect(place)) as target:
                cast("sqlite3.Connection", source.driver_connection).backup(target)
        finally:
            source.close()
        copy = _sqlite(make_url(f"sqlite:///{place.as_posix()}"), create=False)
        try:
            yield copy
        finally:
            copy.dispose()


def write_ahead(engine: Engine) -> None:
    """Let readers go on while somebody writes. The mode stays with the file, so only a store of ours is switched to it.

    SQLite does not wait for others in the file when it changes the mode, so this does.
    """
    until = time.monotonic() + BUSY_MS / 1000
    connection = engine.raw_connection()
    try:
        while not _switched(connection.cursor(), last=time.monotonic() > until):
            time.sleep(0.02)
    finally:
        connection.close()


def _switched(cursor: DBAPICursor, last: bool) -> bool:
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        return False
    return True


def shown_place(place: str | Path) -> str:
    """A URL or file as it may be shown: without user and password."""
    return str(place).rsplit("@", 1)[-1]


def cannot_open(place: str | Path, error: Exception) -> CoachError:
    """What to say when a database cannot be opened."""
    # Only the kind of error: its text may hold the URL with its password.
    shown = shown_place(place)
    hint_en, hint_zh = "", ""
    if isinstance(error, ModuleNotFoundError):
        hint_en, hint_zh = f" Install the package {error.name}.", f"请安装软件包 {error.name}。"
    elif not isinstance(error, OperationalError):
        hint_en, hint_zh = " Is it a store?", "它是本系统的存储吗？"
    return CoachError(
        f"The store {shown} cannot be opened ({type(error).__name__}).{hint_en}",
        f"无法打开存储 {shown}（{type(error).__name__}）。{hint_zh}",
    )
