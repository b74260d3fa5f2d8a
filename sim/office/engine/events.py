"""Codes of the office: kinds of event on its clock, what people do with their time, states of a case."""

from collections import namedtuple

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

# At one instant: what actors and customers do, then what has become due, then the rules in their order.
ACTORS, DUES, RULES = 0, 1, 2

_EVENTS = (
    "day",  # local midnight: arrivals of the day, absences, ends of periods
    "morning",  # 1 ms after midnight: targets, boards, weekly counts, who is absent, who leaves
    "lead_arrives",  # a: place in the day's arrivals of a source
    "lead_registered",  # a: case
    "lead_assigned",  # a: case
    "rep_free",  # a: seat, b: version
    "late_entry",  # a: late entry
    "manager_free",  # a: manager, b: version
    "desk_done",  # a: request
    "customer_due",  # a: customer, b: what is due
    "absence_ends",  # a: seat
    "hire",  # a: seat
    "row_due",  # a: record row
    "look",  # a: period code
    "settle",
    "customer_pays",  # a: customer, b: purchase
    "own_job",  # a: desk; work of other departments reaches it
    "told",  # a: task; a notice that waited for the end of quiet hours
)
On = namedtuple("On", _EVENTS)
ON = On(*range(len(_EVENTS)))

ACTIVITIES = (
    "first_touch",
    "discovery",
    "demo",
    "visit",
    "quote",
    "negotiation",
    "service",
    "recording",
    "internal",
    "prospecting",
    "training",
    "obligation",
    "slack",
)
Activity = namedtuple("Activity", ACTIVITIES)
ACTIVITY = Activity(*range(len(ACTIVITIES)))

CASE_STATES = (
    "arrived",  # the customer showed up, nobody has entered it
    "registered",  # entered, waiting for a rep
    "assigned",  # a rep has the lead
    "open",  # an opportunity
    "won",
    "lost",
    "no_decision",
    "leaked",  # lost before anybody entered it
    "disqualified",  # a lead that led nowhere
)
State = namedtuple("State", CASE_STATES)
STATE = State(*range(len(CASE_STATES)))

TASKS = ("notice", "todo", "escalation", "discount", "adjustment", "assign")
Task = namedtuple("Task", TASKS)
TASK = Task(*range(len(TASKS)))

# What a rep owes on a case because a rule or a manager asked for it (bits).
OWES_SUMMARY, OWES_NEXT_STEP, OWES_STALL_REASON, OWES_FIELD = 1, 2, 4, 8

# Purposes of draws; each names a kind of random quantity, so that no two share a stream.
_PURPOSES = [
    "daily_load",
    "daily_mix",
    "arrival_time",
    "lead_region",
    "lead_industry",
    "lead_value",
    "lead_reach",
    "lead_intent",
    "lead_patience",
    "lead_fit",
    "lead_price",
    "lead_rival",
    "lead_needs",
    "registration",
    "leakage",
    "tag_error",
    "assignment",
    "routing",
    "reach",
    "attempt_gap",
    "touch_time",
    "touch_result",
    "touch_loss",
    "customer_wait",
    "own_date",
    "deal_death",
    "dead_found",
    "entry_prompt",
    "entry_lag",
    "entry_skip",
    "entry_wrong",
    "presales_need",
    "desk_time",
    "satisfaction",
    "survey",
    "repurchase_gap",
    "repurchase_choice",
    "churn",
    "skill_insight",
    "skill_persuasion",
    "skill_foresight",
    "temper",
    "belief",
    "prospect",
    "absence",
    "absence_length",
    "quit",
    "hire_delay",
    "manager_skill",
    "task_time",
    "discount_answer",
    "habit",
    "forecast",
    "comply",
    "value_spread",
    "patience_pool",
    "learn",
    "pool",
    "payment",
    "complaint",
    "expense",
    "standing",
    "own_job",
]
Draw = namedtuple("Draw", _PURPOSES)
DRAW = Draw(*range(1, len(_PURPOSES) + 1))
