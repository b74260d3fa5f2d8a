"""Every document for people who see it badly or use no mouse: axe-core finds nothing serious, nothing sticks out sideways."""

import pytest

from apps.board.page import VIEWS
from coach.store import SYSTEM, people
from tests.apps.board_firm import PASSWORD, SECRET_TARGET
from tests.apps.test_board_browser import DESKTOP, PHONE, served, signed_in

pytestmark = pytest.mark.browser
ADDRESSES = (
    *(f"board?view={view}" for view in VIEWS),
    "board?view=record&kind=opportunity&record=frozen-deal",
    "board?view=search&question=deal",
    "board?view=pipeline&look=list&sort=idle",
    "board?view=pipeline&look=stages",
    "record",
)
OF_ADMIN = (
    "admin/people", "admin/units", "admin/tokens", "admin/messages", "admin/firm", "admin/state", "admin/audit", "account",
)  # fmt: skip
LOOKS = {"en": (DESKTOP, "light"), "zh": (PHONE, "dark")}


@pytest.fixture(scope="module")
def firm_at(tmp_path_factory):
    with served(tmp_path_factory.mktemp("accessible")) as (firm, address):
        people.add_person(firm.store, SYSTEM, firm.now, name="head", role="admin", password=PASSWORD)
        firm.deal("known", "rep-1", customer="北京澜信科技有限公司", amount=SECRET_TARGET)
        yield firm, address


def faults(page) -> list[str]:
    """What axe-core finds of serious or critical weight: the rule, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    heavy = [each for each in found if each["impact"] in ("serious", "critical")]
    return [
        f"{each['id']}: {node['html'][:160]} | {node.get('failureSummary', '')[:200]}"
        for each in heavy
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize(("person", "places"), [("rep", ADDRESSES), ("director", ADDRESSES), ("head", OF_ADMIN)])
@pytest.mark.parametrize("language", LOOKS)
def test_axe_finds_nothing_serious(browser, firm_at, person, places, language):
    _, address = firm_at
    size, scheme = LOOKS[language]
    with signed_in(browser, address, person, size, language) as page:
        page.emulate_media(color_scheme=scheme)
        found = {}
        for place in places:
            page.goto(f"{address}/{place}{'&' if '?' in place else '?'}lang={language}")
            if told := faults(page):
                found[place] = told
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{place} sticks out"] = [page.url]
        assert not found, "\n".join(f"{place}: {each}" for place, told in found.items() for each in told)
