"""What the record says and what the firm may expect, in a real browser: both languages, both widths, each for whom it is."""

import re
import shutil
import time

import httpx
import pytest

from apps.board.page import FOLDER as BOARD
from apps.pages.texts import LANGUAGES, Speaker
from apps.record.page import FOLDER
from coach.mapping.export import export_office
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.parity.check import office_with_journal
from coach.store import SYSTEM, Store, people
from policies.documents.loader import load_policy
from scenarios.loader import load_scenario
from tests.apps.serving import PASSWORD, asked_elsewhere, served, visiting
from tests.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.pages]
WEEKS = 16
WORK_MS = 240_000
SLOWEST_SECONDS = 2.0
"""For what a server answers while it is at work on a machine of two busy cores."""
TALL = 5000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A store made by importing the records of an invented office."""
    folder = tmp_path_factory.mktemp("record")
    office = office_with_journal(load_scenario("small"), load_policy("freeze-15d"), 1, WEEKS)
    export_office(office, folder / "records")
    store = Store.open(folder / "store.db")
    import_folder(folder / "records", load_mapping("rehearse"), store, now=office.now + 1)
    for name, role, unit in (("operations", "operations", None), ("lead", "manager", "team-1")):
        people.add_person(store, SYSTEM, 0, name=name, role=role, unit=unit, password=PASSWORD)
    store.close()
    shutil.rmtree(folder / "records")
    return folder


@pytest.fixture(scope="module")
def address(place):
    with served(place) as found:
        yield found


def fits(page, path, size: str) -> None:
    """Whether nothing sticks out sideways; the whole page as a picture for people to look at."""
    page.set_viewport_size({"width": SIZES[size][0], "height": TALL})
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def drawn(page, name: str) -> None:
    """Wait until a plot stands."""
    page.locator(f"[data-plot='{name}']").scroll_into_view_if_needed(timeout=WORK_MS)
    page.locator(f"[data-plot='{name}'] canvas").first.wait_for(timeout=WORK_MS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_what_the_record_says(browser, address, language, size, tmp_path):
    say = Speaker(FOLDER, language)
    with visiting(browser, address, "manager", f"/record?lang={language}", size) as page:
        page.get_by_text(say("record.title")).first.wait_for()
        page.locator("[data-section=people]").wait_for(timeout=WORK_MS)
        for name in ("recorded", "won_by_age", "won_by_owner"):
            drawn(page, name)
        page.locator(".contents [data-to=conversion]").click()
        page.locator("[data-section=conversion] summary").first.click()
        page.locator("[data-section=conversion] td").first.wait_for()
        fits(page, tmp_path / f"record-{language}-{size}.png", size)
        with page.expect_download() as taken:
            page.locator(".take-html").click()
        html = taken.value.path().read_text(encoding="utf-8")
        assert "won_by_owner" in html
        page.reload()
        page.locator("[data-section=people]").wait_for()  # it is kept
        assert page.locator("[data-do=stop]").count() == 0
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


def test_an_earlier_day_is_asked_for_in_the_address_and_the_language_changes_in_place(browser, address):
    with visiting(browser, address, "manager", "/record?lang=en&day=2026-01-15") as page:
        page.get_by_text("to 2026-01-15").wait_for(timeout=WORK_MS)
        page.locator("a.switch").click()
        page.get_by_text("至 2026-01-15").first.wait_for()
        drawn(page, "recorded")
        assert "day=2026-01-15" in page.url
        assert page.complaints == []


@pytest.mark.system("S16")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_what_to_expect_beside_how_the_past_was_foretold(browser, address, language, size, tmp_path):
    say = Speaker(BOARD, language)
    with visiting(browser, address, "manager", f"/board?lang={language}&view=forecast", size) as page:
        page.get_by_text(say("forecast.past")).wait_for(timeout=WORK_MS)
        for name in ("wins", "revenue"):
            drawn(page, name)
        page.locator("summary").first.click()
        for name in ("unit", "rep"):
            assert page.get_by_text(say(f"forecast.by_{name}"), exact=True).count() == 1
        fits(page, tmp_path / f"forecast-{language}-{size}.png", size)
        with page.expect_download() as taken:
            page.locator(".take-csv").click()
        assert "rep-1" in taken.value.path().read_text(encoding="utf-8")
        page.locator(".tabs [data-view=pipeline]").click()
        page.locator(".tabs [data-view=pipeline].here").wait_for()
        assert page.locator("[data-plot]").count() == 0
        page.locator(".tabs [data-view=forecast]").click()
        drawn(page, "wins")
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


@pytest.mark.system("S16")
def test_each_role_is_told_what_it_answers_for(browser, address):
    told = {}
    for person in ("operations", "manager", "lead", "rep"):
        with visiting(browser, address, person, "/board?lang=en&view=forecast") as page:
            page.locator(".beside").wait_for(timeout=WORK_MS)
            told[person] = page.locator("#sheet").inner_text()
    named = {person: set(re.findall(r"rep-\d+", words)) for person, words in told.items()}
    assert all(name in told["operations"] for name in ("team-1", "team-2", "rep-1"))
    assert ("rep-1" in told["lead"], "team-2" in told["lead"]) == (True, False)
    assert named["lead"] < named["operations"] == named["manager"]
    assert "rep-" not in told["rep"]
    for person, may in (("operations", True), ("manager", True), ("lead", True), ("rep", False), ("trainer", False)):
        with visiting(browser, address, person, "/record") as page:
            page.locator("[data-section=people]" if may else "text=This page is for the roles").first.wait_for(timeout=WORK_MS)
            assert (page.locator("nav a[href^='/record']").count() == 1) == may
            assert (page.locator("[data-plot=won_by_owner]").count() == 1) == may


def test_other_pages_answer_while_it_is_worked_out(browser, place, tmp_path_factory):
    twin = tmp_path_factory.mktemp("twin")
    shutil.copy(place / "store.db", twin / "store.db")
    store = Store.open(twin / "store.db")
    store.close()
    with served(twin) as address, visiting(browser, address, "manager", "/board?lang=en&view=forecast") as page:
        page.locator(".under-way").wait_for()
        slowest, looks = 0.0, 0
        while page.locator(".under-way").count() and looks < 100:
            began = time.monotonic()
            assert httpx.get(address).status_code == 200
            slowest, looks = max(slowest, time.monotonic() - began), looks + 1
            page.wait_for_timeout(100)
        assert looks > 3
        assert slowest < SLOWEST_SECONDS
