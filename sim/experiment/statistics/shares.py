"""In which share of worlds one policy is the better one, net of the noise within worlds.

The differences seen are each world's own effect plus the noise of its few replications; counting signs would mistake that
noise for worlds that disagree. The distribution of the true effects is estimated by the averaged posterior of a normal
hierarchical model (Louis 1984; Shen and Louis, "Triple-goal estimates in two-stage hierarchical models", JRSS B 60, 1998): with
little noise it is the plain count, with much noise it leans on the spread between worlds that the noise leaves over.
"""

import math

import numpy as np
from scipy import stats

from sim.experiment.statistics.estimators import LOOK_MARGIN, NO_INTERVAL, Interval
from sim.experiment.statistics.quantiles import weights


def share_above_zero(differences: np.ndarray, noise: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Estimated share of worlds with a positive effect, one for each row of `counts`.

    `differences` f8[worlds] and `noise` f8[worlds] (the variance of each of them within its world); `counts` f8[rows, worlds]
    says how often each world counts.
    """
    worlds = counts.sum(axis=1)
    centre = counts @ differences / worlds
    deviations = differences - centre[:, None]
    total = (counts * deviations**2).sum(axis=1) / (worlds - 1)
    between = np.maximum(total - counts @ noise / worlds, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(total > 0, between / total, 1.0)
        expected = centre[:, None] + kept[:, None] * deviations
        uncertainty = np.sqrt(kept * np.maximum(total - between, 0.0))[:, None]
        chance = np.where(uncertainty > 0, stats.norm.cdf(expected / uncertainty), np.where(expected > 0, 1.0, 0.0))
    return (counts * chance).sum(axis=1) / worlds


def better_share(differences: np.ndarray, noise: np.ndarray, confidence: float, seed: int) -> Interval:
    """Share of worlds in which the difference is truly positive, with an interval that is the hull of two.

    Worlds drawn again tell how unsure the correction for noise is, but see no world that was not drawn; the exact binomial
    limits (Clopper and Pearson 1934) tell how far a share can be known from so few worlds, and nothing of noise.
    """
    usable = np.isfinite(differences) & np.isfinite(noise)
    differences, noise = differences[usable], noise[usable]
    worlds = len(differences)
    if worlds < 2:
        return NO_INTERVAL
    error = LOOK_MARGIN * (1.0 - confidence) / 2.0
    value = float(share_above_zero(differences, noise, np.ones((1, worlds)))[0])
    again = share_above_zero(differences, noise, weights(worlds, seed))
    positive = value * worlds
    low = float(stats.beta.ppf(error, positive, worlds - positive + 1)) if positive > 0 else 0.0
    high = float(stats.beta.ppf(1 - error, positive + 1, worlds - positive)) if positive < worlds else 1.0
    low, high = min(low, float(np.quantile(again, error))), max(high, float(np.quantile(again, 1 - error)))
    return Interval(value, low, high, math.nan)
