"""The season of a firm as its record tells it: one swing a year, and how far it can be told from chance."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from policies.targets.level import DAYS_A_YEAR, YEARLY, season_step

LARGEST = 0.9
_POINTS = 1401


class Season(NamedTuple):
    """How far sales swing over the year as a share of the average (0 to 0.9), and the day of the year on which they peak."""

    amplitude: float
    peak_day: float

    def step(self, start: float, end: float, memory: float) -> float:
        """Sales of the days [start, end), counted from 1970, as a share of what a pace of `memory` business days remembers."""
        return float(season_step(self.amplitude, self.peak_day, start, end, memory))

    def later(self, days: float, spread: float) -> "Season":
        """The season of what follows after a lognormal time with this median (days) and standard deviation of the logarithm: a
        flatter one that peaks later. The first harmonic times the time's characteristic function, by the trapezoidal rule."""
        points = np.linspace(-7.0, 7.0, _POINTS)
        weights = np.exp(-0.5 * points**2)
        turned = weights @ np.exp(-1j * YEARLY * days * np.exp(spread * points)) / weights.sum()
        peak_day = (self.peak_day - float(np.angle(turned)) / YEARLY) % DAYS_A_YEAR
        return Season(self.amplitude * float(np.abs(turned)), peak_day)


NO_SEASON = Season(0.0, 0.0)


def season_of(days: Sequence[float], amounts: Sequence[float]) -> Season:
    """The season of the sales of one whole year.

    The first harmonic of the amounts over the days of the year (counted from 1970), shrunk by the share of its square that
    chance alone would give (the positive part of James and Stein's estimator): a few large deals make no season.
    """
    weights = np.asarray(amounts, float)
    whole = weights.sum()
    if whole <= 0.0:
        return NO_SEASON
    angles = 2.0 * math.pi * np.asarray(days, float) / DAYS_A_YEAR
    along, across = 2.0 * (weights @ np.cos(angles)) / whole, 2.0 * (weights @ np.sin(angles)) / whole
    square = along**2 + across**2
    by_chance = 4.0 * (weights @ weights) / whole**2
    if square <= by_chance:
        return NO_SEASON
    amplitude = math.sqrt(square) * (1.0 - by_chance / square)
    return Season(min(LARGEST, amplitude), math.atan2(across, along) * DAYS_A_YEAR / (2.0 * math.pi) % DAYS_A_YEAR)
