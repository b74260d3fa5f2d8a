"""A store: one database that holds everything, opened by path or URL."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from coach.events import PostedEvent
from coach.store import tables
from coach.store.database import begun, cannot_open, engine_of, next_number, write_ahead
from coach.store.layout import OlderStore, check_known, create, layout_of, upgrade
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of, set_setting, setting
from policies.time.calendar import Calendar

if TYPE_CHECKING:
    from coach.store.appending import Report


class Store:
    """An open database. Make one with `Store.open`."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.sessions_changed: Callable[[], None] = lambda: None
        """Called when sessions may have ended, or people changed, by way of this object."""

    @classmethod
    def open(cls, place: str | Path, *, create: bool = True) -> "Store":
        """The store of that URL (`postgresql+psycopg://...`, `sqlite:///...`) or in that SQLite file.

        Raises CoachError when it cannot be opened, was written by a newer version, is to be upgraded by hand, or is missing
        while `create` is off.
        """
        engine = engine_of(place, create)
        try:
            cls._prepare(engine)
        except DatabaseError as error:
            raise cannot_open(place, error) from None
        if engine.dialect.name == "sqlite":
            write_ahead(engine)
        return cls(engine)

    @staticmethod
    def _prepare(engine: Engine) -> None:
        with begun(engine, write=True) as connection:
            layout = layout_of(connection)
            if layout is None:
                create(connection)
        if layout not in (None, tables.SCHEMA_VERSION):
            check_known(layout)
            if engine.dialect.name != "sqlite":
                raise OlderStore(layout)
            upgrade(engine)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that reads one state of the store."""
        return begun(self.engine, write=False)

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that may write; there is one at a time, and all of it is kept or nothing."""
        return begun(self.engine, write=True)

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

    @property
    def currency(self) -> str | None:
        """Code of the firm's currency; None where nobody said it."""
        with self.read() as connection:
            return firm_currency(connection)

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was ever recorded and no calendar was set."""
        with self.read() as connection:
            anything = connection.scalar(select(tables.event.c.sequence).limit(1))
            return anything is None and setting(connection, "calendar") is None

    def set_calendar(self, calendar: Calendar) -> None:
        """Change the firm's calendar; the coach computes pending dues again when it next starts."""
        with self.write() as connection:
            set_setting(connection, "calendar", calendar.model_dump(mode="json"))


def audited(connection: Connection, at: int, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Write one line of the audit log."""
    connection.execute(
        insert(tables.audit).values(
            id=next_number(connection, tables.audit.c.id), at=at, actor=actor, action=action, subject=subject,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )  # fmt: skip
