"""A whole server in a process of its own, on a store of its own, with everybody signed up; and a browser that looks at it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.browsing import SIZES

PASSWORD = "a long password"
PEOPLE = {
    "manager": ("manager", "company"),
    "other": ("manager", "company"),
    "trainer": ("trainer", None),
    "rep": ("rep", "rep-1"),
}
PATIENCE_MS = 60_000
START_SECONDS = 180
_PROGRAM = """
import sys, uvicorn
from apps.serve import application
from coach.store import SYSTEM, Store, people
from tests.apps.serving import PASSWORD, PEOPLE
store = Store.open(sys.argv[1])
for name, (role, unit) in PEOPLE.items():
    people.add_person(store, SYSTEM, 0, name=name, role=role, unit=unit, password=PASSWORD)
uvicorn.run(application(store), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", _PROGRAM, str(folder / "store.db"), str(port)]
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()


def _wait(address: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not start; see server.log beside its store")


@contextmanager
def visiting(browser, address: str, person: str, path: str, size: str = "desktop"):
    """A page as a signed-in person opens it, with every request and every complaint of the browser written down."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    answer = context.request.post(f"{address}/api/v1/sign-in", data={"name": person, "password": PASSWORD})
    assert answer.ok
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.goto(address + path)
    try:
        yield page
    finally:
        context.close()


def asked_elsewhere(page, address: str) -> list[str]:
    """Requests that left the machine."""
    return [url for url in page.asked if not url.startswith((address, "data:", "blob:", "about:"))]
