"""The product's own forecast: what is open by the win model, what is to come by its trend, with the spread of own errors.

Open opportunities are won as the win model foretells, halfway to what their age alone says: each errs in its own way.
Opportunities that are still to come follow the level of arrivals with as much of its trend as is sure, and are won as those of
their age were in the last half-year. Weeks of public holidays have as much less of both as the firm's free days show.
"""

import numpy as np
import pandas as pd

from coach.forecasting.ages import Ages, wins_of_new
from coach.forecasting.arrivals import level_and_trend
from coach.forecasting.known import DAYS_A_WEEK, WEEK, Known
from coach.forecasting.open_days import loads_of
from coach.winning.few import FEWEST
from coach.winning.hazards import AGE, AHEAD, Hazards, incidence
from coach.winning.looks import look, look_back
from coach.winning.trials import USUAL

REMEMBERED = 26
"""Weeks of the record from which chances by age are learnt."""
SHARE_OF_MODEL = 0.5
MOST_LEARNT_FROM = 15_000
"""Opportunities; of more, every so manieth is taken: a forecast is wanted within half a minute."""


def by_age(known: Known, weeks: int) -> np.ndarray | None:
    """The same without the win model, which is what can be tried on many earlier origins."""
    if known.deals.empty:
        return None
    return _ages(known).of_open(known.ages, weeks).sum(axis=0) * open_days(known, weeks) + of_new(known, weeks)


def of_open(known: Known, weeks: int) -> np.ndarray:
    """Chances of each open opportunity of being won in each week ahead, shape (open, weeks)."""
    told = _ages(known).of_open(known.ages, weeks)
    found = hazards_of_open(known) if len(told) else None
    if found is not None:
        own = np.diff([incidence(found, DAYS_A_WEEK * edge) for edge in range(weeks + 1)], axis=0).T
        told = SHARE_OF_MODEL * own + (1 - SHARE_OF_MODEL) * told
    return told * open_days(known, weeks)


def hazards_of_open(known: Known) -> np.ndarray | None:
    """The win model's hazards a day of each open opportunity, shape (2, open, stretches); None with few wins or losses."""
    hazards = _hazards(known)
    if hazards is None:
        return None
    table = pd.DataFrame([look(known.now[place], known.at) for place in known.open])
    names = [each.name for each in hazards.encoding.features if each not in (AGE, AHEAD)]
    return hazards.of(hazards.columns(table.reindex(columns=[*names, "age"])))


def _hazards(known: Known) -> Hazards | None:
    """The win model with its usual settings, from at most so many opportunities; None with few wins or losses."""
    undated = set(known.deals["row"][known.deals["outcome"] == "undated"])
    every = -(-len(known.opportunities) // MOST_LEARNT_FROM)
    past = look_back(known.opportunities[::every], known.at, undated)
    return Hazards.learnt(past.features, past.dated, USUAL) if min(past.dated.ends()) >= FEWEST else None


def of_new(known: Known, weeks: int) -> np.ndarray:
    """Wins to expect in each week ahead of opportunities that are still to come, shape (weeks,)."""
    come = level_and_trend(known.arrivals, loads_of(known, known.deals["start"], weeks))
    return wins_of_new(come, _ages(known).of_new(weeks)) * open_days(known, weeks)


def open_days(known: Known, weeks: int) -> np.ndarray:
    """How many times as much is won in each week ahead as in those that chances are learnt from, by their days of work."""
    found = loads_of(known, known.won["end"], weeks)
    return found.ahead / (found.behind[-REMEMBERED:].mean() if known.length else 1.0)


def _ages(known: Known) -> Ages:
    return Ages(known, known.at - REMEMBERED * WEEK)
