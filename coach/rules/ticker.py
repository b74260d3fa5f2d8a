"""Sleeps until the next due instant, and has the service work it off."""

from coach.rules.service import Service
from coach.serving.worker import Worker

LOOK_AROUND_SECONDS = 60.0
"""How soon events are noticed that another process put into the store; the service's own events wake it at once."""
AFTER_A_FAILURE_SECONDS = 5.0


class Ticker(Worker):
    """Begins by making good what was due while nobody was there."""

    def __init__(self, service: Service):
        super().__init__("ticker", AFTER_A_FAILURE_SECONDS)
        self.service = service

    def work(self) -> float:
        """Tick when something is due, or to look around."""
        due = self.service.next_due()
        if not self.woken or (due is not None and due <= self.service.clock()):
            self.service.tick()
            due = self.service.next_due()
        pause = LOOK_AROUND_SECONDS if due is None else (due - self.service.clock()) / 1000
        return min(LOOK_AROUND_SECONDS, max(0.0, pause))
