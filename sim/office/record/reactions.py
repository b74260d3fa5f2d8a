"""What people do about a rule: what it says is brought to somebody, a freeze greys a case, a manager's attention acts."""

import numpy as np

from policies.engine.evaluator import settle
from policies.jit.compiled import compiled_part
from policies.record.records import (
    CUSTOMER_KIND,
    EVENT,
    LEAD_KIND,
    OPPORTUNITY,
    OPPORTUNITY_KIND,
    REQUEST_KIND,
    UNIT_KIND,
)
from policies.routing.choosing import first_at
from sim.office.cases.approvals import manager_approves
from sim.office.cases.approvals import wanted_by_rule as ask_by_rule
from sim.office.cases.closing import FROZEN, WAITS_FOR_APPROVAL
from sim.office.cases.handing_over import hand_over
from sim.office.cases.joint_calls import join
from sim.office.cases.leads import choose_rep
from sim.office.cases.passing_on import wanted_by_rule as give_by_rule
from sim.office.cases.portfolio import release
from sim.office.cases.prosperity import commission_changes
from sim.office.counting.tally import H, M, count, count_minutes
from sim.office.engine.draws import uniform
from sim.office.engine.events import (
    ACTORS,
    DRAW,
    HOUR,
    MINUTE,
    ON,
    OWES_FIELD,
    OWES_NEXT_STEP,
    OWES_STALL_REASON,
    STATE,
    TASK,
)
from sim.office.engine.ledger import (
    NO_COLUMN,
    follow_on,
    journal_row,
    post,
    record_done,
    record_event,
    record_field,
    schedule,
)
from sim.office.people.customers import wants_service
from sim.office.people.desks import hurry
from sim.office.people.moving import decide_move
from sim.office.people.targets import ask_for_adjustment
from sim.office.projects.reminding import remind
from sim.office.record.entries import record_required
from sim.office.record.telling import MANAGER, owed, tell

NOBODY = -1


@compiled_part
def settle_rules(o):
    """Work off the rules that are due at this instant, then let people react, at the earliest a millisecond later."""
    s = o.state[0]
    _settle(o)
    firings = o.book.counts[0].firings
    for number in range(firings):
        f = o.book.firings[number]
        row = np.int64(f.row)
        rule = np.int64(f.rule)
        if f.event == EVENT.fired or f.event == EVENT.shadow_fired or number == 0:
            s.event_number += 1
        column = int(f.argument) if f.event == EVENT.field_required or f.event == EVENT.field_set else NO_COLUMN
        value = f.value if f.event == EVENT.field_set else f.argument
        journal_row(o, np.int64(f.event), row, NOBODY, f.fired_at, column, value, rule, f.due_at)
        _react(o, number)
        due = o.book.rows[row].next_due
        if due > s.now:
            schedule(o, row, due)
    o.book.counts[0].firings = 0


@compiled_part
def _settle(o):
    """Work off what is due; what effects change over links is due in a further round of the same instant."""
    done = o.book.counts[0].firings
    settle(o.book, o.rules, o.days, o.state[0].now)
    changed = 1
    while changed > 0:
        changed = 0
        firings = o.book.counts[0].firings
        for number in range(done, firings):
            row = np.int64(o.book.firings[number].row)
            if o.links.follows[o.book.rows[row].kind] != 0:
                changed += follow_on(o, row)
        done = firings
        if changed > 0:
            settle(o.book, o.rules, o.days, o.state[0].now)


@compiled_part
def _react(o, number):
    f = o.book.firings[number]
    row = np.int64(f.row)
    rule = np.int64(f.rule)
    kind = o.book.rows[row].kind
    is_case = kind in (LEAD_KIND, OPPORTUNITY_KIND)
    case = o.slots[row] if is_case else NOBODY
    if f.event == EVENT.frozen and is_case:
        _grey(o, case, row)
    elif f.event == EVENT.notified:
        tell(o, TASK.notice, int(f.argument), row, case, rule, f.due_at)
    elif f.event == EVENT.todo_opened:
        tell(o, TASK.todo, int(f.argument), row, case, rule, f.due_at)
    elif f.event == EVENT.escalated:
        tell(o, TASK.escalation, int(f.argument), row, case, rule, f.due_at)
    elif f.event == EVENT.field_required:
        _ask_for(o, row, case, np.int64(f.argument), rule, f.due_at)
    elif f.event == EVENT.passed_on:
        give_by_rule(o, row, case, f.argument)
    elif f.event == EVENT.approval_asked:
        ask_by_rule(o, row, int(f.argument))
    elif f.event == EVENT.rerouted and kind == LEAD_KIND:
        _send_back(o, case)
    elif f.event == EVENT.field_set and kind == OPPORTUNITY_KIND and int(f.argument) == OPPORTUNITY.commission_frozen:
        commission_changes(o, case)


@compiled_part
def _ask_for(o, row, case, column, rule, due_at):
    """A rule requires a field: the owner of a case gets it, a customer is visited, a unit's manager has a to-do; of a request
    the desk enters it with its answer."""
    kind = o.book.rows[row].kind
    if case >= 0:
        if o.cases[case].owner >= 0:
            o.work[case].owes |= OWES_FIELD
            if kind == OPPORTUNITY_KIND:
                o.cases[case].asked |= np.int64(1) << column
    elif kind == CUSTOMER_KIND:
        wants_service(o, o.slots[row])
    elif kind == UNIT_KIND:
        tell(o, TASK.todo, MANAGER, row, case, rule, due_at)


@compiled_part
def _grey(o, case, row):
    """A frozen case leaves the day's list; its owner meets it again on a review of greyed cases."""
    c = o.cases[case]
    if c.owner >= 0:
        o.work[case].blocked |= FROZEN
        o.work[case].owes |= OWES_STALL_REASON
        if o.book.rows[row].kind == OPPORTUNITY_KIND:
            count(o, c.owner, M.freezes, 1.0)
            if c.dead == 0:
                count(o, c.owner, M.freezes_of_live, 1.0)


@compiled_part
def _send_back(o, case):
    """An untouched lead goes back to the router, which gives it to somebody else."""
    c = o.cases[case]
    if c.state != STATE.assigned or c.owner < 0:
        return
    taken_from = c.owner
    release(o, case)
    c.owner = NOBODY
    c.state = STATE.registered
    post(o, first_at(o.state[0].now, 0.0), ACTORS, ON.lead_assigned, case, taken_from)


@compiled_part
def task_done(o, manager, number):
    """What a manager's attention does."""
    s = o.state[0]
    t = o.tasks[number]
    m = o.managers[manager]
    if t.kind <= TASK.escalation:
        m.alert_left -= m.task_minutes
        count(o, t.seat, M.alerts_acted, 1.0)
        if t.kind == TASK.escalation:
            count(o, t.seat, M.escalations, 1.0)
            count(o, t.seat, M.escalation_wait_hours, (s.now - t.created_at) / HOUR)
            count_minutes(o, H.escalation_minutes, (s.now - t.created_at) / MINUTE)
        if t.case >= 0:
            _ask_rep(o, manager, number)
        elif o.book.rows[t.row].kind == REQUEST_KIND:
            hurry(o, o.slots[t.row])
        elif o.book.rows[t.row].kind == CUSTOMER_KIND:
            wants_service(o, o.slots[t.row])
        elif o.book.rows[t.row].kind == UNIT_KIND:
            record_required(o, t.row, m.unit)
        elif o.kind_roles[o.book.rows[t.row].kind] >= 0:
            remind(o, t.row)
    elif t.kind == TASK.discount:
        _answer_discount(o, manager, t.case)
    elif t.kind == TASK.assign:
        _assign_by_hand(o, t.case)
    elif t.kind == TASK.approval:
        manager_approves(o, t.case)
    elif t.kind == TASK.adjustment:
        ask_for_adjustment(o, t.seat, int(t.amount) + 1)
    elif t.kind == TASK.move:
        decide_move(o, t.case)
    elif t.kind == TASK.joint:
        join(o, manager, t.case)


@compiled_part
def _ask_rep(o, manager, number):
    """The rep is asked about the case, and owes an answer; after an escalation the manager joins the next touch."""
    t = o.tasks[number]
    c = o.cases[t.case]
    if (c.state != STATE.assigned and c.state != STATE.open) or c.owner < 0:
        return
    w = o.work[t.case]
    w.pressure += o.behaviour[0].manager_pressure * o.firm[0].worth_per_minute
    if t.kind == TASK.todo:
        w.owes |= owed(o, t.case)
    if t.kind == TASK.escalation:
        w.owes |= OWES_NEXT_STEP
        c.manager_joins = manager + 1


@compiled_part
def _answer_discount(o, manager, case):
    """The manager grants the discount, which is recorded on the opportunity, or holds the rep to the own authority."""
    s = o.state[0]
    c = o.cases[case]
    if c.state != STATE.open:
        return
    granted = uniform(s.seed, DRAW.discount_answer, c.key, c.touches) < o.behaviour[0].discount_granted
    c.approved = 1 if granted else 2
    if granted:
        actor = o.managers[manager].unit
        record_event(o, c.row, EVENT.field_recorded, s.now, actor)
        record_field(o, c.row, EVENT.field_recorded, s.now, actor, OPPORTUNITY.approved_discount, c.wanted_discount)
        record_done(o, c.row)
    o.work[case].blocked &= ~WAITS_FOR_APPROVAL
    o.work[case].ready_at = s.now + 1


@compiled_part
def _assign_by_hand(o, case):
    """The manager picks a rep; when nobody can take the lead the router's clock asks again."""
    c = o.cases[case]
    if c.state != STATE.registered:
        return
    seat = choose_rep(o, c.lead_row, c.key, NOBODY)
    if seat >= 0:
        hand_over(o, case, seat)
    else:
        post(o, o.state[0].now + HOUR, ACTORS, ON.lead_assigned, case, NOBODY)
