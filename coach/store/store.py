"""A store: one database that holds everything, opened by path or URL."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, func, insert, inspect, select, text, update
from sqlalchemy import event as engine_event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from coach.events import PostedEvent
from coach.problems import CoachError
from coach.store import tables
from policies.time.calendar import Calendar

if TYPE_CHECKING:
    from coach.store.appending import Report

BUSY_MS = 30_000
_ONE_WRITER = 5_771_204  # any number that nothing else on the server locks


class Store:
    """An open database. Make one with `Store.open`."""

    def __init__(self, engine: Engine):
        self.engine = engine

    @classmethod
    def open(cls, place: str | Path, *, create: bool = True) -> "Store":
        """The store of that URL (`postgresql+psycopg://...`, `sqlite:///...`) or in that SQLite file.

        Raises CoachError when it cannot be opened, was written by a newer version, or is missing while `create` is off.
        """
        engine = _engine(place, create)
        try:
            cls._prepare(engine)
        except DatabaseError as error:
            raise _cannot_open(place, error) from None
        if engine.dialect.name == "sqlite":
            _write_ahead(engine)
        return cls(engine)

    @staticmethod
    def _prepare(engine: Engine) -> None:
        with _begun(engine, write=True) as connection:
            found = inspect(connection).get_table_names()
            if found and "setting" not in found:
                raise CoachError(
                    "This database holds other tables and is no store of ours; give an empty one.",
                    "该数据库中已有其他数据表，不是本系统的存储，请换一个空库。",
                )
            if not found:
                tables.metadata.create_all(connection)
                connection.execute(insert(tables.setting).values(name="schema_version", value=str(tables.SCHEMA_VERSION)))
            version = int(setting(connection, "schema_version"))
        if version != tables.SCHEMA_VERSION:
            raise CoachError(
                f"The store has layout {version}, this program reads layout {tables.SCHEMA_VERSION}: use the matching version.",
                f"存储的布局版本为 {version}，本程序只能读取版本 {tables.SCHEMA_VERSION}，请使用相应版本的程序。",
            )

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def read(self) -> "contextmanager[Connection]":
        """A transaction that reads one state of the store."""
        return _begun(self.engine, write=False)

    def write(self) -> "contextmanager[Connection]":
        """A transaction that may write; there is one at a time, and all of it is kept or nothing."""
        return _begun(self.engine, write=True)

    def append(self, events: Sequence[PostedEvent], received_at: int | None = None) -> "Report":
        """Take events in one transaction, without running rules; what was taken before is only counted.

        For imports. While a policy is in force, the view of the records follows when the coach next works.
        """
        from coach.store.appending import append

        with self.write() as connection:
            return append(connection, events, received_at)

    @property
    def calendar(self) -> Calendar:
        """The firm's calendar."""
        with self.read() as connection:
            return calendar_of(connection)

    def set_calendar(self, calendar: Calendar) -> None:
        """Change the firm's calendar; the coach computes pending dues again when it next starts."""
        with self.write() as connection:
            set_setting(connection, "calendar", calendar.model_dump(mode="json"))


def setting(connection: Connection, name: str, default: Any = None) -> Any:
    """A setting of the store."""
    value = connection.scalar(select(tables.setting.c.value).where(tables.setting.c.name == name))
    return default if value is None else json.loads(value)


def set_setting(connection: Connection, name: str, value: Any) -> None:
    """Keep a setting of the store."""
    changed = connection.execute(update(tables.setting).where(tables.setting.c.name == name).values(value=json.dumps(value)))
    if changed.rowcount == 0:
        connection.execute(insert(tables.setting).values(name=name, value=json.dumps(value)))


def calendar_of(connection: Connection) -> Calendar:
    """The firm's calendar; the usual one when none was set."""
    return Calendar.model_validate(setting(connection, "calendar", {}))


def next_number(connection: Connection, column) -> int:
    """The number that follows the largest in a column; there is only one writer."""
    largest = connection.scalar(select(func.max(column)))
    return 0 if largest is None else int(largest) + 1


def audited(connection: Connection, at: int, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Write one line of the audit log."""
    connection.execute(
        insert(tables.audit).values(
            id=next_number(connection, tables.audit.c.id), at=at, actor=actor, action=action, subject=subject,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )  # fmt: skip


@contextmanager
def _begun(engine: Engine, write: bool) -> Iterator[Connection]:
    with engine.connect().execution_options(writes=write) as connection, connection.begin():
        if write and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_WRITER})
        yield connection


def _engine(place: str | Path, create: bool) -> Engine:
    written = str(place)
    try:
        url = make_url(written if "://" in written else f"sqlite:///{Path(written).expanduser().as_posix()}")
        if url.get_backend_name() not in ("sqlite", "postgresql") or (url.get_backend_name() == "sqlite" and not url.database):
            raise CoachError("A store is a SQLite file or a postgresql:// URL.", "存储须为 SQLite 文件或 postgresql:// 地址。")
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, create)
        return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise _cannot_open(place, error) from None


def _sqlite(url, create: bool) -> Engine:
    path = Path(url.database)
    if not create and not path.is_file():
        raise CoachError(f"There is no store {path}; import into it first.", f"没有存储文件 {path}，请先导入数据。")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})

    @engine_event.listens_for(engine, "connect")
    def _settings(connection, _record):
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in (f"busy_timeout = {BUSY_MS}", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @engine_event.listens_for(engine, "begin")
    def _begin(connection):
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(engine: Engine) -> None:
    """Let readers go on while somebody writes. The mode stays with the file, so only a store of ours is switched to it."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _cannot_open(place: str | Path, error: Exception) -> CoachError:
    # Only the kind of error: its text may hold the URL with its password.
    shown = str(place).rsplit("@", 1)[-1]
    hint_en, hint_zh = "", ""
    if isinstance(error, ModuleNotFoundError):
        hint_en, hint_zh = f" Install the package {error.name}.", f"请安装软件包 {error.name}。"
    elif not isinstance(error, OperationalError):
        hint_en, hint_zh = " Is it a store?", "它是本系统的存储吗？"
    return CoachError(
        f"The store {shown} cannot be opened ({type(error).__name__}).{hint_en}",
        f"无法打开存储 {shown}（{type(error).__name__}）。{hint_zh}",
    )
