"""The season of a firm as its record tells it: one swing a year, and how far it can be told from chance."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from policies.targets.level import season_index

DAYS_A_YEAR = 365.25
LARGEST = 0.9


class Season(NamedTuple):
    """How far sales swing over the year as a share of the average (0 to 0.9), and the day of the year on which they peak."""

    amplitude: float
    peak_day: float

    def of(self, day: float) -> float:
        """Sales of a day, counted from 1970, as a share of the year's average."""
        return float(season_index(self.amplitude, self.peak_day, day))


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
