"""The cases a rep holds, and what each is worth to the rep per minute of work."""

import math

from policies.jit.compiled import compiled_part
from sim.office.cases.phases import PHASES
from sim.office.engine.events import ACTIVITY, DAY, HOUR, STATE

NOBODY = -1


@compiled_part
def take(o, seat, case):
    """Put a case at the head of a seat's list."""
    w = o.work[case]
    r = o.seats[seat]
    w.next = r.first_case
    w.previous = -1
    if r.first_case >= 0:
        o.work[r.first_case].previous = case
    r.first_case = case
    r.cases += 1
    if o.cases[case].state == STATE.assigned:
        r.leads_open += 1
    o.cases[case].owner = seat


@compiled_part
def release(o, case):
    """Take a case off its owner's list; the case keeps its owner's name."""
    seat = o.cases[case].owner
    w = o.work[case]
    r = o.seats[seat]
    if w.previous >= 0:
        o.work[w.previous].next = w.next
    else:
        r.first_case = w.next
    if w.next >= 0:
        o.work[w.next].previous = w.previous
    r.cases -= 1
    if o.cases[case].state == STATE.assigned:
        r.leads_open -= 1


@compiled_part
def activity_of(case):
    """What the next touch of a case is: a first touch for a lead, then by stage."""
    if case.state == STATE.assigned:
        return ACTIVITY.first_touch
    if case.stage <= 1:
        return ACTIVITY.discovery
    if case.stage == 2:
        return ACTIVITY.demo
    if case.stage == 3:
        return ACTIVITY.visit
    if case.stage == 4:
        return ACTIVITY.quote
    return ACTIVITY.negotiation


@compiled_part
def touch_minutes(b, activity):
    """Median minutes of one touch."""
    if activity == ACTIVITY.first_touch:
        return b.minutes_first_touch
    if activity == ACTIVITY.discovery:
        return b.minutes_discovery
    if activity == ACTIVITY.demo:
        return b.minutes_demo
    if activity == ACTIVITY.visit:
        return b.minutes_visit
    if activity == ACTIVITY.quote:
        return b.minutes_quote
    return b.minutes_negotiation


@compiled_part
def appraise(o, case):
    """Compute again what a case is worth per minute, and when it may close; both as its owner sees them.

    A rep judges by what was learnt from many cases: chances by stage, less with every fruitless touch, and for leads less
    with age. Nobody sees the case's own hidden facts.
    """
    b = o.behaviour[0]
    f = o.firm[0]
    c = o.cases[case]
    w = o.work[case]
    now = o.state[0].now
    w.activity = activity_of(c)
    minutes = touch_minutes(b, w.activity)
    if c.state == STATE.assigned:
        age = (now - c.arrived_at) / HOUR
        chance = f.chance_lead * math.exp(-age / b.perceived_freshness_hours) * math.exp(-b.fruitless_discount * c.attempts)
        chance *= f.chance_opportunity
        left = minutes * 2.0 + f.minutes_per_win * f.chance_opportunity
        value = c.forecast_amount
        days = f.cycle_days
    else:
        to_go = PHASES - c.stage + 1
        chance = math.pow(f.chance_stage, float(to_go)) * math.exp(-b.fruitless_discount * c.fruitless)
        left = minutes * (1.0 + 0.6 * (to_go - 1)) / b.touch_success
        value = c.value
        days = f.cycle_days * to_go / PHASES * b.rep_optimism_days
    w.minutes = minutes
    w.worth = value * chance / left
    w.close_at = now + int(days * DAY)
