"""A session that ends, ends on every open page: nothing private stays, and no step is taken any more."""

import time

import httpx
import panel as pn
import pytest
from sqlalchemy import update

from apps.pages.texts import Speaker
from apps.serve import application
from coach.serving import session_watch
from coach.serving.server import LocalServer
from coach.serving.session_watch import CHANGED, ENDED
from coach.store import SYSTEM, Store, people, sessions, tables
from coach.store.appending import now_ms
from tests.apps.board_firm import board_firm
from tests.apps.open_pages import PATIENCE, ROLES, Opened, kept, one_thread, settle

OTHER_ROLE = {"manager": "trainer", "rep": "manager", "trainer": "rep", "operations": "manager"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A firm and its server, whose pages are told of nothing unless the process that ends a session is this one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session_watch, "PAUSE_SECONDS", 3600.0)
        firm = board_firm(tmp_path_factory.mktemp("sessions"))
        app = application(firm.store)
        patched.setattr(pn.state, "_thread_pool", one_thread())
        people.add_person(firm.store, SYSTEM, now_ms(), name="head", role="admin")
        with LocalServer(app) as url:
            firm.url, firm.app = url, app
            firm.admin = {"Authorization": f"Bearer {people.new_token(firm.store, SYSTEM, 'head', 'test', now_ms())}"}
            yield firm


@pytest.fixture
def silent(served, monkeypatch):
    """The same, while pages are told of nothing at all: as if a step came sooner than the news."""
    monkeypatch.setattr(served.store, "sessions_changed", lambda: None)
    return served


def sign_out(_firm, page):
    page.get("/sign-out")


def sign_out_everywhere(firm, page):
    headers = {"Authorization": f"Bearer {page.session()}"}
    assert httpx.post(f"{firm.url}/api/v1/sign-out", params={"everywhere": True}, headers=headers).status_code == 200


def change(firm, page, **changes):
    role, unit = ROLES[page.name]
    told = {"name": page.person, "role": role, "unit": unit} | changes
    assert httpx.post(f"{firm.url}/api/v1/people", json=told, headers=firm.admin).status_code == 200


def new_password(firm, page):
    change(firm, page, password="another long one")


def new_role(firm, page):
    change(firm, page, role=OTHER_ROLE[ROLES[page.name][0]])


def new_unit(firm, page):
    change(firm, page, unit="rep-2")


def deactivate(firm, page):
    assert httpx.delete(f"{firm.url}/api/v1/people/{page.person}", headers=firm.admin).status_code == 200


def revoked_by_another_process(firm, page):
    store = Store.open(firm.path)
    viewer = sessions.known_by(store, page.secret, now_ms())
    sessions.revoke(store, viewer, page.secret, now_ms())
    store.close()


def run_out(firm, page):
    with firm.store.write() as connection:
        connection.execute(update(tables.token).where(tables.token.c.person == page.person).values(expires_at=now_ms()))


HERE = {
    sign_out: ENDED, sign_out_everywhere: ENDED, new_password: ENDED, deactivate: ENDED, new_role: CHANGED, new_unit: CHANGED,
}  # fmt: skip
ELSEWHERE = {revoked_by_another_process: ENDED, run_out: ENDED}
EVERY_END = {**HERE, **ELSEWHERE}


def named(function) -> str:
    return function.__name__


@pytest.fixture
def pages(served):
    """Every page, each opened by somebody of its own."""
    return [Opened(served.url, served.store, name) for name in ROLES]


def fates(pages: list[Opened]) -> dict:
    return {page.name: page.site.fate for page in pages}


def steps_change(firm, pages: list[Opened]) -> bool:
    """Take a step on each of these pages; returns whether the store is another one then."""
    before = kept(firm.store)
    for page in pages:
        page.step()
    settle(pages)
    return kept(firm.store) != before


def test_while_a_session_stands_steps_are_taken(served, pages):
    assert {page.name: steps_change(served, [page]) for page in pages} == dict.fromkeys(ROLES, True)
    assert fates(pages) == dict.fromkeys(ROLES)


PRIVATE = {"lab": [], "dojo": [], "gate": ["written-here"], "data": []}


def private_on(page: Opened) -> list[str]:
    """What a page tells that is nobody else's business."""
    told = page.told
    return [word for word in [page.person, *PRIVATE[page.name]] if word in told]


def says_that_it_ended(page: Opened) -> bool:
    say, told = Speaker(page.site._folder, page.site.language), page.told
    return all(say(f"page.{page.site.fate}{part}") in told for part in ("", "_lead", "_onward"))


@pytest.mark.parametrize("end", EVERY_END, ids=named)
def test_a_step_after_the_end_changes_nothing_and_finds_the_page_ended(silent, pages, end):
    assert {page.name: len(private_on(page)) for page in pages} == {name: 1 + len(PRIVATE[name]) for name in ROLES}
    for page in pages:
        end(silent, page)
    assert fates(pages) == dict.fromkeys(ROLES), "the pages were told nothing"
    assert not steps_change(silent, pages)
    assert fates(pages) == dict.fromkeys(ROLES, EVERY_END[end])
    assert {page.name: private_on(page) for page in pages} == {name: [] for name in ROLES}
    assert all(says_that_it_ended(page) for page in pages)
    assert not steps_change(silent, pages)


@pytest.mark.parametrize(("end", "name"), [*((end, "gate") for end in EVERY_END), *((sign_out, name) for name in ROLES)])
def test_pages_end_by_themselves_and_tell_nothing_of_what_they_showed(served, end, name):
    page = Opened(served.url, served.store, name, "zh")
    end(served, page)
    if end in ELSEWHERE:
        served.app.state.sessions.wake()  # what its pause does in two seconds
    until = time.monotonic() + PATIENCE
    while page.site.fate is None and time.monotonic() < until:
        time.sleep(0.01)
    settle([page])
    assert page.site.fate == EVERY_END[end]
    assert private_on(page) == []
    assert says_that_it_ended(page)


def test_other_pages_of_other_sessions_go_on(served, pages):
    """Also those of the same person on another device."""
    gone, *stay = pages
    sign_out(served, gone)
    settle(pages)
    assert fates(stay) == dict.fromkeys(list(ROLES)[1:])
    assert steps_change(served, stay)


def test_a_page_that_is_still_being_drawn_when_its_session_ends_shows_nothing_of_it(served):
    page = Opened(served.url, served.store, "gate")
    drawn = page.site._draw

    def slowly():
        content = drawn()
        page.site.end(ENDED)
        return content

    page.site._draw = slowly
    page.within(page.site.refresh)
    settle([page])
    assert private_on(page) == []
    assert says_that_it_ended(page)


def test_what_a_page_does_every_so_often_waits_until_the_browser_has_the_page(silent):
    """What is changed in between may never reach the browser."""
    page, seen = Opened(silent.url, silent.store, "gate"), []
    pn.state._connected[page.document] = True
    page.within(lambda: pn.state.add_periodic_callback(lambda: seen.append(1), period=20))
    settle([page])
    assert not seen
    pn.state._loaded[page.document] = True
    settle([page])
    assert seen


def test_what_a_page_does_every_so_often_stops_with_its_session(silent):
    page, seen = Opened(silent.url, silent.store, "gate"), []
    pn.state._connected[page.document] = True  # Panel begins with it when the browser has opened its connection
    pn.state._loaded[page.document] = True
    page.within(lambda: pn.state.add_periodic_callback(lambda: seen.append(1), period=20))
    settle([page])
    assert seen
    sign_out(silent, page)
    settle([page])
    count = len(seen)
    settle([page])
    assert len(seen) == count
    assert page.site.fate == ENDED
