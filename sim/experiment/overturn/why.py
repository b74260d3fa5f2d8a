"""What would overturn the verdict, from the worlds that were simulated: how much each assumption matters, and where the other
policy wins. The drivers, each by itself, are in drivers.py."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.experiment.overturn.parts import Overturn
from sim.experiment.overturn.regions import regions
from sim.experiment.overturn.surrogate import surrogate
from sim.experiment.statistics.table import table_of
from sim.experiment.verdict.parts import Arm
from sim.experiment.verdict.verdict import Effect, Policies, Text

FEWEST_WORLDS = 60
"""Below so many worlds neither a surrogate nor a region can be held against worlds that were kept aside."""


def overturn(
    parameters: Sequence,
    worlds: Sequence[Mapping[str, float]],
    by_world: tuple[np.ndarray, np.ndarray],
    effect: Effect,
    policies: Policies,
    confidence: float,
    seed: int,
) -> Overturn | None:
    """What would overturn the verdict on `effect`; None where there are too few worlds to tell.

    `by_world` are the differences and their variances within each world, f8[worlds] each; for the others see `table_of`.
    Where the verdict leaves open who wins, regions are sought for both policies.
    """
    differences, noise = by_world
    table = table_of(parameters, worlds, differences)
    if len(table.differences) < FEWEST_WORLDS:
        return None
    gain = table.differences * (effect.direction or 1)  # of b over a
    told = []
    if np.ptp(gain) > 0 and table.parameters:
        sides: dict[Arm, tuple[np.ndarray, Text]] = {"a": (-gain, policies.a.title), "b": (gain, policies.b.title)}
        asked: list[Arm] = list(sides) if effect.call == "unclear" else ["a" if gain.mean() > 0 else "b"]
        sure = 1.0 - (1.0 - confidence) / len(asked)
        for arm in asked:
            told += regions(table, sides[arm][0], arm, sides[arm][1], sure, seed)
    kept = noise[np.isfinite(differences)]
    return Overturn(parameters=len(table.parameters), surrogate=surrogate(table, kept, confidence, seed), regions=told)
