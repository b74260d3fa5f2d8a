"""The return calculator in a real browser of a telephone's width: a rep fills it in and sends it, a customer opens the link."""

import re

import pytest

from apps.board.page import Board
from apps.calculator.page import customer_page
from coach.offering.pages import Opened, sent
from coach.offering.returns import Investment
from coach.store import SYSTEM, Store, Viewer
from policies.documents.loader import load_policy
from tests.apps.serving import asked_elsewhere, served, visiting
from tests.browsing import SIZES
from tests.coach.firm import Firm

pytestmark = [pytest.mark.browser, pytest.mark.pages, pytest.mark.system("P13")]
REP = Viewer("rep", "rep", "rep-1", "en")


def test_running_costs_of_nothing_stand_on_the_customers_page_as_0():
    page = Opened(Investment(1000.0, 400.0, 0.0, 5, 0.1), "", "zh", None, None, 0)
    assert re.search(r'id="yearly_costs"[^>]* value="0"', customer_page("zh", "x", page))


def test_a_rep_sends_it_and_a_customer_changes_figures_without_a_sign_in(browser, tmp_path):
    firm = Firm(tmp_path, load_policy("roi-offer"))
    firm.deal(customer="澜华")
    firm.post("viewed", view_minutes=3)
    board = Board(firm.store, firm.service, REP)
    assert "Fill in and send the return calculator" in board.html
    assert "/calculator?deal=A&amp;lang=en" in board.html
    firm.store.close()
    firm.path.rename(tmp_path / "store.db")
    with served(tmp_path) as address:
        with visiting(browser, address, "rep", "/calculator?deal=A&lang=zh", "phone") as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
            assert [page.inner_text(f"#wrong_{name}") for name in ("investment", "yearly_costs")] == ["请填写。", ""]
            filled = {"investment": "1000", "yearly_saving": "400", "yearly_costs": "100", "discount_rate": "10"}
            for name, value in filled.items():
                page.fill(f"#{name}", value)
            page.wait_for_function("document.querySelector('#is_rate').textContent === '15.2 %'")
            page.fill("#years", "31")
            page.wait_for_function("document.querySelector('#wrong_years').textContent === '请填写 1 至 30 之间的数字。'")
            page.fill("#years", "5")
            page.fill("#words", "<b>您好</b>")
            page.click("#send")
            page.wait_for_selector("#sent article")
            told = page.inner_text("#sent")
            assert "澜华：这是为贵方测算的投资回报" in told
            assert asked_elsewhere(page, address) == []
            link = next(word for word in told.replace("：", " ").split() if word.startswith(address))
        customer = browser.new_context(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]}).new_page()
        with customer.expect_response(lambda answer: answer.url.endswith("/looks")):
            answer = customer.goto(link)
        assert "script-src" in answer.headers["content-security-policy"]
        assert customer.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
        assert "<b>您好</b>" in customer.inner_text("main")
        customer.wait_for_function("document.querySelector('#is_payback_years').textContent === '3.3 年'")
        customer.fill("#investment", "600")
        customer.wait_for_function("document.querySelector('#is_payback_years').textContent === '2 年'")
        customer.goto(f"{link}?lang=en")
        customer.wait_for_function("document.querySelector('#is_payback_years').textContent === '3.3 years'")
        customer.fill("#yearly_costs", "")
        customer.wait_for_function("document.querySelector('#wrong_yearly_costs').textContent === 'Fill this in.'")
        assert customer.inner_text("#is_rate") == "–"
        for saved, costs, paid, years, rate in (
            ("200", "0", "1000", "5 years", "0 %"), ("1000000", "0", "100", "0.0001 years", "1,000,000 %"),
            ("0", "0", "100", "none, since no year brings a gain", "none, since no year brings a gain"),
        ):  # fmt: skip
            for name, value in {"yearly_saving": saved, "yearly_costs": costs, "investment": paid}.items():
                customer.fill(f"#{name}", value)
            wanted = f"'{years}|{rate}'"
            customer.wait_for_function(f"`${{by('is_payback_years').textContent}}|${{by('is_rate').textContent}}` === {wanted}")
        assert customer.goto(f"{link}x").status == 404
        assert "Ask whoever sent you the link" in customer.inner_text("main")
        customer.context.close()
    store = Store.open(tmp_path / "store.db")
    (page,) = sent(store, SYSTEM, "A")
    assert (page.looks >= 1, page.figures.investment) == (True, 1000.0)
    store.close()
