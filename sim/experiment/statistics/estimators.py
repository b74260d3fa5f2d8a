"""Intervals of one statistic when the independent units are worlds.

Every statistic of an experiment is a ratio of sums over worlds; a mean is the ratio whose denominator counts replications.
Its variance comes from leaving out one world at a time (jackknife: Quenouille 1956; Tukey 1958), which for a mean is the
ordinary sample variance of the world means. Intervals use Student's t with worlds - 1 degrees of freedom, adjusted for
skewness: money is skewed, and 30 worlds are few. The adjustment is that of Willink, "A confidence interval and test for the
mean of an asymmetric distribution" (Communications in Statistics 34, 2005), which Skart uses too (Tafazzoli, Wilson, Lada and
Steiger, INFORMS Journal on Computing 23, 2011). Skewness has to be estimated as well, and with heavy tails its noise moves the
wrong end: on each side the longer of the adjusted and the plain interval counts, at the price of some 5 % in width.

Stopping as soon as an interval is narrow enough is right in the limit of small intervals (Chow and Robbins 1965; Glynn and
Whitt 1992) and covers a little too rarely before it. `LOOK_MARGIN` makes up for that; tests/experiment/test_coverage.py
measures it.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LOOK_MARGIN = 0.7
"""Share of the allowed error (1 - confidence) that an interval uses; the rest pays for looking more than once."""

_MOST_DOUBLINGS = 60
_NEAREST, _ACCURACY = 1e-300, 1e-12  # of the search for an end: to zero, and to itself
_NO_SKEW = 1e-3  # below this the adjustment is smaller than rounding in the cube root


class Interval(NamedTuple):
    """A value with the ends of its interval, and the two-sided p-value of the hypothesis that the truth is 0."""

    value: float
    low: float
    high: float
    p: float

    @property
    def half_width(self) -> float:
        """The longer of the two sides."""
        return max(self.high - self.value, self.value - self.low)


NO_INTERVAL = Interval(math.nan, math.nan, math.nan, math.nan)


class Jackknife(NamedTuple):
    """A statistic over all worlds, and over all worlds but one: `left_out` f8[worlds]."""

    value: float
    left_out: np.ndarray

    @property
    def pseudovalues(self) -> np.ndarray:
        """What each world contributes, f8[worlds]; their mean is the statistic, less its bias."""
        worlds = len(self.left_out)
        return worlds * self.value - (worlds - 1) * self.left_out

    def size(self) -> "Jackknife":
        """The statistic without its sign: as it is if positive, turned round if negative."""
        sign = -1.0 if self.value < 0.0 else 1.0
        return Jackknife(sign * self.value, sign * self.left_out)

    def less(self, share: float, other: "Jackknife") -> "Jackknife":
        """The statistic less a share of another."""
        return Jackknife(self.value - share * other.value, self.left_out - share * other.left_out)


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> Jackknife:
    """Sum over sum, of f8[worlds] each; NaN where a denominator is 0."""
    upper, lower = numerator.sum(), denominator.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(lower != 0, upper / lower, np.nan)
        rest = lower - denominator
        left_out = np.where(rest != 0, (upper - numerator) / rest, np.nan)
    return Jackknife(float(value), left_out)


def difference(b: Jackknife, a: Jackknife) -> Jackknife:
    """b minus a; exactly zero, without spread, where both arms are the same."""
    return Jackknife(b.value - a.value, b.left_out - a.left_out)


def relative(b: Jackknife, a: Jackknife) -> Jackknife:
    """(b - a) as a share of the size of a; NaN where a is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (b.value - a.value) / abs(a.value) if a.value else math.nan
        left_out = np.where(a.left_out != 0, (b.left_out - a.left_out) / np.abs(a.left_out), np.nan)
    return Jackknife(value, left_out)


def relative_interval(change: Interval, level: Interval, less: Callable[[float], Interval]) -> Interval:
    """A change as a share of the size of a level, with Fieller's interval ("Some problems in interval estimation", JRSS B 16,
    1954): every share s for which the interval of change − s·level holds zero. At s = 0 that is the interval of the change
    itself, so the two lie on the same side of zero, always.

    change, level: both with their intervals at one confidence, the level positive. less: the interval of change − s·level.
    The ends are NaN where there is no interval, and where the level itself is not told from zero: then no share is excluded.
    """
    if not (math.isfinite(change.value) and level.value > 0.0):
        return NO_INTERVAL
    share = change.value / level.value
    if not (math.isfinite(change.low) and math.isfinite(change.high) and level.low > 0.0):
        return Interval(share, math.nan, math.nan, math.nan)
    if change.low == change.high == 0.0:
        return change
    step = (change.half_width + abs(share) * level.half_width) / level.value
    low = _fieller_end(share, -step, lambda s: less(s).low)
    high = _fieller_end(share, step, lambda s: -less(s).high)
    return Interval(share, low, high, change.p)


def _fieller_end(share: float, step: float, beyond: Callable[[float], float]) -> float:
    """The end of Fieller's interval on the side to which `step` points; `beyond` is positive for shares behind it."""
    from scipy.optimize import brentq

    inside = share
    if step == 0.0 or beyond(inside) > 0.0:  # all worlds agree on the share
        return share
    if share * step < 0.0:  # zero lies on this side, and is where the change itself is judged
        if beyond(0.0) > 0.0:
            end = float(brentq(beyond, 0.0, inside, xtol=_NEAREST, rtol=_ACCURACY))
            return end if end * share > 0.0 else math.copysign(_NEAREST, share)
        inside = 0.0
    for doubling in range(_MOST_DOUBLINGS):
        outside = share + step * 2.0**doubling
        if (outside - inside) * step > 0.0 and beyond(outside) > 0.0:
            return float(brentq(beyond, inside, outside, xtol=_NEAREST, rtol=_ACCURACY))
    return math.nan


def _lean(values: np.ndarray) -> float:
    """Willink's b: the unbiased skewness (Fisher and Pearson's) over six times the root of the sample's size;
    0 where nothing varies."""
    size = len(values)
    deviations = values - values.mean()
    second = float((deviations**2).mean())
    if size < 3 or not second > (1e-12 * values.mean()) ** 2:
        return 0.0
    skewness = float((deviations**3).mean()) / second**1.5 * math.sqrt(size * (size - 1)) / (size - 2)
    return skewness / (6.0 * math.sqrt(size))


def _stretched(quantile: float, lean: float) -> float:
    """A quantile of Student's t, moved to where the skewed statistic has it (Willink's G)."""
    if abs(lean) < _NO_SKEW:
        return quantile
    return (float(np.cbrt(1.0 + 6.0 * lean * (quantile - lean))) - 1.0) / (2.0 * lean)


def _straightened(statistic: float, lean: float) -> float:
    """The inverse of `_stretched`."""
    if abs(lean) < _NO_SKEW:
        return statistic
    return lean + ((1.0 + 2.0 * lean * statistic) ** 3 - 1.0) / (6.0 * lean)


def studentised(value: float, error: float, lean: float, freedom: int, confidence: float) -> Interval:
    """Two-sided interval from a standard error. The value is 0 without error if both arms are the same: then p is 1."""
    if not (math.isfinite(value) and math.isfinite(error)) or freedom < 1:
        return Interval(value, math.nan, math.nan, math.nan)
    if error == 0.0:
        return Interval(value, value, value, 1.0 if value == 0.0 else 0.0)
    from scipy.special import stdtr, stdtrit  # takes a third of a second to load, and a run of one office has no interval

    quantile = float(stdtrit(freedom, 1.0 - LOOK_MARGIN * (1.0 - confidence) / 2.0))
    below = max(quantile, _stretched(quantile, lean))
    above = max(quantile, -_stretched(-quantile, lean))
    statistic = value / error
    nearest = min(abs(statistic), math.copysign(1.0, statistic) * _straightened(statistic, lean))
    p = 2.0 * float(stdtr(freedom, -nearest)) / LOOK_MARGIN
    return Interval(value, value - below * error, value + above * error, min(p, 1.0))


def interval(statistic: Jackknife, confidence: float) -> Interval:
    """Two-sided interval of a statistic, clustered by world."""
    values = statistic.pseudovalues
    if len(values) < 2 or not np.isfinite(values).all():
        return Interval(statistic.value, math.nan, math.nan, math.nan)
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return studentised(statistic.value, error, _lean(values), len(values) - 1, confidence)


def bounds(statistic: Jackknife, confidence: float) -> tuple[float, float]:
    """The one-sided lower and the one-sided upper bound, each at this confidence by itself."""
    two_sided = interval(statistic, 2.0 * confidence - 1.0)
    return two_sided.low, two_sided.high
