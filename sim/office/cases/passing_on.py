"""A rule gives a lead or a deal to somebody else: to a named rep, or to whom the policy's routing chooses."""

import math

import numpy as np

from policies.jit.compiled import compiled_part
from policies.language.effects import BY_ROUTING
from policies.record.records import EVENT, LEAD, LEAD_KIND, OPPORTUNITY
from policies.record.texts import text_number
from policies.routing.choosing import BY_HAND, POOL, choose
from sim.office.cases.leads import describe_reps, give
from sim.office.cases.portfolio import NOBODY, appraise, release, take
from sim.office.engine.events import ACTORS, ON, STATE
from sim.office.engine.ledger import post, record_done, record_event, record_field
from sim.office.people.desks import asks_again

_ROUTED = text_number(BY_ROUTING)
_BY_ROUTING = -1


@compiled_part
def wanted_by_rule(o, row, case, name):
    """A rule gives a case away: it goes as soon as anybody can react. A name that is no rep's gets nothing."""
    if case < 0:
        return
    if name == _ROUTED:
        post(o, o.state[0].now + 1, ACTORS, ON.passed_on, row, _BY_ROUTING)
        return
    for seat in range(len(o.seats)):
        if o.units[o.seats[seat].unit].name == name:
            post(o, o.state[0].now + 1, ACTORS, ON.passed_on, row, seat)


@compiled_part
def pass_on(o, row, seat):
    """Hand a lead or deal to a seat, -1 for the one that routing chooses, if it is open and not that seat's already."""
    case = o.slots[row]
    c = o.cases[case]
    is_lead = o.book.rows[row].kind == LEAD_KIND
    waits = c.state == STATE.registered
    if not (c.state == (STATE.assigned if is_lead else STATE.open) or (is_lead and waits)):
        return
    if seat == _BY_ROUTING:
        seat = _chosen(o, row, case, is_lead)
    if seat < 0 or (seat == c.owner and not waits):
        return
    if waits:
        give(o, case, seat)
    else:
        hand_to(o, case, seat)


@compiled_part
def _chosen(o, row, case, is_lead):
    """The seat that routing chooses besides the owner; -1 where people choose or nobody is there with room."""
    method = int(o.settings[0].routing_method)
    c = o.cases[case]
    if method in (BY_HAND, POOL):
        return NOBODY
    industry = o.book.values[row, LEAD.industry if is_lead else OPPORTUNITY.industry]
    region = o.book.values[row, LEAD.region if is_lead else OPPORTUNITY.region]
    describe_reps(o, -1 if math.isnan(industry) else int(industry), c.key)
    barred = NOBODY if c.state == STATE.registered else c.owner
    cap = o.settings[0].lead_cap if is_lead else 0.0
    seat = choose(method, o.candidates, region, cap, o.state[0].in_turn - 1, barred)
    return NOBODY if seat == barred else seat


@compiled_part
def hand_to(o, case, heir):
    """A case goes to another seat and starts again from what the record knows."""
    s = o.state[0]
    c = o.cases[case]
    release(o, case)
    take(o, heir, case)
    row = c.row if c.row >= 0 else c.lead_row
    if c.row >= 0:
        asks_again(o, case, heir)
        c.stage = max(1, min(c.stage, c.recorded_phase))
        known = 0
        for column in range(OPPORTUNITY.needs_summary, OPPORTUNITY.contract_file + 1):
            is_instant = column in (OPPORTUNITY.next_step_at, OPPORTUNITY.quote_sent_at)  # and so nothing that a rep may know
            if not is_instant and not math.isnan(o.book.values[row, column]):
                known |= 1 << column
        c.known = np.int64(known)
        c.agreed = 0
    o.book.rows[row].unit = o.seats[heir].unit
    record_event(o, row, EVENT.reassigned, s.now, NOBODY)
    owner = OPPORTUNITY.owner if c.row >= 0 else LEAD.owner
    record_field(o, row, EVENT.reassigned, s.now, NOBODY, owner, float(o.seats[heir].unit))
    record_done(o, row)
    appraise(o, case)
