"""Resources that move between units when progress diverges (G9): who gives, who gets, and how much.

The office's reviews and the coach's proposals ask the same functions. A move holds for the running period of who gets.
"""

import math
from typing import Literal, get_args

import numpy as np

from policies.jit.compiled import compiled, compiled_part
from policies.time.calendar_arrays import DAY_MS

Resource = Literal["leads", "presales_hours", "budget"]
RESOURCES: tuple[str, ...] = get_args(Resource)
LATELY_MS = 91 * DAY_MS
"""What a unit got lately: in so many milliseconds, which are `WEEKS`."""
WEEKS = 13
WEEK_MS = 7 * DAY_MS
NOBODY = -1

STANDING = np.dtype(
    [
        ("parent", "i8"),  # place of the unit above; -1 for none
        ("pace", "f8"),  # attained against what the working days so far ask for; NaN without a running target
        ("free", "i8"),  # 1: nothing of the resource moves to or from the unit in the running period
    ]
)


@compiled
def pace_of(attained, target, elapsed):
    """Attained as a share of what a target asks for by now; NaN without a target, or before any of its period is over."""
    return attained / (target * elapsed) if target > 0.0 and elapsed > 0.0 else np.nan


@compiled
def giver_for(standings, taker, behind, gives_from):
    """Place of the unit that gives to another one; -1 where that needs nothing or nobody under the same unit can give.

    The one furthest behind gets from the one furthest ahead, the next from the next. Of equals the one registered first gets
    before the other, and gives after it.

    Parameters
    ----------
    standings: array of STANDING, in the order in which the units were registered
    behind, gives_from: below which pace a unit gets, and from which on it gives; behind <= gives_from
    """
    above = standings[taker].parent
    if above < 0 or not _gets(standings[taker], behind):
        return NOBODY
    turn = 0
    for other in range(len(standings)):
        if standings[other].parent == above and _gets(standings[other], behind) and _ahead(standings, taker, other):
            turn += 1
    for giver in range(len(standings)):
        if standings[giver].parent != above or not _gives(standings[giver], gives_from):
            continue
        before = 0
        for other in range(len(standings)):
            same = standings[other].parent == above
            if same and _gives(standings[other], gives_from) and _ahead(standings, other, giver):
                before += 1
        if before == turn:
            return giver
    return NOBODY


@compiled
def leads_moved(pace, most, weekly):
    """Leads a week that move to a unit at a pace from one that gets `weekly`: of those half of what the first lacks, at most
    the share `most`, in tenths rounded down."""
    return math.floor(10.0 * share_moved(pace, most) * weekly + 1e-9) / 10.0


@compiled
def share_moved(pace, most):
    """Share of what a unit gets that moves to one at a pace: half of what that lacks, at most `most`."""
    return min(most, (1.0 - pace) / 2.0)


@compiled
def hours_moved(hours, asked):
    """Presales hours a week that move from a unit which asked presales for so much lately: those of the policy, if it did."""
    return hours if asked > 0.0 else 0.0


@compiled
def more_may_go(amount, gone, made_at, now):
    """Whether of a move of so much a week, decided at an instant (ms), more may go now: as many weeks as have begun since."""
    return gone < amount * (1 + (now - made_at) // WEEK_MS)


@compiled_part
def _gets(standing, behind):
    return standing.free != 0 and standing.pace < behind


@compiled_part
def _gives(standing, gives_from):
    return standing.free != 0 and standing.pace >= gives_from


@compiled_part
def _ahead(standings, one, other):
    """Whether one unit stands further ahead than another; of equals the one registered later."""
    if standings[one].pace != standings[other].pace:
        return standings[one].pace > standings[other].pace
    return one > other
