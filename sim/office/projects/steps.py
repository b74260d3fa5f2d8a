"""The life of a step: begun, done by its department, confirmed by others, accepted by the customer, closed.

Where nobody stops it, a step is begun before those before it are confirmed; an objection then costs the work on both. Nobody
has to ask a customer for acceptance, and nobody has to tell finance: who does not think of it at once does when somebody looks.
"""

import math

from policies.engine.gates import COMPLETE, START
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from sim.office.counting.tally import M, count
from sim.office.engine.draws import lognormal, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, ON
from sim.office.engine.ledger import post, record_done, record_event, record_simple
from sim.office.projects.asking import (
    ACCEPTANCE,
    DELIVERY,
    ON_CONFIRM,
    ON_DOCUMENT,
    ON_HASTE,
    ON_OBJECTION,
    ON_WORK,
    ask_customer,
    enter_later,
    think_of_asking,
    turn_of,
)
from sim.office.projects.money import accepted_for_payment, contract_date, settle_dispute
from sim.office.projects.plan import MILESTONE
from sim.office.projects.queues import AGAIN, CONFIRM, HAND_IN, WORK, begin_next, give_work
from sim.office.projects.records import (
    ACCEPTED_AT,
    DELIVERED_AT,
    FILE,
    FINISHED_AT,
    is_refused,
    register_step,
    tell_fact,
)

NOBODY = -1
PLANNED, BEGUN, DONE, CLOSED = 0, 1, 2, 3


@compiled_part
def begin_project(o, case, customer, seat, revenue):
    """A won deal becomes a project: its steps are planned, and those with nothing before them begin."""
    s = o.state[0]
    number = s.projects
    s.projects += 1
    p = o.projects[number]
    p.case = case
    p.customer = customer
    p.owner = seat
    p.key = o.cases[case].key
    p.won_at = s.now
    p.first = s.items
    p.steps = p.open = len(o.plan)
    p.value = revenue
    s.items += len(o.plan)
    for place in range(len(o.plan)):
        _plan_step(o, number, place)
    for place in range(len(o.plan)):
        begin_if_ready(o, p.first + place)


@compiled_part
def _plan_step(o, number, place):
    p = o.projects[number]
    step = o.plan[place]
    item = p.first + place
    t = o.items[item]
    t.project = number
    t.step = place
    t.row = t.files = t.confirmations = t.invoice = NOBODY
    t.due_at = p.won_at + int(step.due_days * DAY)
    p.due_at = max(p.due_at, t.due_at)
    t.amount = math.floor(p.value * step.paid_by + 0.5) - math.floor(p.value * step.paid_before + 0.5)
    register_step(o, item)
    contract_date(o, item)


@compiled_part
def begin_if_ready(o, item):
    """Begin a step when those before it are closed, or at least done and nobody waits for more; a gate may refuse."""
    s = o.state[0]
    t = o.items[item]
    if t.state != PLANNED:
        return
    p = o.projects[t.project]
    step = o.plan[t.step]
    unclosed = 0
    for place in range(step.after_from, step.after_to):
        state = o.items[p.first + o.plan_after[place]].state
        if state < DONE:
            return
        if state < CLOSED:
            unclosed += 1
    hasty = uniform(s.seed, DRAW.project, p.key, turn_of(o, item, ON_HASTE, 0)) < o.behaviour[0].project_hasty_share
    if unclosed > 0 and not hasty:
        return
    t.refused = 1 if is_refused(o, t.row, START, p.owner) else 0
    if t.refused != 0:
        return
    t.state = BEGUN
    t.started_at = s.now
    t.hasty = unclosed
    if t.row >= 0:
        record_simple(o, t.row, EVENT.started, s.now, NOBODY)
    b = o.behaviour[0]
    minutes = lognormal(s.seed, DRAW.project, p.key, turn_of(o, item, ON_WORK, 0), step.minutes, b.project_work_spread)
    give_work(o, item, WORK, step.department, minutes, 0)


@compiled_part
def job_done(o, number):
    """A department has finished a job, and takes the next."""
    j = o.jobs[number]
    o.departments[j.department].busy -= 1
    item, what = j.item, j.what
    if what == WORK:
        _work_done(o, item)
    elif what == CONFIRM:
        _confirmed(o, item, j.place)
    elif what == HAND_IN:
        _handed_in(o, item)
    else:
        _put_right(o, item)
    begin_next(o, j.department)


@compiled_part
def _work_done(o, item):
    s = o.state[0]
    b = o.behaviour[0]
    t = o.items[item]
    p = o.projects[t.project]
    step = o.plan[t.step]
    t.state = DONE
    t.done_at = s.now
    for document in range(step.deliverables):
        if uniform(s.seed, DRAW.project, p.key, turn_of(o, item, ON_DOCUMENT, document)) < b.project_forgotten_share:
            t.missing += 1
    for document in range(t.missing, step.deliverables):
        if t.files >= 0:
            tell_fact(o, t.files + document, s.now, FILE, 1.0)
    enter_later(o, item, DELIVERY)
    t.pending += step.confirm_to - step.confirm_from
    for place in range(step.confirm_from, step.confirm_to):
        minutes = lognormal(
            s.seed, DRAW.project, p.key, turn_of(o, item, ON_CONFIRM, place), b.project_confirm_minutes, b.project_work_spread
        )
        give_work(o, item, CONFIRM, o.plan_confirmers[place], minutes, place - step.confirm_from)
    if step.kind == MILESTONE:
        think_of_asking(o, item)
    close_if_confirmed(o, item)
    _begin_those_after(o, item)


@compiled_part
def step_entered(o, item, what):
    """A delivery or an acceptance reaches the record, and with it those who wait for it."""
    t = o.items[item]
    if t.entered & what != 0 or t.row < 0:
        return
    t.entered |= what
    if what == DELIVERY:
        tell_fact(o, t.row, t.done_at, DELIVERED_AT if o.plan[t.step].kind == MILESTONE else FINISHED_AT, float(t.done_at))
    else:
        tell_fact(o, t.row, t.accepted_at, ACCEPTED_AT, float(t.accepted_at))
        complete(o, item)
        accepted_for_payment(o, item)


@compiled_part
def customer_answers(o, item, version):
    """Somebody has looked and asks the customer, or the customer answers: accepted, or something is to be changed."""
    s = o.state[0]
    t = o.items[item]
    if version != t.answer or t.accepted_at > 0:
        return False
    if t.asked == 0:
        ask_customer(o, item)
        return True
    t.asked = 0
    if _objects(o, item, 128 + t.turn):
        _correct(o, item)
        return True
    t.accepted_at = s.now
    enter_later(o, item, ACCEPTANCE)
    accepted_for_payment(o, item)
    settle_dispute(o, item)
    close_if_confirmed(o, item)
    return True


@compiled_part
def _objects(o, item, number):
    key = o.projects[o.items[item].project].key
    share = o.behaviour[0].project_objection_share
    return uniform(o.state[0].seed, DRAW.project, key, turn_of(o, item, ON_OBJECTION, number)) < share


@compiled_part
def _confirmed(o, item, place):
    """A department confirms what another did, or asks for a change first."""
    t = o.items[item]
    t.pending -= 1
    t.confirmed += 1
    if t.confirmations >= 0:
        record_simple(o, t.confirmations + place, EVENT.completed, o.state[0].now, NOBODY)
    if _objects(o, item, place):
        _correct(o, item)
    close_if_confirmed(o, item)


@compiled_part
def _correct(o, item):
    """What was asked for is changed, in the step and in those after it that were begun on the strength of it."""
    t = o.items[item]
    p = o.projects[t.project]
    _do_again(o, item, 0)
    for other in range(p.first, p.first + p.steps):
        step = o.plan[o.items[other].step]
        for place in range(step.after_from, step.after_to):
            if p.first + o.plan_after[place] == item and BEGUN <= o.items[other].state < CLOSED:
                _do_again(o, other, 1)


@compiled_part
def _do_again(o, item, rework):
    """A part of the work is done again; `rework`: because it was begun too early."""
    t = o.items[item]
    t.pending += 1
    minutes = o.behaviour[0].project_again_share * o.plan[t.step].minutes
    if rework != 0:
        t.again += 1
    give_work(o, item, AGAIN, o.plan[t.step].department, minutes, 0)


@compiled_part
def _put_right(o, item):
    """A change has been made; a customer who asked for it is asked again to accept."""
    t = o.items[item]
    t.pending -= 1
    waits_for_customer = o.plan[t.step].kind == MILESTONE and t.accepted_at == 0 and t.asked == 0
    if t.state == DONE and waits_for_customer:
        think_of_asking(o, item)
    close_if_confirmed(o, item)


@compiled_part
def close_if_confirmed(o, item):
    """Close a step that is done, confirmed by everybody and, if it is a milestone, accepted."""
    s = o.state[0]
    t = o.items[item]
    if t.state != DONE or t.pending > 0 or (o.plan[t.step].kind == MILESTONE and t.accepted_at == 0):
        return
    p = o.projects[t.project]
    t.state = CLOSED
    t.closed_at = s.now
    p.open -= 1
    count(o, p.owner, M.steps_done, 1.0)
    if t.again > 0:
        count(o, p.owner, M.steps_reworked, 1.0)
    if o.plan[t.step].kind == MILESTONE:
        count(o, p.owner, M.milestones_done, 1.0)
        if s.now > t.due_at:
            count(o, p.owner, M.milestones_late, 1.0)
    complete(o, item)
    _begin_those_after(o, item)
    if p.open == 0:
        p.finished_at = s.now
        count(o, p.owner, M.projects_done, 1.0)
        count(o, p.owner, M.project_days, (s.now - p.won_at) / DAY)
        post(o, s.now + 1, ACTORS, ON.project_over, t.project, 0)


@compiled_part
def complete(o, item):
    """Mark a closed step completed, if the gates let it: documents that they ask for are handed in."""
    t = o.items[item]
    if t.row < 0 or t.completed != 0 or t.state != CLOSED:
        return
    if o.plan[t.step].kind == MILESTONE and t.entered & ACCEPTANCE == 0:
        return
    t.refused = 1 if is_refused(o, t.row, COMPLETE, o.projects[t.project].owner) else 0
    if t.refused != 0:
        hand_in(o, item)
        return
    t.completed = 1
    record_event(o, t.row, EVENT.completed, o.state[0].now, NOBODY)
    record_done(o, t.row)
    _begin_those_after(o, item)


@compiled_part
def hand_in(o, item):
    """Documents that are still missing become a job of the department, once."""
    t = o.items[item]
    step = o.plan[t.step]
    if t.missing > 0 and t.state >= DONE and t.handing_in == 0:
        t.handing_in = 1
        give_work(o, item, HAND_IN, step.department, o.behaviour[0].project_file_minutes * t.missing, 0)


@compiled_part
def _handed_in(o, item):
    t = o.items[item]
    missing, t.missing = t.missing, 0
    for document in range(missing):
        if t.files >= 0:
            tell_fact(o, t.files + document, o.state[0].now, FILE, 1.0)
    settle_dispute(o, item)
    complete(o, item)


@compiled_part
def _begin_those_after(o, item):
    t = o.items[item]
    p = o.projects[t.project]
    for other in range(item + 1, p.first + p.steps):
        step = o.plan[o.items[other].step]
        for place in range(step.after_from, step.after_to):
            if p.first + o.plan_after[place] == item:
                begin_if_ready(o, other)
