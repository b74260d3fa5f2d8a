"""People, their passwords, and the tokens and sessions by which they are known. No secret is kept, only its digest."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, insert, or_, select, update

from coach.events import Identifier
from coach.problems import CoachError, NotSignedIn, not_found
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.viewer import ROLES, Viewer, ask

SESSION_MS = 12 * 3_600_000
SHORTEST_PASSWORD = 8
_person, _token = tables.person.c, tables.token.c
# argon2id at the parameters that the library's second profile (RFC 9106, low memory) gives: 64 MB, some 50 ms.
_HASHER = PasswordHasher()
__all__ = ["Identifier", "add_person", "known_by", "new_token", "people", "revoke", "sign_in"]


def add_person(
    store: Store, viewer: Viewer, at: int, *, name: str, role: str, unit: str | None = None, language: str = "browser",
    password: str | None = None,
) -> None:  # fmt: skip
    """Add a person, or change the one of that name. A password of None leaves the old one."""
    ask(viewer, "admin")
    if role not in ROLES:
        raise CoachError(
            f"There is no role {role!r}; there are {', '.join(ROLES)}.", f"没有角色“{role}”，可用：{', '.join(ROLES)}。"
        )
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise CoachError(
            f"A password has at least {SHORTEST_PASSWORD} characters.", f"密码至少须有 {SHORTEST_PASSWORD} 个字符。"
        )
    values = {"role": role, "unit": unit, "language": language, "active": True}
    if password is not None:
        values["password"] = _HASHER.hash(password)
    with store.write() as connection:
        if connection.execute(update(tables.person).where(_person.name == name).values(**values)).rowcount == 0:
            connection.execute(insert(tables.person).values(name=name, **{"password": None, **values}))
        audited(connection, at, viewer.name, "person_set", name, role=role, unit=unit)


def people(store: Store, viewer: Viewer) -> list[dict]:
    """Everybody, without anything secret."""
    ask(viewer, "admin")
    columns = (_person.name, _person.role, _person.unit, _person.language, _person.active)
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(*columns).order_by(_person.name))]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _keep_token(connection: Connection, person: str, label: str, at: int, expires_at: int | None, session: bool) -> str:
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(tables.token).values(
            id=next_number(connection, _token.id), person=person, digest=_digest(secret), label=label, session=session,
            created_at=at, expires_at=expires_at,
        )
    )  # fmt: skip
    return secret


def new_token(store: Store, viewer: Viewer, person: str, label: str, at: int, expires_at: int | None = None) -> str:
    """A token for a person's programs; shown this once and kept nowhere."""
    ask(viewer, "admin")
    with store.write() as connection:
        if connection.scalar(select(_person.name).where(_person.name == person)) is None:
            raise not_found("person", "人员", person)
        audited(connection, at, viewer.name, "token_made", person, label=label)
        return _keep_token(connection, person, label, at, expires_at, session=False)


def revoke(store: Store, viewer: Viewer, secret: str, at: int) -> None:
    """End a token or session that is shown; what is not known is left alone."""
    with store.write() as connection:
        revoked = connection.execute(
            update(tables.token)
            .where(_token.digest == _digest(secret), _token.person == viewer.name, _token.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        if revoked.rowcount:
            audited(connection, at, viewer.name, "signed_out", viewer.name)


def sign_in(store: Store, name: str, password: str, at: int) -> tuple[str, Viewer]:
    """A session's secret and its person. Raises NotSignedIn, in the same words and after the same time whoever was named."""
    with store.read() as connection:
        row = connection.execute(select(tables.person).where(_person.name == name)).one_or_none()
    known = row if row is not None and row.active and row.password else None
    try:
        _HASHER.verify(_NOBODYS if known is None else known.password, password)
    except (VerificationError, UnicodeEncodeError):
        known = None
    if known is None:
        raise NotSignedIn("Name or password is wrong.", "用户名或密码不正确。")
    with store.write() as connection:
        audited(connection, at, name, "signed_in", name)
        secret = _keep_token(connection, name, "session", at, at + SESSION_MS, session=True)
    return secret, Viewer(known.name, known.role, known.unit, known.language)


_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$9n3Ue1Y8Y2dEYcqYqgXH1cyD1c8v1KpGm0xR7r2Yb3c"


def known_by(store: Store, secret: str, at: int) -> Viewer | None:
    """The person whose token or session this is; None if it is not known, was revoked or has run out."""
    query = (
        select(_person.name, _person.role, _person.unit, _person.language)
        .join(tables.token, _token.person == _person.name)
        .where(
            _token.digest == _digest(secret), _token.revoked_at.is_(None), _person.active,
            or_(_token.expires_at.is_(None), _token.expires_at > at),
        )
    )  # fmt: skip
    with store.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Viewer(*row)
