"""Intervals of shares, rates and ratios, each by a published method."""

from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from coach.describing.description import CONFIDENCE

FEWEST_CASES = 10
"""Below so many cases a share is not told."""
FEWEST_WEEKS = 8


class Interval(NamedTuple):
    """A value with the ends of its interval."""

    value: float | None
    low: float | None
    high: float | None


NOTHING = Interval(None, None, None)


def share(count: int, cases: int) -> Interval:
    """A share with Wilson's interval (E. B. Wilson, JASA 22, 1927, pp. 209–212), from exactly 0 of none, to 1 of all."""
    if cases < FEWEST_CASES:
        return NOTHING
    low, high = proportion_confint(count, cases, alpha=1 - CONFIDENCE, method="wilson")
    return Interval(count / cases, float(low) if count else 0.0, float(high) if count < cases else 1.0)


def rate(count: int, exposure: float) -> Interval:
    """Events per unit of exposure with the exact Poisson interval (F. Garwood, Biometrika 28, 1936, pp. 437–442)."""
    if exposure <= 0:
        return NOTHING
    low, high = confint_poisson(count, exposure, method="exact-c", alpha=1 - CONFIDENCE)
    return Interval(count / exposure, float(np.nan_to_num(low)), float(high))


def quantile(values: np.ndarray, share_below: float) -> Interval:
    """A quantile with the interval of two order statistics (W. J. Conover, Practical Nonparametric Statistics, 1999)."""
    if len(values) < FEWEST_CASES:
        return NOTHING
    ordered = np.sort(values)
    tail = (1 - CONFIDENCE) / 2
    ranks = stats.binom.ppf([tail, 1 - tail], len(ordered), share_below).astype(int) - [1, 0]
    low, high = ordered[np.clip(ranks, 0, len(ordered) - 1)]
    return Interval(float(np.quantile(ordered, share_below)), float(low), float(high))


def dispersion(counts: np.ndarray) -> Interval:
    """Variance ÷ mean of counts, with the bias-corrected bootstrap (B. Efron, JASA 82, 1987, pp. 171–185)."""
    if len(counts) < FEWEST_WEEKS or counts.sum() == 0 or np.ptp(counts) == 0:
        return NOTHING

    def ratio(sample, axis=-1):
        return np.var(sample, axis=axis, ddof=1) / np.maximum(np.mean(sample, axis=axis), 1e-12)

    found = stats.bootstrap((counts,), ratio, confidence_level=CONFIDENCE, n_resamples=2000, rng=np.random.default_rng(1))
    ends = found.confidence_interval
    return Interval(float(ratio(counts)), float(ends.low), float(ends.high))


class Shrunk(NamedTuple):
    """Shares of several people as draws of one beta distribution.

    `shares`: each person's posterior mean with its interval. `spread`: standard deviation of the true shares between people.
    `p_value`: of the hypothesis that all are alike.
    """

    shares: list[Interval]
    spread: float
    p_value: float


def shrunk(counts: np.ndarray, cases: np.ndarray) -> Shrunk:
    """Beta-binomial shares by empirical Bayes (B. Efron, Large-Scale Inference, 2010, ch. 1); p by the likelihood ratio.

    The hypothesis lies on the edge of what the spread may be, so that the ratio follows an even mixture of a point at 0 and a
    chi-square of one degree (S. Self and K.-Y. Liang, JASA 82, 1987, pp. 605–610).
    """
    mean = counts.sum() / cases.sum()

    def loss(parameters):
        centre, size = special.expit(parameters[0]), np.exp(parameters[1])
        return -stats.betabinom.logpmf(counts, cases, centre * size, (1 - centre) * size).sum()

    start = [special.logit(np.clip(mean, 1e-3, 1 - 1e-3)), np.log(50.0)]
    found = optimize.minimize(loss, start, method="L-BFGS-B", bounds=[(-8, 8), (np.log(0.5), np.log(1e5))])
    centre, size = special.expit(found.x[0]), np.exp(found.x[1])
    alike = stats.binom.logpmf(counts, cases, mean).sum()
    ratio = max(0.0, 2 * (-found.fun - alike))
    tail = (1 - CONFIDENCE) / 2
    posterior = [(centre * size + won, (1 - centre) * size + n - won) for won, n in zip(counts, cases, strict=True)]
    shares = [
        Interval(float(a / (a + b)), float(stats.beta.ppf(tail, a, b)), float(stats.beta.ppf(1 - tail, a, b)))
        for a, b in posterior
    ]
    spread = float(np.sqrt(centre * (1 - centre) / (size + 1)))
    return Shrunk(shares, spread, float(0.5 * stats.chi2.sf(ratio, 1)) if ratio > 0 else 1.0)
