"""Shares of cases with what chance leaves open about them."""

from math import sqrt
from typing import NamedTuple

Z90 = 1.6449
"""Standard deviations of a two-sided 90 % interval."""


class Share(NamedTuple):
    """`part` of `whole` cases, `value` the share, and its 90 % interval (Wilson, 1927)."""

    part: int
    whole: int
    value: float
    low: float
    high: float


def share_of(part: int, whole: int) -> Share:
    """The share of at least one case."""
    low, high = wilson(part, whole)
    return Share(part, whole, part / whole, low, high)


def wilson(part: int, whole: int, z: float = Z90) -> tuple[float, float]:
    """Wilson's interval of a share, 90 % by default; it ends at exactly 0 where there is none, and at 1 where all are."""
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = z / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return middle - half if part else 0.0, middle + half if part < whole else 1.0


def shrunk(part: float, whole: float, base: float, weight: float) -> float:
    """A share drawn towards `base` as if `weight` further cases had shown it."""
    return (part + weight * base) / (whole + weight)
