"""From comparisons of metrics to the effects that a verdict states, with Holm's adjustment within a family of questions."""

import math
from collections.abc import Mapping

import numpy as np

from sim.experiment.statistics.comparison import Comparison
from sim.experiment.statistics.estimators import Interval
from sim.experiment.statistics.shares import better_share
from sim.experiment.verdict.verdict import Call, Effect, Estimate, Text, number


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm-adjusted p-values of one family; a question without data (NaN) stays NaN and costs the others nothing."""
    asked = [name for name, p in p_values.items() if math.isfinite(p)]
    adjusted = dict.fromkeys(p_values, math.nan)
    if len(asked) == 1:
        adjusted[asked[0]] = p_values[asked[0]]
    elif asked:
        from statsmodels.stats.multitest import multipletests  # takes a second to load, and few commands judge

        adjusted.update(zip(asked, multipletests([p_values[name] for name in asked], method="holm")[1], strict=True))
    return adjusted


def estimate(interval: Interval) -> Estimate:
    """The interval as the verdict writes it."""
    return Estimate(value=number(interval.value), low=number(interval.low), high=number(interval.high))


def _call(difference: Interval, p_adjusted: float, direction: int, confidence: float) -> Call:
    if difference.low == difference.high == 0.0:
        return "identical"
    if not p_adjusted < 1.0 - confidence:
        return "unclear"
    if direction == 0:
        return "higher" if difference.value > 0 else "lower"
    return "better" if difference.value * direction > 0 else "worse"


def _share(comparison: Comparison, direction: int, confidence: float, seed: int) -> Interval:
    differences, noise = comparison.world_differences()
    return better_share(differences * (direction or 1), noise, confidence, seed)


def effects(
    comparisons: Mapping[str, tuple[object, Comparison]], confidence: float, seed: int, scale: float = 1.0
) -> dict[str, Effect]:
    """The effects of one family of questions.

    `comparisons` maps a name to (metric, comparison); levels and differences are multiplied by `scale` (to tell sums by month).
    """
    differences = {name: comparison.interval("difference", confidence) for name, (_, comparison) in comparisons.items()}
    adjusted = holm({name: difference.p for name, difference in differences.items()})
    result = {}
    for name, (metric, comparison) in comparisons.items():
        difference = differences[name]
        result[name] = Effect(
            title=Text(en=metric.en, zh=metric.zh),
            unit=metric.unit,
            direction=int(metric.better),
            baseline=estimate(scaled(comparison.interval("a", confidence), scale)),
            variant=estimate(scaled(comparison.interval("b", confidence), scale)),
            difference=number(difference.value * scale),
            low=number(difference.low * scale),
            high=number(difference.high * scale),
            relative=estimate(comparison.interval("relative", confidence)),
            better_share_of_worlds=estimate(_share(comparison, int(metric.better), confidence, seed)),
            p_adjusted=number(adjusted[name]),
            call=_call(difference, adjusted[name], int(metric.better), confidence),
        )
    return result


def scaled(interval: Interval, scale: float) -> Interval:
    """The same interval in another unit."""
    return Interval(interval.value * scale, interval.low * scale, interval.high * scale, interval.p)


def has_cases(comparison: Comparison) -> bool:
    """Whether the metric exists in both arms (a group may be empty, a rate may have no cases)."""
    return bool(np.isfinite(comparison.interval("difference", 0.95).value))
