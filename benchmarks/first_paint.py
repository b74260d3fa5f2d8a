"""How long a signed-in person waits for each page over the sample firm, in Chromium on this machine, warm."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from apps.demo import fill_with_sample
from apps.serve import SignIn, application
from benchmarks.measure import Row, Words, seconds
from coach.serving.server import LocalServer
from coach.store import Store

SECONDS_TO_REACH = 1.5
ROUNDS = 5
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = {
    "board": ("rep", ".tiles"),
    "lab": ("manager", ".run button"),
    "dojo": ("trainer", "button"),
    "gate": ("operations", ".run button"),
}
"""By page: the role that looks, and what it came for."""
_NAME = Words("{page} page, first useful paint", "“{page}”页面首次可用画面")
_ABSENT = Words("left out: playwright or chromium is not installed", "已跳过：未安装 playwright 或 chromium")


@contextmanager
def chromium(lang: str) -> Iterator:
    """A browser, or None with a remark that says why."""
    program = shutil.which("chromium")
    if program is None or find_spec("playwright") is None:
        print(getattr(_ABSENT, lang), file=sys.stderr, flush=True)
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def first_paint(lang: str) -> list[Row]:
    """Median seconds from asking for a page until what people come for is seen, after one visit that warms it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, chromium(lang) as browser:
        if browser is None:
            return []
        store = Store.open(Path(folder) / "store.db")
        people = {each.role: each for each in fill_with_sample(store)}
        with LocalServer(application(store)) as address:
            rows = [_row(browser, address, name, people[role], seen, lang) for name, (role, seen) in PAGES.items()]
        store.close()
    return rows


def _row(browser, address: str, name: str, person: SignIn, seen: str, lang: str) -> Row:
    context = browser.new_context()
    context.request.post(f"{address}/api/v1/sign-in", data={"name": person.name, "password": person.password})

    def visit() -> None:
        page = context.new_page()
        page.goto(f"{address}/{name}", wait_until="commit")
        page.locator(seen).first.wait_for(timeout=120_000)

    visit()
    found = []
    for _ in range(ROUNDS):
        found.append(seconds(visit))
        context.pages[-1].close()
        time.sleep(0.5)
    context.close()
    median = statistics.median(found)
    return Row(getattr(_NAME, lang).format(page=name), median, "s", f"{SECONDS_TO_REACH:g} s (<= 1)", median / SECONDS_TO_REACH)
