"""How far a method's expectations stray, learnt from what it would have expected in the weeks that are known.

Counts scatter around what is expected by chance (Poisson) and beyond it by a factor with mean 1: a gamma, so that counts are
negative binomial. How wide the factor is, grows with the weeks ahead; how much of it weeks have in common is learnt from sums
of weeks. What few weeks tell is held against what is usual.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import special

from coach.forecasting.known import Known

Expected = Callable[[Known, int], np.ndarray | None]
"""Wins expected in each week ahead, shape (weeks,), of what is known; None where the method has nothing to go on."""
MOST_ORIGINS = 26
LEAST_HISTORY = 6
"""Weeks of history that a method is given at least when it is tried."""
_USUAL, _USUAL_ORIGINS = 0.08, 4.0
"""Variance of the factor before anything was tried, and for how many trials that stands."""
_LEAST, _MOST = 0.003, 1.5


class Spread(NamedTuple):
    """`variance` (weeks,) of the factor in each week ahead; `shared`: correlation of the factors of any two weeks."""

    variance: np.ndarray
    shared: float

    def drawn(self, expected: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
        """Counts, shape (draws, weeks), around what is expected, shape (weeks,)."""
        own = random.standard_normal((draws, len(expected)))
        common = random.standard_normal((draws, 1))
        share = special.ndtr(np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own)
        factor = special.gammaincinv(1 / self.variance, np.clip(share, 1e-12, 1 - 1e-12)) * self.variance
        return random.poisson(np.maximum(expected, 0.0) * factor).astype(float)


class Tried(NamedTuple):
    """What a method expected at earlier origins and what came: (origins, weeks), NaN where that is not known yet."""

    expected: np.ndarray
    came: np.ndarray

    @property
    def ratio(self) -> float:
        """Wins that came over wins expected, drawn towards 1 as if one more week had come as expected."""
        told = np.where(np.isnan(self.came), 0.0, self.expected)
        if not told.size or told.sum() <= 0:
            return 1.0
        usual = told.sum() / max(np.count_nonzero(told), 1)
        return float((np.nansum(self.came) + usual) / (told.sum() + usual))

    def scaled(self, factor: float) -> "Tried":
        return self._replace(expected=self.expected * factor)


def tried(known: Known, expected: Expected, weeks: int) -> Tried:
    """A method at origins week by week before that of `known`, each given the tables as they stood then."""
    told, came = [], []
    for back in range(1, min(MOST_ORIGINS, known.length - LEAST_HISTORY) + 1):
        found = expected(known.earlier(back), weeks)
        if found is None:
            continue
        told.append(found)
        came.append(np.concatenate([known.wins[known.length - back :], np.full(weeks, np.nan)])[:weeks])
    return Tried(np.array(told).reshape(-1, weeks), np.array(came).reshape(-1, weeks))


def spread_of(trial: Tried, expected: np.ndarray) -> Spread:
    """What a trial tells of a method that now expects so many wins in each week ahead, shape (weeks,)."""
    seen = ~np.isnan(trial.came)
    told = np.where(seen, trial.expected, 0.0)
    missed = np.where(seen, trial.came, 0.0) - told
    beyond = (missed**2 - told).sum(axis=0) + _USUAL_ORIGINS * _USUAL * expected**2
    size = (told**2).sum(axis=0) + _USUAL_ORIGINS * expected**2
    variance = _rising(beyond / np.maximum(size, 1e-9), seen.sum(axis=0) + _USUAL_ORIGINS)
    return Spread(variance, _shared(seen, told, missed, expected, variance))


def _rising(variance: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """A straight line through the variances that does not fall with the weeks ahead."""
    week = np.arange(len(variance)) - np.average(np.arange(len(variance)), weights=weight)
    slope = max(0.0, float((weight * week) @ variance / max((weight * week) @ week, 1e-9)))
    return np.clip(np.average(variance, weights=weight) + slope * week, _LEAST, _MOST)


def _shared(seen: np.ndarray, told: np.ndarray, missed: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> float:
    """The correlation under which sums of weeks stray as they did; a half is what four trials would have shown."""
    own = expected @ (variance * expected)
    cross = (expected @ np.sqrt(variance)) ** 2 - own
    if cross <= 0:
        return 0.5
    whole = seen.all(axis=1)
    sums, strayed = told[whole].sum(axis=1), missed[whole].sum(axis=1)
    usual = (own + 0.5 * cross) / expected.sum() ** 2
    beyond = (strayed**2 - sums).sum() + _USUAL_ORIGINS * usual * expected.sum() ** 2
    relative = beyond / ((sums**2).sum() + _USUAL_ORIGINS * expected.sum() ** 2)
    return float(np.clip((relative * expected.sum() ** 2 - own) / cross, 0.0, 1.0))
