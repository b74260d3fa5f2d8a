"""People who come, change and go: what becomes of their sessions and their tokens, and what the audit log says."""

import json

import pytest

from coach.problems import CoachError, NotAllowed, NotFound, NotSignedIn
from coach.store import SYSTEM, Viewer, passwords, people, reading, sessions
from coach.store.viewer import ROLES
from tests.coach.firm import Firm
from tests.coach.signed_in import PASSWORD, Desk

AT = 1_000
LATER = AT + 1


@pytest.fixture
def store(tmp_path):
    store = Firm(tmp_path).store
    people.add_person(store, SYSTEM, AT, name="head", role="admin", password=PASSWORD)
    people.add_person(store, SYSTEM, AT, name="rep", role="rep", unit="rep-1", password=PASSWORD)
    return store


def signed_in(store, name: str = "rep", times: int = 2) -> list[str]:
    return [sessions.sign_in(store, name, PASSWORD, AT)[0] for _ in range(times)]


def known(store, *secrets: str, at: int = LATER) -> list[str | None]:
    """Roles in which secrets are known."""
    found = [sessions.known_by(store, secret, at) for secret in secrets]
    return [None if each is None else each.role for each in found]


def audit(store) -> list[tuple]:
    return [(each["actor"], each["action"], each["detail"]) for each in reading.audit(store, SYSTEM, before=None, limit=5)]


def test_signing_out_ends_that_session_and_no_other(store):
    here, there = signed_in(store)
    sessions.revoke(store, Viewer("rep", "rep"), here, LATER)
    assert known(store, here, there) == [None, "rep"]


def test_signing_out_everywhere_ends_all_sessions_and_leaves_tokens_and_other_people(store):
    here, there = signed_in(store)
    (other,) = signed_in(store, "head", 1)
    token = people.new_token(store, SYSTEM, "rep", "crm", AT)
    assert sessions.sign_out_everywhere(store, Viewer("rep", "rep"), LATER) == 2
    assert known(store, here, there, token, other) == [None, None, "rep", "admin"]


def test_a_session_runs_out_after_twelve_hours(store):
    (secret,) = signed_in(store, times=1)
    end = AT + sessions.SESSION_MS
    assert known(store, secret, at=end - 1) == ["rep"]
    assert known(store, secret, at=end) == [None]


def test_a_new_password_ends_all_sessions_and_no_token_and_says_so_in_the_audit_log(store):
    here, there = signed_in(store)
    token = people.new_token(store, SYSTEM, "rep", "crm", AT)
    people.add_person(store, Viewer("head", "admin"), LATER, name="rep", role="rep", unit="rep-1", password="another long one")
    assert known(store, here, there, token) == [None, None, "rep"]
    assert ("head", "password_set", {"sessions_ended": 2}) in audit(store)
    with pytest.raises(NotSignedIn):
        sessions.sign_in(store, "rep", PASSWORD, LATER)


@pytest.mark.parametrize("role", ROLES)
def test_sessions_and_tokens_act_in_the_present_role(store, role):
    (secret,) = signed_in(store, times=1)
    token = people.new_token(store, SYSTEM, "rep", "crm", AT)
    unit = "presales" if role == "desk" else "team-1"
    people.add_person(store, SYSTEM, LATER, name="rep", role=role, unit=unit)
    assert sessions.known_by(store, secret, LATER) == sessions.known_by(store, token, LATER) == Viewer("rep", role, unit)


def test_somebody_put_out_is_let_in_by_nothing_and_comes_back_without_the_old_sessions(store):
    (secret,) = signed_in(store, times=1)
    token = people.new_token(store, SYSTEM, "rep", "crm", AT)
    people.deactivate(store, Viewer("head", "admin"), LATER, "rep")
    assert known(store, secret, token) == [None, None]
    assert audit(store)[0] == ("head", "person_deactivated", {"sessions_ended": 1})
    with pytest.raises(NotSignedIn):
        sessions.sign_in(store, "rep", PASSWORD, LATER)
    people.add_person(store, SYSTEM, LATER, name="rep", role="rep", unit="rep-1")
    assert known(store, secret, token) == [None, "rep"]
    assert sessions.sign_in(store, "rep", PASSWORD, LATER)[1].name == "rep"


def test_the_last_administrator_stays_one(store):
    for last in (
        lambda: people.deactivate(store, SYSTEM, LATER, "head"),
        lambda: people.add_person(store, SYSTEM, LATER, name="head", role="rep"),
    ):
        with pytest.raises(CoachError, match="last administrator"):
            last()
    assert [each["role"] for each in people.people(store, SYSTEM) if each["name"] == "head" and each["active"]] == ["admin"]
    people.add_person(store, SYSTEM, LATER, name="second", role="admin")
    people.deactivate(store, SYSTEM, LATER, "head")
    assert not next(each["active"] for each in people.people(store, SYSTEM) if each["name"] == "head")


def test_only_an_administrator_puts_people_out(store):
    for role in set(ROLES) - {"admin"}:
        with pytest.raises(NotAllowed):
            people.deactivate(store, Viewer("x", role), LATER, "rep")
    with pytest.raises(NotFound):
        people.deactivate(store, SYSTEM, LATER, "nobody")


def test_a_password_that_changes_while_the_old_one_is_checked_lets_nobody_in(store, monkeypatch):
    class Slow:
        def verify(self, *_):
            people.add_person(store, SYSTEM, AT, name="rep", role="rep", password="another long one")

    monkeypatch.setattr(sessions, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    with pytest.raises(NotSignedIn):
        sessions.sign_in(store, "rep", PASSWORD, AT)


def test_whoever_shows_pages_is_told_when_sessions_may_have_ended(store):
    told = []
    store.sessions_changed = lambda: told.append(len(told))
    (secret,) = signed_in(store, times=1)
    assert told == []
    for change in (
        lambda: sessions.revoke(store, Viewer("rep", "rep"), secret, LATER),
        lambda: sessions.sign_out_everywhere(store, Viewer("rep", "rep"), LATER),
        lambda: people.add_person(store, SYSTEM, LATER, name="rep", role="manager"),
        lambda: people.deactivate(store, SYSTEM, LATER, "rep"),
    ):
        before = len(told)
        change()
        assert len(told) > before


def test_the_interface_puts_people_out_and_brings_them_back(tmp_path):
    desk = Desk(Firm(tmp_path))
    assert desk.ask("manager", "DELETE", "/people/rep").status_code == 403
    assert desk.ask("admin", "DELETE", "/people/nobody").status_code == 404
    assert desk.ask("admin", "DELETE", "/people/rep").json() == {"name": "rep", "active": False}
    assert desk.ask("rep", "GET", "/me").status_code == 401
    refused = desk.ask("admin", "DELETE", "/people/admin")
    assert (refused.status_code, "管理员" in json.loads(refused.text)["zh"]) == (422, True)
    assert desk.ask("admin", "POST", "/people", json={"name": "rep", "role": "rep", "unit": "rep-1"}).status_code == 200
    assert desk.ask("rep", "GET", "/me").status_code == 200


def test_signing_out_by_the_interface_may_end_all_sessions(tmp_path):
    desk = Desk(Firm(tmp_path))
    people.add_person(desk.firm.store, SYSTEM, desk.firm.now, name="rep", role="rep", unit="rep-1", password=PASSWORD)
    here, there = (sessions.sign_in(desk.firm.store, "rep", PASSWORD, desk.firm.now)[0] for _ in range(2))
    desk.tokens |= {"here": here, "there": there}
    assert desk.ask("here", "POST", "/sign-out").status_code == 200
    assert desk.ask("there", "GET", "/me").status_code == 200
    assert desk.ask("rep", "POST", "/sign-out", params={"everywhere": True}).status_code == 200
    assert desk.ask("there", "GET", "/me").status_code == 401


def test_a_link_sets_the_password_once_and_ends_what_was_signed_in(store):
    (before,) = signed_in(store, times=1)
    secret = passwords.make_link(store, SYSTEM, AT, "rep")
    assert passwords.whose_link(store, secret, LATER) == "rep"
    assert known(store, secret) == [None]
    assert passwords.set_by_link(store, secret, "another long one", LATER) == "rep"
    assert known(store, before) == [None]
    assert sessions.sign_in(store, "rep", "another long one", LATER)[1].name == "rep"
    with pytest.raises(NotFound):
        passwords.set_by_link(store, secret, "a third long one", LATER)


@pytest.mark.parametrize(
    "ends",
    [
        lambda store: passwords.make_link(store, SYSTEM, AT, "rep"),
        lambda store: people.add_person(store, SYSTEM, AT, name="rep", role="rep", password="another long one"),
        lambda store: people.deactivate(store, SYSTEM, AT, "rep"),
    ],
    ids=["another link", "a password set in another way", "the person is put out"],
)
def test_a_link_is_good_no_more_after(store, ends):
    secret = passwords.make_link(store, SYSTEM, AT, "rep")
    ends(store)
    with pytest.raises(NotFound):
        passwords.whose_link(store, secret, LATER)


def test_a_link_is_good_for_a_day(store):
    secret = passwords.make_link(store, SYSTEM, AT, "rep")
    assert passwords.whose_link(store, secret, AT + passwords.LINK_MS - 1) == "rep"
    with pytest.raises(NotFound):
        passwords.whose_link(store, secret, AT + passwords.LINK_MS)


def test_only_administrators_make_links_and_nobody_put_out_gets_one(store):
    for role in set(ROLES) - {"admin"}:
        with pytest.raises(NotAllowed):
            passwords.make_link(store, Viewer("x", role, "rep-1"), AT, "rep")
    people.deactivate(store, SYSTEM, AT, "rep")
    with pytest.raises(CoachError):
        passwords.make_link(store, SYSTEM, AT, "rep")


def test_changing_the_own_password_needs_the_present_one_and_ends_the_other_sessions(store):
    here, there = signed_in(store)
    me = Viewer("rep", "rep", "rep-1")
    with pytest.raises(CoachError):
        passwords.change_own(store, me, LATER, present="wrong", password="another long one", session=here)
    assert known(store, here, there) == ["rep", "rep"]
    passwords.change_own(store, me, LATER, present=PASSWORD, password="another long one", session=here)
    assert known(store, here, there) == ["rep", None]


def test_a_revoked_token_lets_nobody_in_and_a_session_is_none(store):
    token = people.new_token(store, SYSTEM, "rep", "crm", AT)
    (session,) = signed_in(store, times=1)
    (told,) = people.tokens(store, SYSTEM)
    people.revoke_token(store, SYSTEM, LATER, told["id"])
    assert known(store, token, session) == [None, "rep"]
    with pytest.raises(NotFound):
        people.revoke_token(store, SYSTEM, LATER, told["id"] + 1)
