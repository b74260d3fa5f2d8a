"""Tokens and sessions: how a request is known to be a person's. No secret is kept, only its digest.

A session ends when its person signs out, after twelve hours, with a new password, and when the person is put out.
"""

import hashlib
import secrets
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, true, update

from coach.problems import NotSignedIn
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.viewer import Viewer

SESSION_MS = 12 * 3_600_000
_person, _token = tables.person.c, tables.token.c
# argon2id at the parameters that the library's second profile (RFC 9106, low memory) gives: 64 MB, some 50 ms.
_HASHER = PasswordHasher()
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$9n3Ue1Y8Y2dEYcqYqgXH1cyD1c8v1KpGm0xR7r2Yb3c"


def hashed(password: str) -> str:
    """A password as it is kept."""
    return _HASHER.hash(password)


def keep_token(connection: Connection, person: str, label: str, at: int, expires_at: int | None, session: bool) -> str:
    """Make a token or session; returns its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        insert(tables.token).values(
            id=next_number(connection, _token.id), person=person, digest=digest_of(secret), label=label, session=session,
            created_at=at, expires_at=expires_at,
        )
    )  # fmt: skip
    return secret


def sign_in(store: Store, name: str, password: str, at: int) -> tuple[str, Viewer]:
    """A session's secret and its person. Raises NotSignedIn, in the same words and after the same time whoever was named."""
    known = verified(store, name, password)
    if known is None:
        raise _wrong()
    with store.write() as connection:
        present = still_so(connection, known)
        if present is None:
            raise _wrong()
        audited(connection, at, name, "signed_in", name)
        secret = keep_token(connection, name, "session", at, at + SESSION_MS, session=True)
    return secret, Viewer(present.name, present.role, present.unit, present.language)


def verified(store: Store, name: str, password: str) -> Row | None:
    """The person of that name whose password this is; None for nobody, after the same time whoever was named."""
    with store.read() as connection:
        row = connection.execute(select(tables.person).where(_person.name == name)).one_or_none()
    known = row if row is not None and row.active and row.password else None
    try:
        _HASHER.verify(_NOBODYS if known is None else known.password, password)
    except (VerificationError, UnicodeEncodeError):
        return None
    return known


def still_so(connection: Connection, known: Row) -> Row | None:
    """The person whom `verified` found, as the store has it by now: checking takes a while. None where the password has become
    another one, or the person was put out."""
    present = connection.execute(select(tables.person).where(_person.name == known.name)).one()
    return present if (present.password, present.active) == (known.password, known.active) else None


def known_by(store: Store, secret: str, at: int) -> Viewer | None:
    """The person whose token or session this is; None if it is not known, was revoked or has run out."""
    return standing(store, [secret], at).get(secret)


def standing(store: Store, asked: Iterable[str], at: int) -> dict[str, Viewer]:
    """The persons whose tokens or sessions these are, as they are now; what is no longer valid is left out."""
    digests = {digest_of(secret): secret for secret in asked}
    query = (
        select(_token.digest, _person.name, _person.role, _person.unit, _person.language)
        .join(tables.token, _token.person == _person.name)
        .where(_token.digest.in_(digests), _valid(at), _person.active)
    )
    with store.read() as connection:
        return {digests[digest]: Viewer(*person) for digest, *person in connection.execute(query)}


def revoke(store: Store, viewer: Viewer, secret: str, at: int) -> None:
    """End a token or session that is shown; what is not known is left alone."""
    with store.write() as connection:
        if _revoked(connection, at, _token.digest == digest_of(secret), _token.person == viewer.name):
            audited(connection, at, viewer.name, "signed_out", viewer.name)
    store.sessions_changed()


def sign_out_everywhere(store: Store, viewer: Viewer, at: int) -> int:
    """End all sessions of a person, on whatever device; tokens of programs stay. Returns how many there were."""
    with store.write() as connection:
        ended = end_sessions(connection, viewer.name, at)
        audited(connection, at, viewer.name, "signed_out_everywhere", viewer.name, sessions=ended)
    store.sessions_changed()
    return ended


def end_sessions(connection: Connection, person: str, at: int, but: str | None = None) -> int:
    """End all sessions of a person, but the one with that secret if given; returns how many were still good. Tell
    `store.sessions_changed` when it is written."""
    others = true() if but is None else _token.digest != digest_of(but)
    return _revoked(connection, at, _token.person == person, _token.session, _valid(at), others)


def _revoked(connection: Connection, at: int, *which: ColumnElement[bool]) -> int:
    change = update(tables.token).where(_token.revoked_at.is_(None), *which).values(revoked_at=at)
    return connection.execute(change).rowcount


def _valid(at: int) -> ColumnElement[bool]:
    return _token.revoked_at.is_(None) & or_(_token.expires_at.is_(None), _token.expires_at > at)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _wrong() -> NotSignedIn:
    return NotSignedIn("Name or password is wrong.", "用户名或密码不正确。")
