"""Customers after the sale: delivery, satisfaction, service, the next need, and leaving."""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import CUSTOMER, CUSTOMER_KIND, EVENT
from policies.support.promise import DELIVERY
from sim.office.cases.leads import AGAIN_TAG, EXISTING_CUSTOMER, case_given
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.draws import exponential, lognormal, normal, pair, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, ON
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.people.desks import DELIVERY_TURN, ask_desk
from sim.office.projects.steps import begin_project
from sim.office.record.entries import record_required

NEEDS_AGAIN = 0
STANDING_TAG = 7


@compiled_part
def becomes_customer(o, case, seat, revenue):
    """A won case makes a customer, or another purchase of one, and asks the delivery desk."""
    s = o.state[0]
    c = o.cases[case]
    actor = o.seats[seat].unit
    number = c.customer_slot
    if number < 0:
        number = _new_customer(o, case, seat)
        c.customer_slot = number
    k = o.customers[number]
    k.owner = seat
    k.purchases += 1
    k.source_case = case
    record_event(o, k.row, EVENT.purchase, s.now, actor)
    record_field(o, k.row, EVENT.purchase, s.now, actor, CUSTOMER.purchases, float(k.purchases))
    before = o.book.values[k.row, CUSTOMER.revenue]
    total = revenue if math.isnan(before) else before + revenue
    record_field(o, k.row, EVENT.purchase, s.now, actor, CUSTOMER.revenue, total)
    record_done(o, k.row)
    if len(o.plan) > 0:
        begin_project(o, case, number, seat, revenue)
    else:
        ask_desk(o, DELIVERY, case, number, seat, DELIVERY_TURN)


@compiled_part
def _new_customer(o, case, seat):
    c = o.cases[case]
    number = _enter_customer(o, c.key, seat, c.region, c.industry)
    k = o.customers[number]
    k.fit = c.fit
    k.value = c.value
    return number


@compiled_part
def _enter_customer(o, key, seat, region, industry):
    """A customer of a seat, in truth and in the record."""
    s = o.state[0]
    number = s.customers
    s.customers += 1
    k = o.customers[number]
    k.key = key
    k.region = region
    k.industry = industry
    k.active = 1
    k.owner = seat
    k.source_case = NOBODY
    unit = o.seats[seat].unit
    k.row = new_row(o, CUSTOMER_KIND, unit, number)
    record_event(o, k.row, EVENT.registered, s.now, unit)
    record_field(o, k.row, EVENT.registered, s.now, unit, CUSTOMER.owner, float(unit))
    record_field(o, k.row, EVENT.registered, s.now, unit, CUSTOMER.region, float(k.region))
    record_field(o, k.row, EVENT.registered, s.now, unit, CUSTOMER.industry, float(k.industry))
    record_done(o, k.row)
    return number


@compiled_part
def delivered(o, number, promised_at):
    """Delivery decides satisfaction: fit, whether the sale was rushed, whether it came late; then the next need is set."""
    s = o.state[0]
    b = o.behaviour[0]
    k = o.customers[number]
    c = o.cases[k.source_case]
    record_simple(o, k.row, EVENT.delivered, s.now, NOBODY)
    late_days = max(0.0, (s.now - promised_at) / DAY) if promised_at < s.now else 0.0
    waited = 0.0 if len(o.plan) > 0 else max(0.0, (s.now - c.closed_at) / DAY - b.delivery_expected_days)
    mood = b.satisfaction_base + b.satisfaction_fit * c.fit - b.satisfaction_rush * c.rush
    mood -= b.satisfaction_wait * (late_days + waited) / 7.0
    mood += b.satisfaction_spread * normal(s.seed, DRAW.satisfaction, k.key, k.purchases)
    k.satisfaction = min(10.0, max(0.0, mood))
    count(o, k.owner, M.satisfaction, k.satisfaction)
    count(o, k.owner, M.surveys, 1.0)
    if uniform(s.seed, DRAW.survey, k.key, k.purchases) < b.survey_share:
        record_event(o, k.row, EVENT.satisfaction, s.now, NOBODY)
        record_field(
            o, k.row, EVENT.satisfaction, s.now, NOBODY, CUSTOMER.satisfaction, float(math.floor(k.satisfaction + 0.5))
        )
        record_done(o, k.row)
    if uniform(s.seed, DRAW.complaint, k.key, k.purchases) < _trouble(o, number, b.complaint_share):
        record_event(o, k.row, EVENT.complained, s.now, NOBODY)
        _one_more(o, k.row, EVENT.complained, CUSTOMER.complaints)
        record_done(o, k.row)
    if len(o.plan) == 0:
        pays_after = b.payment_days * exponential(s.seed, DRAW.payment, k.key, 2 * k.purchases)
        post(o, s.now + max(DAY, int(pays_after * DAY)), ACTORS, ON.customer_pays, number, k.purchases)
    gap = lognormal(s.seed, DRAW.repurchase_gap, k.key, k.purchases, b.need_again_days, b.need_again_spread)
    post(o, s.now + max(DAY, int(gap * DAY)), ACTORS, ON.customer_due, number, NEEDS_AGAIN)


@compiled_part
def wants_service(o, number):
    """Put a customer at the head of the owner's list of service visits, once."""
    k = o.customers[number]
    if k.owner < 0 or k.active == 0 or k.service_due != 0:
        return
    k.service_due = 1
    k.next_service = o.seats[k.owner].first_service
    o.seats[k.owner].first_service = number


@compiled_part
def _trouble(o, number, usual):
    """Chance of a complaint or a late payment: the usual one at satisfaction 7, more from customers who are less satisfied."""
    b = o.behaviour[0]
    odds = math.log(usual / (1.0 - usual)) - b.trouble_satisfaction * (o.customers[number].satisfaction - 7.0)
    return 1.0 / (1.0 + math.exp(-odds))


@compiled_part
def _one_more(o, row, event, column):
    """A count on record goes up by one, as payload of the event recorded last."""
    before = o.book.values[row, column]
    record_field(o, row, event, o.state[0].now, NOBODY, column, 1.0 if math.isnan(before) else before + 1.0)


@compiled_part
def customer_pays(o, number, purchase):
    """The money for a purchase comes in, late or in time: late where the customer is discontented."""
    s = o.state[0]
    k = o.customers[number]
    share = _trouble(o, number, o.behaviour[0].late_payment_share)
    record_payment(o, number, uniform(s.seed, DRAW.payment, k.key, 2 * purchase + 1) < share)


@compiled_part
def record_payment(o, number, late):
    """A payment of a customer is put on record, as late or in time."""
    k = o.customers[number]
    record_event(o, k.row, EVENT.paid, o.state[0].now, NOBODY)
    _one_more(o, k.row, EVENT.paid, CUSTOMER.payments)
    if late:
        _one_more(o, k.row, EVENT.paid, CUSTOMER.late_payments)
    record_done(o, k.row)


@compiled_part
def standing_customers(o):
    """The customers that the firm has on its first day, so many for each rep, each somewhere on the way to the next need."""
    s = o.state[0]
    b = o.behaviour[0]
    f = o.firm[0]
    for seat in range(len(o.seats)):
        for n in range(int(f.customers_per_rep)):
            key = pair(STANDING_TAG, seat, n)
            number = _enter_customer(
                o, key, seat, o.seats[seat].region, int(uniform(s.seed, DRAW.lead_industry, key, 0) * f.industries)
            )
            k = o.customers[number]
            k.fit = b.fit_spread * normal(s.seed, DRAW.lead_fit, key, 0)
            k.purchases = 1
            mood = (
                b.satisfaction_base
                + b.satisfaction_fit * k.fit
                + b.satisfaction_spread * normal(s.seed, DRAW.satisfaction, key, 0)
            )
            k.satisfaction = min(10.0, max(0.0, mood))
            gap = lognormal(s.seed, DRAW.repurchase_gap, key, 0, b.need_again_days, b.need_again_spread)
            left = gap * uniform(s.seed, DRAW.standing, key, 0)
            post(o, s.now + max(DAY, int(left * DAY)), ACTORS, ON.customer_due, number, NEEDS_AGAIN)


@compiled_part
def customer_due(o, number):
    """The customer needs something again: it comes to the old owner, or goes elsewhere, by satisfaction and by service.

    Where the firm keeps no leads, customers who return are among those that its record counts: none comes on top.
    """
    s = o.state[0]
    b = o.behaviour[0]
    k = o.customers[number]
    if k.active == 0 or o.firm[0].as_opportunities != 0.0:
        return
    if k.owner < 0 or o.seats[k.owner].vacant != 0:
        k.owner = _heir(o, number)
    count(o, k.owner, M.needs_again, 1.0)
    odds = b.repurchase_base + b.repurchase_satisfaction * (k.satisfaction - 7.0) + b.repurchase_service * k.service
    returns = uniform(s.seed, DRAW.repurchase_choice, k.key, k.purchases) < 1.0 / (1.0 + math.exp(-odds))
    if k.owner < 0 or not returns:
        k.active = 0
        record_simple(o, k.row, EVENT.churned, s.now, NOBODY)
        return
    key = pair(AGAIN_TAG, k.key, k.purchases)
    case = case_given(o, k.owner, key, EXISTING_CUSTOMER, number)
    c = o.cases[case]
    c.region = k.region
    c.industry = k.industry
    c.fit = k.fit


@compiled_part
def _heir(o, number):
    """Present rep of the customer's region with the highest keyed score; -1 when nobody is there."""
    s = o.state[0]
    k = o.customers[number]
    best = -1
    best_score = -1.0
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0:
            continue
        score = uniform(s.seed, DRAW.assignment, k.key, r.person)
        if r.region == k.region:
            score += 1.0
        if score > best_score:
            best = seat
            best_score = score
    return best


@compiled_part
def serve(o, number):
    """A service visit: recorded, and remembered by the customer."""
    s = o.state[0]
    k = o.customers[number]
    k.service += 1.0
    k.satisfaction = min(10.0, k.satisfaction + o.behaviour[0].service_gain * (1.0 - k.satisfaction / 10.0))
    record_simple(o, k.row, EVENT.service_visit, s.now, o.seats[k.owner].unit)
    record_required(o, k.row, o.seats[k.owner].unit)
