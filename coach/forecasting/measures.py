"""How good forecasts of counts were: CRPS, coverage of intervals, bias."""

from typing import NamedTuple

import numpy as np
import scoringrules

LEVELS = (50, 80, 95)
"""Intervals that are told, per cent."""


class Measures(NamedTuple):
    """`crps`: mean continuous ranked probability score, in wins. `coverage`: share of weeks within the interval of each of
    `LEVELS`. `bias`: wins expected less wins that came, in wins a week. `weeks`: how many were foretold."""

    crps: float
    coverage: dict[int, float]
    bias: float
    weeks: int


class Marks(NamedTuple):
    """Of each week foretold: CRPS, place of what came in the distribution (0 to 1), error of the mean; NaN where unknown."""

    crps: np.ndarray
    place: np.ndarray
    error: np.ndarray

    @property
    def measures(self) -> Measures | None:
        """All weeks together; None without any."""
        known = ~np.isnan(self.crps)
        if not known.any():
            return None
        place = self.place[known]
        coverage = {level: float(np.mean(np.abs(place - 0.5) <= level / 200)) for level in LEVELS}
        return Measures(float(self.crps[known].mean()), coverage, float(self.error[known].mean()), int(known.sum()))


def marks(draws: np.ndarray, came: np.ndarray, random: np.random.Generator) -> Marks:
    """Draws of shape (draws, weeks) against what came, shape (weeks,).

    The place is drawn evenly between the shares of draws below what came and up to it (C. Czado, T. Gneiting and L. Held,
    Biometrics 65, 2009, pp. 1254-1261), so that it is uniform where a forecast of counts is right.
    """
    below, upto = (draws < came).mean(axis=0), (draws <= came).mean(axis=0)
    place = below + random.random(len(came)) * (upto - below)
    crps = np.asarray(scoringrules.crps_ensemble(came, draws, m_axis=0, estimator="qd"))
    unknown = np.isnan(came)
    return Marks(*(np.where(unknown, np.nan, each) for each in (crps, place, draws.mean(axis=0) - came)))


def together(several: list[Marks]) -> Marks:
    """Marks of several origins as one."""
    return Marks(*(np.concatenate(each) for each in zip(*several, strict=True)))
