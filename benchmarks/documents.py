"""What a document costs: the server's own time to open it, and its size, over the sample firm and by role."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from apps.board.page import VIEWS
from apps.demo import fill_with_sample
from apps.pages.mount import documents as mount_documents
from apps.serve import SignIn
from benchmarks.measure import Row, Words
from coach.api.app import create_app
from coach.store import Store

ROUNDS = 9
MS_TO_REACH, KB_TO_REACH = 15.0, 300.0
PLACES = {
    "rep": tuple(f"board?view={view}" for view in VIEWS if view != "home"),
    "manager": (*(f"board?view={view}" for view in VIEWS), "record"),
    "admin": ("admin/people", "admin/units", "admin/messages", "admin/firm", "admin/state", "admin/audit", "account"),
}
"""By role: the addresses that are opened."""
_TIME = Words("opening a document, {role}: median page", "打开页面（{role}）：中位页面")
_WORST = Words("opening a document, {role}: slowest page ({page})", "打开页面（{role}）：最慢页面（{page}）")
_SIZE = Words("largest document, {role} ({page})", "最大页面（{role}，{page}）")


def documents(lang: str) -> Iterator[Row]:
    """Milliseconds of processor time by page, and kilobytes unpacked; the client's part of the time is counted too."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store.open(Path(folder) / "store.db")
        people: dict[str, SignIn] = {}
        for each in fill_with_sample(store):
            people.setdefault(each.role, each)
        app = create_app(store, background=False)
        mount_documents(app)
        for role, places in PLACES.items():
            yield from _rows(app, people[role], places, lang)
        store.close()


def _rows(app: FastAPI, person: SignIn, places: tuple[str, ...], lang: str) -> Iterator[Row]:
    client = TestClient(app)
    client.post("/api/v1/sign-in", json={"name": person.name, "password": person.password}).raise_for_status()
    found = {place: _opened(client, place) for place in places}
    by_time = sorted(found, key=lambda place: found[place][0])
    middle, slowest = by_time[len(by_time) // 2], by_time[-1]
    largest = max(found, key=lambda place: found[place][1])
    to_reach = f"{MS_TO_REACH:g} ms (<= 1)"
    for name, place in ((_TIME, middle), (_WORST, slowest)):
        milliseconds = found[place][0]
        told = getattr(name, lang).format(role=person.role, page=place)
        yield Row(told, milliseconds, "ms", to_reach, milliseconds / MS_TO_REACH)
    size = found[largest][1]
    told = getattr(_SIZE, lang).format(role=person.role, page=largest)
    yield Row(told, size, "kB", f"{KB_TO_REACH:g} kB (<= 1)", size / KB_TO_REACH)


def _opened(client: TestClient, place: str) -> tuple[float, float]:
    """Median ms of processor time after a first visit, and kB."""
    client.get(f"/{place}").raise_for_status()
    times, size = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        size = len(client.get(f"/{place}").content)
        times.append(1000 * (time.process_time() - began))
    return sorted(times)[ROUNDS // 2], size / 1000
