"""The data page in a real browser, in both languages: a file is dropped, a doubt answered, and the deals stand on the board."""

import pytest

from apps.data.page import FOLDER
from apps.pages.texts import Speaker
from coach.mapping.archives import source_name
from coach.mapping.loader import load_mapping
from coach.store import SYSTEM, Store, people
from tests.apps.serving import PASSWORD, asked_elsewhere, served, visiting

pytestmark = [pytest.mark.browser, pytest.mark.pages]
HEAD = "Deal ID,Deal Name,Customer,Owner,Amount,Stage,Created,Closed"
STAGES = ("初步接洽", "方案报价", "赢单", "输单")


def export(first: int, count: int = 30) -> str:
    """Deals whose days and months nothing tells apart, English headings neither; the last of them has no owner."""
    rows = []
    for number in range(first, first + count):
        stage, month = STAGES[number % 4], 1 + number % 7
        closed = f"0{month + 1}/0{month}/2026" if number % 4 >= 2 else ""
        owner = "" if number == first + count - 1 else ("陈明", "李倩")[number % 2]
        rows.append(f"D{number},项目{number},客户{number % 7},{owner},{number}00,{stage},0{month}/0{month + 1}/2025,{closed}")
    return "\n".join([HEAD, *rows]) + "\n"


@pytest.fixture
def place(tmp_path_factory):
    """A new store with two people of operations, and the server's folder."""
    folder = tmp_path_factory.mktemp("data")
    store = Store.open(folder / "store.db")
    for name in ("operations", "operations-zh"):
        people.add_person(store, SYSTEM, 0, name=name, role="operations", password=PASSWORD)
    store.close()
    return folder


@pytest.fixture
def address(place):
    with served(place) as found:
        yield found


def drop(page, *files) -> None:
    field = page.locator(".drop input[type=file]").first
    field.wait_for(state="attached")
    page.wait_for_timeout(1000)  # a field that was drawn a moment ago does not listen yet
    field.set_input_files(files)


def press(page, name: str) -> None:
    page.locator(f".{name} button").first.click()


def shoot(page, path, width: int = 1280) -> None:
    """The whole page: it scrolls within itself, so that the screen is made as long as it needs."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 2600})
    page.wait_for_timeout(300)
    page.screenshot(path=path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size(before)


@pytest.mark.parametrize(("language", "person"), [("en", "operations"), ("zh", "operations-zh")])
def test_an_export_is_dropped_asked_about_imported_and_on_the_board(browser, address, place, language, person, tmp_path):
    say = Speaker(FOLDER, language)
    for name, first in (("商机 1 月.csv", 1), ("later.csv", 21)):
        (tmp_path / name).write_text(export(first), encoding="gb18030")
    with visiting(browser, address, person, f"/data?lang={language}") as page:
        page.get_by_text(say("home.drop")).wait_for()
        shoot(page, tmp_path / "home.png")
        drop(page, tmp_path / "商机 1 月.csv")
        page.get_by_text(say("look.waiting", count=1)).wait_for()
        shoot(page, tmp_path / "asked.png")
        assert page.locator(".import button:disabled").count() == 1
        page.reload()
        page.get_by_text(say("look.waiting", count=1)).wait_for()
        page.wait_for_timeout(1000)
        page.locator(".answer-0 button").first.click()
        page.get_by_text(say("look.counts")).wait_for()
        assert (page.get_by_text("2025-02-01").count() > 0, page.get_by_text("2025-01-02").count()) == (True, 0)
        shoot(page, tmp_path / "answered.png")
        shoot(page, tmp_path / "phone.png", 390)
        press(page, "import")
        page.get_by_text(say("done.title"), exact=True).wait_for()
        assert page.locator(".tile.new b").inner_text() == "30"
        shoot(page, tmp_path / "done.png")
        with page.expect_download() as taken:
            page.locator(".take button, .take a").first.click()
        assert load_mapping(taken.value.path()).time_zone == "Asia/Shanghai"
        assert load_mapping(place / "store.mapping.yaml").source == source_name("商机 1 月.csv")
        press(page, "another")
        drop(page, tmp_path / "later.csv")
        page.get_by_text(say("look.kept", name="store.mapping.yaml")).wait_for()
        press(page, "import")
        page.get_by_text(say("done.title"), exact=True).wait_for()
        assert page.locator(".tile.new b").inner_text() == "20"
        page.get_by_text(say("done.to_board")).click()
        page.get_by_text("项目1", exact=True).first.wait_for()
        shoot(page, tmp_path / "board.png")
        assert asked_elsewhere(page, address) == []
        assert page.complaints == []


@pytest.mark.parametrize(("language", "person"), [("en", "operations"), ("zh", "operations-zh")])
def test_a_file_that_is_none_or_empty_or_broken_is_told(browser, address, language, person, tmp_path):
    say = Speaker(FOLDER, language)
    files = {"offer.pdf": b"%PDF", "empty.csv": b"", "broken.xlsx": b"no workbook"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with visiting(browser, address, person, f"/data?lang={language}", size="phone") as page:
        told = page.get_by_role("alert")
        drop(page, tmp_path / "offer.pdf")
        told.get_by_text("offer.pdf").wait_for()
        shoot(page, tmp_path / "refused.png", 390)
        drop(page, tmp_path / "empty.csv")
        told.get_by_text({"en": "The file is empty", "zh": "文件为空"}[language]).wait_for()
        drop(page, tmp_path / "broken.xlsx")
        page.locator(".callout.worse").get_by_text("broken.xlsx").wait_for()
        page.locator(".go-on").wait_for()
        shoot(page, tmp_path / "broken.png", 390)
        press(page, "discard")
        page.get_by_text(say("home.none")).wait_for()
        assert page.complaints == []


def test_others_do_not_come_in(browser, address):
    for person in ("manager", "rep", "trainer"):
        with visiting(browser, address, person, "/data") as page:
            page.get_by_text("This page is for the roles").wait_for()
            assert page.locator(".drop").count() == 0
