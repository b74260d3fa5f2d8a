"""How many new opportunities come in each week ahead: the level of the last weeks, with as much of the trend as is sure."""

import warnings

import numpy as np
import statsmodels.api as sm

from coach.forecasting.open_days import Loads
from policies.time.weeks import LEAST_LOAD

RECENT = 8
TREND_WEEKS = 52
_SURE = 0.005
"""A trend whose standard error is so much a week counts half."""
_MOST_TURN = np.log(2.0)
"""A trend doubles or halves the level at most."""


def level(arrivals: np.ndarray, weeks: int) -> np.ndarray:
    """The mean of the last eight weeks for every week ahead, shape (weeks,)."""
    return np.full(weeks, arrivals[-RECENT:].mean() if len(arrivals) else 0.0)


def level_and_trend(arrivals: np.ndarray, load: Loads) -> np.ndarray:
    """The mean of the last eight weeks carried on by a Poisson regression's trend, shape (weeks,), as the calendar has it.

    The trend is shrunk by its own uncertainty, so that a short or unquiet record has none.
    """
    if not len(arrivals):
        return np.zeros(len(load.ahead))
    today, slope = level_of_today(arrivals, load.behind)
    ahead = slope * (0.5 + np.arange(len(load.ahead)))
    return today * np.exp(np.clip(ahead, -_MOST_TURN, _MOST_TURN)) * load.ahead


def level_of_today(counts: np.ndarray, load: np.ndarray) -> tuple[float, float]:
    """Arrivals of an ordinary week at the end of a record, and their growth from there on (logarithm a week), as far as sure.

    From counts by whole week and how much of an ordinary week each was, both of shape (weeks,).
    """
    behind, shares = counts[-TREND_WEEKS:], np.maximum(load[-TREND_WEEKS:], LEAST_LOAD)
    recent = min(len(behind), RECENT)
    slope = _slope(behind, shares) if _tells_a_trend(behind) else 0.0
    level = behind[-recent:].sum() / shares[-recent:].sum()
    return float(level * np.exp(slope * recent / 2)), slope


def _tells_a_trend(counts: np.ndarray) -> bool:
    return len(counts) >= RECENT and counts.sum() >= RECENT and np.ptp(counts) > 0


def _slope(counts: np.ndarray, load: np.ndarray) -> float:
    """Growth a week (logarithm) by a Poisson regression, shrunk by its uncertainty; `load`: parts of ordinary weeks."""
    design = sm.add_constant(np.arange(len(counts), dtype=float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(load)).fit(scale="X2")
    slope, error = float(fitted.params[1]), float(fitted.bse[1])
    return slope / (1 + (error / _SURE) ** 2) if np.isfinite(error) else 0.0
