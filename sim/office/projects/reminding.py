"""What a reminder does: whoever is told of a project's record sees to the next thing that it waits for."""

from policies.jit.compiled import compiled_part
from sim.office.projects.asking import ACCEPTANCE, DELIVERY, ask_customer
from sim.office.projects.money import invoice_soon, remind_of_payment
from sim.office.projects.plan import MILESTONE
from sim.office.projects.queues import put_first
from sim.office.projects.records import CONFIRMATION, DELIVERABLE, INVOICE, PROMISE, WEEK_ROLE
from sim.office.projects.steps import (
    CLOSED,
    DONE,
    PLANNED,
    complete,
    hand_in,
    step_entered,
)


@compiled_part
def remind(o, row):
    """Somebody was told of a record and sees to it."""
    item = o.slots[row]
    role = o.kind_roles[o.book.rows[row].kind]
    if role in (WEEK_ROLE, PROMISE):
        return
    if role == INVOICE and o.items[item].invoiced_at > 0 and o.items[item].accepted_at > 0:
        if o.items[item].missing > 0:
            hand_in(o, item)
        else:
            remind_of_payment(o, item)
    elif role == DELIVERABLE:
        hand_in(o, item)
    elif role == CONFIRMATION:
        _hurry_confirmations(o, item)
    else:
        see_to(o, item)
        if o.items[item].state == PLANNED:
            _see_to_those_before(o, item)


@compiled_part
def see_to(o, item):
    """The next thing that a step waits for is done or asked for."""
    t = o.items[item]
    step = o.plan[t.step]
    if t.state == PLANNED:
        return
    if t.state < DONE:
        put_first(o, step.department, item)
        return
    hand_in(o, item)
    step_entered(o, item, DELIVERY)
    if t.accepted_at > 0 and t.row >= 0 and t.entered & ACCEPTANCE == 0:
        step_entered(o, item, ACCEPTANCE)
    elif t.state == CLOSED:
        complete(o, item)
    if t.state < CLOSED:
        if t.pending > 0:
            put_first(o, step.department, item)
            _hurry_confirmations(o, item)
        elif step.kind == MILESTONE and t.accepted_at == 0:
            ask_customer(o, item)
    if t.accepted_at > 0:
        invoice_soon(o, item)


@compiled_part
def _hurry_confirmations(o, item):
    step = o.plan[o.items[item].step]
    for place in range(step.confirm_from, step.confirm_to):
        put_first(o, o.plan_confirmers[place], item)


@compiled_part
def _see_to_those_before(o, item):
    t = o.items[item]
    step = o.plan[t.step]
    first = o.projects[t.project].first
    for place in range(step.after_from, step.after_to):
        see_to(o, first + o.plan_after[place])


@compiled_part
def finance_hears(o, row):
    """Finance is told of a record: what it was accepted for is invoiced, an invoice that is overdue is called in."""
    item, role = o.slots[row], o.kind_roles[o.book.rows[row].kind]
    if role in (WEEK_ROLE, PROMISE):
        return
    if o.items[item].accepted_at > 0 and o.items[item].invoiced_at == 0:
        invoice_soon(o, item)
    else:
        remind(o, row)
