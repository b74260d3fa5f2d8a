"""The gate in a real browser, in both languages: an operator's validation, the report, activation and the step back."""

from io import BytesIO

import pytest

from apps.gate.page import FOLDER
from apps.pages.texts import Speaker
from coach.store import SYSTEM, Store, people
from tests.apps.serving import PASSWORD, asked_elsewhere, served, visiting
from tests.coach.firm import Firm

pytestmark = [pytest.mark.browser, pytest.mark.pages]
LONG_MS = 200_000
"""Patience where the office may have to be compiled first."""
LINES = {
    "passing": "history:\n  - {figure: notices_busiest_week, at_most: 5}\n",
    "failing": "history:\n  - {figure: firings_per_person_week, at_most: 0}\n",
    "faulty": "history:\n  - {figure: nothing, at_most: 5}\n",
}


@pytest.fixture
def place(tmp_path_factory):
    """A store with two idle opportunities and a younger one, two operators, and the server's folder."""
    folder = tmp_path_factory.mktemp("gate")
    firm = Firm(folder)
    for record, unit in (("A", "rep-1"), ("B", "rep-2")):
        firm.deal(record, unit)
    firm.now += 40 * 86_400_000
    firm.deal("C", "rep-1")
    for name in ("operations", "operations-zh"):
        people.add_person(firm.store, SYSTEM, firm.now, name=name, role="operations", password=PASSWORD)
    firm.store.close()
    (folder / "firm.db").rename(folder / "store.db")
    return folder


@pytest.fixture
def address(place):
    with served(place) as found:
        yield found


def press(page, name: str) -> None:
    """Press the button that carries this class."""
    page.locator(f".{name} button").first.click()


def write_lines(page, text: str) -> None:
    """Put lines into their field."""
    field = page.locator(".ask-lines textarea").first
    field.fill(text)
    field.blur()


def small(page) -> None:
    """Ask for a rehearsal that is soon over."""
    for name, value in (("weeks", "1"), ("max_pairs", "8")):
        field = page.locator(f".ask-{name} input")
        field.fill(value)
        field.press("Enter")


@pytest.mark.parametrize(("language", "person"), [("en", "operations"), ("zh", "operations-zh")])
def test_an_operators_validation(browser, address, place, language, person, tmp_path):
    say = Speaker(FOLDER, language)
    with visiting(browser, address, person, f"/gate?lang={language}") as page:
        page.locator(".run").wait_for()
        write_lines(page, LINES["faulty"])
        page.get_by_text(say("home.faulty")).wait_for()
        page.locator(".run button:disabled").wait_for()
        write_lines(page, LINES["passing"])
        page.get_by_text(say("home.words")).wait_for()
        small(page)
        shoot(page, tmp_path / "question.png")
        page.reload()
        page.locator(".ask-max_pairs input").wait_for()
        assert page.locator(".ask-max_pairs input").input_value() == "8", "a reload loses nothing"
        press(page, "run")
        page.locator(".stop").wait_for()
        page.reload()  # the validation goes on without the browser
        page.get_by_text(say("read.decision")).wait_for(timeout=LONG_MS)
        assert page.get_by_text(say("read.passed"), exact=True).count() == 1
        assert page.get_by_text("freeze-idle").count() >= 1
        shoot(page, tmp_path / "report.png")
        take(page)
        activate(page, say, place)
        shoot(page, tmp_path / "activated.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


def shoot(page, path) -> None:
    """The whole page: it scrolls within itself, so that the screen is made as long as it needs."""
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.screenshot(path=path)
    page.set_viewport_size({"width": 1280, "height": 900})


def take(page) -> None:
    """Take the report away in both forms."""
    from openpyxl import load_workbook

    with page.expect_download() as taken:
        page.locator(".take-excel button, .take-excel a").first.click()
    assert len(load_workbook(BytesIO(taken.value.path().read_bytes())).sheetnames) >= 6
    with page.expect_download() as taken:
        page.locator(".take-html button, .take-html a").first.click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert "freeze-idle" in text
    assert "被此规则冻结的 2 个商机" in text
    assert 'src="http' not in text


def activate(page, say, place) -> None:
    """Preview, put the policy in force in shadow, and once more live; then take the last step back.

    All three opportunities are idle by the server's clock.
    """
    page.locator(".catch-up input").check()
    press(page, "preview")
    page.get_by_text(say("act.would", rule="freeze-idle", firings=3)).wait_for()
    page.locator(".catch-up input").uncheck()
    before = len(versions(place))
    for number in (before, before + 1):
        press(page, "activate")
        page.get_by_text(say("act.sure")).wait_for()
        assert len(versions(place)) == number, "nothing happens before the second press"
        press(page, "activate")
        page.get_by_text(say("act.done", number=number)).wait_for()
    press(page, "roll-back")
    press(page, "roll-back")
    page.get_by_text(say("act.rolled_back", number=before + 2)).wait_for()
    assert [each["change"] for each in versions(place)[:3]] == ["rollback", "activate", "activate"]


def versions(place) -> list[dict]:
    from coach.store.policy_history import versions as found

    store = Store.open(place / "store.db")
    try:
        return found(store, SYSTEM)
    finally:
        store.close()


def test_a_policy_that_crosses_a_line_waits_for_a_manager_and_an_upload_is_read(browser, address, place, tmp_path):
    say = Speaker(FOLDER, "en")
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "name: mine\nextends: freeze-15d\ntitle: {en: Mine, zh: 我的}\nsummary: {en: Mine., zh: 我的。}\n", encoding="utf-8"
    )
    with visiting(browser, address, "operations", "/gate?lang=en") as page:
        page.locator(".run").wait_for()
        page.locator(".ask-source [role=combobox]").click()
        page.locator("li").get_by_text(say("home.upload"), exact=True).click()
        page.locator(".ask-file input[type=file]").wait_for(state="attached")
        page.wait_for_timeout(1000)  # a field that was drawn a moment ago does not listen yet
        page.locator(".ask-file input[type=file]").set_input_files(policy)
        page.get_by_text(say("home.read", name="mine")).wait_for()
        write_lines(page, LINES["failing"])
        small(page)
        press(page, "run")
        page.get_by_text(say("read.decision")).wait_for(timeout=LONG_MS)
        assert page.get_by_text(say("read.not_passed"), exact=True).count() == 1
        page.get_by_text(say("act.not_passed")).wait_for()
        page.locator(".mode-freeze-idle [role=combobox]").click()
        page.locator("li").get_by_text(say("act.live"), exact=True).click()
        before = len(versions(place))
        for reason in ("", "the quarter ends on Friday"):
            page.locator(".reason input").fill(reason)
            page.locator(".reason input").blur()
            press(page, "activate")
            press(page, "activate")
            page.get_by_text("Say why it is to act" if not reason else say("act.asked", number=1)).first.wait_for()
        assert len(versions(place)) == before, "it waits for a second person"
        assert page.locator(".confirm-request").count() == 0
        shoot(page, tmp_path / "failed.png")
        assert page.complaints == []
    with visiting(browser, address, "manager", "/gate?lang=en") as page:
        page.get_by_text(say("ask.reason", reason="the quarter ends on Friday")).wait_for()
        assert page.locator(".run, .activate, .roll-back").count() == 0
        shoot(page, tmp_path / "waiting.png")
        press(page, "confirm-request")
        press(page, "confirm-request")
        page.get_by_text(say("act.done", number=before)).wait_for()
        page.get_by_text(say("ask.none")).wait_for()
        assert len(versions(place)) == before + 1
        assert page.complaints == []


def test_others_do_not_come_in(browser, address):
    for person in ("rep", "trainer"):
        with visiting(browser, address, person, "/gate") as page:
            page.get_by_text("This page is for the roles").wait_for()
            assert page.locator(".run, .activate, .roll-back").count() == 0
