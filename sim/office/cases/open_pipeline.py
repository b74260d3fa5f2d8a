"""The day on which an office goes on from a firm's record: the deals that its warm-up left open make room for the firm's own.

A deal enters the record at the instants at which the firm recorded it. What no record tells, when its customer would buy or go,
is drawn from the curves that come with it; the customer's other traits are drawn as those of anybody.
"""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from sim.office.cases.closing import worth_a_look
from sim.office.cases.customers_clock import NEVER_DAYS
from sim.office.cases.deals import credit, record_opportunity
from sim.office.cases.leads import lead_registered_by, new_case
from sim.office.cases.phases import PHASES
from sim.office.cases.portfolio import appraise, release
from sim.office.cases.touch import customer_ready, discover
from sim.office.engine.draws import pair, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, ON, STATE
from sim.office.engine.ledger import post, record_simple
from sim.office.pipeline import STEP_DAYS
from sim.office.record.complying import FROM_LEGAL
from sim.office.record.recording import file_entry

PIPELINE_TAG = 4
WEBSITE = 0
MAKES_ROOM = -1


@compiled_part
def from_record(o, number):
    """Deal `number` of the firm's pipeline is there from now on; MAKES_ROOM comes before the first."""
    if number == MAKES_ROOM:
        _make_room(o)
        o.state[0].pipeline_first = o.state[0].cases
        return
    told = o.pipeline[number]
    seat = _in_office(o, told.seat)
    case = new_case(o, pair(PIPELINE_TAG, number, 0), WEBSITE, -1)
    c = o.cases[case]
    c.arrived_at = told.opened_at
    if told.value == told.value:
        c.value = told.value
        c.forecast_amount = told.value
    lead_registered_by(o, case, seat)
    c.first_touch_at = told.touched_at
    record_opportunity(o, case, seat, told.opened_at)
    _work_so_far(o, case, told.phase)
    _own_times(o, case, number)
    file_entry(o, case, seat, told.touched_at, EVENT.contact)
    if c.state == STATE.open:
        o.work[case].ready_at = _next_look(o, case)
        appraise(o, case)


@compiled_part
def _make_room(o):
    """What the warm-up left open ends without a word; the running period has sold what the firm's record says."""
    s = o.state[0]
    for seat in range(len(o.seats)):
        case = o.seats[seat].first_case
        while case >= 0:
            following = o.work[case].next
            if o.cases[case].state == STATE.open:
                release(o, case)
                o.cases[case].state = STATE.no_decision
                o.cases[case].closed_at = s.now
                s.ended += 1
                record_simple(o, o.cases[case].row, EVENT.no_decision, s.now, o.seats[seat].unit)
            case = following
    for unit in range(len(o.units)):
        o.units[unit].attained = 0.0
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        r.attained = o.pipeline_sold[seat]
        r.paid_on = o.pipeline_sold[seat]
        credit(o, r.head, o.pipeline_sold[seat], r.unit)


@compiled_part
def _in_office(o, wanted):
    """The seat, or the next one in which somebody sits."""
    for step in range(len(o.seats)):
        seat = (wanted + step) % len(o.seats)
        if o.seats[seat].vacant == 0:
            return seat
    return wanted


@compiled_part
def _work_so_far(o, case, phase):
    """The phases that lie behind a deal have taught what they teach, and their support was given."""
    c = o.cases[case]
    while c.stage < phase:
        discover(o, case)
        c.stage += 1
        c.touches += 1
    c.presales_asked = 1 if phase > 3 else 0
    if phase >= PHASES:
        c.legal_asked = 1
        c.known |= FROM_LEGAL


@compiled_part
def _next_look(o, case):
    """When the rep turns to a deal: at once where the customer's own time has come, else as one that was looked at just now."""
    c = o.cases[case]
    now = o.state[0].now
    if c.own_at <= now:
        return now + 1
    ready = customer_ready(o, case)
    return ready if c.stage < PHASES else max(ready, worth_a_look(o, c, now))


@compiled_part
def _own_times(o, case, number):
    s = o.state[0]
    c = o.cases[case]
    share = uniform(s.seed, DRAW.own_date, c.key, 0)
    own = o.pipeline_own[number]
    most = own[len(own) - 1]
    c.never = 1 if share > most else 0
    if c.never == 0:
        c.own_at = s.now + int(_step_of(own, share) * STEP_DAYS * DAY)
    else:
        # Has put the seller off before, each time for as long again: the next time is a doubling away, or a part of one.
        age = max(DAY, s.now - c.opened_at)
        c.own_at = s.now + int(age * (math.pow(2.0, uniform(s.seed, DRAW.own_date, c.key, 1)) - 1.0))
    leaves = _step_of(o.pipeline_leaving[number], uniform(s.seed, DRAW.leaving, c.key, 0)) * STEP_DAYS
    if leaves < NEVER_DAYS:
        post(o, s.now + max(1, int(leaves * DAY)), ACTORS, ON.customer_leaves, case, 0)


@compiled_part
def _step_of(reached, share):
    """Steps, with their fraction, after which a curve reaches a share; NEVER_DAYS where it does not."""
    if share <= reached[0]:
        return 0.0
    for step in range(1, len(reached)):
        before = reached[step - 1]
        if before < share <= reached[step]:
            return step - 1 + (share - before) / (reached[step] - before)
    return NEVER_DAYS
