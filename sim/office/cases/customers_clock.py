"""The customers' own times: when one would buy, and when one says that there will be no order.

Where a scenario tells them they are curves: rising points (days after the opening, share of the customers whose time has come
by then). Between two points the time comes at the same rate every day; of those beyond the last point it never comes.
"""

import math

import numpy as np

from policies.jit.compiled import compiled_part

NEVER_DAYS = 3650.0  # longer than any window


def curve_of(points) -> np.ndarray:
    """The points of a scenario as an array of shape (points, 2): days and share."""
    return np.array([(point.days, point.share) for point in points], np.float64).reshape(-1, 2)


@compiled_part
def reached_after(curve, share):
    """Days after which a curve reaches a share in (0, 1); NEVER_DAYS where it does not."""
    wanted = -math.log1p(-share)
    days = 0.0
    before = 0.0
    for n in range(len(curve)):
        if share <= curve[n, 1]:
            by_then = -math.log1p(-curve[n, 1])
            return days + (curve[n, 0] - days) * (wanted - before) / (by_then - before)
        days = curve[n, 0]
        before = -math.log1p(-curve[n, 1])
    return NEVER_DAYS
