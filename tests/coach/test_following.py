"""What another process puts into the store is followed at once, not when the next rule is due."""

import time

from coach.rules.service import Service
from coach.rules.ticker import Ticker
from coach.store import SYSTEM, Store, reading
from coach.store.appending import now_ms
from tests.coach.firm import STALL, Firm, policy_of

PATIENCE_SECONDS = 120.0


def test_an_import_by_another_process_is_followed_at_once(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal("A")
    service = Service(firm.store, now_ms)
    ticker = Ticker(service)
    ticker.start()
    other = Store.open(firm.path)  # as `rehearse import` opens it
    try:
        time.sleep(1.5)  # it has looked around and sleeps
        firm.now = now_ms()
        assert other.append([firm.event("forecast", "A", amount=777.0)], now_ms()).accepted == 1
        until = time.monotonic() + PATIENCE_SECONDS
        while reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["amount"] != 777.0:
            assert time.monotonic() < until, "the import was not followed"
            time.sleep(0.05)
    finally:
        ticker.stop()
        other.close()
        firm.store.close()
