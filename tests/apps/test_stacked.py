"""Tables of numbers on a phone in a real browser: nothing is cut, and every number has its head."""

import re

import pytest

from apps.pages.frame import STYLE
from apps.pages.stacked import stacked
from tests.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.pages]
HEADS = ("wins", "50 %", "80 %", "95 %", "amount", "80 %")
CELLS = ("1,112.4", "1,080–1,150", "1,010–1,210", "960–1,270", "12,313,892,114 CNY", "5,210,171,007 CNY–121,026,911,250 CNY")
CUT = """[...document.querySelectorAll('.scroll, .scroll *')].filter(
    each => each.clientWidth && each.scrollWidth > each.clientWidth + 1)"""


@pytest.fixture
def opened(browser):
    """A page with a table, as wide as a phone or a desk has room."""
    pages = []

    def open_(size: str):
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        style = re.sub(r":host\(\.(\w+)\)", r".\1", STYLE).replace(":host", ":root")
        table = stacked("week from", HEADS, [("2026-01-04", CELLS), ("a unit without amounts", CELLS[:4])])
        page.set_content(f"<meta charset='utf-8'><style>{style}</style><div class='body'><div class='card'>{table}</div></div>")
        return page

    yield open_
    for page in pages:
        page.close()


@pytest.mark.parametrize("size", SIZES)
def test_no_number_is_cut(opened, size):
    page = opened(size)
    assert page.evaluate(f"{CUT}.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    for cell in CELLS:
        box = page.get_by_text(cell, exact=True).first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SIZES[size][0]


def test_on_a_phone_every_number_has_its_head(opened):
    page = opened("phone")
    assert not page.locator("thead").is_visible()
    heads = page.evaluate("[...document.querySelectorAll('td.number')].map(each => getComputedStyle(each, '::before').content)")
    assert [each.strip('"') for each in heads] == [*HEADS, *HEADS[:4]]
    assert opened("desktop").locator("thead").is_visible()
