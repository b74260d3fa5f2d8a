"""Chances of winning by age alone: hazards of both ends in ranges of age, and what they make of open and of new opportunities.

Hazards count ends and days under watch (N. Keiding, Philosophical Transactions A 335, 1990, pp. 487-509), so that opportunities
that were old when their record began count from that age on, and open ones as far as they have come.
"""

import numpy as np

from coach.forecasting.known import DAYS_A_WEEK, Known
from coach.winning.history import DAY

RANGES = np.concatenate([np.arange(0.0, 15.0), 14.0 * 1.2 ** np.arange(1, 27)])
"""Ages in days at which a hazard may change: every day in the first fortnight, then every fifth of the age, to four years."""
_PRIOR = 1.0
"""Ends, as of the firm's mean hazard, that every range begins with."""


class Ages:
    """Hazards a day by range of age, and by each day of it (`daily`: won and lost, (2, days)).

    Shares still open (`surviving`) and won (`won`) by each age in days, both of shape (days + 1,)."""

    def __init__(self, known: Known, since: float = -np.inf, days: int = 2200):
        """Learnt from what was under watch between `since` (ms) and the instant of `known`."""
        deals = known.deals[known.deals["outcome"] != "undated"]
        born, end = deals["born"].to_numpy(), deals["end"].fillna(known.at).to_numpy()
        entered = np.maximum(deals["start"].to_numpy(), since)
        watched = end >= entered
        begin, until = ((each - born)[watched] / DAY for each in (entered, end))
        outcome = deals["outcome"].to_numpy()[watched]
        until = np.maximum(until, begin + 0.04)
        exposure = _days_in(until) - _days_in(begin)
        place = np.clip(np.searchsorted(RANGES, until, side="right") - 1, 0, len(RANGES) - 1)
        hazards = []
        for name in ("won", "lost"):
            count = np.bincount(place[outcome == name], minlength=len(RANGES))
            mean = count.sum() / max(exposure.sum(), 1e-9)
            hazards.append((count + _PRIOR) / (exposure + _PRIOR / mean) if mean else np.zeros(len(RANGES)))
        self.hazards = np.array(hazards)
        own = np.clip(np.searchsorted(RANGES, np.arange(days) + 0.5, side="right") - 1, 0, len(RANGES) - 1)
        self.daily = self.hazards[:, own]
        both = self.daily.sum(axis=0)
        self.surviving = np.exp(-np.concatenate([[0.0], np.cumsum(both)]))
        part = np.where(both > 0, self.daily[0] / np.maximum(both, 1e-300), 0.0)
        self.won = np.concatenate([[0.0], np.cumsum(part * -np.diff(self.surviving))])

    def of_open(self, ages: np.ndarray, weeks: int) -> np.ndarray:
        """Chances of being won in each week ahead, shape (opportunities, weeks), of those open at some ages in days."""
        last = len(self.won) - 1
        edges = np.minimum(np.round(np.asarray(ages)[:, None] + DAYS_A_WEEK * np.arange(weeks + 1)).astype(int), last)
        still = np.maximum(self.surviving[edges[:, :1]], 1e-300)
        return np.diff(self.won[edges], axis=1) / still

    def ever(self, ages: np.ndarray) -> np.ndarray:
        """Chances of being won at all, of those open at some ages in days, shape (opportunities,)."""
        place = np.minimum(np.round(ages).astype(int), len(self.won) - 1)
        return (self.won[-1] - self.won[place]) / np.maximum(self.surviving[place], 1e-300)

    def of_new(self, weeks: int) -> np.ndarray:
        """Chances of being won in the week of opening and each later one, shape (weeks,), opened evenly over a week."""
        return new_by_week(self.won, weeks)


def new_by_week(won: np.ndarray, weeks: int) -> np.ndarray:
    """The share won in the week of opening and each later one, from the share won by each age in days."""
    day = np.arange(DAYS_A_WEEK) + 0.5
    edges = DAYS_A_WEEK * np.arange(weeks + 1)[:, None] - day
    reached = np.interp(edges, np.arange(len(won)), won, left=0.0).mean(axis=1)
    return np.diff(np.concatenate([[0.0], reached[1:]]))


def wins_of_new(arrivals: np.ndarray, by_week: np.ndarray) -> np.ndarray:
    """Wins in each week ahead of opportunities that come in it or before it: arrivals (…, weeks), shares won (weeks,)."""
    weeks = arrivals.shape[-1]
    shares = np.array([[by_week[late - early] if late >= early else 0.0 for late in range(weeks)] for early in range(weeks)])
    return arrivals @ shares


def _days_in(age: np.ndarray) -> np.ndarray:
    """Days up to an age that lie in each range, summed over the ages: shape (ranges,)."""
    widths = np.append(np.diff(RANGES), 1e5)
    return np.array([np.clip(age - low, 0.0, width).sum() for low, width in zip(RANGES, widths, strict=True)])
