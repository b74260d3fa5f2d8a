"""What a person has under way in the pages, kept in the store after every step, so that a reload loses nothing."""

import json
import secrets
import time
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text, delete, insert, select, update

from coach.problems import not_found
from coach.store import Store, Viewer

_metadata = MetaData()
session = Table(
    "session",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),  # play, quarter, draft or experiment
    Column("title", Text, nullable=False),  # JSON: language -> words
    Column("state", Text, nullable=False),  # JSON: a line for lists, such as the score
    Column("data", Text, nullable=False),  # JSON
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("session_by_person", "person", "kind", "changed_at"),
)
_MOST = 50


class Kept(NamedTuple):
    """One session; `data` is empty in lists. Instants are milliseconds since 1970 (UTC)."""

    id: str
    kind: str
    title: dict[str, str]
    state: dict
    data: dict
    created_at: int
    changed_at: int


class Keeping:
    """The sessions of one person. Nobody else reads them."""

    def __init__(self, store: Store, viewer: Viewer):
        self.store, self.viewer = store, viewer
        _metadata.create_all(store.engine)

    def begin(self, kind: str, title: dict[str, str], state: dict, data: dict) -> str:
        """Keep something new; returns its name."""
        name = f"{kind}-{secrets.token_hex(6)}"
        now = _now()
        with self.store.write() as connection:
            connection.execute(
                insert(session).values(
                    id=name, person=self.viewer.name, kind=kind, title=_json(title), state=_json(state), data=_json(data),
                    created_at=now, changed_at=now,
                )
            )  # fmt: skip
        return name

    def keep(self, name: str, state: dict, data: dict) -> None:
        """Keep how it stands now. NotFound when there is no such session of this person."""
        change = update(session).where(*self._own(name)).values(state=_json(state), data=_json(data), changed_at=_now())
        with self.store.write() as connection:
            if connection.execute(change).rowcount == 0:
                raise not_found("session", "会话", name)

    def find(self, name: str) -> Kept:
        """One session. NotFound when there is no such session of this person."""
        with self.store.read() as connection:
            row = connection.execute(select(session).where(*self._own(name))).one_or_none()
        if row is None:
            raise not_found("session", "会话", name)
        return _kept({**row._mapping, "data": json.loads(row.data)})

    def all(self, *kinds: str) -> list[Kept]:
        """Sessions of these kinds without their data, the one changed last first."""
        columns = [column for column in session.c if column.name != "data"]
        query = select(*columns).where(session.c.person == self.viewer.name, session.c.kind.in_(kinds))
        with self.store.read() as connection:
            rows = connection.execute(query.order_by(session.c.changed_at.desc()).limit(_MOST)).all()
        return [_kept({**row._mapping, "data": {}}) for row in rows]

    def drop(self, name: str) -> None:
        """Forget a session."""
        with self.store.write() as connection:
            connection.execute(delete(session).where(*self._own(name)))

    def _own(self, name: str):
        return session.c.id == name, session.c.person == self.viewer.name


def _kept(row) -> Kept:
    parts = dict(row) | {"title": json.loads(row["title"]), "state": json.loads(row["state"])}
    return Kept(**{name: parts[name] for name in Kept._fields})


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> int:
    return time.time_ns() // 1_000_000
