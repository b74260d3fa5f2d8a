"""Quantities that change by themselves. They are known at looks and gates only, as of that instant."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.records import CUSTOMER, CUSTOMER_KIND, LEAD, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND, UNIT, UNIT_KIND
from policies.time.calendar_arrays import DAY_MS, business_days_between


@compiled
def has_target(values, row):
    """Whether a unit has a target above zero."""
    return values[row, UNIT.target] > 0.0


@compiled
def attainment(values, row):
    """Attained ÷ target of a unit's running period; NaN without a target or without attainment."""
    return values[row, UNIT.attained] / values[row, UNIT.target] if has_target(values, row) else np.nan


@compiled
def share_elapsed(days, start, end, now):
    """Share of the business days of [start, end) that were over at `now`, at most 1; NaN if there are none.

    This is where the seasons of a target would weigh its days.
    """
    if not (start < end and start <= now):
        return np.nan
    whole = business_days_between(days, start, end)
    if whole == 0:
        return np.nan
    return business_days_between(days, start, min(now, end)) / whole


@compiled
def behind_pace(values, row, days, now):
    """1 − attained ÷ (target × share of working days elapsed); NaN without target or before the first working day is over.

    OutsideCalendar if the unit's period reaches beyond the compiled days.
    """
    start, end = values[row, UNIT.period_start_at], values[row, UNIT.period_end_at]
    if not has_target(values, row) or not start <= end:
        return np.nan
    elapsed = share_elapsed(days, np.int64(start), np.int64(end), np.int64(now))
    if not elapsed > 0.0:
        return np.nan
    return 1.0 - values[row, UNIT.attained] / (values[row, UNIT.target] * elapsed)


@compiled
def days_idle(last_at, now):
    """Days of 24 h since the last action or step; NaN without one."""
    return (now - last_at) / DAY_MS


HEALTH_WEIGHTS = (30.0, 25.0, 20.0, 12.5, 12.5)
"""Parts of a customer's health (S4): payment punctuality, need match, interaction, returns and complaints, risk events."""
LEAST_KNOWN = 50.0
"""Weight that must be on record for a number."""


@compiled
def falling(value, full, none):
    """1 up to `full`, 0 from `none` on, straight between."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


@compiled
def health(values, row, now):
    """Health of a customer, 0 to 100: the weighted mean of the parts that are recorded, NaN when less than half of it is.

    Punctuality is the share of payments in time, match the last satisfaction out of 10; interaction is full up to 14 days
    after the last action and none after 90. No complaint or risk event on record is none: full at none, nothing left at 4 or 2.
    """
    payments, satisfaction = values[row, CUSTOMER.payments], values[row, CUSTOMER.satisfaction]
    idle = days_idle(values[row, CUSTOMER.last_action_at], now)
    known = weighed = 0.0
    if payments > 0.0:
        late = values[row, CUSTOMER.late_payments]
        known += HEALTH_WEIGHTS[0]
        weighed += HEALTH_WEIGHTS[0] * (1.0 - (late if late > 0.0 else 0.0) / payments)
    if satisfaction == satisfaction:
        known += HEALTH_WEIGHTS[1]
        weighed += HEALTH_WEIGHTS[1] * satisfaction / 10.0
    if idle == idle:
        known += HEALTH_WEIGHTS[2]
        weighed += HEALTH_WEIGHTS[2] * falling(idle, 14.0, 90.0)
    complaints, risks = values[row, CUSTOMER.complaints], values[row, CUSTOMER.risk_events]
    known += HEALTH_WEIGHTS[3] + HEALTH_WEIGHTS[4]
    weighed += HEALTH_WEIGHTS[3] * falling(complaints if complaints > 0.0 else 0.0, 0.0, 4.0)
    weighed += HEALTH_WEIGHTS[4] * falling(risks if risks > 0.0 else 0.0, 0.0, 2.0)
    return 100.0 * weighed / known if known >= LEAST_KNOWN else np.nan


@compiled
def derive(values, row, kind, days, now):
    """Write the derived fields of a record as of the look or gate at `now`."""
    if kind == UNIT_KIND:
        values[row, UNIT.attainment] = attainment(values, row)
        values[row, UNIT.behind_pace] = behind_pace(values, row, days, now)
    elif kind == OPPORTUNITY_KIND:
        values[row, OPPORTUNITY.days_idle] = days_idle(values[row, OPPORTUNITY.last_action_at], now)
        values[row, OPPORTUNITY.days_without_progress] = days_idle(values[row, OPPORTUNITY.last_progress_at], now)
    elif kind == LEAD_KIND:
        values[row, LEAD.days_idle] = days_idle(values[row, LEAD.last_action_at], now)
    elif kind == CUSTOMER_KIND:
        values[row, CUSTOMER.days_idle] = days_idle(values[row, CUSTOMER.last_action_at], now)
        values[row, CUSTOMER.health] = health(values, row, now)


@compiled
def was_there(values, row, period_start):
    """Whether a unit was at work throughout the period that ends now, and has a target."""
    partly_absent = values[row, UNIT.absent] == 1.0 or values[row, UNIT.present_since] > period_start
    return has_target(values, row) and not partly_absent
