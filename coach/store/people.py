"""People: who there is, in which role, and who was put out."""

from sqlalchemy import Connection, func, insert, select, update

from coach.events import Identifier
from coach.problems import CoachError, not_found
from coach.store import tables
from coach.store.sessions import end_sessions, hashed, keep_token
from coach.store.store import Store, audited
from coach.store.viewer import ROLES, Viewer, ask
from policies.record.records import DESKS

SHORTEST_PASSWORD = 8
STAFFED = tuple(desk for desk in DESKS if desk != "manager")
"""Desks at which people sign in; what the manager is asked for, managers answer."""
_person = tables.person.c
__all__ = ["Identifier", "add_person", "deactivate", "new_token", "people"]


def add_person(
    store: Store, viewer: Viewer, at: int, *, name: str, role: str, unit: str | None = None, language: str = "browser",
    password: str | None = None,
) -> None:  # fmt: skip
    """Add a person, or change the one of that name, who may have been put out before.

    A password of None leaves the old one. A new one ends all sessions of the person. Tokens stay, and act in the new role.
    """
    ask(viewer, "admin")
    if role not in ROLES:
        raise CoachError(
            f"There is no role {role!r}; there are {', '.join(ROLES)}.", f"没有角色“{role}”，可用：{', '.join(ROLES)}。"
        )
    if role == "desk" and unit not in STAFFED:
        desks = ", ".join(STAFFED)
        raise CoachError(f"A desk is one of {desks}: give it as the unit.", f"部门须为 {desks} 之一：请填在单位中。")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise CoachError(
            f"A password has at least {SHORTEST_PASSWORD} characters.", f"密码至少须有 {SHORTEST_PASSWORD} 个字符。"
        )
    values = {"role": role, "unit": unit, "language": language, "active": True}
    if password is not None:
        values["password"] = hashed(password)
    with store.write() as connection:
        if role != "admin":
            _ask_for_another_admin(connection, name)
        if connection.execute(update(tables.person).where(_person.name == name).values(**values)).rowcount == 0:
            connection.execute(insert(tables.person).values(name=name, **{"password": None, **values}))
        audited(connection, at, viewer.name, "person_set", name, role=role, unit=unit)
        if password is not None:
            ended = end_sessions(connection, name, at)
            audited(connection, at, viewer.name, "password_set", name, sessions_ended=ended)
    store.sessions_changed()


def deactivate(store: Store, viewer: Viewer, at: int, name: str) -> None:
    """Put a person out: all sessions end, tokens let nobody in. What the person did stays; `add_person` brings back.

    Raises NotFound, and CoachError for the last admin, whom nobody could bring back.
    """
    ask(viewer, "admin")
    with store.write() as connection:
        _ask_for_another_admin(connection, name)
        if connection.execute(update(tables.person).where(_person.name == name).values(active=False)).rowcount == 0:
            raise not_found("person", "人员", name)
        ended = end_sessions(connection, name, at)
        audited(connection, at, viewer.name, "person_deactivated", name, sessions_ended=ended)
    store.sessions_changed()


def _ask_for_another_admin(connection: Connection, name: str) -> None:
    admins = (_person.role == "admin") & _person.active
    others = select(func.count()).where(admins, _person.name != name)
    if connection.scalar(select(_person.name).where(admins, _person.name == name)) and not connection.scalar(others):
        raise CoachError(
            f"{name} is the last administrator; make somebody else one first.",
            f"“{name}”是最后一位管理员，请先另设一位管理员。",
        )


def people(store: Store, viewer: Viewer) -> list[dict]:
    """Everybody, without anything secret."""
    ask(viewer, "admin")
    columns = (_person.name, _person.role, _person.unit, _person.language, _person.active)
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(*columns).order_by(_person.name))]


def new_token(store: Store, viewer: Viewer, person: str, label: str, at: int, expires_at: int | None = None) -> str:
    """A token for a person's programs; shown this once and kept nowhere."""
    ask(viewer, "admin")
    with store.write() as connection:
        if connection.scalar(select(_person.name).where(_person.name == person)) is None:
            raise not_found("person", "人员", person)
        audited(connection, at, viewer.name, "token_made", person, label=label)
        return keep_token(connection, person, label, at, expires_at, session=False)
