"""Codes of the office: kinds of event on its clock, what people do with their time, states of a case."""

from typing import NamedTuple

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

# At one instant: what actors and customers do, then what has become due, then the rules in their order.
ACTORS, DUES, RULES = 0, 1, 2


class On(NamedTuple):
    """Kinds of event on the clock."""

    day: int  # local midnight: arrivals of the day, absences, ends of periods
    morning: int  # 1 ms after midnight: targets, boards, weekly counts, who is absent, who leaves
    lead_arrives: int  # a: place in the day's arrivals of a source
    lead_registered: int  # a: case
    lead_assigned: int  # a: case, b: seat from which it was taken, -1 for none
    rep_free: int  # a: seat, b: version
    late_entry: int  # a: late entry
    manager_free: int  # a: manager, b: version
    desk_done: int  # a: request
    customer_due: int  # a: customer, b: what is due
    absence_ends: int  # a: seat
    hire: int  # a: seat
    row_due: int  # a: record row
    look: int  # a: period code
    settle: int
    customer_pays: int  # a: customer, b: purchase
    own_job: int  # a: desk; work of other departments reaches it
    told: int  # a: task; a notice that waited for the end of quiet hours
    customer_leaves: int  # a: case; a customer says that there will be no order
    passed_on: int  # a: record row, b: seat that gets it, -1 for the one that routing chooses; a rule gives a case away
    approval_wanted: int  # a: case, b: desk; a rule has a desk asked to approve
    from_record: int  # a: place in the pipeline of a firm's record, or that what is open makes room for it
    job_done: int  # a: job; a department has finished its part of a project
    step_entered: int  # a: step of a project, b: what of it reaches the record
    customer_answers: int  # a: step of a project, b: version; the customer accepts it or not, or somebody asks
    invoice_due: int  # a: step of a project, b: why finance comes to it
    invoice_paid: int  # a: step of a project
    project_over: int  # a: project
    date_asked: int  # a: order, b: 0 to enter a promise, 1 to have it confirmed
    gates_again: int  # whoever was refused by a gate looks whether it would let a project go on


ON = On(*range(len(On._fields)))


class Activity(NamedTuple):
    """What people do with their time."""

    first_touch: int
    discovery: int
    demo: int
    visit: int
    quote: int
    negotiation: int
    service: int
    recording: int
    internal: int
    prospecting: int
    training: int
    obligation: int
    slack: int


ACTIVITY = Activity(*range(len(Activity._fields)))
ACTIVITIES = Activity._fields


class State(NamedTuple):
    """States of a case."""

    arrived: int  # the customer showed up, nobody has entered it
    registered: int  # entered, waiting for a rep
    assigned: int  # a rep has the lead
    open: int  # an opportunity
    won: int
    lost: int
    no_decision: int
    leaked: int  # lost before anybody entered it
    disqualified: int  # a lead that led nowhere


STATE = State(*range(len(State._fields)))


class Task(NamedTuple):
    """What waits on somebody's desk."""

    notice: int
    todo: int
    escalation: int
    discount: int
    adjustment: int
    assign: int
    approval: int  # case: the request
    move: int  # case: the move of a resource between two units
    joint: int  # case: a deal that the manager joins for its forecast


TASK = Task(*range(len(Task._fields)))

# What a rep owes on a case because a rule or a manager asked for it (bits).
OWES_SUMMARY, OWES_NEXT_STEP, OWES_STALL_REASON, OWES_FIELD = 1, 2, 4, 8


class Draw(NamedTuple):
    """Purposes of draws; each names a kind of random quantity, so that no two share a stream."""

    daily_load: int
    daily_mix: int
    arrival_time: int
    lead_region: int
    lead_industry: int
    lead_value: int
    lead_reach: int
    lead_intent: int
    lead_patience: int
    lead_fit: int
    lead_price: int
    lead_rival: int
    lead_needs: int
    registration: int
    leakage: int
    tag_error: int
    assignment: int
    routing: int
    reach: int
    attempt_gap: int
    touch_time: int
    touch_result: int
    touch_loss: int
    customer_wait: int
    own_date: int
    deal_death: int
    dead_found: int
    entry_prompt: int
    entry_lag: int
    entry_skip: int
    entry_wrong: int
    presales_need: int
    desk_time: int
    satisfaction: int
    survey: int
    repurchase_gap: int
    repurchase_choice: int
    churn: int
    skill_insight: int
    skill_persuasion: int
    skill_foresight: int
    temper: int
    belief: int
    prospect: int
    absence: int
    absence_length: int
    quit: int
    hire_delay: int
    manager_skill: int
    task_time: int
    discount_answer: int
    habit: int
    forecast: int
    comply: int
    value_spread: int
    patience_pool: int
    learn: int
    pool: int
    payment: int
    complaint: int
    expense: int
    standing: int
    own_job: int
    leaving: int
    week_load: int
    entry_habit: int
    habit_days: int
    project: int
    output: int
    padding: int
    outside: int


DRAW = Draw(*range(1, len(Draw._fields) + 1))
