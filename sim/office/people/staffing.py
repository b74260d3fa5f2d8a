"""Reps come and go: absence, leaving, hand-over, hiring; all drawn by person and date."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from policies.time.calendar_arrays import add_open, open_between
from sim.office.cases.passing_on import hand_to
from sim.office.cases.portfolio import NOBODY, release
from sim.office.counting.tally import M, count, spend
from sim.office.engine.draws import exponential, lognormal, normal, pair, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, ON, STATE
from sim.office.engine.ledger import post, record_simple
from sim.office.people.habit import new_habit
from sim.office.people.pay import normal_share

PUBLIC = 2
HIRES = 4
WEEKS_A_YEAR = 52.18


@compiled_part
def new_person(o, seat):
    """Draw who sits in a seat: skills, temper, belief in the own rank; all by the person's key."""
    s = o.state[0]
    b = o.behaviour[0]
    r = o.seats[seat]
    r.generation += 1
    r.person = pair(11, seat, r.generation)
    spread = b.skill_spread
    r.insight = spread * normal(s.seed, DRAW.skill_insight, r.person, 0)
    r.persuasion = 0.5 * r.insight + 0.87 * spread * normal(s.seed, DRAW.skill_persuasion, r.person, 0)
    r.foresight = normal(s.seed, DRAW.skill_foresight, r.person, 0)
    r.temper = b.temper_spread * normal(s.seed, DRAW.temper, r.person, 0)
    # Without any board a rep knows the own standing by half: what is known and what is not weigh the same.
    standing = (r.insight + r.persuasion) / (1.73 * max(spread, 1e-9))
    r.learned = normal_share((standing + normal(s.seed, DRAW.belief, r.person, 0)) / 1.414)
    r.belief = (1.0 - b.overconfident_share) * r.learned + b.overconfident_share * b.overconfident_level
    r.holds_back = 1 if uniform(s.seed, DRAW.belief, r.person, 1) < b.holding_share else 0
    r.pads = 1 if uniform(s.seed, DRAW.padding, r.person, 0) < b.padding_share else 0
    r.quit_left = exponential(s.seed, DRAW.quit, r.person, 0)
    r.mood = 0.0
    r.coached = 0.0
    r.ratchet = 1.0
    r.attained = 0.0
    r.earned_before = 0.0
    r.withheld = 0.0
    r.target = 0.0
    r.paid_on = 0.0
    r.pay_target = 0.0
    r.trailing = o.firm[0].expected_rate * b.trailing_days
    r.hired_at = s.now
    r.activity = -1
    r.first_case = -1
    r.first_service = -1
    r.history = s.people
    o.people[s.people].seat = seat
    o.people[s.people].newcomer = 1
    o.people[s.people].hired_at = s.now
    s.people += 1
    r.today = -1
    r.busy_until = s.now
    r.vacant = 0
    new_habit(o, seat)


@compiled_part
def absences(o):
    """Each business morning a present rep may be away, for a drawn number of days; the work in hand waits."""
    s = o.state[0]
    b = o.behaviour[0]
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0 or r.absent_until > s.now:
            continue
        if uniform(s.seed, DRAW.absence, r.person, s.day_index) >= b.absence_rate:
            continue
        days = 1 + int(b.absence_days * exponential(s.seed, DRAW.absence_length, r.person, s.day_index))
        back = o.days.days[min(s.day_index + days, len(o.days.days) - 2)].midnight
        r.absent_until = back
        r.pending_until = open_between(o.days, s.now, r.busy_until)
        r.version += 1
        record_simple(o, r.unit, EVENT.absence_began, s.now, NOBODY)
        post(o, back + 1, ACTORS, ON.absence_ends, seat, r.generation)


@compiled_part
def absence_ends(o, seat, generation):
    """Back at work: what was in hand goes on where it stopped."""
    s = o.state[0]
    r = o.seats[seat]
    if r.vacant != 0 or generation != r.generation:
        return
    record_simple(o, r.unit, EVENT.absence_ended, s.now, NOBODY)
    r.version += 1
    r.busy_until = add_open(o.days, s.now, max(r.pending_until, 1))
    post(o, r.busy_until, ACTORS, ON.rep_free, seat, r.version)


@compiled_part
def weekly_leaving(o):
    """Spend each rep's unit exponential on the week's hazard of leaving: pay against the outside option, mood, pride."""
    b = o.behaviour[0]
    p = o.settings[0]
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0:
            continue
        count(o, seat, M.seat_years, 1.0 / WEEKS_A_YEAR)
        monthly = r.trailing / b.trailing_days * 21.0
        pay = p.base_month + p.commission * monthly + o.habits[seat].pace * 21.0
        outside = o.firm[0].outside_pay * math.exp(0.2 * r.temper)
        pride = b.pride_in_rank * max(0.0, 2.0 * r.seen - 1.0) if int(p.visibility) == PUBLIC else 0.0
        push = b.quit_pay * (outside - pay) / outside - b.quit_mood * r.mood - pride
        r.quit_left -= b.quit_rate / WEEKS_A_YEAR * math.exp(min(2.0, max(-2.0, push)))
        if r.quit_left <= 0.0:
            leave(o, seat)


@compiled_part
def leave(o, seat):
    """A rep leaves: the cases go to teammates, what was never recorded is lost, and the seat is advertised."""
    s = o.state[0]
    b = o.behaviour[0]
    r = o.seats[seat]
    count(o, seat, M.quits, 1.0)
    if r.activity >= 0:
        spend(o, seat, r.activity, float(open_between(o.days, r.started_at, s.now)))
    r.vacant = 1
    o.people[r.history].left_at = s.now
    r.version += 1
    r.activity = -1
    r.absent_until = 0
    record_simple(o, r.unit, EVENT.absence_began, s.now, NOBODY)
    customer = r.first_service
    while customer >= 0:
        o.customers[customer].service_due = 0
        customer = o.customers[customer].next_service
    case = r.first_case
    while case >= 0:
        following = o.work[case].next
        hand_over(o, case, seat)
        case = following
    delay = lognormal(s.seed, DRAW.hire_delay, r.person, 0, b.hire_days, 0.4)
    post(o, s.now + max(DAY, int(delay * DAY)), ACTORS, ON.hire, seat, 0)


@compiled_part
def hand_over(o, case, leaver):
    """Give a case to the teammate with the highest keyed score; where there is nobody it is given up."""
    s = o.state[0]
    c = o.cases[case]
    heir = _teammate(o, case, leaver)
    if heir < 0:
        release(o, case)
        c.owner = NOBODY
        c.state = STATE.disqualified if c.row < 0 else STATE.no_decision
        c.closed_at = s.now
        s.ended += 1
        record_simple(o, c.lead_row if c.row < 0 else c.row, EVENT.lost if c.row < 0 else EVENT.no_decision, s.now, NOBODY)
        return
    hand_to(o, case, heir)


@compiled_part
def _teammate(o, case, leaver):
    s = o.state[0]
    best = -1
    best_score = -1.0
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if seat == leaver or r.vacant != 0:
            continue
        score = uniform(s.seed, DRAW.assignment, o.cases[case].key, r.person)
        if r.team == o.seats[leaver].team:
            score += 1.0
        if score > best_score:
            best = seat
            best_score = score
    return best


@compiled_part
def hire(o, seat):
    """Somebody new takes the seat, and begins at the next opening."""
    s = o.state[0]
    r = o.seats[seat]
    new_person(o, seat)
    r.group = HIRES
    r.trailing *= o.behaviour[0].newcomer_pace
    record_simple(o, r.unit, EVENT.absence_ended, s.now, NOBODY)
    r.version += 1
    post(o, add_open(o.days, s.now, 1), ACTORS, ON.rep_free, seat, r.version)
