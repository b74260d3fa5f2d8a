"""Naive methods that look at the open opportunities: by age, by stage and expected date, and by the reps' own dates.

Each adds what is still to come: as many new opportunities as in the last eight weeks, won as those of this age were.
"""

import numpy as np
import pandas as pd

from coach.forecasting.ages import Ages, wins_of_new
from coach.forecasting.arrivals import level
from coach.forecasting.known import Known

_PRIOR_CASES = 4.0
_FEWEST_DATED = 10


def hazard_by_age(known: Known, weeks: int) -> np.ndarray | None:
    """Chances by age of all that is open, and of what comes."""
    if known.deals.empty:
        return None
    ages = Ages(known)
    return ages.of_open(known.ages, weeks).sum(axis=0) + _new(known, ages, weeks)


def weighted_pipeline(known: Known, weeks: int) -> np.ndarray | None:
    """The firm's own share won by stage, in the week of the expected date; without a date ahead, when its age says.

    None where the record has neither stages nor dates: it would be the method by age.
    """
    if known.deals.empty or (known.stages["value"].nunique() < 2 and known.dates.empty):
        return None
    ages = Ages(known)
    chance = _share_by_stage(known)
    by_age = ages.of_open(known.ages, weeks)
    ever = ages.ever(known.ages)
    told = chance[:, None] * by_age / np.maximum(ever, 1e-9)[:, None]
    ahead = _weeks_to_date(known)
    dated = ahead >= 1
    told[dated] = chance[dated, None] * (ahead[dated, None] == np.arange(1, weeks + 1))
    return told.sum(axis=0) + _new(known, ages, weeks)


def own_dates(known: Known, weeks: int) -> np.ndarray | None:
    """Every open opportunity in the week of the date that its rep expects; None where there are hardly any dates."""
    ahead = _weeks_to_date(known)
    if (ahead >= 1).sum() < _FEWEST_DATED:
        return None
    dated = (ahead[:, None] == np.arange(1, weeks + 1)).sum(axis=0)
    return dated + _new(known, Ages(known), weeks)


def _new(known: Known, ages: Ages, weeks: int) -> np.ndarray:
    return wins_of_new(level(known.arrivals, weeks), ages.of_new(weeks))


def latest(told: pd.DataFrame, known: Known) -> np.ndarray:
    """What was recorded last of each open opportunity, NaN where nothing was; shape (open,)."""
    last = told.groupby("deal")["value"].last()
    return last.reindex(known.deals.index[known.open]).to_numpy(dtype=float)


def _weeks_to_date(known: Known) -> np.ndarray:
    """In which week ahead each open opportunity's expected date lies; 0 without one or where it has passed."""
    if known.dates.empty:
        return np.zeros(len(known.open))
    return np.nan_to_num(known.weeks_ahead(latest(known.dates, known)), nan=0.0)


def _share_by_stage(known: Known) -> np.ndarray:
    """Of those closed that were once recorded in a stage, the share won; for the stage of each open one, drawn to the mean."""
    outcome = known.deals["outcome"]
    closed = outcome[outcome.isin(("won", "lost"))]
    mean = (float((closed == "won").sum()) + 0.5) / (len(closed) + 1.0)
    stays = known.stages.drop_duplicates(["deal", "value"])
    stays = stays[stays["deal"].isin(closed.index)]
    won = (closed.loc[stays["deal"]] == "won").to_numpy()
    counted = pd.DataFrame({"stage": stays["value"].to_numpy(), "won": won}).groupby("stage")["won"].agg(["sum", "count"])
    share = (counted["sum"] + _PRIOR_CASES * mean) / (counted["count"] + _PRIOR_CASES)
    return pd.Series(latest(known.stages, known)).fillna(1.0).map(share).fillna(mean).to_numpy(dtype=float)

