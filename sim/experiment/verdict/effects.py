"""From comparisons of metrics to the effects that a verdict states.

Questions that are read together are a family, and their intervals hold together: each is made with 1 − (1 − confidence) ÷
number of questions (Bonferroni; Dunn, "Multiple comparisons among means", JASA 56, 1961). The interval shown is the one that
decides the word. Holm's procedure decides a little more often, but the intervals that go with it end at zero for whatever it
decides unless it decides everything (Strassburger and Bretz, Statistics in Medicine 27, 2008; Guilbaud, Biometrical Journal
50, 2008), and so tell no size.
"""

import math
from collections.abc import Mapping

import numpy as np

from sim.experiment.statistics.comparison import Comparison
from sim.experiment.statistics.estimators import Interval
from sim.experiment.statistics.shares import better_share
from sim.experiment.verdict.calls import call_of
from sim.experiment.verdict.verdict import Effect, Estimate, Text, number


def together(confidence: float, questions: int) -> float:
    """The confidence of each interval with which so many of them hold together at `confidence`."""
    return 1.0 - (1.0 - confidence) / max(questions, 1)


def adjusted(p: float, questions: int) -> float:
    """Bonferroni-adjusted p-value of one of so many questions; NaN where there are no data."""
    return min(p * questions, 1.0)


def estimate(interval: Interval) -> Estimate:
    """The interval as the verdict writes it."""
    return Estimate(value=number(interval.value), low=number(interval.low), high=number(interval.high))


def _share(comparison: Comparison, direction: int, confidence: float, seed: int) -> Interval:
    differences, noise = comparison.world_differences()
    return better_share(differences * (direction or 1), noise, confidence, seed)


def effects(comparisons: Mapping[str, tuple[object, Comparison]], confidence: float, seed: int) -> dict[str, Effect]:
    """The effects of one family of questions.

    `comparisons` maps a name to (metric, comparison). A question without data costs the others nothing.
    """
    asked = sum(math.isfinite(one.interval("difference", confidence).low) for _, one in comparisons.values())
    each = together(confidence, asked)
    return {name: _effect(metric, one, confidence, each, asked, seed) for name, (metric, one) in comparisons.items()}


def _effect(metric, comparison: Comparison, confidence: float, each: float, asked: int, seed: int) -> Effect:
    difference, direction = comparison.interval("difference", each), int(metric.better)
    low, high = number(difference.low), number(difference.high)
    return Effect(
        title=Text(en=metric.en, zh=metric.zh),
        unit=metric.unit,
        direction=direction,
        baseline=estimate(comparison.interval("a", confidence)),
        variant=estimate(comparison.interval("b", confidence)),
        difference=number(difference.value),
        low=low,
        high=high,
        relative=estimate(comparison.interval("relative", each)),
        confidence=each,
        better_share_of_worlds=estimate(_share(comparison, direction, confidence, seed)),
        p_adjusted=number(adjusted(difference.p, asked)),
        call=call_of(low, high, direction),
    )


def at_scale(effect: Effect, scale: float) -> Effect:
    """The same effect told in another unit, such as a month's part of a sum; the relative change has none."""

    def times(told: float | None) -> float | None:
        return None if told is None else told * scale

    def part(of: Estimate) -> Estimate:
        return Estimate(value=times(of.value), low=times(of.low), high=times(of.high))

    return effect.model_copy(
        update={
            "baseline": part(effect.baseline),
            "variant": part(effect.variant),
            "difference": times(effect.difference),
            "low": times(effect.low),
            "high": times(effect.high),
        }
    )


def scaled(interval: Interval, scale: float) -> Interval:
    """The same interval in another unit."""
    return Interval(interval.value * scale, interval.low * scale, interval.high * scale, interval.p)


def has_cases(comparison: Comparison) -> bool:
    """Whether the metric exists in both arms (a group may be empty, a rate may have no cases)."""
    return bool(np.isfinite(comparison.interval("difference", 0.95).value))
