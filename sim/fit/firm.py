"""What a firm's record tells of the office behind it, and the office that comes of it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from policies.time.calendar import Calendar
from sim.fit.lifetimes import Lives
from sim.office.scenario import Scenario


class Firm(NamedTuple):
    """What a record tells.

    `last`: its last day. `lives`: its opportunities. `people`: who sells. `per_week`: opportunities that come in an ordinary
    week, at the end of the record, and `trend`, their growth from there on (logarithm a week). `dispersion`: variance of a
    week's number as a share of its square, beyond chance, trend and calendar. `weekend`: number of a free day against a
    business day's. `from_hour`, `to_hour`: when they come, hours of the day. `amount`: median money of a deal won, and
    `amount_spread`, standard deviation of its logarithm. `exact_to`: days to which ages are known; 1 where only dates are kept.
    `behaviour`: parameters of the office that the record tells by itself.
    """

    last: date
    lives: Lives
    people: int
    per_week: float
    trend: float
    dispersion: float
    weekend: float
    from_hour: float
    to_hour: float
    amount: float
    amount_spread: float
    calendar: Calendar
    exact_to: float
    behaviour: Mapping[str, float] = MappingProxyType({})


class Seen(NamedTuple):
    """What runs of an office show, all runs one after the other.

    `lives`: opportunities that came in after the warm-up. `own_days`, `won_days`: of those won, days from the opening to the
    customer's own time and to the order. `prices`: money of each deal won. `opened`, `wins`: opportunities and wins a week, of
    shape (runs, weeks), Mondays to Sundays up to the last whole week of the record. `idle`: share of the hours worked that
    nothing fills. `desk_hours`: work asked of each desk, hours a week and rep. `first`: first day of the weeks seen;
    `opened_on`, `won_on`: opportunities and wins of each day from there on, all runs together. `by_seat`: opportunities won and
    closed in each seat of each run, i8[seats, 2]. `entry_lag`: mean days from an action to its entry.
    """

    lives: Lives
    own_days: np.ndarray
    won_days: np.ndarray
    prices: np.ndarray
    opened: np.ndarray
    wins: np.ndarray
    idle: float
    desk_hours: np.ndarray
    first: date
    opened_on: np.ndarray
    won_on: np.ndarray
    by_seat: np.ndarray
    entry_lag: float


class Fitted(NamedTuple):
    """An office made of a record, and what it shows in runs that its making has not seen.

    `followed`: its opportunities as a record would hold them that follows each for as long as the firm's does. `load`: how much
    of an ordinary week the weeks seen were on average.
    """

    scenario: Scenario
    seen: Seen
    followed: Lives
    load: float = 1.0
