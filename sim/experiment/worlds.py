"""Plausible worlds: behaviour parameters drawn from their ranges.

Each parameter is drawn for itself. A joint spread that is calibrated to what offices show would rule out some combinations; as
long as there is none, worlds are more unlike each other than the evidence would allow, and the verdict says so.
"""

import math
from collections.abc import Sequence

from sim.experiment.keyed import uniform
from sim.experiment.verdict import Text

INDEPENDENT = Text(
    en="Worlds draw every behaviour parameter independently over its range; a jointly calibrated spread would be narrower.",
    zh="各情形中的行为参数在各自范围内独立抽取；经联合校准后的分布会更窄。",
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
    return {p.name: inverse(uniform("world", seed, world, p.name), p.low, p.central, p.high) for p in parameters}
