"""A thread beside the server: it does what there is to do, sleeps until there may be more, and goes on after a failure."""

import logging
import threading
from abc import ABC, abstractmethod

STOP_SECONDS = 30.0


class Worker(ABC):
    """Between `start` and `stop`, `work` is called when its own pause is over or somebody wakes it.

    Parameters
    ----------
    name: of the thread, and of its log
    pause_after_failure: seconds until the next attempt
    after_the_start: seconds before it first works, unless it is woken: whoever starts a server wants its pages first
    """

    def __init__(self, name: str, pause_after_failure: float, after_the_start: float = 0.0):
        self.name, self.pause_after_failure, self.after_the_start = name, pause_after_failure, after_the_start
        self.woken = False
        """Whether somebody woke it this time; false at the start and when the pause was over."""
        self.problem: str | None = None
        """The kind of the failure of its last time; None where that went well."""
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def work(self) -> float:
        """Do what there is to do; returns seconds until the next time."""

    @property
    def alive(self) -> bool:
        """Whether its thread is there."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it should come to an end."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin, by doing what there is to do, or after the time that it lets pass."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Let it finish what it is in the middle of, for half a minute at most."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        if self.after_the_start:
            self.woken = self._wake.wait(self.after_the_start)
        while not self.stopping:
            self._wake.clear()  # before the work, so that what comes in during it is not missed
            try:
                pause = self.work()
                self.problem = None
            except Exception as error:
                self.problem = type(error).__name__  # only the kind: the text of an error may name an address
                logging.getLogger(f"rehearse.{self.name}").error("failed (%s); trying again", self.problem)
                pause = self.pause_after_failure
            self.woken = self._wake.wait(pause)
