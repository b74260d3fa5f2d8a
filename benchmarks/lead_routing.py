"""How soon a lead that comes in is with somebody who has been told: 200 leads a minute over HTTP, 20,000 open deals, SQLite.

The server is a program of its own. Told is when the message of the new owner has reached a webhook, which this program answers.
Into the minute falls the fit of the win chances that a server makes 15 s after its start, and then once a day; leads that come
meanwhile share the processor with it.
"""

import http.server
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.measure import ROOT, Row, Words
from coach.events import PostedEvent
from coach.messages import outbox
from coach.rules.service import Service
from coach.store import SYSTEM, Store, people
from coach.store.appending import now_ms
from policies.documents.loader import edited, load_policy

DEALS, REPS, CLOSED, A_MINUTE, LEADS = 20_000, 50, 5_000, 200, 200
SECONDS_TO_REACH = 1.0
PATIENCE_SECONDS = 60.0
PORT = 5079
_MEDIAN = Words("a lead is assigned and told, median of {leads}", "线索从到达到分配并通知，{leads} 条的中位数")
_SLOW = Words("a lead is assigned and told, 99th percentile of {leads}", "线索从到达到分配并通知，{leads} 条的 99 分位数")
_ANSWER = Words("the answer to a lead that is posted, median", "提交线索的响应时间，中位数")
_SERVER = """
import sys, uvicorn
from coach.api.app import create_app
from coach.store import Store
uvicorn.run(create_app(Store.open(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


class _Ear(http.server.BaseHTTPRequestHandler):
    """Takes messages, and remembers when which lead was told of."""

    told: dict[str, float] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.told.setdefault(body["record"], time.perf_counter())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args) -> None:
        """Nothing is logged."""


def lead_routing(lang: str, leads: int = LEADS, deals: int = DEALS) -> Iterator[Row]:
    """Post leads at an even pace, and see when each has been told to whom it was given."""
    ear = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Ear)
    threading.Thread(target=ear.serve_forever, daemon=True).start()
    _Ear.told.clear()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "store.db"
        token = _firm(place, deals, f"http://127.0.0.1:{ear.server_address[1]}/")
        server = subprocess.Popen([sys.executable, "-c", _SERVER, str(place), str(PORT)], cwd=ROOT)
        try:
            posted, answers = _post(token, leads)
        finally:
            server.terminate()
            server.wait(30)
            ear.shutdown()
    if len(_Ear.told) < leads:
        raise RuntimeError(f"{leads - len(_Ear.told)} of {leads} leads were told to nobody")
    waits = sorted(_Ear.told[lead] - at for lead, at in posted.items())
    for name, value in ((_MEDIAN, waits[len(waits) // 2]), (_SLOW, waits[int(0.99 * len(waits))])):
        yield Row(getattr(name, lang).format(leads=leads), value, "s", f"{SECONDS_TO_REACH:g} s", value / SECONDS_TO_REACH)
    answer = statistics.median(answers)
    yield Row(getattr(_ANSWER, lang), answer, "s", f"{SECONDS_TO_REACH:g} s", answer / SECONDS_TO_REACH)


def _firm(place: Path, deals: int, url: str) -> str:
    """A store with reps, open deals and closed ones, under the full playbook with leads given out at once; returns a token."""
    store, now, hour = Store.open(place), now_ms(), 3_600_000
    units = [("company", "company", None), *((f"rep-{n}", "rep", "company") for n in range(REPS))]
    events = [
        _event("unit", unit, "registered", now - 90 * hour, None, level=level, parent=parent) for unit, level, parent in units
    ]
    for n in range(deals + CLOSED):
        unit, deal = f"rep-{n % REPS}", f"D{n}"
        told = {"owner": unit, "stage": 1 + n % 3, "amount": 1000.0 + n, "industry": n % 5, "next_step_at": now + 90.0 * hour,
                "needs_summary": "known"}  # fmt: skip
        events.append(_event("opportunity", deal, "registered", now - 2 * hour, unit, **told))
        if n >= deals:
            events.append(_event("opportunity", deal, ("won", "lost")[n % 2], now - hour, None))
    store.append(events)
    at_once = {"routing.within_minutes": 0, "notices.quiet_from": None, "notices.quiet_to": None, "notices.digest_above": 0}
    Service(store).activate(edited(load_policy("full-playbook"), at_once), "bench")
    outbox.add_webhook(store, SYSTEM, now, name="ear", form="generic", url=url)
    people.add_person(store, SYSTEM, now, name="bench", role="operations")
    token = people.new_token(store, SYSTEM, "bench", "bench", now)
    store.close()
    return token


def _event(kind: str, record: str, event: str, at: int, unit: str | None, **payload) -> PostedEvent:
    return PostedEvent(
        source="bench", key=f"{record}-{event}", event=event, kind=kind, record=record, unit=unit, acted_at=at, recorded_at=at,
        payload=payload,
    )  # fmt: skip


def _post(token: str, leads: int) -> tuple[dict[str, float], list[float]]:
    """When each lead was posted, and how long its answer took; the server has read its store before the first one."""
    posted, answers = {}, []
    url = f"http://127.0.0.1:{PORT}/api/v1"
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_SECONDS) as client:
        _until(lambda: _answers(client, f"{url}/health"))
        begun = time.perf_counter()
        for n in range(leads):
            time.sleep(max(0.0, begun + 60.0 / A_MINUTE * n - time.perf_counter()))
            lead = f"L{n}"
            told = {"source": "website", "customer": f"Customer {n}", "industry": n % 5, "budget_tier": 1.0 + n % 3}
            event = _event("lead", lead, "registered", now_ms(), None, **told).model_copy(update={"recorded_at": None})
            posted[lead] = time.perf_counter()
            client.post(f"{url}/events", json={"events": [event.model_dump(mode="json")]}).raise_for_status()
            answers.append(time.perf_counter() - posted[lead])
    _until(lambda: len(_Ear.told) >= leads)
    return posted, answers


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False


def _until(holds) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
