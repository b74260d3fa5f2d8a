"""The plain queueing model on the office's own calendar and keyed draws, with handlers in the office's style."""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from benchmarks.plain_queue.model import Parameters, Report
from policies.jit.by_reference import by_reference
from policies.jit.compiled import compiled
from sim.office.engine.draws import exponential
from sim.office.engine.heap import new_heap, pop, push

HOUR = 3_600_000
NOBODY = -1

On = namedtuple("On", "arrival work_ends delay_ends")
ON = On(0, 1, 2)
Draw = namedtuple("Draw", "gap work delay patience")
DRAW = Draw(1, 2, 3, 4)

_COUNTS = (
    *("now", "seed", "sequence", "heap_size", "horizon", "stages", "free", "slots"),
    *("events", "arrived", "won", "departed", "busy"),
)
_MEANS = ("gap", "work", "delay", "patience")
STATE = np.dtype([(name, "i8") for name in _COUNTS] + [(name, "f8") for name in _MEANS])
REP = np.dtype([("lead", "i8"), ("arrivals", "i8"), ("waiting", "i8")], align=True)
LEAD = np.dtype([("key", "i8"), ("deadline", "i8"), ("rep", "i4"), ("stage", "i4"), ("next", "i8")])
LINE = np.dtype([("first", "i4"), ("last", "i4")])


@by_reference
class Firm(NamedTuple):
    """All state: `state` has one element, `lines` one per rep and stage, `leads` one per lead under way."""

    state: np.recarray
    heap: np.recarray
    reps: np.recarray
    leads: np.recarray
    lines: np.recarray


def new_firm(parameters: Parameters, seed: int) -> Firm:
    """An empty firm; room for as many leads under way as a firm ten times as slow would have."""
    leads_per_hour = parameters.leads_per_week / parameters.hours_per_week
    room = parameters.reps * (20 + int(10 * parameters.stages * leads_per_hour * parameters.delay_hours))
    firm = Firm(
        np.zeros(1, STATE).view(np.recarray),
        new_heap(room + 2 * parameters.reps),
        np.zeros(parameters.reps, REP).view(np.recarray),
        np.zeros(room, LEAD).view(np.recarray),
        np.zeros(parameters.reps * parameters.stages, LINE).view(np.recarray),
    )
    state = firm.state[0]
    state.seed = seed
    state.stages = parameters.stages
    state.horizon = int(parameters.horizon_hours * HOUR)
    state.gap = parameters.hours_per_week / parameters.leads_per_week * HOUR
    state.work = parameters.work_hours * HOUR
    state.delay = parameters.delay_hours * HOUR
    state.patience = parameters.patience_hours * HOUR
    state.free = NOBODY
    firm.reps.lead = NOBODY
    firm.lines.first = NOBODY
    return firm


@compiled
def post(o, time, kind, a):
    """Put an event on the clock."""
    s = o.state[0]
    push(o.heap, s.heap_size, time, s.sequence, kind, a, 0)
    s.sequence += 1
    s.heap_size += 1


@compiled
def draw(o, purpose, thing, turn, mean):
    """An exponential time in ms."""
    return np.int64(mean * exponential(o.state[0].seed, purpose, thing, turn))


@compiled
def expect_lead(o, rep):
    """The next lead of a rep comes at random."""
    s = o.state[0]
    o.reps[rep].arrivals += 1
    key = (np.int64(rep) << 32) | o.reps[rep].arrivals
    post(o, s.now + draw(o, DRAW.gap, key, 0, s.gap), ON.arrival, rep)


@compiled
def lead_arrives(o, rep):
    """A new lead asks for its rep's time."""
    s = o.state[0]
    lead = s.free
    if lead == NOBODY:
        lead = s.slots
        s.slots += 1
    else:
        s.free = o.leads[lead].next
    new = o.leads[lead]
    new.key = (np.int64(rep) << 32) | o.reps[rep].arrivals
    new.rep = rep
    new.stage = 0
    s.arrived += 1
    expect_lead(o, rep)
    ask(o, lead)


@compiled
def ask(o, lead):
    """Start work on a lead if its rep is free, let it wait otherwise."""
    rep = o.leads[lead].rep
    if o.reps[rep].lead == NOBODY:
        start(o, rep, lead)
    else:
        wait(o, rep, lead)


@compiled
def wait(o, rep, lead):
    """Join the line of the stage. Patience is a deadline looked at when the lead's turn comes, not a timer."""
    s = o.state[0]
    waiting = o.leads[lead]
    waiting.deadline = s.now + draw(o, DRAW.patience, waiting.key, waiting.stage, s.patience)
    join(o, rep * s.stages + waiting.stage, lead)
    o.reps[rep].waiting += 1


@compiled
def join(o, place, lead):
    """Stand at the end of a line."""
    line = o.lines[place]
    o.leads[lead].next = NOBODY
    if line.first == NOBODY:
        line.first = lead
    else:
        o.leads[line.last].next = lead
    line.last = lead


@compiled
def start(o, rep, lead):
    """A rep begins to work on a lead."""
    s = o.state[0]
    work = draw(o, DRAW.work, o.leads[lead].key, o.leads[lead].stage, s.work)
    o.reps[rep].lead = lead
    s.busy += min(work, s.horizon - s.now)
    post(o, s.now + work, ON.work_ends, lead)


@compiled
def work_ends(o, lead):
    """The lead moves on, and the rep takes the next one."""
    s = o.state[0]
    rep = o.leads[lead].rep
    o.reps[rep].lead = NOBODY
    if o.leads[lead].stage == s.stages - 1:
        s.won += 1
        release(o, lead)
    else:
        delay = draw(o, DRAW.delay, o.leads[lead].key, o.leads[lead].stage, s.delay)
        post(o, s.now + delay, ON.delay_ends, lead)
    if o.reps[rep].waiting > 0:
        take_next(o, rep)


@compiled
def take_next(o, rep):
    """Later stage first, then order of arrival; leads whose patience has run out have left."""
    s = o.state[0]
    for stage in range(s.stages - 1, -1, -1):
        line = o.lines[rep * s.stages + stage]
        while line.first != NOBODY:
            lead = line.first
            line.first = o.leads[lead].next
            o.reps[rep].waiting -= 1
            if o.leads[lead].deadline > s.now:
                start(o, rep, lead)
                return
            depart(o, lead)


@compiled
def depart(o, lead):
    """A lead has left its queue."""
    o.state[0].departed += 1
    o.state[0].events += 1
    release(o, lead)


@compiled
def release(o, lead):
    """The place of a lead that is through is free for another."""
    o.leads[lead].next = o.state[0].free
    o.state[0].free = lead


@compiled
def run_to_horizon(o):
    """Work the calendar off, then see who has left without being called."""
    s = o.state[0]
    for rep in range(len(o.reps)):
        expect_lead(o, rep)
    while o.heap[0].time < s.horizon:
        now, _, kind, a, _ = pop(o.heap, s.heap_size)
        s.now = now
        s.heap_size -= 1
        s.events += 1
        if kind == ON.arrival:
            lead_arrives(o, a)
        elif kind == ON.work_ends:
            work_ends(o, a)
        else:
            o.leads[a].stage += 1
            ask(o, a)
    for place in range(len(o.lines)):
        see_who_left(o, place)


@compiled
def see_who_left(o, place):
    """Take out of a line those whose patience ran out before the horizon."""
    lead = o.lines[place].first
    o.lines[place].first = NOBODY
    while lead != NOBODY:
        following = o.leads[lead].next
        if o.leads[lead].deadline < o.state[0].horizon:
            depart(o, lead)
        else:
            join(o, place, lead)
        lead = following


def run(parameters: Parameters, seed: int) -> Report:
    """Run to the horizon."""
    firm = new_firm(parameters, seed)
    run_to_horizon(firm)
    state = firm.state[0]
    return Report(int(state.events), int(state.arrived), int(state.won), int(state.departed), float(state.busy) / HOUR)
