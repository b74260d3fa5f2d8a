"""The scores that a running server tells: worked out when somebody asks, and kept until there is something new."""

from collections.abc import Callable
from threading import Lock
from time import monotonic, thread_time
from typing import NamedTuple

from sqlalchemy import func, select

from coach.scoring.past import Past
from coach.scoring.readings import Scores, scores_of
from coach.store import Store, tables
from coach.store.appending import now_ms

HOUR_MS = 3_600_000
"""As days pass, scores change by themselves: they are worked out anew after an hour."""


LONG_SECONDS, TIMES_AS_LONG = 3.0, 9.0
"""What took more of a core than that is told for so many times as long, though more was recorded since."""


class Scored(NamedTuple):
    """Scores as of an instant (ms)."""

    at: int
    scores: Scores


class LatestScores:
    """The scores of a store at the present instant."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms):
        self.store, self.clock = store, clock
        self._lock = Lock()
        self._kept: tuple[tuple[int | None, int], Scored] | None = None
        self._good_until = 0.0

    def now(self) -> Scored:
        """What is recorded now comes to; of the same record within an hour, what was worked out before."""
        with self._lock:
            at = self.clock()
            state = self._last_event(), at // HOUR_MS
            if self._kept is not None and (self._kept[0] == state or monotonic() < self._good_until):
                return self._kept[1]
            began = thread_time()
            scored = Scored(at, scores_of(Past.of(self.store, at)))
            took = thread_time() - began
            self._kept, self._good_until = (state, scored), monotonic() + (TIMES_AS_LONG * took if took > LONG_SECONDS else 0.0)
            return scored

    def _last_event(self) -> int | None:
        with self.store.read() as connection:
            return connection.scalar(select(func.max(tables.event.c.sequence)))
