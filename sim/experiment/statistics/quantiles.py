"""Quantiles of pooled waiting times, from log-spaced histograms, bootstrapped by world.

A jackknife is inconsistent for quantiles (Miller 1974), so worlds are drawn again with replacement (Efron 1979; Davison and
Hinkley 1997, section 3.8), both arms of a world together.
"""

import math
from functools import lru_cache

import numpy as np

from sim.experiment.statistics.estimators import Interval, studentised
from sim.experiment.statistics.keyed import generator

RESAMPLES = 1000


def quantile(histogram: np.ndarray, edges: np.ndarray, share: float) -> np.ndarray:
    """The value below which `share` of the counts lie.

    `histogram` f8[..., bins], `edges` f8[bins + 1], positive and rising; within a bin the logarithm is interpolated.
    Returns f8[...]; NaN where there are no counts.
    """
    above = np.cumsum(histogram, axis=-1)
    total = above[..., -1:]
    wanted = share * total
    place = np.minimum((above < wanted).sum(axis=-1, keepdims=True), histogram.shape[-1] - 1)
    inside = np.take_along_axis(histogram, place, axis=-1)
    before = np.take_along_axis(above, place, axis=-1) - inside
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(inside > 0, (wanted - before) / inside, 0.0)
    logarithm = np.log(edges)
    value = np.exp(logarithm[place] + part * (logarithm[place + 1] - logarithm[place]))
    return np.where(total > 0, value, np.nan)[..., 0]


@lru_cache(maxsize=8)
def weights(worlds: int, seed: int) -> np.ndarray:
    """How often each world is drawn in each resample, f8[RESAMPLES, worlds]; the same for every metric, read-only."""
    rng = generator("resample", seed, worlds)
    counts = rng.multinomial(worlds, np.full(worlds, 1.0 / worlds), size=RESAMPLES).astype(np.float64)
    counts.flags.writeable = False
    return counts


def spread_interval(value: float, resampled: np.ndarray, worlds: int, confidence: float) -> Interval:
    """Student's interval around `value` with the resamples' spread as standard error; NaN ends if a resample has no value."""
    if worlds < 2 or not np.isfinite(resampled).all():
        return Interval(value, math.nan, math.nan, math.nan)
    # A resample varies by (worlds - 1) / worlds too little.
    error = float(resampled.std(ddof=1)) * math.sqrt(worlds / (worlds - 1))
    return studentised(value, error, 0.0, worlds - 1, confidence)
