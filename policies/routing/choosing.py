"""Choosing who gets a lead, and what a lead's score is, from what is recorded (L1, L2).

The office and the coach describe everybody who might get a lead as one row of CANDIDATE, and ask `choose`. Nothing here draws:
`chance` is a number that comes with the candidate, and only the methods that choose by chance look at it.
"""

import numpy as np

from policies.engine.settings import ROUTING_METHODS
from policies.jit.compiled import compiled, compiled_part
from policies.time.calendar_arrays import add_open

EVENLY, ROUND_ROBIN, BEST_SUITED, NEAREST, BY_HAND, POOL = (
    ROUTING_METHODS.index(name) for name in ("random", "round_robin", "best_suited", "nearest", "manual", "pool")
)
CHOSEN_BY_RECORD = ("round_robin", "best_suited", "nearest")
"""Methods whose choice follows from the record alone; `random` draws, `manual` and `pool` leave the choice to people."""
NOBODY = -1
USUAL_WINS, USUAL_DEALS = 2.0, 10.0
_MINUTE_MS = 60_000
_AGAIN_MS = 30 * _MINUTE_MS
_RATE_WEIGHT, _LOAD_WEIGHT = 10.0, 0.1

CANDIDATE = np.dtype(
    [
        ("present", "i8"),  # 1: at work, not absent, on leave or gone
        ("region", "f8"),  # number of the region in which the candidate works; NaN for none
        ("open_leads", "f8"),  # leads held that are neither converted nor lost
        ("won", "f8"),  # deals won in the lead's industry
        ("closed", "f8"),  # deals won, lost or without decision in the lead's industry
        ("latest", "i8"),  # how many leads had been given out when the candidate last got one; 0 for never
        ("chance", "f8"),  # in [0, 1)
    ]
)


@compiled
def choose(method, candidates, region, cap, before, barred):
    """Place of the candidate who gets a lead; -1 when nobody is there who has room.

    Parameters
    ----------
    method: position in ROUTING_METHODS
    candidates: array of CANDIDATE, in the order in which they were registered
    region: number of the lead's region, NaN for none
    cap: open leads that one may hold, 0 for no limit
    before: place of who got the lead before by taking turns, -1 for nobody
    barred: place of who is to get it only when nobody else can, -1 for nobody
    """
    if method == ROUND_ROBIN:
        chosen = _in_turn(candidates, cap, before, barred)
    else:
        chosen = _first(method, candidates, region, cap, barred)
    if chosen == NOBODY and barred != NOBODY and has_room(candidates[barred], cap):
        return barred
    return chosen


@compiled
def suitability(won, closed, open_leads):
    """How well a candidate suits a lead: the win rate in its industry, drawn to 2 of 10 by few deals, less the load.

    Ten open leads more weigh as much as ten points of win rate.
    """
    return _RATE_WEIGHT * (won + USUAL_WINS) / (closed + USUAL_DEALS) - _LOAD_WEIGHT * open_leads


@compiled
def lead_score(budget_tier, referred):
    """Score of a lead, 0 to 100: 30 for each budget tier (1 to 3), 10 more where a customer referred it; NaN without a tier."""
    return 30.0 * budget_tier + (10.0 if referred else 0.0)


@compiled
def first_at(registered_at, within_minutes):
    """Instant (ms) at which a lead is given out that was entered at an instant; an actor acts at least 1 ms after its cause."""
    return registered_at + max(1, int(within_minutes * _MINUTE_MS))


@compiled
def again_at(days, now):
    """When a lead is tried again for which nobody had room: after 30 open minutes."""
    return add_open(days, now, _AGAIN_MS)


@compiled_part
def has_room(candidate, cap):
    """Whether a candidate is there and may hold another lead."""
    return candidate.present != 0 and (cap <= 0.0 or candidate.open_leads < cap)


@compiled_part
def _in_turn(candidates, cap, before, barred):
    """The next one in the order of registration."""
    number = len(candidates)
    for step in range(number):
        place = (before + 1 + step) % number
        if place != barred and has_room(candidates[place], cap):
            return place
    return NOBODY


@compiled_part
def _first(method, candidates, region, cap, barred):
    """Who stands first; among equals who has waited longest for a lead, then who was registered first."""
    best = NOBODY
    best_worth = 0.0
    for place in range(len(candidates)):
        candidate = candidates[place]
        if place == barred or not has_room(candidate, cap):
            continue
        worth = _worth(method, candidate, region)
        ahead = best == NOBODY or worth > best_worth
        if ahead or (worth == best_worth and candidate.latest < candidates[best].latest):
            best = place
            best_worth = worth
    return best


@compiled_part
def _worth(method, candidate, region):
    if method == EVENLY:
        return candidate.chance
    if method == BEST_SUITED:
        return suitability(candidate.won, candidate.closed, candidate.open_leads)
    near = 1.0 if candidate.region == region else 0.0
    return near if method == NEAREST else near + candidate.chance
