"""The product's own forecast: what is open by the win model, what is to come by its trend, with the spread of own errors.

Open opportunities are won as the win model foretells, halfway to what their age alone says: each errs in its own way, and in a
firm's own past the two together err least. Opportunities that are still to come follow the level of arrivals with as much of
its trend as is sure, and are won as those of their age were in the last half-year.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from coach.forecasting.ages import Ages, wins_of_new
from coach.forecasting.arrivals import level_and_trend
from coach.forecasting.known import DAYS_A_WEEK, WEEK, Known
from coach.winning.looks import look, look_back
from coach.winning.model import WinModel, fit_win_model

REMEMBERED = 26
"""Weeks of the record from which chances by age are learnt."""
SHARE_OF_MODEL = 0.5


def by_age(known: Known, weeks: int) -> np.ndarray | None:
    """The same without the win model, which is what can be tried on many earlier origins."""
    if known.deals.empty:
        return None
    ages = _ages(known)
    return ages.of_open(known.ages, weeks).sum(axis=0) + wins_of_new(level_and_trend(known.arrivals, weeks), ages.of_new(weeks))


def of_open(known: Known, weeks: int, model: Callable = fit_win_model) -> np.ndarray:
    """Chances of each open opportunity of being won in each week ahead, shape (open, weeks)."""
    told = _ages(known).of_open(known.ages, weeks)
    if not len(told):
        return told
    undated = set(known.deals["row"][known.deals["outcome"] == "undated"])
    fitted = model(look_back(known.opportunities, known.at, undated))
    if not isinstance(fitted, WinModel) or not fitted.timed:
        return told
    table = pd.DataFrame([look(known.now[place], known.at) for place in known.open])
    own = fitted.between(table, DAYS_A_WEEK * np.arange(weeks + 1.0))
    return SHARE_OF_MODEL * own + (1 - SHARE_OF_MODEL) * told


def of_new(known: Known, weeks: int) -> np.ndarray:
    """Wins to expect in each week ahead of opportunities that are still to come, shape (weeks,)."""
    return wins_of_new(level_and_trend(known.arrivals, weeks), _ages(known).of_new(weeks))


def _ages(known: Known) -> Ages:
    return Ages(known, known.at - REMEMBERED * WEEK)
