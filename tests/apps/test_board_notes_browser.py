"""Notes, reviews and rules on a phone, in a real browser (E3, H4, A2)."""

import pytest

from coach.store import SYSTEM, reading
from tests.apps.test_board_browser import PHONE, keep, served, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.pages]
_SEEN = """() => {
  const found = (root) => root.querySelector(".callout.worse[role=status]")
    || [...root.querySelectorAll("*")].map((each) => each.shadowRoot && found(each.shadowRoot)).find(Boolean);
  const place = found(document).getBoundingClientRect();
  return place.top >= 0 && place.bottom <= window.innerHeight;
}"""
"""Whether what was refused stands where it is seen."""
SAID = "预算80万，最后王总拍板。华为也在报价，下周三下午两点再谈。"


@pytest.fixture(scope="module")
def firm_at(tmp_path_factory):
    with served(tmp_path_factory.mktemp("notes")) as both:
        yield both


def fits(page) -> bool:
    """Whether nothing sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


@pytest.mark.system("E3")
def test_a_note_on_a_phone_is_read_put_right_and_recorded_and_dictation_is_offered_where_the_browser_listens(browser, firm_at):
    firm, address = firm_at
    with signed_in(browser, address, "rep", PHONE, "zh") as page:
        page.goto(f"{address}/board?view=notes")
        page.fill("textarea[name=text]", SAID)
        listens = page.evaluate("!!(window.SpeechRecognition || window.webkitSpeechRecognition)")
        assert page.is_visible("[data-speak]") == listens
        assert page.is_visible("[data-no-speech]") != listens
        page.click("form[data-do=read_note] button:not([data-speak])")
        page.wait_for_selector("form[data-do=record_note]")
        assert page.input_value("input[name=budget]") == "800000"
        assert page.input_value("input[name=decision_maker]") == "王总"
        assert fits(page)
        keep(page, "board-notes-zh")
        page.click("[data-do=drop][data-value=competitor]")
        page.wait_for_selector("[data-do=drop][data-value=competitor]", state="detached")
        page.fill("input[name=budget]", "75万")
        page.click("form[data-do=record_note] > button")
        page.wait_for_selector(".callout.better")
    deals = reading.records(firm.store, SYSTEM, kind="opportunity")
    assert [each["values"]["budget"] for each in deals if "budget" in each["values"]] == [750_000.0]


@pytest.mark.system("A2")
def test_one_tap_on_a_phone_says_what_a_rule_is_worth(browser, firm_at):
    _, address = firm_at
    with signed_in(browser, address, "rep", PHONE, "zh") as page:
        page.goto(f"{address}/board?view=rules")
        page.click("article summary >> nth=0")
        page.click("button[name=verdict][value=in_the_way] >> nth=0")
        page.wait_for_selector(".callout.better")
        assert fits(page)
        keep(page, "board-rules-zh")


@pytest.mark.system("H4")
def test_a_manager_on_a_phone_is_asked_a_better_question(browser, firm_at):
    _, address = firm_at
    with signed_in(browser, address, "manager", PHONE, "zh") as page:
        page.goto(f"{address}/board?view=reviews")
        page.fill("form[data-do=begin_review] input", "为何丢单")
        page.click("form[data-do=begin_review] button")
        page.fill("form[data-do=add_cause] input[name=text]", "态度不好")
        page.click("form[data-do=add_cause] button")
        page.wait_for_selector(".callout.worse:has-text('请改问')")
        page.wait_for_function(_SEEN)
        assert page.input_value("form[data-do=add_cause] input[name=text]") == "态度不好"
        assert fits(page)
        keep(page, "board-reviews-zh")
