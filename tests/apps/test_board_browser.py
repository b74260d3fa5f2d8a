"""The board in a real browser: a rep on a phone in both languages, a manager at the heat map, and what reaches a peer."""

import os
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from coach.store import Viewer, reading
from tests.apps.board_firm import PASSWORD, SECRET_ATTAINED, SECRET_TARGET, board_firm

pytestmark = [pytest.mark.browser, pytest.mark.pages]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PATIENCE_MS = 90_000
REP = Viewer("rep", "rep", "rep-1")
WORDS = {
    "en": {"today": "Today", "left": "left", "reopened": "is open again", "recorded": "Recorded now", "undone": "Taken back"},
    "zh": {"today": "今天", "left": "还剩", "reopened": "已重新激活", "recorded": "已记录", "undone": "已撤回"},
}


@contextmanager
def served(folder: Path, visibility: str = "private"):
    """The firm behind all its pages on a free port."""
    import uvicorn

    from apps.serve import application

    firm = board_firm(folder, visibility)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application(firm.store), port=port, log_level="error", ws_ping_interval=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield firm, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def firm_at(tmp_path_factory):
    with served(tmp_path_factory.mktemp("board")) as both:
        yield both


@contextmanager
def signed_in(browser, address: str, name: str, size: dict, language: str = "en"):
    """A page after the sign-in at the front door; everything that was asked, received and complained about is written down."""
    context = browser.new_context(viewport=size, locale={"en": "en-GB", "zh": "zh-CN"}[language])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.received, page.complaints = [], [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("websocket", lambda socket_: socket_.on("framereceived", lambda frame: page.received.append(frame)))
    page.goto(f"{address}/?next=board")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_selector(".sheet h1")
    if language == "zh":
        page.goto(f"{address}/board?lang=zh")
        page.wait_for_selector(".sheet h1")
    try:
        yield page
    finally:
        context.close()


def keep(page, name: str) -> None:
    """A picture for people to look at, where the environment asks for one."""
    folder = os.environ.get("REHEARSE_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def left_the_machine(page, address: str) -> list[str]:
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    return [url for url in page.asked if not url.startswith(own)]


def show(page, view: str) -> None:
    """Open a view and wait until it stands."""
    page.click(f".tabs [data-view={view}]")
    page.wait_for_selector(f".tabs [data-view={view}].here")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reps_morning_on_a_phone(browser, tmp_path, language):
    words = WORDS[language]
    with served(tmp_path) as (firm, address), signed_in(browser, address, "rep", PHONE, language) as page:
        assert page.inner_text(".sheet h1") == words["today"]
        assert words["left"] in page.inner_text(".tile .due")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        keep(page, f"board-morning-{language}")

        page.fill(".card.asked input", "half a sentence")
        page.reload()
        page.wait_for_selector(".card.asked input")
        assert page.input_value(".card.asked input") == "half a sentence"

        page.click(".card.asked .ask button")
        page.wait_for_selector(".callout.better")
        assert words["reopened"] in page.inner_text(".callout.better")
        assert reading.record(firm.store, REP, "opportunity", "frozen-deal")["values"]["stall_reason"] == "half a sentence"

        todo = page.get_attribute("[data-do=done]", "data-todo")
        page.click(f"[data-todo='{todo}']")
        page.wait_for_selector(f"[data-todo='{todo}']", state="detached")
        assert int(todo) not in [each["id"] for each in reading.todos(firm.store, REP)]

        page.click(".card.action [data-event=contact]")
        page.wait_for_selector("[data-do=undo]")
        assert words["recorded"] in page.inner_text(".callout.better")
        page.click("[data-do=undo]")
        page.wait_for_selector("[data-do=undo]", state="detached")
        assert words["undone"] in page.inner_text(".callout.better")

        for view in ("pipeline", "targets", "messages"):
            show(page, view)
            keep(page, f"board-{view}-{language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.reload()
        page.wait_for_selector(".tabs [data-view=messages].here")
        assert left_the_machine(page, address) == []
        assert page.complaints == []


def test_countdowns_tick(browser, firm_at):
    _, address = firm_at
    with signed_in(browser, address, "rep", PHONE) as page:
        page.wait_for_selector(".tile .due")
        page.evaluate("() => { const real = Date.now; Date.now = () => real() + 2 * 3600000; }")
        before = page.inner_text(".tile .due")
        page.wait_for_timeout(1500)
        assert page.inner_text(".tile .due") != before


def test_a_manager_looks_at_the_heat_map(browser, firm_at):
    _, address = firm_at
    with signed_in(browser, address, "director", DESKTOP) as page:
        assert page.inner_text(".sheet h1") == "Targets and attainment"
        last = page.locator(".tabs button").last.bounding_box()
        assert last["x"] + last["width"] <= DESKTOP["width"]
        assert page.locator(".heat tbody tr").count() >= 3
        assert page.locator(".heat td.now.ahead").count() >= 1
        assert page.locator(".heat td.now.far").count() >= 1
        keep(page, "board-heat-map")
        for ending in ("csv", "xlsx"):
            with page.expect_download() as waiting:
                page.click(f".take-{ending} a, .take-{ending} button")
            assert waiting.value.suggested_filename == f"targets.{ending}"
        page.click("[data-do=open][data-rep=rep-2]")
        page.wait_for_selector(".pick select")
        assert page.inner_text(".sheet h1") == "Today: rep-2"
        show(page, "pipeline")
        assert "peers-deal" in page.inner_text(".sheet")
        page.select_option(".pick select", "")
        page.wait_for_selector("text=frozen-deal")
        keep(page, "board-pipeline-manager")
        assert left_the_machine(page, address) == []
        assert page.complaints == []


@pytest.mark.system("G4")
def test_a_peers_private_target_reaches_no_page_and_no_socket(browser, firm_at):
    _, address = firm_at
    with signed_in(browser, address, "rep", PHONE) as page:
        page.received.append(page.goto(f"{address}/board").text())
        page.wait_for_selector(".sheet h1")
        for view in ("pipeline", "targets", "messages", "today"):
            show(page, view)
        page.received.append(page.goto(f"{address}/board?rep=rep-2&view=targets").text())
        page.wait_for_selector(".heat td.now")
        received = "".join(_text(each) for each in page.received) + page.content()
    assert "rep-1" in received  # the traffic was really written down
    for secret in (SECRET_TARGET, SECRET_ATTAINED / 40):
        assert [form for form in (f"{secret:.0f}", f"{secret:,.0f}", f"{secret / 1000:.3g} k") if form in received] == []
    assert "rep-2" not in received.replace("rep=rep-2", "")


def _text(received) -> str:
    return received.decode("utf-8", "replace") if isinstance(received, bytes) else received


@pytest.mark.system("P12")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_is_looked_for_before_a_lead_is_filed_and_its_owner_asked_to_join(browser, tmp_path, language):
    with served(tmp_path) as (firm, address):
        firm.deal("known", "rep-1", customer="北京澜信科技有限公司", amount=SECRET_TARGET)
        with signed_in(browser, address, "peer", PHONE, language) as page:
            show(page, "customers")
            page.fill("[name=customer]", "澜信科技")
            page.click("form[data-do=find] button")
            page.wait_for_selector("[data-record=known]")
            assert "rep-1" in page.inner_text(".card.asked")
            keep(page, f"board-customers-{language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            page.click("[data-do=file]")
            page.wait_for_selector("[data-do=apart]")
            assert reading.records(firm.store, Viewer("peer", "rep", "rep-2"), kind="lead") == []
            page.fill("[name=reason]", "a second plant")
            page.click("form[data-do=join] button")
            page.wait_for_selector("[data-value=ended]")
            assert "a second plant" in page.inner_text(".card.todo")
            page.click("[data-do=apart]")
            page.wait_for_selector("[data-do=apart]", state="detached")
            (lead,) = reading.records(firm.store, Viewer("peer", "rep", "rep-2"), kind="lead")
            assert lead["values"]["customer"] == "澜信科技"
            assert page.input_value("[name=customer]") == ""
            assert str(int(SECRET_TARGET)) not in "".join(map(str, page.received))
            assert page.complaints == []
        with signed_in(browser, address, "rep", PHONE, language) as page:
            show(page, "customers")
            page.click("[data-value=joint]")
            page.wait_for_selector("form[data-do=task]")
            page.fill("form[data-do=task] [name=text]", "visit the plant")
            page.click("form[data-do=task] button")
            page.click("[data-do=take]")
            page.wait_for_selector("[data-do=finish]")
            keep(page, f"board-pursuit-{language}")
            assert page.complaints == []
