"""Notices, to-dos and escalations on their way to somebody: quiet hours, the daily digest, and deputies of people on leave."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import CUSTOMER_KIND, LEAD, OPPORTUNITY, REQUEST_KIND
from policies.time.calendar_arrays import NEVER, day_of, next_close
from sim.office.engine.draws import uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, MINUTE, ON, OWES_NEXT_STEP, OWES_SUMMARY, TASK
from sim.office.engine.ledger import post
from sim.office.people.customers import wants_service
from sim.office.people.managers import BY_ITSELF, IN_DIGEST, add_task, new_task
from sim.office.projects.records import seat_of
from sim.office.projects.reminding import finance_hears, remind

OWNER, MANAGER, DIRECTOR, FINANCE = 0, 1, 2, 3
NOBODY = -1
AFTER_MORNING = 2  # ms after midnight: what begins with the day has begun


@compiled_part
def tell(o, kind, role, row, case, rule, due_at):
    """Bring it to whoever plays the role, in quiet hours when they end."""
    s = o.state[0]
    if quiet_until(o, s.now) > s.now:
        _later(o, s.now, kind, role, row, case, rule, due_at, BY_ITSELF)
    else:
        _deliver(o, kind, role, row, case, rule, due_at, BY_ITSELF)


@compiled_part
def _later(o, at, kind, role, row, case, rule, due_at, amount):
    """Bring it at that instant, or when the quiet hours around it end; `amount` says whether it comes in a digest."""
    if at >= o.days.days[-1].midnight:
        return
    number = new_task(o, kind, row, case, role, rule, due_at, amount)
    post(o, quiet_until(o, at), ACTORS, ON.told, number, 0)


@compiled_part
def told(o, number):
    """What waited for the end of quiet hours, for the close of business or for somebody's return is brought."""
    t = o.tasks[number]
    _deliver(o, t.kind, t.seat, t.row, t.case, t.rule, t.due_at, t.amount)


@compiled_part
def quiet_until(o, at):
    """End of the quiet hours around an instant; the instant itself outside of them."""
    p = o.settings[0]
    start, end = int(p.quiet_start_minute) * MINUTE, int(p.quiet_end_minute) * MINUTE
    if start < 0 or start == end:
        return at
    midnight = o.days.days[day_of(o.days, at)].midnight
    clock = at - midnight
    if start < end:
        return midnight + end if start <= clock < end else at
    if clock >= start:
        return midnight + DAY + end
    return midnight + end if clock < end else at


@compiled_part
def _deliver(o, kind, role, row, case, rule, due_at, amount):
    """Bring it to whoever plays the role. What is meant for somebody on leave goes to the deputy, who is the manager, or waits
    for the return; a notice beyond the day's number waits for the digest at the close of business."""
    s = o.state[0]
    if role == FINANCE and o.kind_roles[o.book.rows[row].kind] >= 0:
        finance_hears(o, row)
        return
    seat = _owner_seat(o, row, case)
    to_rep = role == OWNER and seat >= 0
    if to_rep and o.settings[0].deputy != 0.0:
        to_rep = o.seats[seat].absent_until <= s.now and o.seats[seat].vacant == 0
    elif to_rep and o.seats[seat].absent_until > s.now:
        _later(o, o.seats[seat].absent_until + AFTER_MORNING, kind, role, row, case, rule, due_at, amount)
        return
    seat = max(seat, 0)
    manager = len(o.managers) - 1 if role >= DIRECTOR else o.seats[seat].team  # the office has one director for all regions
    had = o.seats[seat].alerts if to_rep else o.managers[manager].alerts_today
    digest = o.settings[0].digest_above
    if kind == TASK.notice and amount == BY_ITSELF and 0.0 < digest <= had:
        close = next_close(o.days, s.now)
        if close < NEVER:
            _later(o, close, kind, role, row, case, rule, due_at, IN_DIGEST)
    elif to_rep:
        _tell_rep(o, kind, seat, case, row, amount)
    else:
        add_task(o, manager, kind, row, case, seat, rule, due_at, amount)


@compiled_part
def _owner_seat(o, row, case):
    """Seat that a record belongs to; -1 for nobody's."""
    if case >= 0:
        return o.cases[case].owner
    if o.book.rows[row].kind == REQUEST_KIND:
        return o.requests[o.slots[row]].owner
    if o.book.rows[row].kind == CUSTOMER_KIND:
        return o.customers[o.slots[row]].owner
    if o.kind_roles[o.book.rows[row].kind] >= 0:
        return seat_of(o, row)
    for seat in range(len(o.seats)):
        if o.seats[seat].unit == row:
            return seat
    return NOBODY


@compiled_part
def _tell_rep(o, kind, seat, case, row, amount):
    """A notice to a rep pulls the case up the day's list, less with every further notice that day; a to-do about a customer
    is answered by a service visit. A digest tires like one notice."""
    s = o.state[0]
    b = o.behaviour[0]
    r = o.seats[seat]
    if amount != IN_DIGEST or r.digest_at != s.now:
        r.alerts += 1.0
    if amount == IN_DIGEST:
        r.digest_at = s.now
    heed = b.notice_read_share * math.exp(-r.alerts / b.notice_tolerance)
    if uniform(s.seed, DRAW.habit, row, s.day_index) >= heed and kind == TASK.notice:
        return
    if case < 0:
        if kind != TASK.notice and o.book.rows[row].kind == CUSTOMER_KIND:
            wants_service(o, o.slots[row])
        elif o.kind_roles[o.book.rows[row].kind] >= 0:
            r.chasing_due += int(b.obligation_minutes)
            remind(o, row)
        return
    w = o.work[case]
    w.pressure += b.notice_pressure * o.firm[0].worth_per_minute
    if kind != TASK.notice:
        w.owes |= owed(o, case)


@compiled_part
def owed(o, case):
    """What the record lacks that a to-do can ask for: the summary, else the next step."""
    c = o.cases[case]
    summary = o.book.values[c.row, OPPORTUNITY.needs_summary] if c.row >= 0 else o.book.values[c.lead_row, LEAD.needs_summary]
    return OWES_SUMMARY if math.isnan(summary) else OWES_NEXT_STEP
