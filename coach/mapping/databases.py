"""Exports that lie in a database: its tables and views as files of a folder, read and never written."""

import csv
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from coach.mapping.files import MOST_BYTES, MappingError, cell_text

MOST_TABLES = 60
"""A database with more tables is read only where those that are wanted are named."""
WAIT_SECONDS = 20
_TABLES = "tables"
_ROWS = 5_000


def is_url(source: str | Path) -> bool:
    """Whether a source is the address of a database."""
    return re.match(r"[a-z0-9+]+://", str(source)) is not None


def name_of(source: str | Path) -> str:
    """What a database is called, without what is secret in its address."""
    return Path(_url(str(source)).database or "").stem or "database"


@contextmanager
def fetched(source: str) -> Iterator[Path]:
    """A folder with a CSV file for each table and view, gone afterwards. `?tables=a,b` in the address names those that are
    wanted. Raises MappingError, in which no password stands."""
    url = _url(source)
    wanted = [name for name in str(url.query.get(_TABLES, "")).split(",") if name]
    with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
        try:
            engine = _engine(url.difference_update_query([_TABLES]))
            try:
                with engine.connect() as connection:
                    _write(connection, wanted, Path(folder))
            finally:
                engine.dispose()
        except (SQLAlchemyError, ModuleNotFoundError) as error:
            raise _unreadable(url, error) from None
        yield Path(folder)


def _url(source: str) -> URL:
    try:
        return make_url(source)
    except (ArgumentError, ValueError):
        raise MappingError(
            "This is no address of a database; write postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE.",
            "这不是数据库地址；请写成 postgresql://用户:密码@主机/数据库 或 sqlite:///文件。",
        ) from None


def _engine(url: URL):
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").expanduser()
        if not path.is_file():
            raise MappingError(f"There is no database {path}.", f"没有数据库文件 {path}。")
        address = f"{path.resolve().as_uri()}?mode=ro"
        return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), hide_parameters=True)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")  # the driver that is installed
    waits = {"connect_timeout": WAIT_SECONDS} if url.get_backend_name() == "postgresql" else {}
    return create_engine(url, hide_parameters=True, connect_args=waits)


def _write(connection: Connection, wanted: list[str], folder: Path) -> None:
    about = inspect(connection)
    there = sorted({*about.get_table_names(), *about.get_view_names()})
    unknown = [name for name in wanted if name not in there]
    if unknown or not there:
        names = ", ".join(there[:40]) or "–"
        raise MappingError(
            f"The database has no table {', '.join(unknown)}; there are {names}.",
            f"数据库中没有表 {', '.join(unknown)}；现有：{names}。",
        )
    if not wanted and len(there) > MOST_TABLES:
        raise MappingError(
            f"The database has {len(there)} tables. Name those of deals, activities and users: …?tables=crm_lead,res_users",
            f"数据库共有 {len(there)} 个表。请指明商机、活动和用户所在的表：…?tables=crm_lead,res_users",
        )
    left = MOST_BYTES
    for name in wanted or there:
        left -= _write_table(connection, name, folder / f"{name}.csv")
        if left < 0:
            raise MappingError(
                "The tables hold more than 2 GB; name fewer of them with ?tables=a,b.",
                "数据超过 2 GB，请用 ?tables=a,b 减少表数。",
            )


def _write_table(connection: Connection, name: str, file: Path) -> int:
    """The bytes that were written. Values come as the driver gives them: what a column says of its type may not hold."""
    quoted = connection.dialect.identifier_preparer.quote(name)
    found = connection.execution_options(stream_results=True).exec_driver_sql(f"SELECT * FROM {quoted}")  # noqa: S608 -- a known table
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(found.keys())
        for rows in found.partitions(_ROWS):
            writer.writerows([["" if isinstance(cell, bytes) else cell_text(cell) for cell in row] for row in rows])
    return file.stat().st_size


def _unreadable(url: URL, error: Exception) -> MappingError:
    """Why it cannot be read, without what is secret in the address."""
    if isinstance(error, (NoSuchModuleError, ModuleNotFoundError)):
        return MappingError(
            f"There is no driver for {url.drivername}. SQLite and PostgreSQL can be read; export anything else as CSV.",
            f"没有 {url.drivername} 的驱动。可读取 SQLite 和 PostgreSQL；其他数据库请导出为 CSV。",
        )
    why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    secrets = [url.password, *(str(value) for value in url.query.values())]
    for secret in filter(None, secrets):
        why = why.replace(str(secret), "***")
    shown = url.set(query={}).render_as_string(hide_password=True)
    return MappingError(f"{shown} cannot be read: {why}.", f"无法读取 {shown}：{why}。")
