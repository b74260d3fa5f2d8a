"""Support desks: staffed queues that answer requests, by promised time where the policy promises one."""

from policies.book import NEVER
from policies.calendar_arrays import add_open
from policies.compiled import compiled_part
from policies.records import EVENT, REQUEST, REQUEST_KIND
from sim.office.draws import lognormal
from sim.office.events import ACTORS, DRAW, HOUR, MINUTE, ON
from sim.office.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.portfolio import NOBODY
from sim.office.tally import M, count

PRESALES, LEGAL, DELIVERY, FINANCE = 0, 1, 2, 3
WAITING, STARTED, ANSWERED = 0, 1, 2
PRESALES_TURN, LEGAL_TURN, DELIVERY_TURN, FINANCE_TURN = 1, 2, 3, 1000


@compiled_part
def promised_hours(settings, desk):
    """Open hours within which a desk promises to answer; 0 when nothing is promised."""
    if desk == PRESALES:
        return settings.presales_hours
    if desk == LEGAL:
        return settings.legal_hours
    if desk == DELIVERY:
        return settings.delivery_hours
    return settings.finance_hours


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
    hours = promised_hours(o.settings[0], desk)
    q.promised_at = add_open(o.days, s.now, int(hours * HOUR)) if hours > 0.0 else NEVER
    q.row = new_row(o, REQUEST_KIND, unit, number)
    record_event(o, q.row, EVENT.registered, s.now, unit)
    record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.desk, float(desk))
    if o.cases[case].row >= 0:
        record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.opportunity, float(o.cases[case].row))
    if hours > 0.0:
        record_field(o, q.row, EVENT.registered, s.now, unit, REQUEST.promised_at, float(q.promised_at))
    record_done(o, q.row)
    count(o, seat, M.support_requests, 1.0)
    _join_queue(o, number)
    _start_next(o, desk)
    return number


@compiled_part
def _join_queue(o, number):
    """Earliest promise first, then order of arrival."""
    q = o.requests[number]
    d = o.desks[q.desk]
    d.waiting += 1
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
        d.wait_ms += s.now - q.asked_at
        post(o, max(add_open(o.days, s.now, int(q.work * MINUTE)), s.now + 1), ACTORS, ON.desk_done, number, 0)


@compiled_part
def answer(o, number):
    """The desk has answered: record it, count lateness, and take the next request."""
    s = o.state[0]
    q = o.requests[number]
    d = o.desks[q.desk]
    q.state = ANSWERED
    q.answered_at = s.now
    d.busy -= 1
    d.answered += 1.0
    if s.now > q.promised_at:
        count(o, q.owner, M.support_late, 1.0)
    record_simple(o, q.row, EVENT.answered, s.now, NOBODY)
    _start_next(o, q.desk)


@compiled_part
def hurry(o, number):
    """An escalated request is moved to the head of its desk's queue, if it has not been started."""
    q = o.requests[number]
    if q.state != WAITING:
        return
    d = o.desks[q.desk]
    if d.first == number:
        return
    before = d.first
    while before >= 0 and o.requests[before].next != number:
        before = o.requests[before].next
    if before >= 0:
        o.requests[before].next = q.next
        q.next = d.first
        d.first = number
