"""Naive methods that look at the weekly wins alone."""

import warnings

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from coach.forecasting.known import Known

RECENT, YEAR = 8, 52
FEWEST_WEEKS = 10
"""Weeks without which there is nothing to smooth."""


def mean_of_last_weeks(known: Known, weeks: int) -> np.ndarray | None:
    """The mean of the last eight weeks in every week ahead."""
    return np.full(weeks, known.wins[-RECENT:].mean()) if known.length else None


def same_weeks_of_last_year(known: Known, weeks: int) -> np.ndarray | None:
    """Last year's weeks, each with its neighbours, times the growth of the last eight weeks over those a year before."""
    begin = known.length - YEAR
    if begin < 0 or weeks >= YEAR:
        return None
    padded = np.convolve(np.pad(known.wins, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    found = padded[begin : begin + weeks]
    before = known.wins[max(begin - RECENT, 0) : begin].sum()
    if begin < RECENT:
        return found
    return found * (known.wins[-RECENT:].sum() + 1) / (before + 1)


def smoothing(known: Known, weeks: int, draws: int, random: np.random.Generator) -> np.ndarray | None:
    """Exponential smoothing with or without a damped trend, whichever the record favours (AICc): simulated paths."""
    wins = known.wins
    if len(wins) < FEWEST_WEEKS or np.ptp(wins) == 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [ETSModel(wins, error="add", **more).fit(disp=False) for more in ({}, {"trend": "add", "damped_trend": True})]
        best = min(fits, key=lambda fit: fit.aicc if np.isfinite(fit.aicc) else np.inf)
        paths = best.simulate(weeks, anchor="end", repetitions=draws, rng=random)
    return np.maximum(np.round(np.nan_to_num(np.asarray(paths).reshape(weeks, draws).T)), 0.0)

