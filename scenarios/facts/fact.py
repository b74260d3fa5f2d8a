"""One published fact: what it asks for, on which office, from which mechanisms, and what was found."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.experiment.statistics.estimators import Interval, Jackknife, interval, ratio

CONFIDENCE = 0.95


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


class Figure(NamedTuple):
    """One figure of a fact. It passes when its value lies within the target, and, where a sign is claimed (`certain`), when the
    whole interval does; `reported` figures are told and not judged."""

    name: Words
    unit: Literal["share", "relative", "ratio", "points"]
    found: Interval
    least: float = -math.inf
    most: float = math.inf
    certain: bool = False
    reported: bool = False

    @property
    def passed(self) -> bool:
        """Whether the target is met; a figure that could not be measured misses it."""
        if self.reported:
            return True
        ends = (self.found.low, self.found.high) if self.certain else (self.found.value,)
        return all(math.isfinite(end) and self.least <= end <= self.most for end in ends)


class Mechanism(NamedTuple):
    """A mechanism that can be switched off: behaviour parameters at values that leave it no effect."""

    name: Words
    off: Mapping[str, float]


class Fact(NamedTuple):
    """A fact to be measured; `measure(offices, off)` gives its figures from that many offices, without what is in `off`."""

    number: int
    title: Words
    source: str
    kind: Literal["fitted", "predicted"]
    setting: Words
    mechanisms: tuple[Mechanism, ...]
    offices: tuple[int, int]  # quick and full run
    measure: Callable[[int, Mapping[str, float]], list[Figure]]


def share(upper: ArrayLike, lower: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Sum over sum with its interval, from f8[offices] each; no interval from a single office."""
    return interval(ratio(np.asarray(upper, float), np.asarray(lower, float)), confidence)


def change(before: ArrayLike, after: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Relative change of paired sums, (after - before) / before, from f8[offices] each."""
    first = np.asarray(before, float)
    return share(np.asarray(after, float) - first, first, confidence)


def gap(one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], confidence: float = CONFIDENCE) -> Interval:
    """First sum over sum minus the second, of paired offices."""
    a, b = (ratio(np.asarray(upper, float), np.asarray(lower, float)) for upper, lower in (one, other))
    return interval(Jackknife(a.value - b.value, a.left_out - b.left_out), confidence)


def mean(values: Sequence[float] | np.ndarray, confidence: float = CONFIDENCE) -> Interval:
    """Mean over offices."""
    return share(values, np.ones(len(values)), confidence)
