"""Approvals: a desk is asked to approve something on a deal, by a rule or by the rep who was refused for want of it.

The request waits in the desk's queue, the manager's among the approvals that come first. What comes of it is recorded on the
deal; desks of the office grant what they are asked for.
"""

import numpy as np

from policies.jit.compiled import compiled_part
from policies.record.records import APPROVALS, DESKS, EVENT, OPPORTUNITY_KIND, REQUEST, REQUEST_KIND, column
from policies.support.promise import LEGAL, MANAGER, promised_at
from policies.time.calendar_arrays import FIRM, NEVER
from sim.office.cases.closing import FREE, WAITS_FOR_DESK
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.draws import lognormal
from sim.office.engine.events import ACTORS, DRAW, ON, STATE, TASK
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.people.desks import ANSWERED, APPROVAL, WAITING, approval_minutes, join_queue
from sim.office.people.managers import add_task

_COLUMNS = np.array([column("opportunity", name) for name in APPROVALS])
_TURN = 3000
_FIRST_OF_DESK = 64


@compiled_part
def wanted_by_rule(o, row, desk):
    """A rule has a desk asked: it is, as soon as anybody can react. What was approved before is to be approved anew."""
    if o.book.rows[row].kind == OPPORTUNITY_KIND:
        o.cases[o.slots[row]].known &= ~(np.int64(1) << _COLUMNS[desk])
        post(o, o.state[0].now + 1, ACTORS, ON.approval_wanted, o.slots[row], desk)


@compiled_part
def ask_for_approvals(o, case, lacks):
    """The owner of a deal asks the desks whose approval it lacks, of these columns (a bit mask), and waits for them."""
    for desk in range(len(DESKS)):
        bit = np.int64(1) << _COLUMNS[desk]
        if lacks & bit == 0:
            continue
        if desk != LEGAL:  # what legal gives is asked for with the contract
            ask_approval(o, case, desk, o.seats[o.cases[case].owner].unit)
        if o.cases[case].approvals & (1 << desk) != 0:
            o.work[case].blocked = WAITS_FOR_DESK


@compiled_part
def ask_approval(o, case, desk, actor):
    """Open a request to approve something on a deal, unless one is open. `actor`: who asks, nobody for a rule."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    if c.state != STATE.open or c.owner < 0 or c.approvals & (1 << desk) != 0:
        return
    if desk == LEGAL and c.request >= 0 and o.requests[c.request].desk == LEGAL:  # the owner has asked already
        return
    c.approvals |= 1 << desk
    c.approvals_asked += 1
    number = s.requests
    s.requests += 1
    q = o.requests[number]
    q.case = case
    q.customer = NOBODY
    q.desk = desk
    q.owner = c.owner
    q.next = NOBODY
    q.asked_at = s.now
    q.state = WAITING
    q.approves = 1
    q.promised_at = promised_at(o.days, o.settings[0], desk, FIRM, s.now)
    _record_request(o, number, actor)
    count(o, c.owner, M.support_requests, 1.0)
    if desk == MANAGER:
        team = o.seats[c.owner].team
        add_task(o, team, TASK.approval, q.row, number, c.owner, -1, s.now, 0.0)
        return
    turn = _TURN + _FIRST_OF_DESK * desk + c.approvals_asked
    q.work = lognormal(s.seed, DRAW.desk_time, c.key, turn, approval_minutes(b, desk), b.desk_spread)
    join_queue(o, number)


@compiled_part
def _record_request(o, number, actor):
    now = o.state[0].now
    q = o.requests[number]
    q.row = new_row(o, REQUEST_KIND, o.seats[q.owner].unit, number)
    record_event(o, q.row, EVENT.registered, now, actor)
    record_field(o, q.row, EVENT.registered, now, actor, REQUEST.desk, float(q.desk))
    record_field(o, q.row, EVENT.registered, now, actor, REQUEST.asked_for, float(APPROVAL))
    record_field(o, q.row, EVENT.registered, now, actor, REQUEST.opportunity, float(o.cases[q.case].row))
    if q.promised_at < NEVER:
        record_field(o, q.row, EVENT.registered, now, actor, REQUEST.promised_at, float(q.promised_at))
    record_done(o, q.row)


@compiled_part
def manager_approves(o, number):
    """The manager has looked at a request to approve."""
    q = o.requests[number]
    q.state = ANSWERED
    q.answered_at = o.state[0].now
    record_simple(o, q.row, EVENT.answered, q.answered_at, NOBODY)
    approved(o, number)


@compiled_part
def approved(o, number):
    """What a desk approves goes on the record of the deal, whose owner goes on."""
    s = o.state[0]
    q = o.requests[number]
    case = q.case
    c = o.cases[case]
    c.approvals &= ~(1 << q.desk)
    if c.state != STATE.open:
        return
    record_event(o, c.row, EVENT.field_recorded, s.now, NOBODY)
    record_field(o, c.row, EVENT.field_recorded, s.now, NOBODY, _COLUMNS[q.desk], 1.0)
    record_done(o, c.row)
    c.asked &= ~(np.int64(1) << _COLUMNS[q.desk])
    if c.approvals == 0 and c.request == NOBODY and o.work[case].blocked == WAITS_FOR_DESK:
        o.work[case].blocked = FREE
        o.work[case].ready_at = s.now + 1
