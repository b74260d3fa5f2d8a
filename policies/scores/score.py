"""What every score has: a number or none, its parts with their reasons, and what was not recorded."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

DAY = 86_400_000
HOUR = 3_600_000
GREEN, AMBER, RED = "green", "amber", "red"
Values = Mapping[str, float | str]
"""Recorded fields of one record: numbers, instants in milliseconds, texts and names of choices; what is missing is left out."""


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


class Part(NamedTuple):
    """One part of a score: `points` of at most `weight`; None when what it needs was not recorded. `reason` says why."""

    name: Words
    weight: float
    points: float | None
    reason: Words


class Score(NamedTuple):
    """A score of a record at an instant.

    `value` is on the score's own scale, None when the record does not allow a number. `colour` is green, amber, red or None.
    `reasons` tell how the number came about or why there is none, the strongest first; `missing` names fields to record.
    `interval`: what chance leaves open (90 %), and `cases` the number of cases that the number was counted from, where it was.
    """

    id: str
    value: float | None
    colour: str | None
    reasons: tuple[Words, ...]
    missing: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None
    cases: int | None = None


def weighted(score: str, parts: Iterable[Part], least: float, missing: Iterable[str], limits: tuple[float, float]) -> Score:
    """A score of 0 to 100 from parts, scaled up from the weight of those that are known; none below the share `least` of it.

    `limits`: at or below the first it is red, above the second green. Parts that take most off come first.
    """
    parts = list(parts)
    known = [(part.points, part) for part in parts if part.points is not None]
    weight, whole = sum(part.weight for _, part in known), sum(part.weight for part in parts)
    unknown = [part for part in parts if part.points is None]
    if weight < least * whole - 1e-9:
        return Score(score, None, None, (_not_enough(weight, whole), *(part.reason for part in unknown)), tuple(missing))
    value = 100 * sum(points for points, _ in known) / weight
    order = sorted(known, key=lambda each: each[0] - each[1].weight)
    reasons = (*(part.reason for _, part in order), *(part.reason for part in unknown))
    return Score(score, value, colour_of(value, *limits), reasons, tuple(missing))


def colour_of(value: float, red_below: float, green_above: float) -> str:
    """Green above the upper limit, red below the lower one, amber between."""
    return GREEN if value > green_above else RED if value < red_below else AMBER


def alarm(values: Iterable[float | None], below: float, times: int) -> bool:
    """Whether the latest values, in order of time, lie below the limit so many times running; a missing one breaks the row."""
    latest = list(values)[-times:]
    return len(latest) == times and all(value is not None and value < below for value in latest)


def number(values: Values, name: str) -> float | None:
    """A recorded number or instant; None when it is missing."""
    value = values.get(name)
    return float(value) if isinstance(value, (int, float)) and value == value else None


def falling(value: float, full: float, none: float) -> float:
    """1 up to `full`, 0 from `none` on, straight between."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


def _not_enough(weight: float, whole: float) -> Words:
    share = weight / whole
    return Words(
        f"no number: only {share:.0%} of what it rests on is recorded",
        f"不给数字：所依据的内容只记录了 {share:.0%}",
    )
