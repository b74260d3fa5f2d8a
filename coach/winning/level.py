"""By how much a firm wins more or less than its model foretells, and how far that may move: a level that drifts.

The past is foretold window by window from what was known before each. Wins that came over wins expected follow a level that
moves from window to window, with a noise beside it that does not last. The level's distribution is a gamma that forgets
(A. Harvey and C. Fernandes, Journal of Business & Economic Statistics 7, 1989, pp. 407-417). Rate and noise are not picked but
averaged: each pair counts as much as it foretold the windows, one step ahead. Where the level stands now is told by the windows
as the model of now tells them: it has learnt from them, so that what earlier models missed is in it in part. So an interval of
a sum holds chance, the uncertainty of the level and its drift in the time ahead. What is forgotten gives way to what is usual,
a level around 1. Where nobody knows when wins came, the same follows the odds of winning, if closed, by when it was opened.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats

KEEPS = np.array([0.6, 0.75, 0.85, 0.93, 0.97, 1.0])
"""Share of what is known of the level that lasts to the next window."""
NOISES = np.array([0.0, 0.1, 0.2, 0.35, 0.6, 1.0])
"""Relative spread of a window that does not last."""
_USUAL_NOISES = np.array([2.0, 4.0, 4.0, 3.0, 1.5, 0.5])
_USUAL = 1 / 0.3**2
"""Shape and rate of the level before anything was foretold: around 1, with a relative spread of 0.3."""
INSIDE = 0.8


class Windows(NamedTuple):
    """Windows of the past in their order: wins expected of what was open at the beginning of each, wins that came of it, the
    variance that chance alone gives them, each of shape (windows,), and a window's length in days."""

    expected: np.ndarray
    came: np.ndarray
    variance: np.ndarray
    days: float


class ExpectedWins(NamedTuple):
    """Wins expected in some days from the look on, with the interval that holds what comes in four of five cases."""

    from_day: float
    to_day: float
    wins: float
    low: float
    high: float


class Level(NamedTuple):
    """The level after the last window, a gamma distribution for every pair of a rate and a noise: arrays of shape (pairs,).

    `weight` sums to 1; `shape` and `rate` are the gamma's; `days`: length of a window;
    `tested`: days of all windows.
    """

    keep: np.ndarray
    noise: np.ndarray
    weight: np.ndarray
    shape: np.ndarray
    rate: np.ndarray
    days: float
    tested: float

    def factor(self, ahead: float) -> float:
        """The level to expect so many days ahead: 1 where as many wins come as the model foretells."""
        shape, rate = self._ahead(ahead)
        return float(self.weight @ (shape / rate))

    def spread(self, first: float, last: float) -> float:
        """Relative spread beyond chance of the wins between days ahead."""
        mean, variance = self._between(first, last)
        return float(np.sqrt(self.weight @ (variance + (mean - 1) ** 2)))

    def interval(self, wins: float, chance: float, first: float, last: float, inside: float = INSIDE) -> tuple[float, float]:
        """The middle interval of a sum of wins between days ahead, expected at `factor`, of the variance `chance`."""
        if wins <= 0:
            return 0.0, 0.0
        mean, variance = self._between(first, last)
        means, variances = wins * mean, chance * mean + wins**2 * variance
        tail = (1 - inside) / 2
        return self._quantile(means, variances, tail), self._quantile(means, variances, 1 - tail)

    def expected(self, first: float, last: float, chances: np.ndarray) -> ExpectedWins:
        """The sum of some chances of being won between days ahead, at `factor`, with its interval."""
        wins, chance = float(chances.sum()), float((chances * (1 - chances)).sum())
        return ExpectedWins(first, last, wins, *self.interval(wins, chance, first, last))

    def less_sure(self, wins: float) -> "Level":
        """The same level for a model that rests on so many wins and was never tried."""
        share = 1 / (1 + self.shape / wins)
        return self._replace(shape=self.shape * share, rate=self.rate * share, keep=np.ones_like(self.keep))

    def _between(self, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the wins between days ahead, against the wins to expect, chance left out.

        Windows that are short against the days ahead tell little of how far the level moves in so long: what is usual is held
        against as many periods of this length as were tested.
        """
        shape, rate = self._ahead((first + last) / 2)
        windows, mean = max((last - first) / self.days, 1.0), shape / rate
        whole = self.weight @ mean
        variance = (shape / rate**2 + (self.noise * mean) ** 2 / windows) / whole**2
        return mean / whole, np.maximum(variance, 1 / _USUAL / (1 + self.tested / last))

    def _ahead(self, days: float) -> tuple[np.ndarray, np.ndarray]:
        return _faded(self.shape, self.rate, self.keep ** (0.5 + days / self.days))

    def _quantile(self, means: np.ndarray, variances: np.ndarray, share: float) -> float:
        low, high = -1, int(means.max() + 20 * np.sqrt(variances.max()) + 20)
        while high - low > 1:
            middle = (low + high) // 2
            if self.weight @ counts_up_to(middle, means, variances) >= share:
                high = middle
            else:
                low = middle
        return float(high)


def level_of(foretold: Windows, retold: Windows | None = None) -> Level:
    """What the windows tell of the level; what is usual where there are none.

    `retold`: the same windows as told by the model whose level is asked for, where that is not the one that foretold them.
    """
    keep, noise = (each.ravel() for each in np.meshgrid(KEEPS, NOISES, indexing="ij"))
    shape, rate, weight = _followed(foretold, keep, noise)
    if retold is not None:
        shape, rate, _ = _followed(retold, keep, noise)
    tested = foretold.days * len(foretold.expected)
    return Level(keep, noise, weight, shape, rate, foretold.days, tested)


def _followed(windows: Windows, keep: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shape and rate of the level after the windows for every pair, and how much each pair counts by how it foretold them."""
    weight = np.log(np.broadcast_to(_USUAL_NOISES, (len(KEEPS), len(NOISES))).ravel())
    shape = rate = np.full(len(keep), _USUAL)
    for expected, came, chance in zip(*windows[:3], strict=True):
        shape, rate = _faded(shape, rate, keep)
        if expected <= 0:
            continue
        mean = shape / rate
        around = chance + noise**2 * mean * expected**2
        weight = weight + np.log(_chance_of(came, mean * expected, mean * around + expected**2 * shape / rate**2))
        told = expected / around
        shape, rate = shape + told * came, rate + told * expected
    weight = np.exp(weight - weight.max())
    return shape, rate, weight / weight.sum()


def _faded(shape: np.ndarray, rate: np.ndarray, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of what is known of the level a share is kept; what is usual takes the place of the rest."""
    return keep * shape + (1 - keep) * _USUAL, keep * rate + (1 - keep) * _USUAL


def _chance_of(came: float, means: np.ndarray, variances: np.ndarray) -> np.ndarray:
    exactly = counts_up_to(came, means, variances) - counts_up_to(came - 1, means, variances)
    return np.maximum(exactly, 1e-9)


def counts_up_to(most: float, means: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Probability of at most so many, of counts with these means and variances: negative binomial where the variance is the
    larger, else binomial."""
    wide = variances > means * (1 + 1e-6)
    beyond = np.where(wide, variances - means, 1.0)
    size = means**2 / beyond
    many = stats.nbinom.cdf(most, size, size / (size + means))
    tries = np.maximum(np.round(means**2 / np.maximum(means - variances, means * 1e-4)), np.ceil(means + 1e-9))
    return np.where(wide, many, stats.binom.cdf(most, tries, means / tries))
