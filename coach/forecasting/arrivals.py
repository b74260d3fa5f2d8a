"""How many new opportunities come in each week ahead: the level of the last weeks, with as much of the trend as is sure."""

import warnings

import numpy as np
import statsmodels.api as sm

RECENT = 8
TREND_WEEKS = 52
_SURE = 0.005
"""A trend whose standard error is so much a week counts half."""
_MOST_TURN = np.log(2.0)
"""A trend doubles or halves the level at most."""


def level(arrivals: np.ndarray, weeks: int) -> np.ndarray:
    """The mean of the last eight weeks for every week ahead, shape (weeks,)."""
    return np.full(weeks, arrivals[-RECENT:].mean() if len(arrivals) else 0.0)


def level_and_trend(arrivals: np.ndarray, weeks: int) -> np.ndarray:
    """The mean of the last eight weeks carried on by a Poisson regression's trend, shape (weeks,).

    The trend is shrunk by its own uncertainty, so that a short or unquiet record has none.
    """
    found = level(arrivals, weeks)
    behind = arrivals[-TREND_WEEKS:]
    if len(behind) < RECENT or behind.sum() < RECENT or np.ptp(behind) == 0:
        return found
    slope = _slope(behind)
    middle = (min(len(behind), RECENT) - 1) / 2
    return found * np.exp(np.clip(slope * (middle + 1 + np.arange(weeks)), -_MOST_TURN, _MOST_TURN))


def _slope(counts: np.ndarray) -> float:
    design = sm.add_constant(np.arange(len(counts), dtype=float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.GLM(counts, design, family=sm.families.Poisson()).fit(scale="X2")
    slope, error = float(fitted.params[1]), float(fitted.bse[1])
    return slope / (1 + (error / _SURE) ** 2) if np.isfinite(error) else 0.0
