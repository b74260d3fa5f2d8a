"""The win probabilities that a running server uses, made anew day by day."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from coach.advice import Action, Share, rank_actions
from coach.store import Store
from coach.store.appending import now_ms
from policies.policy import Policy

if TYPE_CHECKING:
    from coach.win_ranking import WinChances

AFTER_THE_START_SECONDS = 15.0
"""Whoever starts a server wants its pages first."""
REFRESH_SECONDS = 24 * 3600.0
_log = logging.getLogger("rehearse.chances")


class LatestChances:
    """The chances in use, made anew once a day by a thread between `start` and `stop`; without them stages' shares rank."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms):
        self.store = store
        self.clock = clock
        self.latest: WinChances | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def rank(self, deals: Sequence[dict], shares: Sequence[Share], policy: Policy, now: int, most: int) -> list[Action]:
        """Open opportunities by expected value per minute, by their own chances as far as these are known."""
        ranked = rank_actions if self.latest is None else self.latest.rank
        return ranked(deals, shares, policy, now, most)

    def refresh(self) -> None:
        """Fit the model on what is in the store by now."""
        from coach.win_ranking import WinChances  # scikit-learn takes a second to load

        self.latest = WinChances.of(self.store, self.clock())

    def start(self) -> None:
        """Begin to keep them fresh."""
        self._thread = threading.Thread(target=self._run, name="chances", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a fit that is under way is left to itself."""
        self._stopping.set()

    def _run(self) -> None:
        pause = AFTER_THE_START_SECONDS
        while not self._stopping.wait(pause):
            try:
                self.refresh()
            except Exception as error:
                _log.error("the win probabilities could not be made anew (%s); the former ones stay", type(error).__name__)
            pause = REFRESH_SECONDS
