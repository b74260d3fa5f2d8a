"""A forecast as far as somebody may be told: the part of the unit that they answer for, and nobody's figures beside it."""

import numpy as np

from coach.forecasting.backtest import Backtest
from coach.forecasting.forecast import Forecast
from coach.store.sight import Sight


def seen(found: Forecast, sight: Sight) -> Forecast | None:
    """The forecast of what a sight takes in; None where nothing is expected there, or nothing may be told.

    How the method did on the past is told of the whole firm, without the wins that came then: they are everybody's.
    """
    if sight.units is None:
        return found
    if sight.is_nobodys:
        return None
    own = next((each for each in (*found.units, *found.reps) if each.name == sight.unit), None)
    if own is None:
        return None
    below = sight.units - {sight.unit}
    return found._replace(
        opened=own.opened, behind=own.behind, wins=own.by_week, all_wins=own.wins, revenue=own.revenue_by_week,
        all_revenue=own.revenue, units=tuple(each for each in found.units if each.name in below),
        reps=tuple(each for each in found.reps if each.name in below),
        tried=None if found.tried is None else _without_wins(found.tried), remarks=(),
    )  # fmt: skip


def _without_wins(tried: Backtest) -> Backtest:
    def hidden(weekly: np.ndarray) -> np.ndarray:
        return np.full(len(weekly), np.nan)

    return tried._replace(
        origins=tuple(each._replace(came=hidden(each.came), expected=hidden(each.expected)) for each in tried.origins)
    )
