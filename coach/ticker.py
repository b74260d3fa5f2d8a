"""Sleeps until the next due instant, and has the service work it off."""

import logging
import threading

from coach.service import Service

LOOK_AROUND_SECONDS = 60.0
"""How soon events are noticed that another process put into the store; the service's own events wake it at once."""
AFTER_A_FAILURE_SECONDS = 5.0
_log = logging.getLogger("rehearse.ticker")


class Ticker:
    """A thread between `start` and `stop`."""

    def __init__(self, service: Service):
        self.service = service
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, by making good what was due while nobody was there."""
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """The next due may have changed."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread; what it is in the middle of is finished."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(30)

    def _run(self) -> None:
        woken = False
        while not self._stopping:
            try:
                due = self.service.next_due()
                if not woken or (due is not None and due <= self.service.clock()):
                    self.service.tick()
                    due = self.service.next_due()
                pause = LOOK_AROUND_SECONDS if due is None else (due - self.service.clock()) / 1000
            except Exception as error:
                _log.error("the rules could not be worked off (%s); trying again", type(error).__name__)
                pause = AFTER_A_FAILURE_SECONDS
            self._wake.clear()
            woken = self._wake.wait(min(LOOK_AROUND_SECONDS, max(0.0, pause)))
