"""When enough has been seen: fixed looks at the primary metric, at whole worlds and in index order.

The looks do not depend on which worker was fast or on where a resumed run stopped, so neither can change the answer.
"""

import math
from itertools import pairwise

from sim.experiment.problems import ExperimentError
from sim.experiment.statistics.estimators import Interval

FEWEST_WORLDS = 30
GROWTH = 1.25


def looks(most_worlds: int, fixed: int | None = None) -> tuple[int, ...]:
    """Numbers of worlds at which to look: 30, 38, 48, 60, 75, 94 and so on up to `most_worlds`, or `fixed` alone."""
    if fixed is not None:
        return (min(fixed, most_worlds),)
    counts = [min(FEWEST_WORLDS, most_worlds)]
    while counts[-1] < most_worlds:
        counts.append(min(math.ceil(counts[-1] * GROWTH), most_worlds))
    return tuple(counts)


def target_half_width(metric, baseline: float, precision: float) -> float:
    """Half-width to reach, in the metric's unit: for rates `precision` itself (points), else that share of the baseline."""
    if metric.kind == "ratio" and metric.unit == "share":
        return precision
    return precision * abs(baseline)


def reached(difference: Interval, target: float) -> bool:
    """Whether the interval is narrow enough; never without an interval."""
    return difference.half_width <= target


def _must(holds: bool, en: str, zh: str) -> None:
    if not holds:
        raise ExperimentError(en, zh)


def check_request(precision: float, confidence: float, replications: int, max_pairs: int, worlds: int | None) -> None:
    """ExperimentError, naming what is allowed, if the request makes no sense."""
    _must(0 < precision < 1, f"precision {precision}: allowed is between 0 and 1", f"精度 {precision}：应在 0 与 1 之间")
    _must(
        0.5 < confidence < 1,
        f"confidence {confidence}: allowed is between 0.5 and 1",
        f"置信度 {confidence}：应在 0.5 与 1 之间",
    )
    _must(
        replications >= 2,
        f"replications per world {replications}: at least 2, to see the noise within a world",
        f"每个情形的重复次数 {replications}：至少 2，否则看不出情形内的波动",
    )
    _must(worlds is None or worlds >= 2, f"worlds {worlds}: at least 2", f"情形数 {worlds}：至少 2")
    least = 2 * replications
    _must(
        max_pairs >= least,
        f"max pairs {max_pairs}: at least {least}, which is two worlds",
        f"最多对数 {max_pairs}：至少 {least}，即两个情形",
    )


def spans(counts: tuple[int, ...], replications: int) -> list[range]:
    """Indices of the pairs to run before each look."""
    ends = [0, *(count * replications for count in counts)]
    return [range(start, end) for start, end in pairwise(ends)]
