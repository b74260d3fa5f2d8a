"""Leads: they arrive, lose interest, are entered, routed and first contacted."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, LEAD, LEAD_KIND, UNIT
from policies.routing.choosing import BY_HAND, POOL, ROUND_ROBIN, choose, first_at, lead_score
from policies.targets.level import season_index
from sim.office.cases.portfolio import NOBODY, appraise, take
from sim.office.counting.tally import M, count_profile
from sim.office.engine.draws import exponential, lognormal, normal, pair, poisson_gamma, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, HOUR, ON, STATE, TASK, WEEK
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field
from sim.office.people.managers import add_task
from sim.office.people.moving import sent_elsewhere
from sim.office.record.complying import complete_for_creation

EXISTING_CUSTOMER = 5
OUTBOUND = 4
STORE = 3
REFERRAL = 1
MANUAL, AUTOMATIC, ON_THE_SPOT = 0, 1, 2
ARRIVAL_TAG, PROSPECT_TAG, AGAIN_TAG = 1, 2, 3
MOST_GROWN = math.log(2.0)


@compiled_part
def arrivals_of_day(o, day):
    """Post the leads of one day: a gamma-mixed Poisson count per source, spread over that source's hours."""
    s = o.state[0]
    f = o.firm[0]
    b = o.behaviour[0]
    today = o.days.days[day]
    base = f.leads_per_week / 7.0 * _seasonal(o, day) * load_of_week(o, today.week) * grown(o, today.midnight)
    for source in range(OUTBOUND):
        p = o.sources[source]
        mean = base * p.share * (p.weekday if today.business != 0 else p.weekend)
        if mean <= 0.0:
            continue
        number = poisson_gamma(uniform(s.seed, DRAW.daily_load, day, source), mean, 1.0 + b.arrival_dispersion * mean)
        for n in range(number):
            when = uniform(s.seed, DRAW.arrival_time, (day << 8) | source, n)
            at = today.midnight + int((p.hour_start + when * (p.hour_end - p.hour_start)) * HOUR) + 1
            post(o, at, ACTORS, ON.lead_arrives, (day << 3) | source, n)


@compiled_part
def load_of_week(o, week):
    """Factor on a week's demand in all sources alike, with mean 1: what campaigns and the news bring."""
    variance = o.firm[0].week_dispersion
    if variance <= 0.0:
        return 1.0
    log_variance = math.log1p(variance)
    return math.exp(math.sqrt(log_variance) * normal(o.state[0].seed, DRAW.week_load, week, 0) - 0.5 * log_variance)


@compiled_part
def grown(o, at):
    """Factor on demand at an instant (ms) after the policy date, by its trend: half or double at most; 1 before."""
    f = o.firm[0]
    weeks = max(0.0, (at - f.trend_from) / WEEK)
    return math.exp(min(MOST_GROWN, max(-MOST_GROWN, f.trend * weeks)))


@compiled_part
def _seasonal(o, day):
    """Share of the year's average demand on this day; the peak falls on `season_peak_day`."""
    f = o.firm[0]
    return season_index(f.season_amplitude, f.season_peak_day, o.days.days[day].midnight / DAY)


@compiled_part
def lead_arrives(o, day_and_source, n):
    """A customer shows up; from here interest runs down whether or not anybody has noticed."""
    s = o.state[0]
    source = day_and_source & 7
    key = pair(ARRIVAL_TAG, day_and_source, n)
    case = new_case(o, key, source, -1)
    count_profile(o, 1)
    delay, leak_after = registration_delay(o, key, source)
    if delay > leak_after:
        o.cases[case].state = STATE.leaked
        o.cases[case].closed_at = s.now
        s.ended += 1
        return
    post(o, s.now + max(1, int(delay * HOUR)), ACTORS, ON.lead_registered, case, 0)


@compiled_part
def registration_delay(o, key, source):
    """Hours until somebody enters the lead, and hours after which an unentered one is lost for good."""
    b = o.behaviour[0]
    seed = o.state[0].seed
    way = int(o.settings[0].registration)
    leak_after = b.leak_hours * exponential(seed, DRAW.leakage, key, 0)
    if way == MANUAL or (way == AUTOMATIC and source == STORE):
        delay = lognormal(seed, DRAW.registration, key, 0, b.registration_hours, b.registration_sigma)
        return delay, leak_after
    minutes = b.capture_minutes_spot if way == ON_THE_SPOT else b.capture_minutes_automatic
    return minutes / 60.0 * exponential(seed, DRAW.registration, key, 0), 1e9


@compiled_part
def new_case(o, key, source, customer):
    """A case with its hidden facts, all drawn by its key; returns its slot."""
    s = o.state[0]
    b = o.behaviour[0]
    f = o.firm[0]
    p = o.sources[source]
    slot = s.cases
    s.cases += 1
    c = o.cases[slot]
    c.key = key
    c.state = STATE.arrived
    c.lead_row = NOBODY
    c.row = NOBODY
    c.owner = NOBODY
    c.request = NOBODY
    c.pooled_next = NOBODY
    c.source = source
    c.customer_slot = customer
    c.arrived_at = s.now
    c.region = int(uniform(s.seed, DRAW.lead_region, key, 0) * f.regions)
    c.industry = int(uniform(s.seed, DRAW.lead_industry, key, 0) * f.industries)
    c.product = int(uniform(s.seed, DRAW.lead_industry, key, 1) * f.products)
    c.value = max(1.0, math.floor(lognormal(s.seed, DRAW.lead_value, key, 0, f.deal_value * p.value_factor, f.value_spread)))
    reach = math.log(p.reach / (1.0 - p.reach)) + b.reach_spread * normal(s.seed, DRAW.lead_reach, key, 0)
    c.reach = 1.0 / (1.0 + math.exp(-reach))
    interest = lognormal(s.seed, DRAW.lead_intent, key, 0, b.interest_hours * p.tau, b.interest_spread)
    c.tau = interest * exponential(s.seed, DRAW.lead_patience, key, 0)
    c.fit = p.fit + b.fit_spread * normal(s.seed, DRAW.lead_fit, key, 0)
    c.price = lognormal(s.seed, DRAW.lead_price, key, 0, b.price_response, b.price_response_spread)
    c.rival = 1.0 if uniform(s.seed, DRAW.lead_rival, key, 0) < b.rival_share else 0.0
    c.hazard_left = exponential(s.seed, DRAW.deal_death, key, 0)
    c.cohort = s.counting
    c.forecast_amount = f.deal_value * p.value_factor
    o.work[slot].next = -1
    o.work[slot].previous = -1
    if s.counting != 0 and source != EXISTING_CUSTOMER:
        o.totals[0, M.leads] += 1.0
    return slot


@compiled_part
def lead_registered(o, case):
    """The lead enters the record, with tags that may be wrong, and goes to routing."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    c.state = STATE.registered
    c.registered_at = s.now
    row = new_row(o, LEAD_KIND, NOBODY, case)
    c.lead_row = row
    record_event(o, row, EVENT.registered, s.now, NOBODY)
    _register_field(o, row, LEAD.source, float(c.source))
    _register_field(o, row, LEAD.region, float(c.region))
    _register_field(o, row, LEAD.captured_at, float(c.arrived_at))
    industry = c.industry
    if uniform(s.seed, DRAW.tag_error, c.key, 0) < b.tag_error:
        industry = int(uniform(s.seed, DRAW.tag_error, c.key, 1) * o.firm[0].industries)
    _register_field(o, row, LEAD.industry, float(industry))
    tier = budget_tier(o, c.value * math.exp(b.budget_noise * normal(s.seed, DRAW.tag_error, c.key, 2)))
    _register_field(o, row, LEAD.budget_tier, tier)
    _register_field(o, row, LEAD.product_interest, float(c.product))
    if c.source == STORE and int(o.settings[0].registration) == ON_THE_SPOT:
        _register_field(o, row, LEAD.photo, 1.0)
    _register_field(o, row, LEAD.score, lead_score(tier, c.source == REFERRAL))
    complete_for_creation(o, case, row, NOBODY)
    record_done(o, row)
    route(o, case)


@compiled_part
def _register_field(o, row, column, value):
    record_field(o, row, EVENT.registered, o.state[0].now, NOBODY, column, value)


@compiled_part
def budget_tier(o, value):
    """1, 2 or 3: below two thirds of the usual deal, around it, or above one and a half times it."""
    usual = o.firm[0].deal_value
    if value < 0.67 * usual:
        return 1.0
    return 2.0 if value < 1.5 * usual else 3.0


@compiled_part
def route(o, case):
    """Hand a registered lead on as the policy says: to a pool, to a manager's hand, or to the router."""
    s = o.state[0]
    p = o.settings[0]
    method = int(p.routing_method)
    if method == POOL:
        into_pool(o, case)
    elif method == BY_HAND:
        add_task(
            o, int(o.cases[case].region) % len(o.managers), TASK.assign, o.cases[case].lead_row, case, NOBODY, -1, s.now, 0.0
        )
    else:
        post(o, first_at(s.now, p.route_within_minutes), ACTORS, ON.lead_assigned, case, NOBODY)


@compiled_part
def into_pool(o, case):
    """Queue a lead for whoever is free next, oldest first."""
    s = o.state[0]
    if s.pool_tail >= 0:
        o.cases[s.pool_tail].pooled_next = case
    else:
        s.pool_head = case
    s.pool_tail = case


@compiled_part
def out_of_pool(o):
    """The oldest lead of the pool, or -1. A customer who has told us that the matter is settled is passed over."""
    s = o.state[0]
    while s.pool_head >= 0:
        case = s.pool_head
        c = o.cases[case]
        s.pool_head = c.pooled_next
        if s.pool_head < 0:
            s.pool_tail = -1
        if c.state != STATE.registered:  # a rule has given it to somebody
            continue
        gone = s.now - c.arrived_at > c.tau * HOUR
        if not (gone and uniform(s.seed, DRAW.pool, c.key, 0) < o.behaviour[0].withdrawal_told):
            return case
        c.state = STATE.disqualified
        c.withdrawn = 1
        c.closed_at = s.now
        s.ended += 1
    return -1


@compiled_part
def give(o, case, seat):
    """Make a registered lead a rep's own."""
    s = o.state[0]
    c = o.cases[case]
    c.state = STATE.assigned
    c.assigned_at = s.now
    take(o, seat, case)
    o.work[case].ready_at = s.now + 1
    appraise(o, case)
    row = c.lead_row
    o.book.rows[row].unit = o.seats[seat].unit
    record_event(o, row, EVENT.assigned, s.now, NOBODY)
    record_field(o, row, EVENT.assigned, s.now, NOBODY, LEAD.owner, float(o.seats[seat].unit))
    record_done(o, row)


@compiled_part
def choose_rep(o, row, key, barred):
    """Seat that gets a lead, from its record and what is recorded of the reps; -1 when nobody is there who has room.

    `barred`: seat that is to get it only when nobody else can, -1 for none.
    """
    s = o.state[0]
    p = o.settings[0]
    method = int(p.routing_method)
    describe_reps(o, int(o.book.values[row, LEAD.industry]), key)
    seat = choose(method, o.candidates, o.book.values[row, LEAD.region], p.lead_cap, s.in_turn - 1, barred)
    if seat >= 0:
        if s.moves > 0:
            seat = sent_elsewhere(o, seat, row, barred)
        s.given += 1
        o.seats[seat].given = s.given
        if method == ROUND_ROBIN:
            s.in_turn = seat + 1
    return seat


@compiled_part
def describe_reps(o, industry, key):
    """What is recorded of everybody who might get a lead of an industry. Chance is keyed by (lead, person), so that one rep
    more moves only the leads that this rep gets."""
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        about = o.candidates[seat]
        about.present = 1 if o.book.values[r.unit, UNIT.absent] == 0.0 else 0
        about.region = float(r.region)
        about.open_leads = float(r.leads_open)
        about.won = o.strength[seat, industry, 0]
        about.closed = o.strength[seat, industry, 1]
        about.latest = r.given
        about.chance = uniform(o.state[0].seed, DRAW.routing, key, r.person)


@compiled_part
def case_given(o, seat, key, source, customer):
    """A lead that a rep got by own effort or from an own customer: entered and owned at once."""
    case = new_case(o, key, source, customer)
    lead_registered_by(o, case, seat)
    return case


@compiled_part
def lead_registered_by(o, case, seat):
    """Register a rep's own lead without routing."""
    s = o.state[0]
    c = o.cases[case]
    c.state = STATE.registered
    c.registered_at = s.now
    c.region = o.seats[seat].region
    row = new_row(o, LEAD_KIND, o.seats[seat].unit, case)
    c.lead_row = row
    record_event(o, row, EVENT.registered, s.now, o.seats[seat].unit)
    _register_field(o, row, LEAD.source, float(c.source))
    _register_field(o, row, LEAD.region, float(c.region))
    _register_field(o, row, LEAD.captured_at, float(c.arrived_at))
    _register_field(o, row, LEAD.industry, float(c.industry))
    record_done(o, row)
    give(o, case, seat)
