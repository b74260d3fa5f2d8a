"""The dojo and the lab in a real browser, in both languages: a trainer's drill, a manager's quarter, a manager's experiment."""

from io import BytesIO

import pytest

from apps.dojo.page import FOLDER as DOJO
from apps.lab.page import FOLDER as LAB
from apps.pages.roles import PAGES
from apps.pages.texts import Speaker
from scenarios.roleplay.loader import load_roleplay
from tests.apps.serving import asked_elsewhere, served, visiting

pytestmark = [pytest.mark.browser, pytest.mark.pages]
FIRST_MS = 300_000
"""Patience where the office may have to be compiled first."""
BEST = {
    "hydraulic-seals": [
        "ask_sample_tests", "ask_working_conditions", "ask_who_decides", "show_material_data", "ask_failures", "disclose_limit",
        "offer_high_temperature", "answer_price", "ask_timing", "offer_pilot", "disclose_lead_time", "propose_test",
    ]
}  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("server")) as found:
        yield found


def press(page, name: str) -> None:
    """Press the button that carries this class."""
    page.locator(f".{name} button").first.click()


def fits(page) -> bool:
    """Whether nothing sticks out of the screen sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def make(page, moves: list[str]) -> None:
    """Make moves one after the other; each is gone from the page when it has landed."""
    for move in moves:
        press(page, f"move-{move}")
        page.locator(f".move-{move}").wait_for(state="detached")


@pytest.mark.system("H3")
@pytest.mark.parametrize(("language", "size"), [("en", "desktop"), ("zh", "phone")])
def test_a_trainers_drill(browser, address, language, size, tmp_path):
    say, name = Speaker(DOJO, language), "hydraulic-seals"
    roleplay = load_roleplay(name)
    secret = getattr(roleplay.facts[3].text, language)
    with visiting(browser, address, "trainer", f"/dojo?lang={language}", size) as page:
        press(page, f"start-{name}")
        make(page, BEST[name][:2])
        assert page.get_by_text(getattr(roleplay.facts[0].text, language)).count() == 1
        assert page.get_by_text(secret).count() == 0, "hidden until it is asked for"
        page.reload()
        page.locator(".move-ask_who_decides").wait_for()
        assert page.locator(".move-ask_working_conditions").count() == 0, "a reload loses nothing"
        assert fits(page)
        page.screenshot(path=tmp_path / "drill.png")
        make(page, BEST[name][2:])
        page.get_by_text(say("debrief.passed"), exact=True).wait_for()
        assert page.get_by_text("100", exact=False).count()
        assert fits(page)
        press(page, "again")
        press(page, "leave")
        page.get_by_text(say("debrief.failed"), exact=True).wait_for()
        page.get_by_text(secret).wait_for()  # the debrief tells what stayed hidden
        page.screenshot(path=tmp_path / "debrief.png")
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_managers_quarter_with_a_price_for_each_decision(browser, address, language, tmp_path):
    say = Speaker(DOJO, language)
    with visiting(browser, address, "manager", f"/dojo?lang={language}") as page:
        press(page, "sit")
        page.locator(".run-week").wait_for(timeout=FIRST_MS)  # the office may have to be compiled first
        press(page, "run-week")
        page.get_by_text(say("chair.week", week=2, weeks=13, day="2025-12-08")).wait_for(timeout=FIRST_MS)
        days = page.locator(".decide-freeze_days input")
        days.fill("10")
        days.press("Enter")
        press(page, "run-week")
        page.get_by_text(say("chair.week", week=3, weeks=13, day="2025-12-15")).wait_for()
        page.reload()
        page.get_by_text(say("chair.week", week=3, weeks=13, day="2025-12-15")).wait_for()
        assert days.input_value() == "10"
        press(page, "run-rest")
        page.get_by_role("columnheader", name=say("chair.worth")).wait_for()
        assert page.locator("table").filter(has_text=say("chair.came")).locator("tr").count() == 2
        page.screenshot(path=tmp_path / "prices.png")
        page.reload()
        page.get_by_role("columnheader", name=say("chair.worth")).wait_for()  # kept, not worked out again
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


@pytest.mark.system("A1", "A3")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_managers_experiment_with_an_edited_rule(browser, address, language, tmp_path):
    say = Speaker(LAB, language)
    with visiting(browser, address, "manager", f"/lab?lang={language}") as page:
        page.locator(".undo, .edit").first.wait_for()
        if page.locator(".undo").count():  # the question of the run before this one is still there
            press(page, "undo")
        press(page, "edit")
        pairs = page.locator(".ask-max_pairs input")
        pairs.fill("16")
        pairs.press("Enter")
        press(page, "add-rule")
        after = page.locator(".rule-after input")
        after.fill("5 days")
        after.press("Enter")
        page.get_by_text(say("home.faulty")).wait_for()
        page.locator(".run button:disabled").wait_for()  # a faulty policy cannot be run
        after.fill("5d")
        after.press("Enter")
        page.get_by_text(say("home.differences")).wait_for()
        page.reload()
        after.wait_for()
        assert (after.input_value(), pairs.input_value()) == ("5d", "16"), "a reload loses no edit"
        press(page, "run")
        page.locator(".stop").wait_for()
        page.reload()
        page.locator("iframe.verdict").wait_for(timeout=FIRST_MS)
        verdict = page.frame_locator("iframe.verdict")
        assert verdict.locator("h1").is_visible()
        verdict.locator(f"#effect-{language} canvas").first.wait_for()
        page.screenshot(path=tmp_path / "verdict.png")
        with page.expect_download() as taken:
            page.locator(".take-excel button, .take-excel a").first.click()
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(taken.value.path().read_bytes()))
        assert len(book.sheetnames) == 5
        assert book.worksheets[1].max_row > 20
        press(page, "back")
        page.locator(".saved").get_by_text(say("home.done")).first.wait_for()
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


def test_somebody_elses_experiment_does_not_hold_up_a_page(browser, address):
    with visiting(browser, address, "other", "/lab") as busy, visiting(browser, address, "trainer", "/dojo") as page:
        busy.locator(".ask-max_pairs input").fill("400")
        busy.locator(".ask-max_pairs input").press("Enter")
        press(busy, "run")
        busy.locator(".stop").wait_for()
        press(page, "start-floor-store")
        make(page, ["ask_rooms", "ask_family", "ask_timing"])
        assert busy.locator(".stop").is_visible(), "the experiment still runs"
        press(busy, "stop")
        busy.locator(".go-on").wait_for(timeout=FIRST_MS)


def test_nobody_reads_another_persons_session_or_run(browser, address):
    with visiting(browser, address, "trainer", "/dojo") as page:
        press(page, "start-floor-store")
        page.locator(".move-ask_rooms").wait_for()
        session = page.url.split("?", 1)[1]
    with visiting(browser, address, "manager", f"/dojo?{session}") as page:
        page.get_by_text(Speaker(DOJO, "en")("home.lost")).wait_for()
    with visiting(browser, address, "rep", "/lab") as page:
        page.get_by_text("This page is for the roles").wait_for()
        assert page.locator(".run").count() == 0


def test_without_a_sign_in_every_page_leads_to_the_front_door(browser, address):
    page = browser.new_context(locale="zh-CN").new_page()
    for name in PAGES:
        page.goto(f"{address}/{name}")
        assert page.url == f"{address}/?next={name}"
    page.goto(f"{address}/dojo")
    page.fill("#name", "trainer")
    page.fill("#password", "wrong")
    page.click("button")
    page.wait_for_function("document.getElementById('problem').textContent !== ''")
    assert page.url == f"{address}/?next=dojo"
    page.fill("#password", "a long password")
    page.click("button")
    page.wait_for_url("**/dojo")
    page.locator(".start-floor-store").wait_for()
    assert page.locator("#password").count() == 0
    page.get_by_text(Speaker(DOJO, "zh")("page.sign_out")).click()
    page.locator("#password").wait_for()
    page.goto(f"{address}/dojo")
    assert page.url == f"{address}/?next=dojo"
    page.context.close()
