"""From an interval to the word for it. Nothing else decides a word, so that interval and word cannot contradict each other."""

from typing import Literal

Call = Literal["better", "worse", "higher", "lower", "unclear", "identical"]
Better = Literal["up", "down", "neither"]


def call_of(low: float | None, high: float | None, direction: int) -> Call:
    """The word for a change whose interval goes from `low` to `high`: decided exactly where zero lies outside it.

    `direction` is +1 where more is better, -1 where less is, 0 where neither is. Without an interval nothing is decided.
    """
    if low is None or high is None or not low <= high:
        return "unclear"
    if low == high == 0.0:
        return "identical"
    if low <= 0.0 <= high:
        return "unclear"
    if direction == 0:
        return "higher" if low > 0.0 else "lower"
    return "better" if (low > 0.0) == (direction > 0) else "worse"


def better_when(direction: int) -> Better:
    """In which direction a metric is better."""
    return "up" if direction == 1 else "down" if direction == -1 else "neither"
