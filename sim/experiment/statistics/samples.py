"""Outcomes of many replications side by side, ordered by world and replication, and what the columns are called."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np


class Layout(NamedTuple):
    """Names of what the outcomes of an office hold."""

    metrics: Mapping  # name -> Metric(name, numerator, denominator, unit, better, kind, en, zh)
    measures: tuple[str, ...]
    groups: tuple[str, ...]  # rows of the totals before the units
    weekly: Mapping[str, tuple[str, str, str]]  # columns of the weekly series: name -> (unit, en, zh)
    histograms: tuple[str, ...]
    edges: np.ndarray  # f8[bins + 1] of the histograms
    quantiles: Mapping[str, float]  # for metrics that are quantiles: the share of cases below
    funnel: Mapping[str, tuple[str, str]]  # steps of the funnel: name -> (en, zh)


class ArmOutcome(NamedTuple):
    """What one arm of one replication left behind; the arrays of sim.office.outcomes.Outcomes."""

    totals: np.ndarray  # [groups and units, measures]
    weekly: np.ndarray  # [weeks, series]
    histogram: np.ndarray  # [histograms, bins]
    profile: np.ndarray  # [2, 20]
    attainment: np.ndarray  # [people, periods], NaN without a target
    funnel: np.ndarray  # [steps]
    events: np.ndarray  # [], changes of state in the window


class Arm(NamedTuple):
    """The same arrays with two axes in front: [worlds, replications, ...]."""

    totals: np.ndarray
    weekly: np.ndarray
    histogram: np.ndarray
    profile: np.ndarray
    attainment: np.ndarray
    funnel: np.ndarray
    events: np.ndarray

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.totals.shape[0]


def arm_outcome(outcomes) -> ArmOutcome:
    """The arrays of an office's outcomes that an experiment keeps."""
    return ArmOutcome(*(np.asarray(getattr(outcomes, name), dtype=np.float64) for name in ArmOutcome._fields))


def _stacked(arrays: Sequence[np.ndarray], replications: int) -> np.ndarray:
    """Stack to [worlds, replications, ...]; arrays of unlike extent (hires, periods) are filled up with NaN."""
    shape = tuple(np.max([array.shape for array in arrays], axis=0))
    stack = np.full((len(arrays), *shape), np.nan)
    for index, array in enumerate(arrays):
        place: tuple[int | slice, ...] = (index, *(slice(0, extent) for extent in array.shape))
        stack[place] = array
    return stack.reshape(len(arrays) // replications, replications, *shape)


def stack(outcomes: Sequence[ArmOutcome], replications: int) -> Arm:
    """Outcomes in index order, `replications` a world, as one arm."""
    return Arm(*(_stacked([getattr(outcome, name) for outcome in outcomes], replications) for name in ArmOutcome._fields))
