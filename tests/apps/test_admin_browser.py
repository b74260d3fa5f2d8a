"""In a real browser: an administrator adds somebody, who sets the password by the link and signs in."""

import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from coach.store import SYSTEM, people
from coach.store.appending import now_ms
from tests.apps.admin_visits import Office
from tests.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.pages]
PATIENCE_MS = 60_000
PASSWORD = "a long enough one"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
WORDS = {
    "en": {"once": "it is shown this once", "again": "This link is good no more"},
    "zh": {"once": "仅显示这一次", "again": "此链接已失效"},
}


@contextmanager
def served(folder):
    """A firm behind its documents on a free port; nothing of it needs Panel."""
    office = Office(folder)
    office.firm.now = now_ms()
    people.add_person(office.firm.store, SYSTEM, office.firm.now, name="admin", role="admin", password=PASSWORD)
    server = uvicorn.Server(uvicorn.Config(office.app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield office.firm, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("admin")) as (_, address):
        yield address


@contextmanager
def visiting(browser, size: str, language: str):
    """A page of a browser of its own; its complaints and requests are written down."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=LANGUAGES[language])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def sign_in(page, address: str, name: str, asked: str = "") -> None:
    page.goto(f"{address}/?next={asked}")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_is_added_sets_the_password_by_the_link_and_signs_in(browser, address, size, language):
    name, words = f"new-{size}-{language}", WORDS[language]
    with visiting(browser, size, language) as page:
        sign_in(page, address, "admin", "admin/people")
        page.fill("#add [name=name]", name)
        page.select_option("#add [name=role]", "rep")
        page.select_option("#add [name=unit]", "rep-1")
        page.click("#add button")
        page.wait_for_selector("#secret")
        assert words["once"] in page.inner_text("main")
        link = page.input_value("#secret")
        page.reload()
        assert page.locator("#secret").count() == 0
    with visiting(browser, size, language) as page:
        page.goto(link)
        page.wait_for_selector("[name=password]")
        assert name in page.inner_text("main")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=password_again]", PASSWORD)
        page.click("button")
        page.click("a.button")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("button")
        page.wait_for_selector(".sheet h1")
        secret = link.partition("#")[2]
        assert [each for each in page.asked if secret in each.partition("#")[0]] == []
        page.goto(link)
        page.wait_for_selector("[role=alert]")
        assert words["again"] in page.inner_text("[role=alert]")


def test_a_person_is_put_out_after_a_question_and_a_backup_is_taken_away(browser, address):
    with visiting(browser, "desktop", "en") as page:
        sign_in(page, address, "admin", "admin/person?name=trainer")
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.click("button.danger")
        assert page.locator("h1 .tag").count() == 0
        page.once("dialog", lambda dialog: dialog.accept())
        page.click("button.danger")
        page.wait_for_selector("h1 .tag")
        page.click(".tabs a[href*='/admin/state']")
        with page.expect_download() as waiting:
            page.click("form[action*='/admin/backup'] button")
        assert waiting.value.suggested_filename.endswith(".db")
