"""Long work on this server: it goes on when the browser goes away, and a page can look at it and stop it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Lock, Thread

Ended = Callable[[str, dict], None]
"""Told once when a job ends: the state (done, stopped or failed) and what there is to say about it."""

_jobs: dict[str, "Job"] = {}
_lock = Lock()


class Job(ABC):
    """Work of a name in a thread of its own; subclasses say what it is in `work`, and see to it that `ended` is told."""

    def __init__(self, name: str, ended: Ended):
        self.name, self.ended = name, ended
        self.step = None
        """How far it is, in the words of the work itself; None before its first step."""
        self.cancel = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; what an earlier run of the same name finished is taken up."""
        with _lock:
            _jobs[self.name] = self
        self._thread.start()

    @abstractmethod
    def work(self) -> None:
        """All of it."""

    def tell(self, step) -> None:
        """Take note of how far it is."""
        self.step = step

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, so long at most."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self.work()
        finally:
            with _lock:
                _jobs.pop(self.name, None)


def job(name: str) -> Job | None:
    """The job of that name, if it runs on this server."""
    with _lock:
        return _jobs.get(name)
