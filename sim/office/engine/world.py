"""The state of an office: truth beside record, in arrays that can be copied, saved and branched.

`truth` is what happened (cases, seats, customers, requests); `book` is what was recorded. Rules, routing, scores and
managers are handed `book` only. Every array is a numpy record array; counters and the present instant stand in `state[0]`.
"""

from typing import NamedTuple, TypeVar

import numpy as np

from policies.engine.compile import Rules
from policies.engine.following import Following
from policies.jit.by_reference import by_reference
from policies.record.book import Book
from policies.time.calendar_arrays import Days
from sim.office.engine.events import ACTIVITIES

_Array = TypeVar("_Array", bound=np.ndarray)


def _dtype(integers: str, floats: str) -> np.dtype:
    return np.dtype([(name, "i8") for name in integers.split()] + [(name, "f8") for name in floats.split()])


STATE_DTYPE = _dtype(
    "now seed sequence heap_size hosted posted events cases customers requests tasks late journal event_number "
    "journal_on settle_at day_index counting marked_at end_at period_start period_end heat_column pipeline_at pipeline_first "
    "pay_start pay_end pay_cadence business_day_of_month in_turn given pool_head pool_tail ended looks people "
    "entered_row entered_in_time entered_on projects items jobs edges orders orders_over moves prosperity_read",
    "margin_share middle_forecast frozen_of_high frozen_of_active",
)
CASE = _dtype(
    "key state lead_row row owner source region industry product arrived_at registered_at assigned_at "
    "first_touch_at opened_at closed_at attempts touches stage fruitless last_touch_at own_at request "
    "pooled_next customer_slot cohort known recorded_stage recorded_phase dead died_at withdrawn approved rush group "
    "presales_asked legal_asked manager_joins last_entry last_number expense_asked expense_granted "
    "asked refused_by agreed visited never approvals approvals_asked last_seat last_in_time last_day order "
    "outside_at active_contact chosen_on unpaid",
    "value tau reach fit price rival hazard_left discount wanted_discount forecast_amount spent later outside",
)
# The part of a case that is scanned each time its owner chooses what to do next.
WORK = np.dtype(
    [
        ("ready_at", "i8"),
        ("close_at", "i8"),
        ("worth", "f8"),
        ("minutes", "f8"),
        ("pressure", "f8"),
        ("next", "i8"),
        ("previous", "i8"),
        ("owes", "i8"),
        ("blocked", "i8"),
        ("activity", "i8"),
    ]
)
SEAT = _dtype(
    "person generation version activity case started_at busy_until first_case cases team region unit group hired_at "
    "absent_until training_due chasing_due today blocks coached_at vacant leads_open first_service pending_until head "
    "reviewing need_change holds_back pads history digest_at given fate fate_case fate_touch",
    "insight persuasion foresight temper belief mood seen attained target pay_weight_now pay_weight_later effort "
    "trailing coached quit_left alerts warm_margin ratchet learned visits quotes upsells adjustments hope "
    "paid_on pay_target pay_hope part_touch part_internal part_recording part_obligation earned_before withheld",
)
# What a seat's holder has entered today, and how far recording has become a habit; `first_day` is -1 outside a programme.
# `first_deal` is the latest of the seat's deals in `entered_on`, -1 without one. `usual`: touches on a day of late, -1 before
# the first such day; `hope`: chance of as many as a day with complete records needs.
HABIT = _dtype(
    "first_day first_deal touches prompt asked_on",
    "strength filling pace usual hope",
)
# An opportunity on which a seat's holder has made so many entries in time today; `next` is the one before it, or -1.
ENTERED_ON = _dtype("row entries next", "")
MANAGER = _dtype(
    "unit team version busy task first_task last_task tasks alerts_today activity started_at coached_seat busy_until blocks "
    "digest_at",
    "skill coaching_left alert_left task_minutes least_joined",
)
TASK_DTYPE = _dtype(
    "kind row case seat next created_at rule due_at open",
    "amount",
)
REQUEST_DTYPE = _dtype(
    "row case desk next asked_at promised_at started_at answered_at state customer owner approves",
    "work",
)
DESK = _dtype("staff busy first last waiting own_jobs", "")
CUSTOMER = _dtype(
    "key row owner region industry purchases source_case next_service active service_due",
    "satisfaction fit value tau service",
)
# Everybody who ever sat in a seat; `newcomer` is 0 for those who were there at the start, instants are 0 until they come.
PERSON = _dtype("seat newcomer hired_at first_win_at left_at", "")
# A resource that moves from one unit to another in the period that began at `start_at`; undecided while `made_at` is 0.
MOVE = _dtype(
    "resource giver taker start_at proposed_at made_at",
    "amount gone",
)
LATE = _dtype(
    "case acted_at stage won event next",
    "amount",
)


@by_reference
class World(NamedTuple):
    """All arrays of one office; handlers call it `o`. One-element arrays: `state`, `behaviour`, `settings`, `firm`."""

    state: np.recarray
    behaviour: np.recarray
    settings: np.recarray
    firm: np.recarray
    heap: np.recarray
    outbox: np.ndarray
    cases: np.recarray
    work: np.recarray
    seats: np.recarray
    habits: np.recarray
    entered: np.ndarray
    entered_on: np.recarray
    judged: np.ndarray
    managers: np.recarray
    tasks: np.recarray
    requests: np.recarray
    desks: np.recarray
    customers: np.recarray
    late: np.recarray
    people: np.recarray
    units: np.recarray
    standings: np.recarray
    moves: np.recarray
    signals: np.ndarray
    sources: np.recarray
    market: np.ndarray
    own_time: np.ndarray
    leaving: np.ndarray
    pipeline: np.recarray
    pipeline_own: np.ndarray
    pipeline_leaving: np.ndarray
    pipeline_sold: np.ndarray
    strength: np.ndarray
    candidates: np.recarray
    totals: np.ndarray
    hours: np.ndarray
    weekly: np.ndarray
    histogram: np.ndarray
    profile: np.ndarray
    attainment: np.ndarray
    cohort: np.ndarray
    journal: np.recarray
    slots: np.ndarray
    plan: np.recarray
    plan_after: np.ndarray
    plan_confirmers: np.ndarray
    departments: np.recarray
    projects: np.recarray
    items: np.recarray
    jobs: np.recarray
    orders: np.recarray
    weeks: np.recarray
    kind_codes: np.ndarray
    kind_roles: np.ndarray
    part_columns: np.ndarray
    edges: np.recarray
    edge_heads: np.ndarray
    edge_marks: np.ndarray
    edge_queue: np.ndarray
    links: Following
    book: Book
    rules: Rules
    days: Days


UNIT_DTYPE = _dtype(
    "row parent level head",
    "target attained name",
)
SOURCE_DTYPE = _dtype("", "share reach tau fit hour_start hour_end value_factor weekday weekend")

GROWING = {
    "heap": "heap_size",
    "cases": "cases",
    "tasks": "tasks",
    "requests": "requests",
    "customers": "customers",
    "late": "late",
    "entered_on": "entered_on",
    "people": "people",
    "moves": "moves",
    "journal": "journal",
    "projects": "projects",
    "items": "items",
    "jobs": "jobs",
    "orders": "orders",
    "edges": "edges",
}
"""Arrays that grow, and the counter in `state` that says how much of them is used. `work` grows with `cases`."""
FILLED_AT_ONCE = ("heap", "tasks", "requests", "journal")
"""Those into which one event may write many times."""


LEAST_ROOM = 4096


def room_for_one_event(o) -> int:
    """Free places that one event may need in an array that grows: a day's leads, a new period for every unit, or a rule that
    becomes due for every open case and customer at once."""
    s = o.state[0]
    return LEAST_ROOM + int(4.0 * o.firm[0].leads_per_week) + 16 * len(o.units) + 4 * (s.cases - s.ended) + 2 * s.customers


def records(dtype: np.dtype, length: int) -> np.recarray:
    """A zeroed record array whose fields read the same compiled and interpreted."""
    return np.zeros(length, dtype).view(np.recarray)


def doubled(array: _Array) -> _Array:
    """The same content in twice the room."""
    larger = np.zeros((2 * len(array), *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger.view(type(array))


def room_for_links(rows: int) -> dict[str, np.ndarray]:
    """What is kept of every row so that values over links can be followed."""
    return {
        "edge_heads": np.full(rows, -1, np.int64),
        "edge_marks": np.zeros(rows, np.int64),
        "edge_queue": np.zeros((2, rows), np.int64),
    }


def activity_hours(seats: int) -> np.ndarray:
    """Milliseconds by seat and activity, shape (seats, activities), all zero."""
    return np.zeros((seats, len(ACTIVITIES)))
