"""Opportunities: what one touch does to them, how they die of neglect, and how they are won."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, OPPORTUNITY, OPPORTUNITY_KIND, UNIT
from policies.support.promise import LEGAL, PRESALES
from policies.time.calendar_arrays import add_open
from sim.office.cases.closing import closing_odds
from sim.office.cases.customers_clock import NEVER_DAYS, reached_after
from sim.office.cases.expenses import spend_granted
from sim.office.cases.phases import PHASES, stage_of
from sim.office.cases.portfolio import NOBODY, appraise, release, take
from sim.office.cases.prosperity import withhold
from sim.office.cases.touch import customer_ready, discover, skill_at, spend_hazard, working_days_on
from sim.office.counting.tally import H, M, W, count, count_minutes, count_profile, count_week
from sim.office.engine.draws import lognormal, normal, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, HOUR, MINUTE, ON, STATE
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.people.customers import becomes_customer
from sim.office.people.desks import LEGAL_TURN, PRESALES_TURN, ask_desk
from sim.office.people.targets import UPSELLS, count_unit
from sim.office.projects.production import ask_for_date, order_gone, order_sold
from sim.office.record.complying import (
    SIGN,
    ask_customer,
    complete_for_creation,
    find_a_way,
    refused,
    supply_missing,
    tell_discount,
    try_advance,
)
from sim.office.record.entries import settle_debts
from sim.office.record.recording import enter_touch

NO_ODDS = -700.0  # logit of a thing that does not happen
WORKING_SHARE = 5.0 / 7.0  # working days in a day of the calendar


@compiled_part
def open_opportunity(o, case, seat):
    """A qualified lead becomes an opportunity, in truth and in the record at once."""
    record_opportunity(o, case, seat, o.state[0].now)
    _own_times(o, case)
    count(o, seat, M.opportunities_opened, 1.0)
    count(o, seat, M.leads_converted, 1.0)
    count_week(o, W.leads_converted, 1.0)


@compiled_part
def record_opportunity(o, case, seat, at):
    """A rep's lead is an opportunity in its first phase, opened at an instant, now or before."""
    c = o.cases[case]
    unit = o.seats[seat].unit
    record_simple(o, c.lead_row, EVENT.converted, at, unit)
    release(o, case)
    c.state = STATE.open
    take(o, seat, case)
    c.stage = 1
    c.recorded_stage = 1
    c.recorded_phase = 1
    c.fruitless = 0
    c.opened_at = at
    c.last_touch_at = o.state[0].now
    c.last_entry = -1
    row = new_row(o, OPPORTUNITY_KIND, unit, case)
    c.row = row
    c.presales_asked = 0
    record_event(o, row, EVENT.registered, at, unit)
    _first_value(o, row, unit, OPPORTUNITY.owner, float(unit))
    _first_value(o, row, unit, OPPORTUNITY.source, float(c.source))
    _first_value(o, row, unit, OPPORTUNITY.region, float(c.region))
    _first_value(o, row, unit, OPPORTUNITY.industry, float(c.industry))
    _first_value(o, row, unit, OPPORTUNITY.stage, 1.0)
    complete_for_creation(o, case, row, unit)
    record_done(o, row)
    if c.first_touch_at != 0:
        record_simple(o, row, EVENT.first_contact, at, unit)


@compiled_part
def _own_times(o, case):
    """When this customer would buy, and when the customer would say that there will be no order."""
    s = o.state[0]
    c = o.cases[case]
    if len(o.own_time) > 0:
        share = uniform(s.seed, DRAW.own_date, c.key, 0)
        most = o.own_time[len(o.own_time) - 1, 1]
        c.never = 1 if share > most else 0
        # Whoever will never buy speaks of a time as the others do.
        seeming = share if c.never == 0 else most * uniform(s.seed, DRAW.own_date, c.key, 1)
        c.own_at = s.now + int(reached_after(o.own_time, seeming) * DAY)
    else:
        own = lognormal(s.seed, DRAW.own_date, c.key, 0, o.firm[0].cycle_days, o.behaviour[0].cycle_spread)
        c.own_at = working_days_on(o, own * WORKING_SHARE)
    leaves = reached_after(o.leaving, uniform(s.seed, DRAW.leaving, c.key, 0))
    if leaves < NEVER_DAYS:
        post(o, s.now + max(1, int(leaves * DAY)), ACTORS, ON.customer_leaves, case, 0)


@compiled_part
def customer_leaves(o, case):
    """The customer says that there will be no order; whoever has not bought by then does not buy."""
    c = o.cases[case]
    if c.state == STATE.open:
        c.rush = 0
        end_case(o, case, c.owner, STATE.lost)


@compiled_part
def _first_conversation(o, case, seat):
    """The first conversation about what came in as an opportunity."""
    s = o.state[0]
    c = o.cases[case]
    c.first_touch_at = s.now
    count(o, seat, M.leads_touched, 1.0)
    count_week(o, W.first_touches, 1.0)
    count_minutes(o, H.response_minutes, (s.now - c.arrived_at) / MINUTE)
    record_simple(o, c.row, EVENT.first_contact, s.now, o.seats[seat].unit)


@compiled_part
def _first_value(o, row, unit, column, value):
    record_field(o, row, EVENT.registered, o.state[0].now, unit, column, value)


@compiled_part
def touch_ended(o, case, seat):
    """One touch of an opportunity has ended: it moves the deal on, or not, or ends it; then it is entered, or not."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    c.touches += 1
    if c.first_touch_at == 0:
        _first_conversation(o, case, seat)
    if c.agreed != 0:
        _fetch_what_lacks(o, case, seat)
        return
    count(o, seat, M.conversations, 1.0)
    dead = spend_hazard(o, case)
    joined = c.manager_joins
    c.manager_joins = 0
    c.last_touch_at = s.now
    o.work[case].ready_at = customer_ready(o, case)
    if dead:
        _touch_of_dead(o, case, seat)
        return
    ask_customer(o, case)
    odds = b.stage_odds + o.firm[0].stage_shift + skill_at(o, seat, c.stage, c.industry) + b.fit_weight * c.fit
    odds += b.affinity_weight * normal(s.seed, DRAW.skill_insight, o.seats[seat].person, 10 + c.industry)
    odds += b.effort_odds * math.log(o.seats[seat].effort) - b.rival_weight * c.rival
    if joined > 0:
        odds += b.manager_joint_odds * o.managers[joined - 1].skill
    odds += spend_granted(o, case, seat)
    if c.stage >= PHASES:
        odds = NO_ODDS if c.never != 0 else odds + closing_odds(o, c, s.now, c.discount)
    u = uniform(s.seed, DRAW.touch_result, c.key, c.touches)
    if u < 1.0 / (1.0 + math.exp(-odds)):
        _succeed(o, case, seat)
        return
    c.fruitless += 1
    if c.never != 0 and c.stage >= PHASES:
        c.own_at = s.now + max(DAY, s.now - c.opened_at)  # put off: as long again as it has taken so far
    lost = uniform(s.seed, DRAW.touch_loss, c.key, c.touches) < b.loss_per_failure * (1.0 + b.rival_loss * c.rival)
    if lost:
        c.rush = 0
        end_case(o, case, seat, STATE.lost)
        return
    _carry_on(o, case, seat)


@compiled_part
def _succeed(o, case, seat):
    """The phase is done: facts are learnt; at the last one the customer signs, if the gates let the rep sign."""
    s = o.state[0]
    c = o.cases[case]
    discover(o, case)
    if c.stage < PHASES:
        c.stage += 1
        c.fruitless = 0
        if c.stage == PHASES and len(o.weeks) > 1:
            ask_for_date(o, case)
        enter_touch(o, case, seat, c.touches, EVENT.document if c.stage == PHASES else EVENT.contact)
        if c.state == STATE.open:
            _needs_support(o, case, seat)
            appraise(o, case)
        return
    enter_touch(o, case, seat, c.touches, EVENT.contact)
    sign(o, case, seat)
    if c.state == STATE.open:
        o.work[case].ready_at = add_open(o.days, s.now, 4 * HOUR)
        appraise(o, case)


@compiled_part
def sign(o, case, seat):
    """Bring the record up to date and sign; a refused signature waits until what is missing was supplied."""
    c = o.cases[case]
    actor = o.seats[seat].unit
    if o.book.values[c.row, OPPORTUNITY.frozen] == 1.0 or o.work[case].owes != 0:
        settle_debts(o, case, actor)
    c.agreed = 1
    supply_missing(o, case, actor)
    tell_discount(o, case, actor)
    try_advance(o, case, seat)
    if c.recorded_stage >= stage_of(o, c) and not refused(o, case, seat, SIGN, c.recorded_stage):
        win(o, case, seat)
        return
    if c.asked == 0:
        supply_missing(o, case, actor)
    if not find_a_way(o, case, seat):
        end_case(o, case, seat, STATE.no_decision)


@compiled_part
def _fetch_what_lacks(o, case, seat):
    """The customer has agreed: what the signature lacked is fetched and put on record, and the rep signs. It only takes time,
    but a deal can die in it."""
    s = o.state[0]
    c = o.cases[case]
    dead = spend_hazard(o, case)
    c.last_touch_at = s.now
    if dead:
        c.agreed = 0
        o.work[case].ready_at = customer_ready(o, case)
        _touch_of_dead(o, case, seat)
        return
    ask_customer(o, case)
    sign(o, case, seat)
    if c.state == STATE.open:
        o.work[case].ready_at = add_open(o.days, s.now, 4 * HOUR)
        appraise(o, case)


@compiled_part
def win(o, case, seat):
    """The contract is signed: money, record, attainment, customer."""
    s = o.state[0]
    c = o.cases[case]
    f = o.firm[0]
    r = o.seats[seat]
    actor = r.unit
    revenue = float(math.floor(c.value * (1.0 - c.discount)))
    margin = revenue - math.floor(c.value * (1.0 - f.margin_share))
    c.rush = 1 if s.now < c.own_at else 0
    _count_win(o, case, seat, revenue, margin)
    error = abs(o.book.values[c.row, OPPORTUNITY.amount] - revenue)
    if not math.isnan(error):
        count(o, seat, M.forecast_error, error)
        count(o, seat, M.forecast_amount, revenue)
    record_event(o, c.row, EVENT.won, s.now, actor)
    record_field(o, c.row, EVENT.won, s.now, actor, OPPORTUNITY.amount, revenue)
    record_field(o, c.row, EVENT.won, s.now, actor, OPPORTUNITY.discount, c.discount)
    record_done(o, c.row)
    end_case(o, case, seat, STATE.won)
    person = o.people[r.history]
    if person.first_win_at == 0:
        person.first_win_at = s.now
    r.attained += revenue
    r.trailing += revenue
    if o.book.values[c.row, OPPORTUNITY.commission_frozen] == 1.0:
        withhold(o, case, revenue)
    else:
        r.paid_on += revenue
        if s.pay_end <= s.pay_start:
            count(o, seat, M.pay, o.settings[0].commission * revenue)
    if c.source == 5:
        count_unit(o, seat, UPSELLS)
        count(o, seat, M.repurchases, 1.0)
    credit(o, r.head, revenue, actor)
    becomes_customer(o, case, seat, revenue)
    order_sold(o, case)


@compiled_part
def credit(o, unit, revenue, actor):
    """Add a sale to the recorded attainment of a unit and of every unit above it."""
    s = o.state[0]
    while unit >= 0:
        u = o.units[unit]
        u.attained += revenue
        record_event(o, u.row, EVENT.attained, s.now, actor)
        record_field(o, u.row, EVENT.attained, s.now, actor, UNIT.attained, u.attained)
        record_done(o, u.row)
        unit = u.parent


@compiled_part
def _count_win(o, case, seat, revenue, margin):
    s = o.state[0]
    c = o.cases[case]
    count(o, seat, M.wins, 1.0)
    count(o, seat, M.revenue, revenue)
    count(o, seat, M.gross_margin, margin)
    count(o, seat, M.list_revenue, c.value)
    count(o, seat, M.discounts, c.value - revenue)
    count(o, seat, M.cycle_days, (s.now - c.opened_at) / DAY)
    if c.value > o.firm[0].high_ticket:
        count(o, seat, M.high_ticket_revenue, revenue)
    count_week(o, W.gross_margin, margin)
    count_week(o, W.wins, 1.0)
    count_week(o, W.discounts, c.value - revenue)
    count_profile(o, 0)
    if s.counting == 0 and s.marked_at == 0:
        o.seats[seat].warm_margin += margin
    if c.cohort == 0:
        count(o, seat, M.wins_of_open, 1.0)
        count(o, seat, M.margin_of_open, margin)
    if c.cohort == 1 and s.marked_at > 0:
        o.cohort[0] += margin
        o.cohort[1] += 1.0


@compiled_part
def end_case(o, case, seat, state):
    """Close an opportunity in truth and record; a win is recorded by its own event."""
    s = o.state[0]
    c = o.cases[case]
    release(o, case)
    c.state = state
    c.closed_at = s.now
    s.ended += 1
    count(o, seat, M.opportunities_closed, 1.0)
    o.strength[seat, c.industry, 1] += 1.0
    if state == STATE.won:
        o.strength[seat, c.industry, 0] += 1.0
        return
    order_gone(o, case)
    if c.value > o.firm[0].high_ticket:
        o.seats[seat].need_change = 1
    if o.book.values[c.row, OPPORTUNITY.frozen] == 1.0 and c.dead == 0:
        count(o, seat, M.wins_lost_to_freeze, 1.0)
    event = EVENT.lost if state == STATE.lost else EVENT.no_decision
    record_simple(o, c.row, event, s.now, o.seats[seat].unit)


@compiled_part
def _touch_of_dead(o, case, seat):
    """The customer is gone and has not said so: the rep sees it, or counts one more fruitless touch."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    c.fruitless += 1
    seen = b.dead_seen_share * math.exp(0.3 * o.seats[seat].foresight)
    if uniform(s.seed, DRAW.dead_found, c.key, c.touches) < seen:
        end_case(o, case, seat, STATE.lost if c.rival == 1.0 else STATE.no_decision)
        return
    _carry_on(o, case, seat)


@compiled_part
def _carry_on(o, case, seat):
    """The deal goes on for now: enter the touch, unless patience has run out."""
    b = o.behaviour[0]
    c = o.cases[case]
    if c.fruitless >= b.fruitless_limit + o.seats[seat].temper:
        end_case(o, case, seat, STATE.no_decision)
        return
    enter_touch(o, case, seat, c.touches, EVENT.contact)
    if c.state == STATE.open:
        appraise(o, case)


@compiled_part
def _needs_support(o, case, seat):
    """Some solutions need presales, every contract needs legal; the deal waits for the answer."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    if c.stage == 3 and c.presales_asked == 0 and uniform(s.seed, DRAW.presales_need, c.key, 0) < b.presales_share:
        c.presales_asked = 1
        c.request = ask_desk(o, PRESALES, case, -1, seat, PRESALES_TURN)
        o.work[case].blocked = 1
    elif c.stage == PHASES and c.legal_asked == 0:
        c.legal_asked = 1
        c.request = ask_desk(o, LEGAL, case, -1, seat, LEGAL_TURN)
        o.work[case].blocked = 1


@compiled_part
def support_answered(o, number):
    """A desk's answer frees the case; a legal answer is the approval that signing may require."""
    c = o.cases[o.requests[number].case]
    case = o.requests[number].case
    if o.requests[number].desk == LEGAL:
        c.known |= (1 << OPPORTUNITY.legal_approval) | (1 << OPPORTUNITY.contract_file)
    if c.request == number:
        c.request = NOBODY
        o.work[case].blocked = 0
