"""The win probabilities that a running server uses, made anew day by day."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from coach.rules.advice import Action, Share, rank_actions
from coach.serving.worker import Worker
from coach.store import Store
from coach.store.appending import now_ms
from policies.language.policy import Policy

if TYPE_CHECKING:
    from coach.winning.ranking import WinChances

AFTER_THE_START_SECONDS = 15.0
REFRESH_SECONDS = 24 * 3600.0
AFTER_A_FAILURE_SECONDS = 3600.0


class LatestChances(Worker):
    """The chances in use; as long as there are none, and for deals that they do not know, stages' shares of wins rank."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms):
        super().__init__("chances", AFTER_A_FAILURE_SECONDS, AFTER_THE_START_SECONDS)
        self.store = store
        self.clock = clock
        self.latest: WinChances | None = None

    def rank(self, deals: Sequence[dict], shares: Sequence[Share], policy: Policy, now: int, most: int) -> list[Action]:
        """Open opportunities by expected value per minute, by their own chances as far as these are known."""
        ranked = rank_actions if self.latest is None else self.latest.rank
        return ranked(deals, shares, policy, now, most)

    def refresh(self) -> None:
        """Fit the model on what is in the store by now: in a process of its own, since it takes seconds of the interpreter, in
        which requests and new leads would wait."""
        place = self.store.engine.url.render_as_string(hide_password=False)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            self.latest = pool.submit(_fitted, place, self.clock()).result()

    def work(self) -> float:
        """Refresh, until the next day."""
        self.refresh()
        return REFRESH_SECONDS


def _fitted(place: str, at: int) -> "WinChances":
    from coach.winning.ranking import WinChances  # what it is made of takes a second to load

    store = Store.open(place, create=False)
    try:
        return WinChances.of(store, at)
    finally:
        store.close()
