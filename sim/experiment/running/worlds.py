"""Plausible worlds: behaviour parameters drawn from their calibrated joint spread, and the others from their ranges.

What no published figure pins down is drawn for itself over its whole range: such worlds are more unlike each other than the
evidence might allow, and the verdict says so.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from sim.experiment.running.calibrated import joint_spread
from sim.experiment.statistics.keyed import uniform
from sim.experiment.verdict.verdict import Text
from sim.office.behaviour import BY_NAME

DRAWN_FROM = Text(
    en="Worlds draw the parameters that published figures pin down from their joint spread, and each of the others over its "
    "whole range.",
    zh="公开数据能够约束的行为参数按其联合分布抽取，其余参数各自在整个范围内抽取。",
)


def inverse(share: float, low: float, central: float, high: float) -> float:
    """The value below which `share` of worlds lie: half of them on either side of `central`, triangular towards the ends."""
    if share < 0.5:
        return low + (central - low) * math.sqrt(2.0 * share)
    return high - (high - central) * math.sqrt(2.0 * (1.0 - share))


def draw_world(seed: int, world: int, parameters: Sequence) -> dict[str, float]:
    """Parameter values of one world.

    The draw is keyed by the parameter's name, so that a parameter more leaves the others where they were.
    """
    values = {p.name: inverse(uniform("world", seed, world, p.name), p.low, p.central, p.high) for p in parameters}
    spread = joint_spread()
    if not values.keys().isdisjoint(spread.names):
        normals = [NormalDist().inv_cdf(uniform("world", seed, world, name)) for name in spread.names]
        jointly = spread.values(np.array(normals), BY_NAME)
        values |= {name: value for name, value in jointly.items() if name in values}
    return values
