"""Groups of reps, fixed before the arms part: thirds by what was sold in the warm-up, and newcomers."""

import numpy as np

from sim.office.engine.events import DAY
from sim.office.engine.world import World

LOW, MIDDLE, HIGH, HIRES = 1, 2, 3, 4
NEWCOMER_DAYS = 60


def fix_groups(o: World) -> None:
    """Sort present reps of more than two months into thirds by margin sold per day present; everybody else is a hire."""
    now = int(o.state[0].now)
    seats = o.seats
    settled = (seats.vacant == 0) & (now - seats.hired_at >= NEWCOMER_DAYS * DAY)
    seats.group[:] = HIRES
    members = np.flatnonzero(settled)
    order = members[np.lexsort((members, seats.warm_margin[members]))]
    for third, part in zip((LOW, MIDDLE, HIGH), np.array_split(order, 3), strict=True):
        seats.group[part] = third
