"""Long work on the store whose outcome several people look at: done once, beside the pages, kept as long as nothing is new."""

import logging
import secrets
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import func, select

from apps.pages.background import Job
from coach.problems import CoachError
from coach.store import Store, tables
from policies.scores.score import Words

_log = logging.getLogger("rehearse.pages")
MOST = 12
"""Findings that are kept, those asked for last."""
SHARE_OF_TIME = 0.1
"""Where events come in all the time, work on the same question takes this share of the time at most, unless somebody asks."""
LOOK_SECONDS = 0.2
"""How often work that waits for its turn looks whether somebody stopped it."""
Asked = TypeVar("Asked", bound=Hashable)
Told = Callable[[int, int], None]


class StoppedError(Exception):
    """Somebody stopped it."""


class Finding(NamedTuple):
    """`value`: what was found; `record`: the state of the record that it is from, read at the instant `at` (ms)."""

    value: Any
    record: Hashable
    at: int
    took: float
    """Seconds that it took."""
    ended: float
    """When it was done, on the clock of `time.monotonic`."""


class Failure(NamedTuple):
    """Why there is no finding from a state of the record; no words where somebody stopped the work."""

    record: Hashable
    words: Words | None


class Findings(ABC, Generic[Asked]):
    """Findings by what was asked. Subclasses say in `find` how one is come by.

    One piece of work is done at a time. What failed or was stopped is not tried again before the record is another one or
    somebody begins it.
    """

    def __init__(self, store: Store, clock: Callable[[], int]):
        self.store, self.clock = store, clock
        self._found: OrderedDict[Asked, Finding] = OrderedDict()
        self._failed: dict[Asked, Failure] = {}
        self._working: dict[Asked, Job] = {}
        self._lock, self._turn = Lock(), Lock()

    @abstractmethod
    def find(self, asked: Asked, at: int, told: Told) -> Any:
        """The answer from what is recorded at the instant `at` (ms); `told` takes steps done and their number."""

    def record(self) -> Hashable:
        """The state of the record: another one as soon as there is a new event."""
        with self.store.read() as connection:
            return connection.scalar(select(func.max(tables.event.c.sequence)))

    def latest(self, asked: Asked) -> Finding | None:
        """What was found last."""
        with self._lock:
            found = self._found.get(asked)
            if found is not None:
                self._found.move_to_end(asked)
            return found

    def is_stale(self, found: Finding) -> bool:
        """Whether the record is another one by now."""
        return found.record != self.record()

    def failure(self, asked: Asked) -> Failure | None:
        """Why there is nothing, or nothing newer; None where nothing went wrong."""
        return self._failed.get(asked)

    def ask(self, asked: Asked) -> None:
        """See to it that there is a finding from the present record, or will be; returns at once."""
        found, failed, record = self.latest(asked), self.failure(asked), self.record()
        if any(each is not None and each.record == record for each in (found, failed)):
            return
        if found is None or time.monotonic() - found.ended >= found.took / SHARE_OF_TIME:
            self.begin(asked)

    def begin(self, asked: Asked) -> None:
        """Begin anew, unless it is under way."""
        with self._lock:
            if asked not in self._working:
                self._failed.pop(asked, None)
                working = self._working[asked] = _FindingJob(self, asked)
                working.start()

    def under_way(self, asked: Asked) -> Job | None:
        """The work, while it is being done; its `step` is done and number, None as long as it waits for its turn."""
        return self._working.get(asked)

    def stop(self, asked: Asked) -> None:
        """Stop the work, for everybody who waits for it."""
        working = self.under_way(asked)
        if working is not None:
            working.cancel.set()

    def work_on(self, asked: Asked, told: Told, cancel: Event) -> None:
        """Do what is asked when it has its turn, and keep what came of it."""
        record = self.record()
        try:
            self._await_turn(cancel)
            try:
                began, record, at = time.monotonic(), self.record(), self.clock()
                value = self.find(asked, at, told)
            finally:
                self._turn.release()
            ended = time.monotonic()
            self._keep(asked, Finding(value, record, at, ended - began, ended))
        except StoppedError:
            self._failed[asked] = Failure(record, None)
        except CoachError as error:
            self._failed[asked] = Failure(record, Words(error.en, error.zh))
        except Exception as error:
            _log.exception("work for a page failed")
            self._failed[asked] = Failure(record, _unforeseen(error))
        finally:
            self._working.pop(asked, None)

    def _await_turn(self, cancel: Event) -> None:
        while not self._turn.acquire(timeout=LOOK_SECONDS):
            if cancel.is_set():
                raise StoppedError

    def _keep(self, asked: Asked, found: Finding) -> None:
        with self._lock:
            self._found[asked] = found
            self._found.move_to_end(asked)
            while len(self._found) > MOST:
                self._found.popitem(last=False)


def _unforeseen(error: Exception) -> Words:
    kind = type(error).__name__
    return Words(
        f"This could not be worked out ({kind}). Try again; the log of the server says more.",
        f"计算未能完成（{kind}）。请重试；服务器日志中有详情。",
    )


class _FindingJob(Job):
    def __init__(self, findings: Findings, asked: Hashable):
        super().__init__(f"finding-{secrets.token_hex(6)}", lambda _state, _told: None)
        self._findings, self._asked = findings, asked

    def work(self) -> None:
        """Find it."""
        self._findings.work_on(self._asked, self._tell_step, self.cancel)

    def _tell_step(self, done: int, of: int) -> None:
        if self.cancel.is_set():
            raise StoppedError
        self.tell((done, of))
