"""Quantities that change by themselves. They are known at looks and gates only, as of that instant."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.health import customer_health, days_idle, opportunity_health
from policies.record.records import CUSTOMER, CUSTOMER_KIND, LEAD, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND, UNIT, UNIT_KIND
from policies.time.calendar_arrays import business_days_between


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
def derive(values, row, kind, days, now, begins, signals):
    """Write the derived fields of a record as of the look or gate at `now`; `begins` and `signals` as in the compiled rules."""
    if kind == UNIT_KIND:
        values[row, UNIT.attainment] = attainment(values, row)
        values[row, UNIT.behind_pace] = behind_pace(values, row, days, now)
    elif kind == OPPORTUNITY_KIND:
        values[row, OPPORTUNITY.days_idle] = days_idle(values[row, OPPORTUNITY.last_action_at], now)
        values[row, OPPORTUNITY.days_without_progress] = days_idle(values[row, OPPORTUNITY.last_progress_at], now)
        values[row, OPPORTUNITY.health] = opportunity_health(values, row, now, begins, signals)
    elif kind == LEAD_KIND:
        values[row, LEAD.days_idle] = days_idle(values[row, LEAD.last_action_at], now)
    elif kind == CUSTOMER_KIND:
        values[row, CUSTOMER.days_idle] = days_idle(values[row, CUSTOMER.last_action_at], now)
        values[row, CUSTOMER.health] = customer_health(values, row, now)


@compiled
def was_there(values, row, period_start):
    """Whether a unit was at work throughout the period that ends now, and has a target."""
    partly_absent = values[row, UNIT.absent] == 1.0 or values[row, UNIT.present_since] > period_start
    return has_target(values, row) and not partly_absent
