"""One metric in two arms: its level in each, the difference, the relative change, and how worlds differ."""

from functools import cached_property
from typing import Literal

import numpy as np

from sim.experiment.statistics.estimators import Interval, Jackknife, difference, interval, ratio, relative_interval
from sim.experiment.statistics.quantiles import quantile, spread_interval, weights
from sim.experiment.statistics.samples import Arm, Layout

Which = Literal["a", "b", "difference", "relative"]


def _without_one(values: np.ndarray) -> np.ndarray:
    """Sums over replications but one: [worlds, replications, ...] in, the same shape out."""
    return values.sum(axis=1, keepdims=True) - values


def _noise(left_out: np.ndarray) -> np.ndarray:
    """Jackknife variance within each world, from f8[worlds, replications] values without one replication each."""
    replications = left_out.shape[1]
    spread = ((left_out - left_out.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return spread * (replications - 1) / replications


class SumsComparison:
    """A metric that is a sum over a sum; `rate` f8[worlds, replications] pairs of numerator and denominator."""

    def __init__(self, a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]):
        self._sums = {"a": a, "b": b}
        self._arms = {arm: ratio(*(part.sum(axis=1) for part in sums)) for arm, sums in self._sums.items()}

    def statistic(self, arm: Literal["a", "b"]) -> Jackknife:
        """The level of an arm over all worlds and over all but one."""
        return self._arms[arm]

    def interval(self, which: Which, confidence: float) -> Interval:
        """The statistic with its interval, clustered by world."""
        if which in self._arms:
            return interval(self._arms[which], confidence)
        change = difference(self._arms["b"], self._arms["a"])
        found = interval(change, confidence)
        if which == "difference":
            return found
        size = self._arms["a"].size()
        return relative_interval(
            found, interval(size, confidence), lambda share: interval(change.less(share, size), confidence)
        )

    def world_differences(self) -> tuple[np.ndarray, np.ndarray]:
        """b minus a in each world, f8[worlds], and the variance of each within its world, f8[worlds]."""
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = {arm: upper.sum(axis=1) / lower.sum(axis=1) for arm, (upper, lower) in self._sums.items()}
            left_out = {arm: _without_one(upper) / _without_one(lower) for arm, (upper, lower) in self._sums.items()}
        return seen["b"] - seen["a"], _noise(left_out["b"] - left_out["a"])


class QuantileComparison:
    """A quantile of pooled waiting times; histograms f8[worlds, replications, bins] of both arms."""

    def __init__(self, a: np.ndarray, b: np.ndarray, edges: np.ndarray, share: float, seed: int):
        self._arms, self._edges, self._share, self._seed = {"a": a, "b": b}, edges, share, seed

    def _quantile(self, histogram: np.ndarray) -> np.ndarray:
        return quantile(histogram, self._edges, self._share)

    @cached_property
    def _drawn(self) -> dict[str, tuple[float, np.ndarray]]:
        """Level of each arm, and the levels in worlds drawn again, f8[resamples]."""
        counts = weights(self._worlds, self._seed)
        by_world = {arm: histogram.sum(axis=1) for arm, histogram in self._arms.items()}
        return {arm: (float(self._quantile(of.sum(axis=0))), self._quantile(counts @ of)) for arm, of in by_world.items()}

    @property
    def _worlds(self) -> int:
        return len(self._arms["a"])

    def interval(self, which: Which, confidence: float) -> Interval:
        """The statistic with its interval, worlds drawn again."""
        (a, a_again), (b, b_again) = self._drawn["a"], self._drawn["b"]

        def spread(value: float, again: np.ndarray) -> Interval:
            return spread_interval(value, again, self._worlds, confidence)

        if which in "ab":
            return spread(*self._drawn[which])
        change = spread(b - a, b_again - a_again)
        if which == "difference":
            return change
        return relative_interval(
            change, spread(a, a_again), lambda share: spread(b - a - share * a, b_again - a_again - share * a_again)
        )

    def world_differences(self) -> tuple[np.ndarray, np.ndarray]:
        """b minus a in each world, f8[worlds], and the variance of each within its world, f8[worlds]."""
        seen = {arm: self._quantile(histogram.sum(axis=1)) for arm, histogram in self._arms.items()}
        left_out = {arm: self._quantile(_without_one(histogram)) for arm, histogram in self._arms.items()}
        return seen["b"] - seen["a"], _noise(left_out["b"] - left_out["a"])


Comparison = SumsComparison | QuantileComparison


def _sums(layout: Layout, metric, arm: Arm, row: int) -> tuple[np.ndarray, np.ndarray]:
    numerator = arm.totals[:, :, row, layout.measures.index(metric.numerator)]
    if metric.kind == "sum":
        return numerator, np.ones_like(numerator)
    return numerator, arm.totals[:, :, row, layout.measures.index(metric.denominator)]


def compare_sums(layout: Layout, name: str, a: Arm, b: Arm, row: int = 0) -> SumsComparison:
    """The metric of that name, which is no quantile, in a row of the totals (0: everybody)."""
    metric = layout.metrics[name]
    return SumsComparison(_sums(layout, metric, a, row), _sums(layout, metric, b, row))


def compare_metric(layout: Layout, name: str, a: Arm, b: Arm, seed: int, row: int = 0) -> Comparison:
    """The metric of that name in a row of the totals (0: everybody). Quantiles exist for everybody only (ValueError)."""
    metric = layout.metrics[name]
    if metric.kind != "quantile":
        return compare_sums(layout, name, a, b, row)
    if row:
        raise ValueError(f"{name}: waiting times are not kept by group")
    place = layout.histograms.index(metric.numerator)
    return QuantileComparison(a.histogram[:, :, place], b.histogram[:, :, place], layout.edges, layout.quantiles[name], seed)
