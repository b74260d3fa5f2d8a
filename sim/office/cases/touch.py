"""What one conversation rests on: skill, the customer's time, interest spent while waiting, and facts learnt."""

import math

from policies.jit.compiled import compiled_part
from policies.language.sections import CARD_MONTHS
from policies.record.records import OPPORTUNITY
from policies.time.calendar_arrays import add_open
from sim.office.engine.draws import exponential, lognormal, uniform
from sim.office.engine.events import DAY, DRAW

MONTH_DAYS = 30.4


@compiled_part
def skill_at(o, seat, stage, industry):
    """A rep's logit at a stage, by industry: insight first, persuasion later, less while new, more when coached.

    Ramp: 1 − e^(−t/2.2 months) of what is missing at the start; an action card, where the firm has recorded wins to make it
    from, tells a newcomer part of that (H1); coaching saturates with hours of the last weeks.
    """
    b = o.behaviour[0]
    r = o.seats[seat]
    months = (o.state[0].now - r.hired_at) / (DAY * MONTH_DAYS)
    ramp = b.ramp_gap * math.exp(-months / b.ramp_months)
    if reads_card(o, seat):
        ramp *= 1.0 - b.card_share * (1.0 - math.exp(-recorded_wins(o, industry) / b.card_wins))
    coached = b.coaching_gain * (1.0 - math.exp(-r.coached / b.coaching_dose_hours))
    base = r.insight if stage <= 2 else r.persuasion
    return base - ramp + coached


@compiled_part
def reads_card(o, seat):
    """Whether a rep works by action cards: newcomers do, until experience has replaced them."""
    newcomer_until = o.seats[seat].hired_at + CARD_MONTHS * MONTH_DAYS * DAY
    return o.settings[0].action_cards != 0.0 and o.state[0].now < newcomer_until


@compiled_part
def recorded_wins(o, industry):
    """Deals won with customers of an industry so far, by anybody in the firm."""
    wins = 0.0
    for seat in range(len(o.seats)):
        wins += o.strength[seat, industry, 0]
    return wins


@compiled_part
def work_time(o, thing, turn):
    """Factor on a task's usual minutes: lognormal with median 1, or exponential with mean 1 in the textbooks' queue."""
    s = o.state[0]
    if o.firm[0].exponential_work != 0.0:
        return exponential(s.seed, DRAW.touch_time, thing, turn)
    return lognormal(s.seed, DRAW.touch_time, thing, turn, 1.0, o.behaviour[0].touch_spread)


@compiled_part
def customer_ready(o, case):
    """Instant at which the customer can be talked to again; customers have working days too."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    median = b.customer_wait_days * o.firm[0].wait_factor
    return working_days_on(o, lognormal(s.seed, DRAW.customer_wait, c.key, c.touches, median, b.customer_wait_spread))


@compiled_part
def working_days_on(o, days):
    """Instant that lies so many working days of open time ahead."""
    return add_open(o.days, o.state[0].now, int(days * o.firm[0].working_day))


@compiled_part
def spend_hazard(o, case):
    """Spend the deal's unit exponential on the time since the last touch; True when the deal has died.

    The hazard per day is h·(1 + g·days since the last touch): neglect makes it grow, a touch brings it back to h. Days are the
    customers' own: patient customers count fewer of them.
    """
    b = o.behaviour[0]
    c = o.cases[case]
    if c.dead != 0:
        return True
    day = DAY * o.firm[0].patience
    days = max(0.0, (o.state[0].now - c.last_touch_at) / day)
    rate = b.death_rate * (1.0 + b.rival_loss * c.rival)
    spent = rate * (days + 0.5 * b.neglect * days * days)
    if spent < c.hazard_left:
        c.hazard_left -= spent
        return False
    left = c.hazard_left / rate
    lived = (math.sqrt(1.0 + 2.0 * b.neglect * left) - 1.0) / b.neglect
    c.dead = 1
    c.died_at = c.last_touch_at + int(lived * day)
    return True


@compiled_part
def has_died(o, case):
    """Whether the customer will not buy any more by now, seen or not; nothing is spent."""
    b = o.behaviour[0]
    c = o.cases[case]
    days = max(0.0, (o.state[0].now - c.last_touch_at) / (DAY * o.firm[0].patience))
    rate = b.death_rate * (1.0 + b.rival_loss * c.rival)
    return c.dead != 0 or rate * (days + 0.5 * b.neglect * days * days) >= c.hazard_left


@compiled_part
def discover(o, case):
    """Facts that finishing a stage teaches the rep: those the stage is about, and sometimes more."""
    c = o.cases[case]
    if c.stage == 1:
        c.known |= (1 << OPPORTUNITY.needs_summary) | (1 << OPPORTUNITY.decision_maker)
    elif c.stage == 2:
        c.known |= (1 << OPPORTUNITY.pain_points) | (1 << OPPORTUNITY.proposal_pages)
    elif c.stage == 3:
        c.known |= (1 << OPPORTUNITY.value_proof) | (1 << OPPORTUNITY.budget)
    elif c.stage >= 4:
        c.known |= 1 << OPPORTUNITY.competitor
    s = o.state[0]
    if uniform(s.seed, DRAW.lead_needs, c.key, c.stage) < o.behaviour[0].early_fact_share:
        c.known |= 1 << (OPPORTUNITY.needs_summary + c.stage % 7)
