"""The first conversation with a lead: reached or not, still interested or not, worth a deal or not."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from policies.time.calendar_arrays import add_open
from sim.office.cases.deals import open_opportunity
from sim.office.cases.portfolio import appraise, release
from sim.office.cases.touch import customer_ready, skill_at
from sim.office.counting.tally import H, M, W, count, count_minutes, count_week
from sim.office.engine.draws import lognormal, uniform
from sim.office.engine.events import DRAW, HOUR, MINUTE, STATE
from sim.office.engine.ledger import record_done, record_event, record_simple
from sim.office.record.entries import settle_debts
from sim.office.record.recording import enter_touch


@compiled_part
def still_interested(o, case):
    """Whether the customer's interest has outlived the wait so far."""
    c = o.cases[case]
    return (o.state[0].now - c.arrived_at) < c.tau * HOUR


@compiled_part
def attempt_ended(o, case, seat):
    """One attempt on a lead has ended."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    c.attempts += 1
    c.touches += 1
    if c.first_touch_at == 0:
        c.first_touch_at = s.now
        count(o, seat, M.leads_touched, 1.0)
        count_week(o, W.first_touches, 1.0)
        count_minutes(o, H.response_minutes, (s.now - c.arrived_at) / MINUTE)
    reached = uniform(s.seed, DRAW.reach, c.key, c.attempts) < c.reach
    if not reached:
        _not_reached(o, case, seat)
        return
    count(o, seat, M.conversations, 1.0)
    actor = o.seats[seat].unit
    record_event(o, c.lead_row, EVENT.first_contact, s.now, actor)
    record_done(o, c.lead_row)
    settle_debts(o, case, actor)
    odds = b.qualify_odds + o.firm[0].qualify_shift + b.fit_weight * c.fit + skill_at(o, seat, 1, c.industry)
    odds += b.effort_odds * math.log(o.seats[seat].effort)
    suits = uniform(s.seed, DRAW.touch_result, c.key, 0) < 1.0 / (1.0 + math.exp(-odds))
    if still_interested(o, case) and suits:
        open_opportunity(o, case, seat)
        o.work[case].ready_at = customer_ready(o, case)
        appraise(o, case)
    else:
        drop_lead(o, case, seat)


@compiled_part
def _not_reached(o, case, seat):
    """Try again later, or give the lead up when patience for this one is spent."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    enter_touch(o, case, seat, c.touches, EVENT.attempt)
    gives_up = uniform(s.seed, DRAW.attempt_gap, c.key, 1000 + c.attempts) < b.give_up_share
    if gives_up:
        drop_lead(o, case, seat)
        return
    gap = lognormal(s.seed, DRAW.attempt_gap, c.key, c.attempts, b.attempt_gap_hours, 0.6)
    o.work[case].ready_at = add_open(o.days, s.now, int(gap * HOUR))
    appraise(o, case)


@compiled_part
def drop_lead(o, case, seat):
    """Close a lead that led nowhere."""
    s = o.state[0]
    c = o.cases[case]
    release(o, case)
    c.state = STATE.disqualified
    c.closed_at = s.now
    s.ended += 1
    record_simple(o, c.lead_row, EVENT.lost, s.now, o.seats[seat].unit)
