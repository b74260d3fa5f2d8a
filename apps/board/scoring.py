"""Scores for the board, worked out beside the pages: once for the firm, of which everybody is told the own part."""

from collections.abc import Callable, Hashable

from apps.pages.findings import Findings, Told
from coach.scoring.latest import LatestScores, Scored
from coach.store import Store
from coach.store.sight import Sight


class Scoring(Findings[Sight]):
    """Scores of the whole firm; who may see which is asked when they are told."""

    def __init__(self, store: Store, clock: Callable[[], int], scores: LatestScores | None = None):
        super().__init__(store, clock)
        self._scores = scores or LatestScores(store, clock)

    def record(self) -> Hashable:
        """Another one every day, too: with every day that passes scores change by themselves."""
        return super().record(), self.store.calendar.local_date(self.clock())

    def find(self, asked: Sight, at: int, told: Told) -> Scored:  # noqa: ARG002 -- the latest ones are of this instant
        """The latest scores."""
        told(0, 1)
        return self._scores.now()
