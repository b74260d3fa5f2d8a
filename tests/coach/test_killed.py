"""A server killed at random instants, while it takes events, works rules off and sends messages, loses and repeats nothing."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from coach.messages.outbox import add_webhook
from coach.rules.service import Service
from coach.store import SYSTEM, Store, people, reading, tables
from tests.coach import killing
from tests.coach.firm import FREEZE, STALL, Firm, at, policy_of
from tests.coach.test_outbox import Target

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("REHEARSE_KILLS", "20"))
QUICK = {**STALL, "id": "quick", "after": "2h", "then": [{"notify": "owner"}]}

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="servers are forked, so that each is there within a moment"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client(threading.Thread):
    """Posts events and posts them again until it hears that they were taken; what it was told is what must be there."""

    def __init__(self, url: str, token: str, clock):
        super().__init__(daemon=True)
        self.url, self.clock = url, clock
        self.headers = {"Authorization": f"Bearer {token}"}
        self.told: list[str] = []
        self.stopping = False

    def run(self) -> None:
        number = 0
        while not self.stopping:
            batch = [self.event(f"{number}-{place}", place) for place in range(5)]
            while not self.stopping and not self.taken(batch):
                time.sleep(0.05)
            number += 1

    def event(self, key: str, place: int) -> dict:
        is_new = place == 0
        self.record = key if is_new else self.record
        return {
            "source": "client", "key": key, "event": "registered" if is_new else "contact", "kind": "opportunity",
            "record": self.record, "unit": "rep-1" if is_new else None, "acted_at": self.clock() - 1000 + place,
        }  # fmt: skip

    def taken(self, batch: list[dict]) -> bool:
        try:
            answer = httpx.post(f"{self.url}/api/v1/events", json={"events": batch}, headers=self.headers, timeout=20)
        except httpx.HTTPError:
            return False
        if answer.status_code != 200:
            return False
        assert answer.json()["refused"] == []
        self.told += [each["key"] for each in batch]
        return True


def next_server(nursery: subprocess.Popen) -> int:
    nursery.stdin.write("serve\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def wait_until_it_answers(url: str) -> None:
    for _ in range(1200):
        try:
            httpx.get(f"{url}/api/v1/health", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")


def test_nothing_is_lost_and_nothing_fires_twice(tmp_path):
    firm = Firm(tmp_path, policy_of(QUICK, FREEZE), start="2026-01-05 09:00")
    target = Target()
    add_webhook(firm.store, SYSTEM, firm.now, name="target", form="generic", url=target.url)
    people.add_person(firm.store, SYSTEM, firm.now, name="client", role="operations")
    token = people.new_token(firm.store, SYSTEM, "client", "test", firm.now)
    firm.store.close()
    chance, started, began_at = random.Random(4), time.time(), at("2026-01-05 09:01")
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def office_time() -> int:
        return began_at + round((time.time() - started) * 1000 * killing.SPEED)

    client = Client(url, token, office_time)
    command = [sys.executable, "-m", "tests.coach.killing", str(firm.path), str(port), str(began_at), str(started)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdout.readline() == "ready\n"
        for kill in range(KILLS):
            server = next_server(nursery)
            try:
                wait_until_it_answers(url)
                if kill == 0:
                    client.start()
                time.sleep(chance.uniform(0.05, 1.5))
            finally:
                os.kill(server, signal.SIGKILL)
                assert nursery.stdout.readline() == f"{signal.SIGKILL.value}\n", "the server died by itself"
        nursery.stdin.close()
    client.stopping = True
    client.join(30)
    finish(firm.path, office_time())
    look_at(firm.path, client.told, target)
    target.close()


def finish(path: Path, now: int) -> None:
    """Start once more, and let everything be worked off and sent."""
    from coach.messages.outbox import Sender

    store = Store.open(path)
    Service(store, lambda: now).tick()
    Sender(store, lambda: now + 10 * 3_600_000).send_due()
    store.close()


def look_at(path: Path, told: list[str], target: Target) -> None:
    store = Store.open(path)
    with store.read() as connection:
        kept = list(connection.scalars(select(tables.event.c.key).where(tables.event.c.source == "client")))
        notices = set(connection.scalars(select(tables.notice.c.id).where(tables.notice.c.sent)))
        queued = connection.execute(select(tables.outbox.c.id, tables.outbox.c.notice, tables.outbox.c.sent_at)).all()
        fired = Counter(connection.execute(
            select(tables.firing.c.rule, tables.firing.c.record, tables.firing.c.since).where(tables.firing.c.event == "fired")
        ).all())  # fmt: skip
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        rows = connection.scalar(select(func.count()).select_from(tables.record))
        assert connection.scalar(select(func.max(tables.record.c.row))) == rows - 1
    assert len(told) > 2 * KILLS
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept))
    assert sum(fired.values()) > KILLS // 2
    assert set(fired.values()) == {1}
    assert {notice for _, notice, _ in queued} == notices
    assert all(sent is not None for _, _, sent in queued)
    reached = [int(key.removeprefix("rehearse-")) for key, _ in target.taken]
    assert set(reached) == {number for number, _, _ in queued}
    assert reached == sorted(reached)  # in order; what was on its way when the server died may come twice, under one key
    assert len(reached) - len(set(reached)) <= KILLS
    assert what_should_have_fired(path, store) == set(fired)
    store.close()


def what_should_have_fired(path: Path, store: Store) -> set[tuple]:
    """The same events given to a coach that nobody kills."""
    import json

    from coach.events import PostedEvent

    calm = Firm(path.parent / "calm", policy_of(QUICK, FREEZE), start="2026-01-05 09:00")
    event, record = tables.event.c, tables.record.c
    query = select(tables.event, record.kind, record.id).join(tables.record, event.record == record.row)
    with store.read() as connection:
        rows = connection.execute(query.where(event.source == "client").order_by(event.sequence)).all()
        row_of = dict(connection.execute(select(record.id, record.row)).all())
        until = max(connection.scalars(select(tables.firing.c.at)))
    for recorded_at, together in groupby(rows, key=lambda row: row.recorded_at):
        calm.now = recorded_at
        calm.service.post([
            PostedEvent(source=row.source, key=row.key, event=row.event, kind=row.kind, record=row.id, unit=row.unit,
                        acted_at=row.acted_at, payload=json.loads(row.payload))
            for row in together
        ])  # fmt: skip
    calm.now = until
    calm.service.tick()
    found, after = set(), -1
    while page := reading.firings(calm.store, SYSTEM, after=after, limit=500):
        found |= {(each["rule"], row_of[each["record_id"]], each["since"]) for each in page if each["event"] == "fired"}
        after = page[-1]["number"]
    return found
