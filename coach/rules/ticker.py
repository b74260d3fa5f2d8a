"""Sleeps until the next due instant, and has the service work it off; sees what another process put into the store."""

from sqlalchemy import func, select

from coach.rules.service import Service
from coach.serving.worker import Worker
from coach.store import tables

LOOK_AROUND_SECONDS = 1.0
"""How soon events are noticed that another process put into the store; the service's own events wake it at once."""
AFTER_A_FAILURE_SECONDS = 5.0
NOTHING_SEEN = -2


class Ticker(Worker):
    """Begins by making good what was due while nobody was there."""

    def __init__(self, service: Service):
        super().__init__("ticker", AFTER_A_FAILURE_SECONDS)
        self.service = service
        self._seen = NOTHING_SEEN

    def work(self) -> float:
        """Tick when something is due, or when there is more in the store than at the last look around."""
        due = self.service.next_due()
        if (not self.woken and self._more_there()) or (due is not None and due <= self.service.clock()):
            self.service.tick()
            due = self.service.next_due()
        pause = LOOK_AROUND_SECONDS if due is None else (due - self.service.clock()) / 1000
        return min(LOOK_AROUND_SECONDS, max(0.0, pause))

    def _more_there(self) -> bool:
        """Whether the store holds events that were not there at the last look; -1 stands for an empty one."""
        with self.service.store.read() as connection:
            newest = connection.scalar(select(func.max(tables.event.c.sequence)))
        seen, self._seen = self._seen, -1 if newest is None else int(newest)
        return seen != self._seen
