"""The database server is restarted while events come in: nothing that was confirmed is lost, nothing is there twice."""

import threading
import time

import pytest

from coach.events import PostedEvent
from coach.rules.service import Service
from coach.store import Store
from coach.store.appending import now_ms
from tests.coach.firm import STALL, policy_of
from tests.coach.postgres import Server, programs

EVENTS = 240


@pytest.fixture
def own():
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    server = Server(durable=True).start()
    yield server
    server.drop()


def event(number: int) -> PostedEvent:
    registered = number % 4 == 0
    return PostedEvent(
        source="crm", key=str(number), event="registered" if registered else "contact", kind="opportunity",
        record=f"D{number // 4}", acted_at=now_ms(), payload={"stage": 1.0} if registered else {},
    )  # fmt: skip


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_nothing_confirmed_is_lost_when_the_server_is_restarted(own, how):
    url = own.empty("firm")
    service = Service(Store.open(url))
    service.activate(policy_of(STALL), "tester")
    confirmed, failures, restarts = [], [], []

    def restart():
        for _ in range(3):
            time.sleep(0.4)
            own.restart(how)
            restarts.append(len(confirmed))

    restarting = threading.Thread(target=restart)
    restarting.start()
    for number in range(EVENTS):
        for _ in range(60):  # as a CRM does: the same event again until it is confirmed
            try:
                outcome = service.post([event(number)])
                break
            except Exception as error:
                failures.append(type(error).__name__)
                time.sleep(0.1)
        assert outcome.accepted + outcome.repeated == 1
        confirmed.append(number)
        time.sleep(0.005)
    restarting.join()
    service.store.close()
    store = Store.open(url)
    with store.read() as connection:
        keys = [key for (key,) in connection.exec_driver_sql("SELECT key FROM event WHERE source = 'crm'")]
    store.close()
    assert sorted(map(int, keys)) == confirmed
    assert restarts[0] > 0
    assert failures or how == "fast", "no restart was noticed"
