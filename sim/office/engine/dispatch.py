"""Every kind of event and who handles it. Handlers never own time: they post events."""

from policies.engine.evaluator import look, revise
from policies.jit.compiled import compiled_part
from policies.record.book import NEVER
from policies.support.promise import DELIVERY, FINANCE
from policies.time.calendar_arrays import day_of
from sim.office.cases.approvals import approved, ask_approval
from sim.office.cases.deals import customer_leaves, support_answered
from sim.office.cases.expenses import expense_answered
from sim.office.cases.handing_over import lead_assigned
from sim.office.cases.joint_calls import choose_joint_calls
from sim.office.cases.leads import arrivals_of_day, lead_arrives, lead_registered
from sim.office.cases.open_pipeline import from_record
from sim.office.cases.passing_on import pass_on
from sim.office.cases.portfolio import NOBODY
from sim.office.cases.prosperity import look_at_prosperity
from sim.office.engine.events import ACTORS, DAY, DUES, ON
from sim.office.engine.ledger import post, schedule, settle_now
from sim.office.people.customers import customer_due, customer_pays, delivered, record_payment, wants_service
from sim.office.people.desks import answer, own_job
from sim.office.people.habit import habit_days
from sim.office.people.managers import OVERTAKEN, put_down, start_of_day, take_up
from sim.office.people.moving import review_moves
from sim.office.people.pay_period import pay_accrues, pay_morning
from sim.office.people.reps import rep_free
from sim.office.people.staffing import absence_ends, absences, hire, weekly_leaving
from sim.office.people.targets import (
    adjust_target,
    begin_period,
    board_shown,
    close_period,
    elasticity_window,
    new_week,
    paces_fade,
)
from sim.office.projects.money import invoice_due, invoice_paid, month_end
from sim.office.projects.production import date_asked, week_made
from sim.office.projects.reminding import see_to
from sim.office.projects.steps import customer_answers, job_done, step_entered
from sim.office.projects.waiting import come_back_in_the_morning, look_at_gates
from sim.office.record.reactions import settle_rules, task_done
from sim.office.record.recording import late_entry
from sim.office.record.telling import told

PAYMENT_GRACE = 7 * DAY  # after the term, before a payment counts as late


@compiled_part
def handle(o, kind, a, b):
    """Handle one event at the present instant; False when it had been overtaken and changed nothing."""
    if kind == ON.rep_free:
        r = o.seats[a]
        if b != r.version or r.vacant != 0:
            return False
        rep_free(o, a, b)
    elif kind == ON.row_due:
        return row_due(o, a)
    elif kind == ON.settle:
        settle_rules(o)
    elif kind == ON.manager_free:
        return manager_free(o, a, b)
    elif kind <= ON.lead_assigned:
        _handle_lead_or_day(o, kind, a, b)
    elif kind >= ON.job_done:
        return _handle_project(o, kind, a, b)
    else:
        _handle_rare(o, kind, a, b)
    return True


@compiled_part
def _handle_lead_or_day(o, kind, a, b):
    if kind == ON.lead_arrives:
        lead_arrives(o, a, b)
    elif kind == ON.lead_registered:
        lead_registered(o, a)
    elif kind == ON.lead_assigned:
        lead_assigned(o, a, b)
    elif kind == ON.day:
        day_begins(o)
    else:
        morning(o)


@compiled_part
def _handle_project(o, kind, a, b):
    if kind == ON.job_done:
        job_done(o, a)
    elif kind == ON.step_entered:
        step_entered(o, a, b)
    elif kind == ON.customer_answers:
        return customer_answers(o, a, b)
    elif kind == ON.invoice_due:
        if invoice_due(o, a, b):
            see_to(o, a)
    elif kind == ON.invoice_paid:
        customer = invoice_paid(o, a)
        if customer < 0:
            return False
        record_payment(o, customer, o.state[0].now > o.items[a].invoiced_at + PAYMENT_GRACE + _term(o))
    elif kind == ON.date_asked:
        date_asked(o, a, b)
    elif kind == ON.gates_again:
        look_at_gates(o)
    else:
        p = o.projects[a]
        delivered(o, p.customer, p.due_at)
        wants_service(o, p.customer)
    return True


@compiled_part
def _term(o):
    return int(o.firm[0].payment_term_days * DAY)


@compiled_part
def _handle_rare(o, kind, a, b):
    if kind == ON.late_entry:
        late_entry(o, a)
    elif kind == ON.desk_done:
        desk_done(o, a)
    elif kind == ON.customer_leaves:
        customer_leaves(o, a)
    elif kind == ON.customer_due:
        customer_due(o, a)
    elif kind == ON.customer_pays:
        customer_pays(o, a, b)
    elif kind == ON.own_job:
        own_job(o, a)
    elif kind == ON.absence_ends:
        absence_ends(o, a, b)
    elif kind == ON.hire:
        hire(o, a)
    elif kind == ON.told:
        told(o, a)
    elif kind == ON.passed_on:
        pass_on(o, a, b)
    elif kind == ON.approval_wanted:
        ask_approval(o, a, b, NOBODY)
    elif kind == ON.from_record:
        from_record(o, a)
    elif kind == ON.look:
        look(o.book, o.rules, o.days, a, o.state[0].now)
        settle_now(o)


@compiled_part
def row_due(o, row):
    """A record's next due instant has come, or had come before something put it off."""
    s = o.state[0]
    o.book.rows[row].scheduled_at = NEVER
    before = o.book.counts[0].agenda
    due = revise(o.book, o.rules, o.days, row, s.now)
    if due != NEVER:
        schedule(o, row, due)
    if o.book.counts[0].agenda > before:
        settle_now(o)
        return True
    return False


@compiled_part
def manager_free(o, manager, version):
    """A manager has finished something: it takes effect, and the next thing is taken up."""
    task = put_down(o, manager, version)
    if task == OVERTAKEN:
        return False
    if task >= 0:
        task_done(o, manager, task)
    take_up(o, manager)
    return True


@compiled_part
def desk_done(o, number):
    """A desk's answer reaches whoever waits for it."""
    answer(o, number)
    q = o.requests[number]
    if q.approves != 0:
        approved(o, number)
        return
    if q.case < 0:
        return
    if q.desk == DELIVERY:
        delivered(o, q.customer, q.promised_at)
        wants_service(o, q.customer)
    elif q.desk == FINANCE:
        if o.cases[q.case].request == number:
            expense_answered(o, number)
        else:
            adjust_target(o, q.owner)
    else:
        support_answered(o, number)


@compiled_part
def day_begins(o):
    """Local midnight: looks at the periods that end now, the day's leads, and the next midnight."""
    s = o.state[0]
    s.day_index = day_of(o.days, s.now)
    today = o.days.days[s.day_index]
    yesterday = o.days.days[s.day_index - 1]
    if s.looks & 1:
        post(o, s.now, DUES, ON.look, 0, 0)
    if s.looks & 2 and today.week != yesterday.week:
        post(o, s.now, DUES, ON.look, 1, 0)
    if s.looks & 4 and today.month != yesterday.month:
        post(o, s.now, DUES, ON.look, 2, 0)
    if s.looks & 8 and today.quarter != yesterday.quarter:
        post(o, s.now, DUES, ON.look, 3, 0)
    arrivals_of_day(o, s.day_index)
    post(o, s.now + 1, ACTORS, ON.morning, 0, 0)
    post(o, o.days.days[s.day_index + 1].midnight, ACTORS, ON.day, 0, 0)


@compiled_part
def morning(o):
    """Just after midnight: the old period is closed and the new one begun; weekly and daily matters of people."""
    s = o.state[0]
    today = o.days.days[s.day_index]
    midnight = today.midnight
    yesterday = o.days.days[s.day_index - 1]
    if today.month != yesterday.month:
        s.business_day_of_month = 0
        month_end(o)
    if today.quarter != yesterday.quarter:
        for seat in range(len(o.seats)):
            o.seats[seat].adjustments = 0.0
    habit_days(o)
    pay_morning(o, midnight)
    if s.period_end > s.period_start and midnight >= s.period_end:
        board_shown(o)
        close_period(o)
        begin_period(o, midnight)
    if today.week != yesterday.week:
        board_shown(o)
        new_week(o)
        week_made(o)
        weekly_leaving(o)
    if today.business != 0:
        s.business_day_of_month += 1
        paces_fade(o)
        pay_accrues(o)
        absences(o)
        start_of_day(o)
        elasticity_window(o)
        come_back_in_the_morning(o)
    review_moves(o, today.week != yesterday.week)
    if s.prosperity_read != 0:
        look_at_prosperity(o)
    if today.week != yesterday.week and o.firm[0].joint_calls_week > 0.0:
        choose_joint_calls(o)
