"""People: who there is, in which role, and who was put out."""

from sqlalchemy import Connection, func, insert, select, update

from coach.events import Identifier
from coach.problems import CoachError, not_found
from coach.store import tables
from coach.store.passwords import drop_link, kept, set_password
from coach.store.sessions import end_sessions, keep_token
from coach.store.store import Store, audited
from coach.store.viewer import ROLES, SEE_EVERYTHING, Viewer, ask
from policies.record.records import DESKS

STAFFED = tuple(desk for desk in DESKS if desk != "manager")
"""Desks at which people sign in; what the manager is asked for, managers answer."""
_OF_UNITS = ("rep", "manager")
LANGUAGES = ("browser", "en", "zh")
_person = tables.person.c
__all__ = ["Identifier", "add_person", "deactivate", "leaders", "new_token", "people", "revoke_token", "speak", "tokens"]
_token = tables.token.c


def add_person(
    store: Store, viewer: Viewer, at: int, *, name: str, role: str, unit: str | None = None, language: str = "browser",
    password: str | None = None, new: bool = False,
) -> None:  # fmt: skip
    """Add a person, or change the one of that name, who may have been put out before; with `new` only add.

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
    to_keep = None if password is None else kept(password)
    values = {"role": role, "unit": unit, "language": language, "active": True}
    with store.write() as connection:
        if new and connection.scalar(select(_person.name).where(_person.name == name)) is not None:
            raise CoachError(
                f"There is somebody called {name} already; open that person, or choose another name.",
                f"已有名为“{name}”的人员，请打开该人员，或换一个名称。",
            )
        if role != "admin":
            _ask_for_another_admin(connection, name)
        if connection.execute(update(tables.person).where(_person.name == name).values(**values)).rowcount == 0:
            connection.execute(insert(tables.person).values(name=name, password=None, **values))
        audited(connection, at, viewer.name, "person_set", name, role=role, unit=unit)
        if to_keep is not None:
            set_password(connection, viewer.name, name, to_keep, at)
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
        drop_link(connection, name)
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


def leaders(store: Store, viewer: Viewer) -> dict[str, list[str]]:
    """Who leads each unit, and of a rep's own unit who it is: people who may sign in, by unit."""
    ask(viewer, *SEE_EVERYTHING)
    asked = select(_person.unit, _person.name).where(_person.active, _person.unit.is_not(None), _person.role.in_(_OF_UNITS))
    found: dict[str, list[str]] = {}
    with store.read() as connection:
        for unit, name in connection.execute(asked.order_by(_person.name)):
            found.setdefault(unit, []).append(name)
    return found


def new_token(store: Store, viewer: Viewer, person: str, label: str, at: int, expires_at: int | None = None) -> str:
    """A token for a person's programs; shown this once and kept nowhere."""
    ask(viewer, "admin")
    with store.write() as connection:
        if connection.scalar(select(_person.name).where(_person.name == person)) is None:
            raise not_found("person", "人员", person)
        audited(connection, at, viewer.name, "token_made", person, label=label)
        return keep_token(connection, person, label, at, expires_at, session=False)


def tokens(store: Store, viewer: Viewer) -> list[dict]:
    """Tokens of people's programs without anything secret, the latest first."""
    ask(viewer, "admin")
    columns = (_token.id, _token.person, _token.label, _token.created_at, _token.expires_at, _token.revoked_at)
    query = select(*columns).where(_token.session.is_(False)).order_by(_token.id.desc())
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def revoke_token(store: Store, viewer: Viewer, at: int, number: int) -> None:
    """Let nobody in with a token any more."""
    ask(viewer, "admin")
    which = (_token.id == number) & _token.session.is_(False)
    with store.write() as connection:
        found = connection.execute(select(_token.person, _token.label, _token.revoked_at).where(which)).one_or_none()
        if found is None:
            raise not_found("token", "令牌", str(number))
        if found.revoked_at is None:
            connection.execute(update(tables.token).where(which).values(revoked_at=at))
            audited(connection, at, viewer.name, "token_revoked", found.person, label=found.label)
    store.sessions_changed()


def speak(store: Store, viewer: Viewer, at: int, language: str) -> None:
    """Say in which language the own pages are to be: en, zh, or browser for the one that the browser asks for."""
    if language not in LANGUAGES:
        raise CoachError(f"A language is one of {', '.join(LANGUAGES)}.", f"语言须为 {', '.join(LANGUAGES)} 之一。")
    with store.write() as connection:
        connection.execute(update(tables.person).where(_person.name == viewer.name).values(language=language))
        audited(connection, at, viewer.name, "language_set", viewer.name, language=language)
