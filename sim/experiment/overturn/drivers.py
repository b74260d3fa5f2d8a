"""Which behaviour parameters the difference follows from world to world, and which would overturn it.

Spearman's rank correlation of each parameter with the worlds' mean difference, named only beyond chance: the worlds'
differences are shuffled, and a driver must beat the largest correlation over all parameters (max-statistic: Westfall and
Young 1993).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from sim.experiment.statistics.keyed import generator
from sim.experiment.statistics.table import table_of
from sim.experiment.verdict.verdict import Driver, Drivers, Text, number

SHUFFLES = 2000


def _standard_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis with mean 0 and length 1, so that a product of two is Spearman's correlation."""
    ranks = stats.rankdata(values, axis=0)
    ranks = ranks - ranks.mean(axis=0)
    return ranks / np.sqrt((ranks**2).sum(axis=0))


def _turning_point(values: np.ndarray, differences: np.ndarray) -> tuple[str | None, float]:
    """Where in the parameter's range the robust line through the worlds (Theil 1950; Sen 1968) crosses zero, and on which
    side the sign is other than that of the mean difference."""
    slope, intercept, *_ = stats.theilslopes(differences, values)
    if slope == 0:
        return None, math.nan
    crossing = -intercept / slope
    if not values.min() < crossing < values.max():
        return None, math.nan
    return ("below" if slope * differences.mean() > 0 else "above"), float(crossing)


def _null(ranks: np.ndarray, outcome: np.ndarray, seed: int) -> np.ndarray:
    """Largest absolute correlation over all parameters in each shuffle, f8[SHUFFLES]."""
    rng = generator("drivers", seed, len(outcome))
    shuffled = rng.permuted(np.tile(outcome, (SHUFFLES, 1)), axis=1)
    return np.abs(shuffled @ ranks).max(axis=1)


def drivers(
    parameters: Sequence, worlds: Sequence[Mapping[str, float]], differences: np.ndarray, confidence: float, seed: int
) -> Drivers:
    """The named drivers, strongest first; for the arguments see `table_of`."""
    varied, values, differences = table_of(parameters, worlds, differences)
    if not varied or len(differences) < 3 or np.ptp(differences) == 0:
        return Drivers(named=[], tested=len(varied), null_correlation=None)
    ranks = _standard_ranks(values)
    outcome = _standard_ranks(differences)
    null = _null(ranks, outcome, seed)
    named = []
    for parameter, column, correlation in zip(varied, values.T, outcome @ ranks, strict=True):
        p = (1 + int((null >= abs(correlation)).sum())) / (SHUFFLES + 1)
        if p < 1 - confidence:
            side, crossing = _turning_point(column, differences)
            named.append(
                Driver(
                    name=parameter.name,
                    title=Text(en=parameter.en, zh=parameter.zh),
                    unit=parameter.unit,
                    correlation=float(correlation),
                    p_adjusted=p,
                    low=float(column.min()),
                    high=float(column.max()),
                    overturned=side,
                    turning_point=number(crossing),
                    source=parameter.source,
                    status=parameter.status,
                )
            )
    named.sort(key=lambda driver: -abs(driver.correlation))
    return Drivers(named=named, tested=len(varied), null_correlation=float(np.quantile(null, confidence)))
