"""Closing: when a rep asks for the signature, and what is given away for it.

A customer signs most readily at a time of the own choosing. A rep who asks before it pays with odds or with a discount, and
does so where the pay of this period is worth that much more than the pay of a later one.
"""

import math

from policies.engine.compile import LIVE
from policies.engine.conditions import holds, leaves_alone
from policies.jit.compiled import compiled_part
from policies.record.records import GATES, OPPORTUNITY, OPPORTUNITY_KIND
from policies.time.calendar_arrays import open_between
from sim.office.cases.touch import skill_at, working_days_on
from sim.office.engine.events import DAY, HOUR, TASK
from sim.office.people.managers import add_task

FREE, WAITS_FOR_DESK, FROZEN, WAITS_FOR_APPROVAL = 0, 1, 2, 4
SIGN = GATES.index("sign")
LAST_CALL_SHARE = 0.3  # of a period, in which there is nothing left to wait for
EARLY_DAYS = 14.0  # asking so long before the own time costs `early_ask_cost`; longer costs more, up to twice that
EARLY_SHARE = 0.25  # the same where a firm's record tells the own time: asking by so much of it before its end
MOST_EARLY, MOST_EARLY_BY_RECORD = 2.0, 5.0  # times that the cost may rise to
LOOKED_AT_AGAIN = 1.0  # working days after which a deal that waits for its time is thought over again


@compiled_part
def closing_odds(o, c, at, discount):
    """Logit added to a closing by a discount, and taken off when asked before the customer's own time and for each week by
    which delivery comes later than wanted."""
    left = max(0.0, float(c.own_at - at))
    if len(o.own_time) == 0:
        early = min(left / (EARLY_DAYS * DAY * o.firm[0].patience), MOST_EARLY)
    else:
        early = min(left / (EARLY_SHARE * max(HOUR, c.own_at - c.opened_at)), MOST_EARLY_BY_RECORD)
    return c.price * discount * 10.0 - o.behaviour[0].early_ask_cost * early - o.behaviour[0].later_week_odds * c.later


@compiled_part
def worth_a_look(o, c, now):
    """Instant from which a customer's own time, as a firm's record tells it, is that much nearer that it may pay to ask."""
    return now if len(o.own_time) == 0 else now + int(EARLY_SHARE * (c.own_at - now))


@compiled_part
def most_discount(o, case):
    """The highest discount that the policy and its gates before signing let through; a gate that recording something else
    lifts is no limit, and neither is one that refuses whatever the discount."""
    most = o.settings[0].discount_max
    row = o.cases[case].row
    group = o.rules.groups[OPPORTUNITY_KIND]
    recorded = o.book.values[row, OPPORTUNITY.discount]
    for member in range(group.gate_from, group.gate_to):
        position = o.rules.members[member]
        rule = o.rules.rules[position]
        if rule.gate != SIGN or rule.mode != LIVE or rule.reads & (1 << OPPORTUNITY.discount) == 0:
            continue
        if leaves_alone(rule, o.rules.exempt, position, o.book.rows[row].unit):
            continue
        if rule.asks & ~(1 << OPPORTUNITY.discount) != 0:
            continue
        steps = int(most / o.behaviour[0].discount_step + 1e-9)
        while steps >= 0:
            o.book.values[row, OPPORTUNITY.discount] = steps * o.behaviour[0].discount_step
            if not holds(o.book.values, row, rule, o.rules.ops):
                most = steps * o.behaviour[0].discount_step
                break
            steps -= 1
    o.book.values[row, OPPORTUNITY.discount] = recorded
    return most


@compiled_part
def best_offer(o, seat, case, at, now, later):
    """The best that asking at an instant brings the rep, and the discount that brings it.

    Maximises p(d)·w·(1 − d) + (1 − p(d))·w'·q − h·d over a grid, per unit of value, with w and w' the pay weights then and
    afterwards, q the chance that remains after a refusal, and h the hassle of discounting, which does not scale with an
    accelerator.
    """
    b = o.behaviour[0]
    c = o.cases[case]
    base = b.stage_odds + o.firm[0].stage_shift + skill_at(o, seat, c.stage, c.industry)
    best = 0.0
    best_gain = -1e300
    d = 0.0
    most = most_discount(o, case)
    while d <= most + 1e-9:
        chance = 1.0 / (1.0 + math.exp(-(base + closing_odds(o, c, at, d))))
        gain = chance * now * (1.0 - d) + (1.0 - chance) * later * b.chance_kept - b.discount_hassle * d
        if gain > best_gain:
            best_gain = gain
            best = d
        d += b.discount_step
    return best_gain, best


@compiled_part
def ready_to_ask(o, seat, case):
    """Whether the rep asks for the signature now; if not, the case waits for the customer's own time or for an approval."""
    s = o.state[0]
    p = o.settings[0]
    c = o.cases[case]
    r = o.seats[seat]
    gain, best = best_offer(o, seat, case, s.now, r.pay_weight_now, r.pay_weight_later)
    if c.own_at > s.now and _waiting_promises(o, seat, case) > gain:
        o.work[case].ready_at = min(c.own_at, max(working_days_on(o, LOOKED_AT_AGAIN), worth_a_look(o, c, s.now)))
        return False
    if best <= p.discount_authority + 1e-9 or c.approved != 0:
        c.discount = best if c.approved != 1 else min(best, c.wanted_discount)
        if c.approved == 2:
            c.discount = min(best, p.discount_authority)
        return True
    c.wanted_discount = best
    o.work[case].blocked = WAITS_FOR_APPROVAL
    add_task(o, r.team, TASK.discount, c.row, case, seat, -1, s.now, best)
    return False


@compiled_part
def _waiting_promises(o, seat, case):
    """What asking later promises, though the deal may die until then: at the customer's own time, or in the last days of the
    period if that comes first, where asking is least early and still paid in this period."""
    s = o.state[0]
    c = o.cases[case]
    r = o.seats[seat]
    in_period = c.own_at <= s.pay_end
    weight = r.pay_weight_now if in_period else r.pay_weight_later
    gain, _ = best_offer(o, seat, case, c.own_at, weight, r.pay_weight_later)
    promised = gain * _still_alive(o, c.own_at)
    last_call = min(
        o.behaviour[0].last_call_days * o.firm[0].working_day,
        LAST_CALL_SHARE * open_between(o.days, s.pay_start, s.pay_end),
    )
    if in_period or open_between(o.days, s.now, s.pay_end) <= last_call:
        return promised
    gain, _ = best_offer(o, seat, case, s.pay_end, r.pay_weight_now, r.pay_weight_later)
    return max(promised, gain * _still_alive(o, s.pay_end))


@compiled_part
def _still_alive(o, at):
    """Chance that a deal left alone lives until an instant, as reps know it from many deals."""
    b = o.behaviour[0]
    days = min(365.0, (at - o.state[0].now) / (DAY * o.firm[0].patience))
    return math.exp(-b.death_rate * days * (1.0 + 0.5 * b.neglect * days))
