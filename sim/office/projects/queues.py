"""Departments that work on projects: staffed queues, first come, first served, in the calendar's open time."""

from policies.jit.compiled import compiled_part
from policies.time.calendar_arrays import add_open
from sim.office.engine.events import ACTORS, MINUTE, ON
from sim.office.engine.ledger import post

NOBODY = -1
WORK, CONFIRM, AGAIN, HAND_IN = 0, 1, 2, 3
"""What a job is: the step itself, a confirmation by another department, work to be done again, documents to be handed in."""


@compiled_part
def give_work(o, item, what, department, minutes, place):
    """A job joins a department's queue and is begun if somebody is free; `place` tells confirmations apart."""
    s = o.state[0]
    number = s.jobs
    s.jobs += 1
    j = o.jobs[number]
    j.item = item
    j.what = what
    j.department = department
    j.minutes = minutes
    j.place = place
    j.next = NOBODY
    d = o.departments[department]
    d.waiting += 1
    if d.first < 0:
        d.first = number
    else:
        o.jobs[d.last].next = number
    d.last = number
    begin_next(o, department)


@compiled_part
def begin_next(o, department):
    """Whoever is free takes the first job."""
    s = o.state[0]
    d = o.departments[department]
    while d.busy < d.staff and d.first >= 0:
        number = d.first
        j = o.jobs[number]
        d.first = j.next
        d.waiting -= 1
        d.busy += 1
        post(o, max(add_open(o.days, s.now, int(j.minutes * MINUTE)), s.now + 1), ACTORS, ON.job_done, number, 0)


@compiled_part
def put_first(o, department, item):
    """The first job of a step that waits in a queue is moved to its head."""
    d = o.departments[department]
    before, number = NOBODY, d.first
    while number >= 0 and o.jobs[number].item != item:
        before = number
        number = o.jobs[number].next
    if before >= 0 and number >= 0:
        o.jobs[before].next = o.jobs[number].next
        if d.last == number:
            d.last = before
        o.jobs[number].next = d.first
        d.first = number
