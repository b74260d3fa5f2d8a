"""Single entries on a lead or an opportunity: the next step, the stall reason, the forecast, a fact that was asked for."""

import math

import numpy as np

from policies.engine.gates import absent
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, FIELDS, LEAD, OPPORTUNITY, RECORD_KINDS, WIDTH, column
from sim.office.cases.padding import padded
from sim.office.cases.phases import PHASES
from sim.office.engine.draws import normal
from sim.office.engine.events import DRAW, HOUR, OWES_NEXT_STEP, OWES_STALL_REASON, OWES_SUMMARY
from sim.office.engine.ledger import record_done, record_event, record_field

_REQUIRED = np.array([column(kind, "required") for kind in RECORD_KINDS])
_INSTANTS = np.array(
    [[place < len(FIELDS[kind]) and FIELDS[kind][place].type == "instant" for place in range(WIDTH)] for kind in RECORD_KINDS]
)


@compiled_part
def settle_debts(o, case, actor):
    """What a rule or the manager asked for is entered with the touch: summary, next step, stall reason."""
    s = o.state[0]
    c = o.cases[case]
    w = o.work[case]
    row = c.row if c.row >= 0 else c.lead_row
    if w.owes & OWES_SUMMARY != 0:
        record_event(o, row, EVENT.needs_recorded, s.now, actor)
        column = OPPORTUNITY.needs_summary if c.row >= 0 else LEAD.needs_summary
        record_field(o, row, EVENT.needs_recorded, s.now, actor, column, 1.0)
        record_done(o, row)
    if w.owes & OWES_NEXT_STEP != 0:
        record_next_step(o, case, actor)
    if w.owes & OWES_STALL_REASON != 0 or o.book.values[row, OPPORTUNITY.frozen if c.row >= 0 else LEAD.frozen] == 1.0:
        explain_stall(o, case, actor)
    if c.row < 0:
        record_required(o, row, actor)
    w.owes = 0
    w.pressure = 0.0


@compiled_part
def record_next_step(o, case, actor):
    """Book the next conversation for when the customer can be reached again, as far ahead as the calendar goes."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row if c.row >= 0 else c.lead_row
    at = min(max(o.work[case].ready_at, s.now + HOUR), o.days.days[len(o.days.days) - 1].midnight)
    record_event(o, row, EVENT.next_step, s.now, actor)
    column = OPPORTUNITY.next_step_at if c.row >= 0 else LEAD.next_step_at
    record_field(o, row, EVENT.next_step, s.now, actor, column, float(at))
    record_done(o, row)


@compiled_part
def explain_stall(o, case, actor):
    """Record the stall reason, which reopens a frozen record; it is no action."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row if c.row >= 0 else c.lead_row
    record_event(o, row, EVENT.stall_explained, s.now, actor)
    column = OPPORTUNITY.stall_reason if c.row >= 0 else LEAD.stall_reason
    record_field(o, row, EVENT.stall_explained, s.now, actor, column, 1.0)
    record_done(o, row)


@compiled_part
def record_forecast(o, case, event, acted_at, actor):
    """The amount and date that the rep puts down, as payload of the event recorded last: rosy, rosier the earlier the stage,
    and another than the own estimate as far as that pays the rep."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    row = c.row
    left = 1.0 - (c.stage - 1.0) / PHASES
    noise = b.forecast_noise * left * normal(s.seed, DRAW.forecast, c.key, c.stage)
    estimate = c.value * (1.0 + b.forecast_optimism * left) * math.exp(noise)
    amount = float(math.floor(estimate * padded(o, case, estimate)))
    if amount != o.book.values[row, OPPORTUNITY.amount]:
        record_field(o, row, event, acted_at, actor, OPPORTUNITY.amount, amount)
        c.forecast_amount = amount
    record_field(o, row, event, acted_at, actor, OPPORTUNITY.close_at, float(o.work[case].close_at))


@compiled_part
def value_of_fact(o, case, actor, column):
    """What is entered in a field of an opportunity; texts are only there or not."""
    c = o.cases[case]
    if column == OPPORTUNITY.owner:
        return float(actor)
    if column == OPPORTUNITY.source:
        return float(c.source)
    if column == OPPORTUNITY.region:
        return float(c.region)
    if column == OPPORTUNITY.industry:
        return float(c.industry)
    if column == OPPORTUNITY.customer:
        return float(o.customers[c.customer_slot].row) if c.customer_slot >= 0 else float(c.lead_row)
    if column == OPPORTUNITY.amount:
        return math.floor(c.value * (1.0 + o.behaviour[0].forecast_optimism))
    if column == OPPORTUNITY.close_at:
        return float(c.own_at if len(o.own_time) == 0 else o.work[case].close_at)
    if column == OPPORTUNITY.discount:
        return c.discount
    if column == OPPORTUNITY.budget:
        return c.value
    if column == OPPORTUNITY.expenses:
        return c.spent
    return 1.0


@compiled_part
def record_required(o, row, actor):
    """Enter every field that a rule requires of a lead, customer, unit or request: what stands there, or that it is so."""
    now = o.state[0].now
    kind = o.book.rows[row].kind
    required = o.book.values[row, _REQUIRED[kind]]
    if not required > 0.0:
        return
    asked = np.int64(required)
    unknown = absent(o.book.values, row, asked)
    record_event(o, row, EVENT.field_recorded, now, actor)
    for place in range(WIDTH):
        bit = np.int64(1) << place
        if asked & bit == 0:
            continue
        value = o.book.values[row, place]
        if unknown & bit != 0 or _INSTANTS[kind, place]:
            value = float(now) if _INSTANTS[kind, place] else 1.0
        record_field(o, row, EVENT.field_recorded, now, actor, place, value)
    record_done(o, row)
