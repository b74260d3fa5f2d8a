"""Passwords that people set themselves: by a link that an administrator made, or knowing the present one.

A link holds a secret of which only the digest is kept. It is good for a day, once, and until another is made, the password is
set in another way or the person is put out. The secret of a link signs nobody in.
"""

import secrets
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from coach.problems import CoachError, NotFound, not_found
from coach.store import tables
from coach.store.sessions import digest_of, end_sessions, hashed, still_so, verified
from coach.store.settings import set_setting, setting
from coach.store.store import Store, audited
from coach.store.viewer import Viewer, ask

SHORTEST, LONGEST = 8, 200
"""Characters of a password."""
LINK_MS = 24 * 3_600_000
_LINK = "password_link/"
"""Setting, with the name of the person behind it: digest of the secret, and until when it is good (ms)."""
_person = tables.person.c


class WrongPassword(CoachError):
    """The present password, which a change needs, is another one."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("The present password is another one.", "当前密码不正确。")


class Entry(NamedTuple):
    """How somebody can come in: whether there is a password, and until when a link is good (ms), None for no link."""

    has_password: bool
    link_until: int | None


def kept(password: str) -> str:
    """A password as it is kept; CoachError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise CoachError(
            f"A password has {SHORTEST} to {LONGEST} characters.", f"密码须有 {SHORTEST} 到 {LONGEST} 个字符。"
        )
    return hashed(password)


def make_link(store: Store, viewer: Viewer, at: int, person: str) -> str:
    """The secret of a link by which a person sets the password; shown this once. A former link is good no more."""
    ask(viewer, "admin")
    secret = secrets.token_urlsafe(32)
    with store.write() as connection:
        active = connection.scalar(select(_person.active).where(_person.name == person))
        if active is None:
            raise not_found("person", "人员", person)
        if not active:
            raise CoachError(f"{person} was put out; bring the person back first.", f"“{person}”已停用，请先恢复。")
        set_setting(connection, _LINK + person, {"digest": digest_of(secret), "until": at + LINK_MS})
        audited(connection, at, viewer.name, "password_link_made", person)
    return secret


def whose_link(store: Store, secret: str, at: int) -> str:
    """The person whose link has this secret. NotFound where it is not known, was used or has run out."""
    with store.read() as connection:
        return _whose(connection, secret, at)


def set_by_link(store: Store, secret: str, password: str, at: int) -> str:
    """Set the password of the person whose link this is, and end the link and all sessions of the person; returns the name."""
    new = kept(password)
    with store.write() as connection:
        name = _whose(connection, secret, at)
        set_password(connection, name, name, new, at)
    store.sessions_changed()
    return name


def change_own(store: Store, viewer: Viewer, at: int, *, present: str, password: str, session: str) -> None:
    """Give oneself another password; all sessions end but this one, of which `session` is the secret."""
    new = kept(password)
    known = verified(store, viewer.name, present)
    with store.write() as connection:
        if known is None or still_so(connection, known) is None:
            raise WrongPassword
        set_password(connection, viewer.name, viewer.name, new, at, but=session)
    store.sessions_changed()


def set_password(connection: Connection, actor: str, person: str, new: str, at: int, but: str | None = None) -> None:
    """Keep a password as of `kept`: sessions end, but the one with the secret `but`, and so does a link."""
    connection.execute(update(tables.person).where(_person.name == person).values(password=new))
    drop_link(connection, person)
    ended = end_sessions(connection, person, at, but)
    audited(connection, at, actor, "password_set", person, sessions_ended=ended)


def drop_link(connection: Connection, person: str) -> None:
    """The link of a person is good no more."""
    connection.execute(delete(tables.setting).where(tables.setting.c.name == _LINK + person))


def entries(store: Store, viewer: Viewer, at: int) -> dict[str, Entry]:
    """How everybody can come in, by name."""
    ask(viewer, "admin")
    with store.read() as connection:
        people = connection.execute(select(_person.name, _person.password.is_not(None))).all()
        links = {name: told["until"] for name, told in _links(connection).items() if told["until"] > at}
    return {name: Entry(bool(has), links.get(name)) for name, has in people}


def _links(connection: Connection) -> dict[str, dict]:
    names = connection.scalars(
        select(tables.setting.c.name).where(tables.setting.c.name.startswith(_LINK, autoescape=True))
    ).all()
    return {name.removeprefix(_LINK): setting(connection, name) for name in names}


def _whose(connection: Connection, secret: str, at: int) -> str:
    digest = digest_of(secret)
    for name, told in _links(connection).items():
        if told["digest"] == digest and told["until"] > at:
            return name
    raise NotFound(
        "This link is good no more: it was used, a newer one was made, or a day has passed. Ask your administrator for "
        "another one.",
        "此链接已失效：已被使用、已生成新链接，或已超过一天。请向管理员索取新的链接。",
    )
