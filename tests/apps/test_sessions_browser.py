"""A session that ends, and steps that fail, in a real browser and in both languages."""

import sqlite3
from contextlib import contextmanager

import pytest

from apps.board.page import FOLDER
from apps.dojo.page import FOLDER as DOJO
from apps.pages.shelves import drills
from apps.pages.texts import Speaker
from coach.store import SYSTEM, Store, people
from coach.store.appending import now_ms
from tests.apps.serving import PASSWORD, PEOPLE, served, visiting

pytestmark = [pytest.mark.browser, pytest.mark.pages]
LANGUAGES = ("en", "zh")
SOON_MS = 6_000
"""Pages look at their sessions every two seconds; the rest is a busy machine's."""
READY = {"lab": ".edit, .undo", "board": ".tabs", "dojo": ".start-floor-store", "gate": ".body", "data": ".body",
         "record": ".as-of"}  # fmt: skip


@pytest.fixture
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


@pytest.fixture
def address(folder):
    with served(folder) as found:
        yield found


def opened(page, address: str, name: str, language: str):
    """Another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(f"{address}/{name}?lang={language}")
    tab.locator(READY[name]).first.wait_for()
    return tab


def ended(tab, say: Speaker, fate: str) -> None:
    """Wait until a tab says that its session has ended, and nothing else."""
    tab.get_by_text(say(f"page.{fate}"), exact=True).wait_for(timeout=SOON_MS)
    assert tab.locator("nav, .tabs, .sheet, .foot a").count() == 0
    assert tab.locator("button:visible").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_out_in_one_tab_ends_every_other_and_leads_back_to_the_same_page(browser, address, language, tmp_path):
    say = Speaker(FOLDER, language)
    with visiting(browser, address, "manager", f"/dojo?lang={language}") as page, visiting(
        browser, address, "manager", f"/dojo?lang={language}"
    ) as elsewhere:
        page.locator(READY["dojo"]).wait_for()
        tabs = [opened(page, address, name, language) for name in ("lab", "board", "gate", "data", "record")]
        page.get_by_text(say("page.sign_out"), exact=True).click()
        page.locator("#password").wait_for()
        for tab in tabs:
            ended(tab, say, "ended")
        tabs[1].screenshot(path=tmp_path / "ended.png")
        page.go_back()
        page.locator("#password").wait_for()
        elsewhere.locator(".start-floor-store button").click()
        elsewhere.locator(".move-ask_rooms").wait_for()  # another device goes on
        tabs[1].get_by_text(say("page.ended_onward")).click()
        tabs[1].fill("#name", "manager")
        tabs[1].fill("#password", PASSWORD)
        tabs[1].click("button")
        tabs[1].wait_for_url(f"**/board?lang={language}")
        tabs[1].locator(".menu summary").click()
        tabs[1].get_by_text(say("page.sign_out_everywhere")).click()
        tabs[1].locator("#password").wait_for()
        ended(elsewhere, say, "ended")
        assert page.complaints == elsewhere.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_administrator_changes_in_another_process_reaches_the_open_page(browser, address, folder, language, tmp_path):
    say, store = Speaker(FOLDER, language), Store.open(folder / "store.db")
    role, unit = PEOPLE["rep"]
    with visiting(browser, address, "rep", f"/board?lang={language}") as page:
        page.locator(READY["board"]).wait_for()
        people.add_person(store, SYSTEM, now_ms(), name="rep", role="manager", unit="company")
        ended(page, say, "changed")
        page.screenshot(path=tmp_path / "changed.png")
        page.get_by_text(say("page.changed_onward")).click()
        page.locator("nav").get_by_text(say("page.lab"), exact=True).wait_for()  # the new role's pages
        people.add_person(store, SYSTEM, now_ms(), name="rep", role=role, unit=unit, password=PASSWORD)
        ended(page, say, "ended")
        assert page.complaints == []
    store.close()


@contextmanager
def broken(folder):
    """The store lacks a table for a while."""
    with sqlite3.connect(folder / "store.db", isolation_level=None) as database:
        database.execute("ALTER TABLE session RENAME TO away")
        try:
            yield
        finally:
            database.execute("ALTER TABLE away RENAME TO session")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_fails_is_told_in_sight_and_the_page_goes_on(browser, address, folder, language, tmp_path):
    say = Speaker(FOLDER, language)
    with visiting(browser, address, "manager", f"/dojo?lang={language}", "phone") as page:
        page.set_viewport_size({"width": 390, "height": 420})
        last = page.locator(f".start-{list(drills())[-1]} button")
        last.wait_for()
        with broken(folder):
            last.scroll_into_view_if_needed()
            last.click()
            told = page.get_by_text(say("page.store_away"))
            told.wait_for()
            page.wait_for_timeout(300)
            box = told.bounding_box()
            title = page.get_by_text(Speaker(DOJO, language)("home.title"))
            assert title.bounding_box()["y"] < 0, "scrolled down, where the button is"
            page.screenshot(path=tmp_path / "failed.png")
            assert 0 <= box["y"] < box["y"] + box["height"] <= page.viewport_size["height"], "however far down the button was"
        last.click()
        page.locator("[class*='move-']").first.wait_for()
        told.wait_for(state="hidden")
    assert "a step on the page dojo failed\nTraceback" in (folder / "server.log").read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_whose_server_is_gone_says_so(browser, folder, language, tmp_path):
    say = Speaker(FOLDER, language)
    with served(folder) as address:
        page = browser.new_context().new_page()
        page.context.request.post(f"{address}/api/v1/sign-in", data={"name": "manager", "password": PASSWORD})
        page.goto(f"{address}/board?lang={language}")
        page.locator(READY["board"]).wait_for()
        assert page.get_by_text(say("page.lost")).count() == 0
    page.get_by_text(say("page.lost")).wait_for()
    page.screenshot(path=tmp_path / "lost.png")
    page.context.close()
