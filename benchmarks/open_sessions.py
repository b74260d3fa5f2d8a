"""Memory of a server whose pages are opened in a browser and closed again, over and over."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from apps.demo import fill_with_sample
from benchmarks.first_paint import PAGES, chromium
from benchmarks.measure import ROOT, Row, Words
from coach.store import Store

SESSIONS, ROUNDS = 30, 5
AFTER_CLOSING_SECONDS = 40
"""Longer than a session whose page was closed is kept."""
PORT = 5077
_NAME = Words("memory of a server after 30 sessions five times", "30 个会话开关五次后服务器的内存")
_AGAINST = Words("after the first time (<= 1.1)", "第一次之后（≤ 1.1）")
_SERVER = """
import sys, uvicorn
from apps.serve import application
from coach.store import Store
uvicorn.run(application(Store.open(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


def open_sessions(lang: str) -> list[Row]:
    """Resident MB after each round: the last against the first."""
    import psutil

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "store.db"
        store = Store.open(place)
        people = {each.role: each for each in fill_with_sample(store)}
        store.close()
        with chromium(lang) as browser:
            if browser is None:
                return []
            server = subprocess.Popen([sys.executable, "-c", _SERVER, str(place), str(PORT)], cwd=ROOT)
            try:
                _wait()
                found = []
                for _ in range(ROUNDS):
                    _round(browser, people)
                    found.append(psutil.Process(server.pid).memory_info().rss / 1e6)
            finally:
                server.terminate()
    print(", ".join(f"{each:.0f} MB" for each in found), file=sys.stderr, flush=True)
    return [Row(getattr(_NAME, lang), found[-1], "MB", getattr(_AGAINST, lang), found[-1] / found[0])]


def _wait() -> None:
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return


def _round(browser, people: dict) -> None:
    contexts = []
    for number in range(SESSIONS):
        name, (role, seen) = list(PAGES.items())[number % len(PAGES)]
        context = browser.new_context()
        contexts.append(context)
        address = f"http://127.0.0.1:{PORT}"
        context.request.post(f"{address}/api/v1/sign-in", data={"name": people[role].name, "password": people[role].password})
        page = context.new_page()
        page.goto(f"{address}/{name}", wait_until="commit")
        page.locator(seen).first.wait_for(timeout=120_000)
    for context in contexts:
        context.close()
    time.sleep(AFTER_CLOSING_SECONDS)
