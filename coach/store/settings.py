"""Settings of a store, each a JSON value under a name."""

import json
from typing import Any

from sqlalchemy import Connection, insert, select, update

from coach.store import tables
from policies.time.calendar import Calendar

PROCESSED_THROUGH = "processed_through"
"""Setting: the last instant that the rules have worked off; missing while no policy was ever in force."""


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
