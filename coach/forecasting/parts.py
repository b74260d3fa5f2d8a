"""To whom the wins of a forecast belong, and what they are worth.

Each win that is drawn is one of the opportunities open, drawn by its chance of being won in that week, or like one of the wins
of the last half-year: owner and amount are that one's. Past wins are drawn anew in each draw (bootstrap), so that what few wins
tell of a rep is as unsure as it is.
"""

from functools import cached_property

import numpy as np

from coach.forecasting.forecasters import Foretold
from coach.forecasting.known import WEEK, Known

REMEMBERED = 26
FEWEST = 50
"""Past wins that new ones are like, at least: those of the last half-year, or the last so many."""


class Parts:
    """Wins of a forecast one by one: `draw`, `week`, `amount` (NaN: not recorded) and `owner` (place in `owners`), (wins,)."""

    def __init__(self, known: Known, foretold: Foretold, random: np.random.Generator):
        self.draws, self.weeks = foretold.wins.shape
        counts = foretold.wins.astype(int).ravel()
        place = np.repeat(np.arange(len(counts)), counts)
        self.draw, self.week = place // self.weeks, place % self.weeks
        like = _past(known)
        item = _drawn_again(like, self.draw, self.draws, random)
        if foretold.opened is not None and len(known.open):
            self._open(known, foretold.wins, foretold.opened, item, random)
        deals = known.deals
        names = deals["owner"].fillna("").to_numpy(dtype=object)
        self.owners, owner = np.unique(names.astype(str), return_inverse=True)
        told = item >= 0
        self.amount = np.where(told, deals["amount"].to_numpy()[item], np.nan) if len(deals) else np.full(len(item), np.nan)
        self.owner = np.where(told, owner[item], -1) if len(deals) else np.full(len(item), -1)

    def _open(
        self, known: Known, wins: np.ndarray, opened: np.ndarray, item: np.ndarray, random: np.random.Generator
    ) -> None:
        """Some of the wins are opportunities that are open: as many as their chances say."""
        share = np.minimum(opened.sum(axis=0) / np.maximum(wins.mean(axis=0), 1e-9), 1.0)
        for week in range(self.weeks):
            here = np.flatnonzero(self.week == week)
            here = here[random.random(len(here)) < share[week]]
            reached = np.cumsum(opened[:, week])
            if len(here) and reached[-1] > 0:
                chosen = np.searchsorted(reached, random.random(len(here)) * reached[-1], side="right")
                item[here] = known.open[np.minimum(chosen, len(known.open) - 1)]

    @cached_property
    def revenue(self) -> np.ndarray | None:
        """Amounts in each week, shape (draws, weeks); None where no win has one."""
        return None if np.isnan(self.amount).all() else self._sums(np.nan_to_num(self.amount), np.ones(len(self.draw), bool))

    def wins_of(self, owners: set[str]) -> np.ndarray:
        """Wins of some owners in each week, shape (draws, weeks)."""
        return self._sums(np.ones(len(self.draw)), self._of(owners))

    def revenue_of(self, owners: set[str]) -> np.ndarray:
        """Amounts of some owners' wins in each week, shape (draws, weeks)."""
        return self._sums(np.nan_to_num(self.amount), self._of(owners))

    def _of(self, owners: set[str]) -> np.ndarray:
        return np.isin(self.owner, np.flatnonzero(np.isin(self.owners, list(owners))))

    def _sums(self, values: np.ndarray, kept: np.ndarray) -> np.ndarray:
        place = (self.draw * self.weeks + self.week)[kept]
        return np.bincount(place, values[kept], self.draws * self.weeks).reshape(self.draws, self.weeks)


def _past(known: Known) -> np.ndarray:
    """Positions in `deals` of the wins that new ones are like."""
    won = np.flatnonzero(known.deals["outcome"] == "won")
    end = known.deals["end"].to_numpy()[won]
    won = won[np.argsort(end, kind="stable")]
    recent = int((end >= known.at - REMEMBERED * WEEK).sum())
    return won[-max(recent, FEWEST) :]


def _drawn_again(like: np.ndarray, draw: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """A past win for each win of each draw, of those drawn for that draw; -1 where there is none."""
    if not len(like):
        return np.full(len(draw), -1)
    again = like[random.integers(0, len(like), (draws, len(like)))]
    return again[draw, random.integers(0, len(like), len(draw))]
