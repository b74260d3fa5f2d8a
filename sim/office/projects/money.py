"""Invoices and payments that hang on milestones: sent too early they are disputed, known too late they are sent late."""

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from policies.time.calendar_arrays import NEVER, add_open, next_open
from sim.office.counting.tally import M, count
from sim.office.engine.draws import exponential, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, MINUTE, ON
from sim.office.engine.ledger import post, record_done, record_event, record_field, record_simple
from sim.office.projects.records import (
    INVOICE,
    INVOICED_DEAL,
    INVOICED_MILESTONE,
    OWNER,
    PAYABLE_AT,
    TOTAL,
    could_be_created,
    draft,
    may_be_created,
    put_on_draft,
    put_part,
    tell_link,
    tell_part,
)

NOBODY = -1
ON_DATE, ON_HEARING, ON_PAYING, AT_ITS_LIST = 20, 21, 22, 23
HALF_AN_HOUR = 30 * MINUTE  # after the opening: within it finance has come to what its calendar says for the day
BY_CONTRACT, KNOWN, OVERDUE = 0, 1, 2
"""Why finance comes to an invoice: the contract's date, an acceptance that it knows of, money that does not come."""
UNWANTED, WANTED, ON_ITS_WAY = 0, 1, 2
"""Whether finance waits for an acceptance to invoice it, or has begun to."""


@compiled_part
def _turn(o, item, what):
    return (o.items[item].step * 64 + what) << 8


@compiled_part
def contract_date(o, item):
    """Finance has the contract's date of a payment in its calendar."""
    t = o.items[item]
    if t.amount > 0.0:
        at = next_open(o.days, max(t.due_at, o.state[0].now + 1))
        if at < NEVER:
            share = uniform(o.state[0].seed, DRAW.project, o.projects[t.project].key, _turn(o, item, AT_ITS_LIST))
            at += int(HALF_AN_HOUR * share)
            post(o, at, ACTORS, ON.invoice_due, item, BY_CONTRACT)


@compiled_part
def accepted_for_payment(o, item):
    """A milestone was accepted: finance hears of it at once, or else at the end of the month, unless it waits for that."""
    s = o.state[0]
    t = o.items[item]
    if t.amount <= 0.0 or t.invoiced_at > 0 or t.accepted_at == 0:
        return
    key = o.projects[t.project].key
    told = uniform(s.seed, DRAW.project, key, _turn(o, item, ON_HEARING)) < o.behaviour[0].project_told_share
    if told or t.wants_invoice == WANTED:
        invoice_soon(o, item)


@compiled_part
def invoice_soon(o, item):
    """Finance knows that a milestone can be invoiced and does so in its working time."""
    s = o.state[0]
    t = o.items[item]
    if t.amount > 0.0 and t.invoiced_at == 0 and t.wants_invoice != ON_ITS_WAY:
        at = add_open(o.days, s.now, int(o.behaviour[0].project_invoice_minutes * MINUTE))
        if at < NEVER:
            t.wants_invoice = ON_ITS_WAY
            post(o, max(at, s.now + 1), ACTORS, ON.invoice_due, item, KNOWN)


@compiled_part
def month_end(o):
    """At the month's end finance goes through the projects and finds what was accepted and never invoiced."""
    for item in range(o.state[0].items):
        t = o.items[item]
        if t.accepted_at > 0 and t.invoiced_at == 0:
            invoice_soon(o, item)


@compiled_part
def invoice_due(o, item, why):
    """An invoice is to go out: on the contract's date only where finance looks no further, or what it is for was accepted.

    Returns True where somebody has to see to what it waits for: a gate refused it, or its term is over and it is disputed.
    """
    s = o.state[0]
    t = o.items[item]
    if t.invoiced_at > 0:
        return why == OVERDUE and _still_disputed(o, item)
    p = o.projects[t.project]
    looks_further = uniform(s.seed, DRAW.project, p.key, _turn(o, item, ON_DATE)) >= o.behaviour[0].project_by_date_share
    if why == BY_CONTRACT and t.accepted_at == 0 and looks_further:
        return False
    if not _create(o, item):
        t.wants_invoice = WANTED
        return True
    t.invoiced_at = s.now
    count(o, p.owner, M.money_invoiced, t.amount)
    if is_disputed(o, item):
        _look_again(o, item, o.firm[0].payment_term_days)
    else:
        _expect_payment(o, item, 0.0)
    return False


@compiled_part
def _still_disputed(o, item):
    """The money has not come: finance asks why, and asks again later."""
    disputed = is_disputed(o, item)
    if disputed:
        _look_again(o, item, o.behaviour[0].project_look_days)
    return disputed


@compiled_part
def _look_again(o, item, days):
    at = next_open(o.days, o.state[0].now + max(1, int(days * DAY)))
    if at < NEVER:
        post(o, at, ACTORS, ON.invoice_due, item, OVERDUE)


@compiled_part
def _create(o, item):
    """Put the invoice on record, if the gates let it be created."""
    s = o.state[0]
    t = o.items[item]
    p = o.projects[t.project]
    if o.kind_codes[INVOICE] < 0:
        return True
    if t.invoice < 0:
        t.invoice = draft(o, INVOICE, item)
    row, unit = t.invoice, o.seats[p.owner].unit
    due = s.now + int(o.firm[0].payment_term_days * DAY)
    deal = o.cases[p.case].row
    _draw_up(o, item, due)
    if not may_be_created(o, row, INVOICE, p.owner):
        return False
    record_event(o, row, EVENT.registered, s.now, unit)
    record_field(o, row, EVENT.registered, s.now, unit, OWNER, float(unit))
    tell_link(o, row, unit, INVOICED_MILESTONE, t.row)
    tell_link(o, row, unit, INVOICED_DEAL, deal)
    tell_part(o, row, EVENT.registered, s.now, unit, TOTAL, t.amount)
    tell_part(o, row, EVENT.registered, s.now, unit, PAYABLE_AT, float(due))
    record_done(o, row)
    return True


@compiled_part
def _draw_up(o, item, due):
    t = o.items[item]
    p = o.projects[t.project]
    row, deal = t.invoice, o.cases[p.case].row
    put_on_draft(o, row, INVOICE, o.seats[p.owner].unit)
    if t.row >= 0:
        put_part(o, row, INVOICED_MILESTONE, float(t.row))
    if deal >= 0:
        put_part(o, row, INVOICED_DEAL, float(deal))
    put_part(o, row, TOTAL, t.amount)
    put_part(o, row, PAYABLE_AT, float(due))


@compiled_part
def invoice_if_let(o, item):
    """An invoice that a gate refused goes out once the gates would let it be created."""
    t = o.items[item]
    if o.kind_codes[INVOICE] >= 0:
        _draw_up(o, item, o.state[0].now + int(o.firm[0].payment_term_days * DAY))
        if not could_be_created(o, t.invoice):
            return
    invoice_soon(o, item)


@compiled_part
def is_disputed(o, item):
    """Whether the customer does not pay: it is not accepted, or documents are missing."""
    return o.items[item].accepted_at == 0 or o.items[item].missing > 0


@compiled_part
def settle_dispute(o, item):
    """What an invoice was disputed for is there: it is put right, and the customer's time begins."""
    t = o.items[item]
    if t.invoiced_at > 0 and t.paid_at == 0 and t.payment == 0 and not is_disputed(o, item):
        _expect_payment(o, item, o.behaviour[0].project_dispute_days)


@compiled_part
def _expect_payment(o, item, dispute_days):
    s = o.state[0]
    t = o.items[item]
    late = o.behaviour[0].project_pay_late_days * exponential(
        s.seed, DRAW.project, o.projects[t.project].key, _turn(o, item, ON_PAYING)
    )
    _pays_at(o, item, s.now + int((dispute_days + o.firm[0].payment_term_days + late) * DAY))


@compiled_part
def _pays_at(o, item, at):
    t = o.items[item]
    t.payment = max(at, o.state[0].now + 1)
    post(o, t.payment, ACTORS, ON.invoice_paid, item, 0)


@compiled_part
def remind_of_payment(o, item):
    """A customer whose term is over is reminded: what is left of the wait gets shorter."""
    s = o.state[0]
    t = o.items[item]
    if t.payment > s.now and t.paid_at == 0 and s.now >= t.invoiced_at + int(o.firm[0].payment_term_days * DAY):
        _pays_at(o, item, s.now + int((t.payment - s.now) * o.behaviour[0].project_reminded_share))


@compiled_part
def invoice_paid(o, item):
    """The money for a milestone comes in; returns the customer, -1 where that was overtaken."""
    s = o.state[0]
    t = o.items[item]
    if t.paid_at > 0 or t.payment != s.now:
        return NOBODY
    p = o.projects[t.project]
    t.paid_at = s.now
    p.paid += t.amount
    if t.invoice >= 0 and o.book.rows[t.invoice].kind >= 0:
        record_simple(o, t.invoice, EVENT.completed, s.now, NOBODY)
    count(o, p.owner, M.project_money_paid, t.amount)
    if p.first_paid_at == 0:
        p.first_paid_at = s.now
        count(o, p.owner, M.first_payments, 1.0)
        count(o, p.owner, M.first_payment_days, (s.now - p.won_at) / DAY)
    return p.customer
