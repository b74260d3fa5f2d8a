"""Health of customers (S4) and of opportunities (S1) as rules see it: what `policies.scores` tells people, compiled."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.records import CUSTOMER, OPPORTUNITY
from policies.time.calendar_arrays import DAY_MS

HOUR_MS = 3_600_000.0


@compiled
def days_idle(last_at, now):
    """Days of 24 h since the last action or step; NaN without one."""
    return (now - last_at) / DAY_MS


@compiled
def falling(value, full, none):
    """1 up to `full`, 0 from `none` on, straight between."""
    return min(1.0, max(0.0, (none - value) / (none - full)))


HEALTH_WEIGHTS = (30.0, 25.0, 20.0, 12.5, 12.5)
"""Parts of a customer's health (S4): payment punctuality, need match, interaction, returns and complaints, risk events."""
LEAST_KNOWN = 50.0
"""Weight that must be on record for a number."""


@compiled
def customer_health(values, row, now):
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


DEAL_WEIGHTS = (30.0, 25.0, 20.0, 15.0, 10.0)
"""Parts of a deal's health (S1): movement, progress, next step, knowledge, closing date."""
LEAST_KNOWN_OF_A_DEAL = 70.0
PASSED_NEXT_STEP = 5.0
SIGNAL_COSTS = 10.0
LOW_OPEN_RATE = 0.30
LONG_UNANSWERED = 24 * HOUR_MS
FROZEN_AT_MOST = 40.0
KNOWLEDGE = np.array(
    [
        OPPORTUNITY.needs_summary, OPPORTUNITY.pain_points, OPPORTUNITY.decision_maker, OPPORTUNITY.budget,
        OPPORTUNITY.value_proof, OPPORTUNITY.competitor,
    ]
)  # fmt: skip
"""Columns of what is known by the later phases; of the first n + 1 of them, all should be known in phase n."""


@compiled
def opportunity_health(values, row, now, begins, signals):
    """Health of an open opportunity, 0 to 100; NaN for a closed one, and where less than 70 % of the weight is recorded.

    `begins`: i8[], the phase with which each stage begins; `signals`: i8[3], columns of the open rate of documents and of when
    a question was put and answered, -1 where nobody records it.
    """
    if values[row, OPPORTUNITY.status] > 0.0:
        return np.nan
    known, weighed = DEAL_WEIGHTS[2] + DEAL_WEIGHTS[3], 0.0
    idle = days_idle(_latest(values, row, OPPORTUNITY.last_action_at, now), now)
    if idle == idle:
        known += DEAL_WEIGHTS[0]
        weighed += DEAL_WEIGHTS[0] * falling(idle, 3.0, 15.0)
    still = days_idle(_latest(values, row, OPPORTUNITY.last_progress_at, now), now)
    if still == still:
        known += DEAL_WEIGHTS[1]
        weighed += DEAL_WEIGHTS[1] * falling(still, 7.0, 45.0)
    next_step = values[row, OPPORTUNITY.next_step_at]
    if next_step == next_step:
        weighed += PASSED_NEXT_STEP if next_step < now else DEAL_WEIGHTS[2]
    weighed += DEAL_WEIGHTS[3] * _share_known(values, row, begins)
    close = values[row, OPPORTUNITY.close_at]
    if close == close:
        known += DEAL_WEIGHTS[4]
        weighed += 0.0 if close < now else DEAL_WEIGHTS[4]
    if known < LEAST_KNOWN_OF_A_DEAL:
        return np.nan
    value = max(0.0, 100.0 * weighed / known - SIGNAL_COSTS * _signals(values, row, now, signals))
    return min(value, FROZEN_AT_MOST) if values[row, OPPORTUNITY.frozen] > 0.0 else value


@compiled
def _latest(values, row, column, now):
    """The instant in a column, if it is no future one; else that of the start."""
    at = values[row, column]
    return at if at <= now else values[row, OPPORTUNITY.opened_at]


@compiled
def _share_known(values, row, begins):
    """Share of the facts due by this stage that are recorded."""
    stage = values[row, OPPORTUNITY.stage]
    place = min(max(np.int64(stage) if stage == stage else np.int64(1), 1), begins.shape[0]) - 1
    due = min(begins[place] + 1, KNOWLEDGE.shape[0])
    known = 0.0
    for each in range(due):
        fact = values[row, KNOWLEDGE[each]]
        known += 1.0 if fact == fact else 0.0
    return known / due


@compiled
def _signals(values, row, now, signals):
    """Number of signals against: documents that are hardly opened, and a question unanswered for more than a day."""
    found = 0.0
    if signals[0] >= 0 and values[row, signals[0]] < LOW_OPEN_RATE:
        found += 1.0
    if signals[1] >= 0:
        asked = values[row, signals[1]]
        answered = values[row, signals[2]] if signals[2] >= 0 else np.nan
        if asked + LONG_UNANSWERED < now and not answered >= asked:
            found += 1.0
    return found
