"""What an investment with the same gain every year brings: net present value, payback time, internal rate of return."""

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

LONGEST = 30
"""Years that are reckoned at most."""
LEAST = 0.01
"""Money that is invested at least."""
_NO_RATE = 1e-9
"""Rates nearer to 0 are 0: what is left of them is rounding."""
_WIDER = 1e-6


class Investment(NamedTuple):
    """What is paid at the start, what each year saves and costs to run (money), for how many whole years, and the discount
    rate a year as a share."""

    investment: float
    yearly_saving: float
    yearly_costs: float
    years: int
    discount_rate: float


class Returns(NamedTuple):
    """Money and, of `payback_years`, years; None where it is never paid back. `within`: whether that is within the years
    reckoned. `rate`: the internal rate of return a year as a share; None where no year brings a gain."""

    yearly_gain: float
    total_gain: float
    present_value: float
    payback_years: float | None
    within: bool
    rate: float | None


def returns_of(told: Investment) -> Returns:
    """Reckon it.

    With the investment I, the yearly gain g = saving − costs, paid at the end of each of n years, and the discount rate r:

    - net present value = −I + g · a(r, n), with the annuity factor a(r, n) = (1 − (1 + r)^−n) / r, and a(0, n) = n;
    - payback time = I / g, without discounting; there is none unless g > 0;
    - internal rate of return = the r at which the net present value is 0; for g > 0 there is one, since a falls with r, and
      with the payback time p it lies between 1 / p − 1, that of a single year, and 1 / p, that of years without end.

    Source: R. Brealey, S. Myers, F. Allen, Principles of Corporate Finance, 13th edition, 2020, chapters 2 (annuities) and 5
    (net present value, payback, internal rate of return).
    """
    gain = told.yearly_saving - told.yearly_costs
    payback = told.investment / gain if gain > 0 else None
    if payback == math.inf:
        payback = None
    present = gain * annuity(told.discount_rate, told.years) - told.investment
    within = payback is not None and payback <= told.years
    rate = None if payback is None else _rate(payback, told.years)
    return Returns(gain, gain * told.years - told.investment, present, payback, within, rate)


def annuity(rate: float, years: int) -> float:
    """What one unit of money at the end of each of so many years is worth today, at a rate a year above −1."""
    return sum((1.0 + rate) ** -year for year in range(1, years + 1))


def _rate(payback: float, years: int) -> float:
    # Sought is ln(1 + rate), and compared are logarithms: no power of a rate near −1 overflows.
    counted, wanted = np.arange(1.0, years + 1.0), math.log(payback)

    def above(grown: float) -> float:
        return float(logsumexp(-grown * counted)) - wanted

    grown = brentq(above, -wanted - _WIDER, math.log1p(1.0 / payback) + _WIDER, xtol=1e-15)
    rate = math.expm1(grown)
    return 0.0 if abs(rate) < _NO_RATE else rate
