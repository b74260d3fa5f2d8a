"""The compiled clock: take the earliest event, handle it, until an instant; no interpreter in the loop."""

import numba
import numpy as np
from numba import int64, typeof

from policies.jit.compiled import compiled, compiled_now, compiled_part, is_compiled
from policies.record.book import NEVER, nearly_full
from policies.record.records import EVENT, LEVELS, UNIT, UNIT_KIND
from policies.support.promise import FINANCE
from policies.time.calendar_arrays import add_open, day_of
from sim.office.cases.open_pipeline import MAKES_ROOM
from sim.office.engine.dispatch import handle
from sim.office.engine.events import ACTORS, ON
from sim.office.engine.heap import pop
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, schedule, settle_now
from sim.office.engine.world import room_for_one_event
from sim.office.people.customers import standing_customers
from sim.office.people.desks import next_own_job
from sim.office.people.pay_period import count_pay_to_date, keep_pay_to_date, pay_begins
from sim.office.people.staffing import new_person
from sim.office.people.targets import begin_period
from sim.office.projects.production import enter_weeks

OFFICE = "office"
DONE, NEEDS_ROOM = 0, 1
REGION_LEVEL = LEVELS.index("region")
_room = compiled_part(room_for_one_event)


@compiled
def needs_room(o):
    """Whether an array has less room left than one event could need."""
    s = o.state[0]
    room = _room(o)
    return (
        s.heap_size + room > len(o.heap)
        or (s.hosted != 0 and room > len(o.outbox))
        or s.tasks + room > len(o.tasks)
        or s.requests + room > len(o.requests)
        or (s.journal_on != 0 and s.journal + room > len(o.journal))
        or 4 * s.cases > 3 * len(o.cases)
        or 4 * s.customers > 3 * len(o.customers)
        or 4 * s.late > 3 * len(o.late)
        or 4 * s.people > 3 * len(o.people)
        or 4 * s.moves > 3 * len(o.moves)
        or 4 * s.projects > 3 * len(o.projects)
        or 4 * s.items > 3 * len(o.items)
        or 4 * s.jobs > 3 * len(o.jobs)
        or 4 * s.orders > 3 * len(o.orders)
        or 4 * s.edges > 3 * len(o.edges)
        or nearly_full(o.book)
    )


@compiled
def run_compiled(o, until):
    """Handle every event up to and including `until`; DONE, or NEEDS_ROOM when the host must enlarge arrays first."""
    s = o.state[0]
    while s.heap_size > 0 and o.heap[0].time <= until:
        if needs_room(o):
            return NEEDS_ROOM
        time, order, kind, a, b = pop(o.heap, s.heap_size)
        s.heap_size -= 1
        s.now = time
        if handle(o, np.int64(kind), np.int64(a), np.int64(b)):
            s.events += 1
    if s.now < until:
        s.now = until
    return DONE


@compiled
def step_hosted(o, time, kind, a, b):
    """Handle one event for a host that owns time; returns how many events were posted, negative when room is needed first."""
    s = o.state[0]
    s.now = time
    s.posted = 0
    if handle(o, kind, a, b):
        s.events += 1
    return -1 - s.posted if needs_room(o) else s.posted


@compiled
def new_units(o):
    """Enter reps, teams, regions and the company in the record."""
    now = o.state[0].now
    for unit in range(len(o.units)):
        row = new_row(o, UNIT_KIND, unit, unit)
        record_event(o, row, EVENT.registered, now, -1)
        record_field(o, row, EVENT.registered, now, -1, UNIT.level, float(o.units[unit].level))
        record_field(o, row, EVENT.registered, now, -1, UNIT.parent, float(o.units[unit].parent))
        if o.units[unit].level == REGION_LEVEL:
            region = unit - len(o.seats) - int(o.firm[0].teams)
            record_field(o, row, EVENT.registered, now, -1, UNIT.region, float(region))
        record_done(o, row)


@compiled
def after_switch(o, anew):
    """After another policy was put in force: dues go on the clock, what is due now is settled, targets begin anew if asked."""
    s = o.state[0]
    for row in range(o.book.counts[0].rows):
        due = o.book.rows[row].next_due
        if due > s.now and due != NEVER:
            schedule(o, row, due)
    s.settle_at = -1
    settle_now(o)
    enter_weeks(o)
    if anew:
        begin_period(o, o.days.days[s.day_index].midnight)
    elif s.pay_cadence != int(o.settings[0].pay_cadence):
        pay_begins(o, o.days.days[s.day_index].midnight)


@compiled
def pay_to_date(o, keep):
    """What the running period has earned by now: kept as earned before the window (`keep`), or counted as the window ends."""
    if keep:
        keep_pay_to_date(o)
    else:
        count_pay_to_date(o)


@compiled
def new_people(o):
    """Fill every seat with somebody who has been there for some time."""
    for seat in range(len(o.seats)):
        o.seats[seat].generation = -1
        new_person(o, seat)
        o.seats[seat].hired_at = o.state[0].now - (90 + (seat * 37) % 900) * 86_400_000
        o.people[o.seats[seat].history].newcomer = 0


@compiled
def first_events(o):
    """Put the office's own first events on the clock: midnight, everybody's first free moment."""
    s = o.state[0]
    new_units(o)
    begin_period(o, s.now)
    s.day_index = day_of(o.days, s.now)
    enter_weeks(o)
    post(o, s.now, ACTORS, ON.day, 0, 0)
    standing_customers(o)
    if o.firm[0].desk_own_load > 0.0:
        for desk in range(FINANCE):
            next_own_job(o, desk)
    for seat in range(len(o.seats)):
        post(o, add_open(o.days, s.now, 1 + 60_000 * (seat % 30)), ACTORS, ON.rep_free, seat, 0)
    for manager in range(len(o.managers)):
        post(o, add_open(o.days, s.now, 1), ACTORS, ON.manager_free, manager, 0)
    if s.pipeline_at > 0:
        for number in range(MAKES_ROOM, len(o.pipeline)):
            post(o, s.pipeline_at, ACTORS, ON.from_record, number, 0)


def compile_office(o):
    """Compile all that is entered from Python, unless it is on disk: entry by entry, the handlers would be compiled again."""
    if is_compiled(OFFICE):
        return
    office = typeof(o)
    new_people.compile((office,))
    first_events.compile((office,))
    run_compiled.compile((office, int64))
    step_hosted.compile((office, int64, int64, int64, int64))
    after_switch.compile((office, numba.boolean))
    pay_to_date.compile((office, numba.boolean))
    compiled_now(OFFICE)
