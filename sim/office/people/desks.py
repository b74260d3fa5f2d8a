"""Support desks: staffed queues that answer requests, by promised time where the policy promises one."""

import math

from policies.jit.compiled import compiled_part
from policies.record.book import NEVER
from policies.record.records import ASKED_FOR, EVENT, OPPORTUNITY, REQUEST, REQUEST_KIND
from policies.support.promise import DELIVERY, FINANCE, LEGAL, PRESALES, promised_at
from policies.time.calendar_arrays import FIRM, add_open
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.draws import exponential, lognormal
from sim.office.engine.events import ACTORS, DRAW, HOUR, MINUTE, ON
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.people.moving import comes_first
from sim.office.record.entries import record_required

ANSWER, APPROVAL, EXPENSE, ADJUSTMENT = (ASKED_FOR.index(name) for name in ("answer", "approval", "expense", "adjustment"))
WAITING, STARTED, ANSWERED = 0, 1, 2
PRESALES_TURN, LEGAL_TURN, DELIVERY_TURN, FINANCE_TURN, EXPENSE_TURN = 1, 2, 3, 1000, 2000


@compiled_part
def approval_minutes(b, desk):
    """Median minutes of looking at what a desk is asked to approve: what legal and finance look at is their usual work, what
    presales and delivery look at is none of the solution or the delivery itself."""
    return b.approval_minutes if desk in (PRESALES, DELIVERY) else work_minutes(b, desk)


@compiled_part
def work_minutes(b, desk):
    """Median minutes of work on one request."""
    if desk == PRESALES:
        return b.presales_minutes
    if desk == LEGAL:
        return b.legal_minutes
    if desk == DELIVERY:
        return b.delivery_minutes
    return b.finance_minutes


@compiled_part
def ask_desk(o, desk, case, customer, seat, turn):
    """Open a request and start it if somebody at the desk is free; returns its slot."""
    s = o.state[0]
    b = o.behaviour[0]
    number = s.requests
    s.requests += 1
    q = o.requests[number]
    unit = o.seats[seat].unit
    q.case = case
    q.customer = customer
    q.desk = desk
    q.owner = seat
    q.next = NOBODY
    q.asked_at = s.now
    q.state = WAITING
    key = o.cases[case].key
    q.work = lognormal(s.seed, DRAW.desk_time, key, turn, work_minutes(b, desk), b.desk_spread)
    if desk in (PRESALES, LEGAL) and asks_again(o, case, seat):
        q.work += o.firm[0].asked_again_minutes
    q.promised_at = promised_at(o.days, o.settings[0], desk, FIRM, s.now)
    q.row = new_row(o, REQUEST_KIND, unit, number)
    record_event(o, q.row, EVENT.registered, s.now, unit)
    record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.desk, float(desk))
    record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.asked_for, float(asked_for(desk, turn)))
    if o.cases[case].row >= 0:
        record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.opportunity, float(o.cases[case].row))
    if q.promised_at < NEVER:
        record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.promised_at, float(q.promised_at))
    record_done(o, q.row)
    count(o, seat, M.support_requests, 1.0)
    join_queue(o, number)
    return number


@compiled_part
def asked_for(desk, turn):
    """What a request asks for, by its desk and its turn."""
    if desk == FINANCE:
        return EXPENSE if turn >= EXPENSE_TURN else ADJUSTMENT
    return APPROVAL if desk == LEGAL else ANSWER


@compiled_part
def asks_again(o, case, seat):
    """Whether somebody new to a deal finds no needs summary on record, so that the customer is asked the same once more."""
    again = math.isnan(o.book.values[o.cases[case].row, OPPORTUNITY.needs_summary])
    if again:
        count(o, seat, M.asked_again, 1.0)
    return again


@compiled_part
def next_own_job(o, desk):
    """Put the next job from other departments on the clock: Poisson in open time, so that they take their share of it."""
    s = o.state[0]
    f = o.firm[0]
    d = o.desks[desk]
    d.own_jobs += 1
    gap = f.desk_own_hours / (f.desk_own_load * d.staff) * exponential(s.seed, DRAW.own_job, desk, 2 * d.own_jobs)
    post(o, max(add_open(o.days, s.now, int(gap * HOUR)), s.now + 1), ACTORS, ON.own_job, desk, 0)


@compiled_part
def own_job(o, desk):
    """A job from another department joins the queue; nobody promised it a time, and it is on no sales record."""
    s = o.state[0]
    number = s.requests
    s.requests += 1
    q = o.requests[number]
    q.case = NOBODY
    q.customer = NOBODY
    q.owner = NOBODY
    q.row = NOBODY
    q.next = NOBODY
    q.desk = desk
    q.asked_at = s.now
    q.promised_at = NEVER
    q.state = WAITING
    hours = o.firm[0].desk_own_hours * exponential(s.seed, DRAW.own_job, desk, 2 * o.desks[desk].own_jobs + 1)
    q.work = 60.0 * hours
    join_queue(o, number)
    next_own_job(o, desk)


@compiled_part
def join_queue(o, number):
    """A request waits for its desk, ahead of whose hours were moved to its unit, and is taken up if somebody there is free."""
    _queue(o, number)
    if o.state[0].moves > 0:
        comes_first(o, number)
    _start_next(o, o.requests[number].desk)


@compiled_part
def _queue(o, number):
    """Earliest promise first, then order of arrival."""
    q = o.requests[number]
    d = o.desks[q.desk]
    d.waiting += 1
    if d.first >= 0 and o.requests[d.last].promised_at <= q.promised_at:
        o.requests[d.last].next = number
        d.last = number
        return
    if d.first < 0:
        d.last = number
    if d.first < 0 or q.promised_at < o.requests[d.first].promised_at:
        q.next = d.first
        d.first = number
        return
    before = d.first
    while o.requests[before].next >= 0 and o.requests[o.requests[before].next].promised_at <= q.promised_at:
        before = o.requests[before].next
    q.next = o.requests[before].next
    o.requests[before].next = number


@compiled_part
def _start_next(o, desk):
    s = o.state[0]
    d = o.desks[desk]
    while d.busy < d.staff and d.first >= 0:
        number = d.first
        q = o.requests[number]
        d.first = q.next
        d.waiting -= 1
        d.busy += 1
        q.state = STARTED
        q.started_at = s.now
        post(o, max(add_open(o.days, s.now, int(q.work * MINUTE)), s.now + 1), ACTORS, ON.desk_done, number, 0)


@compiled_part
def answer(o, number):
    """The desk has answered: record it unless it was its own job, count lateness, and take the next request."""
    s = o.state[0]
    q = o.requests[number]
    d = o.desks[q.desk]
    q.state = ANSWERED
    q.answered_at = s.now
    d.busy -= 1
    if s.now > q.promised_at:
        count(o, q.owner, M.support_late, 1.0)
    if q.row >= 0:
        record_required(o, q.row, NOBODY)
        record_simple(o, q.row, EVENT.answered, s.now, NOBODY)
    _start_next(o, q.desk)


@compiled_part
def hurry(o, number):
    """An escalated request is moved to the head of its desk's queue, if it has not been started."""
    q = o.requests[number]
    if q.state != WAITING or q.desk >= len(o.desks):
        return
    d = o.desks[q.desk]
    if d.first == number:
        return
    before = d.first
    while before >= 0 and o.requests[before].next != number:
        before = o.requests[before].next
    if before >= 0:
        o.requests[before].next = q.next
        if d.last == number:
            d.last = before
        q.next = d.first
        d.first = number
