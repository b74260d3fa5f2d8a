"""What the weeks ahead are worth beside those behind: in a week of holidays less is opened and less is won."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from coach.describing.working_days import as_worked, free_day
from coach.forecasting.known import Known
from policies.time.weeks import loads


class Loads(NamedTuple):
    """Of an ordinary week, how much each whole week known was (length,), and how much each week ahead will be (weeks,)."""

    behind: np.ndarray
    ahead: np.ndarray

    @classmethod
    def ordinary(cls, behind: int, ahead: int) -> "Loads":
        """So many weeks without a holiday."""
        return cls(np.ones(behind), np.ones(ahead))


def loads_of(known: Known, instants: pd.Series, weeks: int) -> Loads:
    """By the firm's calendar, with what came on free days of what is told by its instants (ms); all 1 without a calendar."""
    if known.calendar is None or not known.length:
        return Loads.ordinary(known.length, weeks)
    worked = as_worked(known.calendar, known.deals.loc[known.deals["outcome"].isin(("won", "lost")), "end"])
    first = worked.local_date(known.at - 1) + timedelta(days=1 - 7 * known.length)
    found = np.maximum(loads(worked, first, known.length + weeks, free_day(worked, instants)), 1e-3)
    return Loads(found[: known.length], found[known.length :])
