"""Dates of delivery: a customer asks for a week before signing, and the works makes so many units a week.

Without a gate the rep promises the week that the customer wants. The works makes what was promised for the earliest week
first; a promise is kept when the whole order is made by the end of its week.
"""

import math

from policies.engine.gates import COMPLETE
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT
from sim.office.counting.tally import M, count
from sim.office.engine.draws import normal
from sim.office.engine.events import ACTORS, DRAW, ON
from sim.office.engine.ledger import new_row, post, record_done, record_event, record_field, record_simple
from sim.office.projects.plan import PART, ROLE
from sim.office.projects.records import (
    OWNER,
    draft,
    is_refused,
    may_be_created,
    put_on_draft,
    put_part,
    tell_link,
    tell_part,
)

NOBODY = -1
OFFERED, SOLD, MADE, GONE = 0, 1, 2, 3
"""What became of an order: a date was asked for, the deal was won, the works has made it, the deal was lost."""
PROMISE, WEEK_KIND = ROLE["promise"], ROLE["week"]
DEAL, IN_WEEK, UNITS, CAPACITY = (
    PART["promise", "deal"],
    PART["promise", "week"],
    PART["promise", "units"],
    PART["week", "units"],
)
MOST_TRIES = 26  # weeks later than wanted that a rep asks for
KEY_OF_WEEKS = 11


@compiled_part
def this_week(o):
    """Number of the running week."""
    return o.days.days[o.state[0].day_index].week - o.days.days[0].week


@compiled_part
def ask_for_date(o, case):
    """The customer wants to know when it comes: the first week asked for is the one that the customer wants."""
    s = o.state[0]
    c = o.cases[case]
    number = c.order - 1
    if number < 0:
        number = s.orders
        s.orders += 1
        c.order = number + 1
        q = o.orders[number]
        q.case = case
        q.row = NOBODY
        q.units = max(1.0, math.ceil(c.value / o.firm[0].unit_value))
    q = o.orders[number]
    q.wanted = this_week(o) + int(o.firm[0].wanted_weeks)
    q.week = q.wanted
    q.tries = 0
    post(o, s.now + 1, ACTORS, ON.date_asked, number, 0)


@compiled_part
def date_asked(o, number, step):
    """A date is being asked for: the promise is entered, then confirmed where the gates let it, else another week is tried."""
    q = o.orders[number]
    if q.state > SOLD:
        return
    if o.kind_codes[PROMISE] < 0 or q.week >= len(o.weeks) or q.tries >= MOST_TRIES:
        _promised(o, number)
    elif step == 0:
        _enter(o, number)
    elif is_refused(o, q.row, COMPLETE, o.cases[q.case].owner):
        _withdraw(o, number)
        _try_later(o, number)
    else:
        record_simple(o, q.row, EVENT.completed, o.state[0].now, NOBODY)
        _promised(o, number)


@compiled_part
def _try_later(o, number):
    q = o.orders[number]
    q.week += 1
    q.tries += 1
    post(o, o.state[0].now + 1, ACTORS, ON.date_asked, number, 0)


@compiled_part
def _promised(o, number):
    q = o.orders[number]
    o.cases[q.case].later = float(q.week - q.wanted)
    if q.tries >= MOST_TRIES:
        q.week = len(o.weeks)  # no date at all


@compiled_part
def _enter(o, number):
    s = o.state[0]
    q = o.orders[number]
    seat = o.cases[q.case].owner
    unit, deal, week = o.seats[seat].unit, o.cases[q.case].row, o.weeks[q.week].row
    row = draft(o, PROMISE, number)
    put_on_draft(o, row, PROMISE, unit)
    put_part(o, row, DEAL, float(deal))
    if week >= 0:
        put_part(o, row, IN_WEEK, float(week))
    put_part(o, row, UNITS, q.units)
    if not may_be_created(o, row, PROMISE, seat):
        q.row = NOBODY
        _try_later(o, number)
        return
    q.row = row
    record_event(o, row, EVENT.registered, s.now, unit)
    record_field(o, row, EVENT.registered, s.now, unit, OWNER, float(unit))
    tell_link(o, row, unit, DEAL, deal)
    tell_link(o, row, unit, IN_WEEK, week)
    tell_part(o, row, EVENT.registered, s.now, unit, UNITS, q.units)
    record_done(o, row)
    post(o, s.now + 1, ACTORS, ON.date_asked, number, 1)


@compiled_part
def _withdraw(o, number):
    q = o.orders[number]
    if q.row >= 0:
        record_simple(o, q.row, EVENT.withdrawn, o.state[0].now, NOBODY)
        q.row = NOBODY


@compiled_part
def order_sold(o, case):
    """The deal is won: the order goes to the works; a week that has begun meanwhile is asked for anew."""
    number = o.cases[case].order - 1
    if number < 0:
        return
    q = o.orders[number]
    q.state = SOLD
    q.left = q.units
    if q.week <= this_week(o):
        _withdraw(o, number)
        ask_for_date(o, case)


@compiled_part
def order_gone(o, case):
    """The deal is lost: what was promised is free again."""
    number = o.cases[case].order - 1
    if number >= 0 and o.orders[number].state == OFFERED:
        o.orders[number].state = GONE
        _withdraw(o, number)


@compiled_part
def week_made(o):
    """A week is over: the works has made its units, and the promises for it are kept or missed."""
    s = o.state[0]
    if len(o.weeks) == 1:
        return
    week = this_week(o) - 1
    spread = o.firm[0].output_spread
    left = o.firm[0].units_per_week * math.exp(spread * normal(s.seed, DRAW.output, KEY_OF_WEEKS, week) - 0.5 * spread**2)
    number = _most_urgent(o)
    while left > 0.0 and number >= 0:
        q = o.orders[number]
        made = min(left, q.left)
        q.left -= made
        left -= made
        if q.left <= 0.0:
            q.state = MADE
            q.made = week
        number = _most_urgent(o)
    for number in range(s.orders):
        q = o.orders[number]
        if q.week == week and q.state in (SOLD, MADE):
            owner = o.cases[q.case].owner
            count(o, owner, M.promises_due, 1.0)
            if q.state == MADE:
                count(o, owner, M.promises_kept, 1.0)
    enter_weeks(o)


@compiled_part
def _most_urgent(o):
    """The sold order with the earliest promise, the first of them; -1 for none."""
    s = o.state[0]
    best = NOBODY
    while s.orders_over < s.orders and o.orders[s.orders_over].state > SOLD:
        s.orders_over += 1
    for number in range(s.orders_over, s.orders):
        q = o.orders[number]
        if q.state == SOLD and (best < 0 or q.week < o.orders[best].week):
            best = number
    return best


@compiled_part
def enter_weeks(o):
    """The weeks that can be asked for now are on record with what the works can make."""
    if len(o.weeks) == 1 or o.kind_codes[WEEK_KIND] < 0:
        return
    now = o.state[0].now
    last = this_week(o) + int(o.firm[0].wanted_weeks) + MOST_TRIES + 2
    for week in range(this_week(o), min(last, len(o.weeks))):
        if o.weeks[week].row >= 0:
            continue
        row = new_row(o, o.kind_codes[WEEK_KIND], NOBODY, week)
        o.weeks[week].row = row
        record_event(o, row, EVENT.registered, now, NOBODY)
        tell_part(o, row, EVENT.registered, now, NOBODY, CAPACITY, o.firm[0].units_per_week)
        record_done(o, row)
