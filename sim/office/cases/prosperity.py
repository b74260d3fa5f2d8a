"""False prosperity in the office (S2, M2): what is seen of customers outside, the flag on the record, commission that waits.

Each morning every open deal is held against the others by the sums of `policies.record.prosperity`, from the record and from
what was last seen of its customer outside, which follows the customer's true state with an error. Rules act on the flag.
"""

import math

from policies.jit.compiled import compiled_part
from policies.record.prosperity import CONTACT_DAYS, CONTACTS, FEWEST, is_high, median_without, share_low
from policies.record.records import EVENT, OPPORTUNITY
from sim.office.cases.portfolio import NOBODY
from sim.office.cases.touch import has_died
from sim.office.counting.tally import M, count
from sim.office.engine.draws import poisson_gamma, uniform
from sim.office.engine.events import DAY, DRAW, STATE
from sim.office.engine.ledger import record_done, record_event, record_field

FORECAST, CONTACT, OUTSIDE = 0, 1, 2
_CONTACT, _FIRST_CONTACT, _DOCUMENT = (getattr(EVENT, name) for name in CONTACTS)


@compiled_part
def look_at_prosperity(o):
    """Bring the flag of every open deal up to date, and of those that were closed with it; nobody else gets it once closed."""
    s = o.state[0]
    number = _signals(o)
    s.frozen_of_high = s.frozen_of_active = s.middle_forecast = 0.0
    if number == 0:
        return
    high, frozen, active, frozen_active = 0.0, 0.0, 0.0, 0.0
    for case in range(s.cases):
        c = o.cases[case]
        if c.row < 0:
            continue
        flagged = o.book.values[c.row, OPPORTUNITY.false_prosperity] == 1.0
        is_open = _is_counted(o, case)
        if not is_open and not (flagged and c.state != STATE.open):
            continue
        others = number - 1 if is_open else number
        if others < FEWEST:
            continue
        amount, contacts = o.book.values[c.row, OPPORTUNITY.amount], _contacts(o, c.row)
        forecast, contact = _high(o, FORECAST, number, amount, is_open), _high(o, CONTACT, number, contacts, is_open)
        outside = _high(o, OUTSIDE, number, c.outside, is_open)
        low = share_low(forecast, contact, outside) > 0.0
        c.active_contact = 1 if contact else 0
        if low != flagged:
            _flag(o, c.row, low)
        if is_open and forecast:
            waits = 1.0 if o.book.values[c.row, OPPORTUNITY.commission_frozen] == 1.0 else 0.0
            high += 1.0
            frozen += waits
            active += 1.0 if contact else 0.0
            frozen_active += waits if contact else 0.0
    s.middle_forecast = median_without(o.signals[FORECAST], number, -1.0)
    s.frozen_of_high = frozen / high if high > 0.0 else 0.0
    s.frozen_of_active = frozen_active / active if active > 0.0 else 0.0


@compiled_part
def _high(o, signal, number, value, among):
    """Whether a deal's signal is high beside those of the open deals; one that is not `among` them is told apart from each."""
    if among:
        return is_high(value, median_without(o.signals[signal], number, value))
    low, high = (number - 1) // 2, number // 2
    return is_high(value, (o.signals[signal, low] + o.signals[signal, high]) / 2.0)


@compiled_part
def _is_counted(o, case):
    c = o.cases[case]
    return c.state == STATE.open and not math.isnan(o.book.values[c.row, OPPORTUNITY.amount])


@compiled_part
def _signals(o):
    """Write down the signals of the open deals, each in rising order; returns how many deals there are."""
    number = 0
    for case in range(o.state[0].cases):
        c = o.cases[case]
        if c.row < 0 or not _is_counted(o, case):
            continue
        _look_outside(o, case)
        o.signals[FORECAST, number] = o.book.values[c.row, OPPORTUNITY.amount]
        o.signals[CONTACT, number] = _contacts(o, c.row)
        o.signals[OUTSIDE, number] = c.outside
        number += 1
    for signal in range(3):
        _sort(o.signals[signal], number)
    return number


@compiled_part
def _look_outside(o, case):
    """Look the customer up, if the last look was long ago: tenders and job adverts, more of customers of larger deals, fewer of
    those who will not buy, and by chance."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    if c.outside_at != 0 and s.now - c.outside_at < b.outside_looked_days * DAY:
        return
    mean = b.outside_demand * math.pow(c.value / o.firm[0].deal_value, b.outside_size)
    if c.never != 0 or has_died(o, case):
        mean *= b.outside_without
    c.outside = float(poisson_gamma(uniform(s.seed, DRAW.outside, c.key, s.day_index), mean, 1.0))
    c.outside_at = s.now


@compiled_part
def _contacts(o, row):
    """Conversations and documents of the last 30 days that stand on a record."""
    now = o.state[0].now
    number = 0.0
    entry = o.book.rows[row].entry_head
    while entry >= 0:
        e = o.book.entries[entry]
        told = e.event == _CONTACT or e.event == _FIRST_CONTACT or e.event == _DOCUMENT
        if told and e.voided == 0 and now - CONTACT_DAYS * DAY < e.acted_at and e.acted_at <= now:
            number += 1.0
        entry = e.previous
    return number


@compiled_part
def _sort(values, number):
    """Shell's sort of the first so many, in place."""
    gap = number // 2
    while gap > 0:
        for place in range(gap, number):
            value = values[place]
            at = place
            while at >= gap and values[at - gap] > value:
                values[at] = values[at - gap]
                at -= gap
            values[at] = value
        gap //= 2


@compiled_part
def _flag(o, row, flagged):
    now = o.state[0].now
    record_event(o, row, EVENT.field_recorded, now, NOBODY)
    record_field(o, row, EVENT.field_recorded, now, NOBODY, OPPORTUNITY.false_prosperity, 1.0 if flagged else 0.0)
    record_done(o, row)


@compiled_part
def withhold(o, case, revenue):
    """A sale counts for nobody's pay while its commission is frozen."""
    o.cases[case].unpaid = 1
    o.seats[o.cases[case].owner].withheld += revenue


@compiled_part
def commission_changes(o, case):
    """A rule froze the commission on a deal that was won, or lets it go: it counts no longer in the period in which it was won,
    or counts in the running one, for whoever made the sale if still there."""
    s = o.state[0]
    c = o.cases[case]
    if c.state != STATE.won or c.owner < 0:
        return
    r = o.seats[c.owner]
    if r.vacant != 0 or r.hired_at > c.closed_at:
        return
    revenue = o.book.values[c.row, OPPORTUNITY.amount]
    is_reckoned = s.pay_end > s.pay_start
    if o.book.values[c.row, OPPORTUNITY.commission_frozen] == 1.0:
        if c.unpaid == 0 and is_reckoned and c.closed_at >= s.pay_start:
            r.paid_on -= revenue
            withhold(o, case, revenue)
    elif c.unpaid != 0:
        c.unpaid = 0
        r.withheld -= revenue
        r.paid_on += revenue
        if not is_reckoned:
            count(o, c.owner, M.pay, o.settings[0].commission * revenue)
