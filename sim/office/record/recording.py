"""From what happened to what is recorded: entries cost minutes, come late or never, and gates may refuse them."""

import math

from policies.engine.gates import missing_for_stage, refusal, stage_mask
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, LEAD, OPPORTUNITY
from policies.time.calendar_arrays import add_open
from sim.office.counting.tally import M, count
from sim.office.engine.draws import exponential, normal, uniform
from sim.office.engine.events import (
    ACTORS,
    DAY,
    DRAW,
    HOUR,
    MINUTE,
    ON,
    OWES_FIELD,
    OWES_NEXT_STEP,
    OWES_STALL_REASON,
    OWES_SUMMARY,
    STATE,
)
from sim.office.engine.ledger import (
    NO_COLUMN,
    journal_row,
    post,
    record_done,
    record_event,
    record_field,
    record_void,
    settle_now,
)

PROMPT, LATE, NEVER_ENTERED = 0, 1, 2
ADVANCE, SIGN = 0, 1
ALLOWED = -1
STAGE_REFUSED = -3


@compiled_part
def entry_fate(o, case, seat, touch):
    """Whether a touch will be entered at once, late, or never; the same answer however often it is asked.

    Completeness is e^(−0.03·(fields − 5)⁺) of what is asked; a reward for entries and an open obligation raise it.
    """
    s = o.state[0]
    b = o.behaviour[0]
    p = o.settings[0]
    key = o.cases[case].key
    extra = max(0.0, p.fields_asked + p.advanced_fields * b.advanced_field_weight - 5.0)
    skipped = 1.0 - b.recorded_at_best * math.exp(-b.field_fatigue * extra)
    skipped *= math.exp(-p.recording_reward_day / b.reward_scale) * math.exp(-0.5 * o.seats[seat].temper)
    if o.work[case].owes != 0:
        skipped *= b.skip_when_asked
    if uniform(s.seed, DRAW.entry_skip, key, touch) < skipped:
        return NEVER_ENTERED
    if uniform(s.seed, DRAW.entry_prompt, key, touch) < b.prompt_share:
        return PROMPT
    return LATE


@compiled_part
def entry_minutes(o, fate):
    """Minutes of one entry: two, and a quarter of a minute per field asked."""
    if fate == NEVER_ENTERED:
        return 0.0
    p = o.settings[0]
    return o.behaviour[0].entry_minutes_base + o.behaviour[0].entry_minutes_field * (p.fields_asked + p.advanced_fields)


@compiled_part
def enter_touch(o, case, seat, touch, event):
    """Enter a touch that has just ended, or leave it for later, or for good."""
    s = o.state[0]
    fate = entry_fate(o, case, seat, touch)
    count(o, seat, M.updates, 1.0)
    if fate == PROMPT:
        count(o, seat, M.updates_recorded, 1.0)
        file_entry(o, case, seat, s.now, event)
    elif fate == LATE:
        count(o, seat, M.updates_recorded, 1.0)
        number = s.late
        s.late += 1
        entry = o.late[number]
        entry.case = case
        entry.acted_at = s.now
        entry.event = event
        lag = o.behaviour[0].entry_lag_days * exponential(s.seed, DRAW.entry_lag, o.cases[case].key, touch)
        at = add_open(o.days, s.now + int(lag * DAY), 10 * MINUTE)
        count(o, seat, M.entry_lag_days, (at - s.now) / DAY)
        post(o, at, ACTORS, ON.late_entry, number, 0)
    else:
        o.cases[case].unrecorded += 1


@compiled_part
def late_entry(o, number):
    """A back-dated entry reaches the record."""
    entry = o.late[number]
    c = o.cases[entry.case]
    if c.owner >= 0:
        file_entry(o, entry.case, c.owner, entry.acted_at, entry.event)


@compiled_part
def file_entry(o, case, seat, acted_at, event):
    """Write an entry on the lead or opportunity, with what is known and asked for, and bring the stage up to date.

    An attempt is about the lead, also where it is entered after the lead has become an opportunity.
    """
    c = o.cases[case]
    actor = o.seats[seat].unit
    if c.row < 0 or event == EVENT.attempt:
        _file_on_lead(o, case, actor, acted_at, event)
        return
    row = c.row
    if o.book.values[row, OPPORTUNITY.status] != 0.0:
        return
    entry = record_event(o, row, event, acted_at, actor)
    c.last_entry = entry
    c.last_number = o.state[0].event_number
    record_field(o, row, event, acted_at, actor, OPPORTUNITY.actions, o.book.values[row, OPPORTUNITY.actions] + 1.0)
    _file_facts(o, case, event, acted_at, actor)
    _forecast(o, case, event, acted_at, actor)
    record_done(o, row)
    settle_debts(o, case, actor)
    if uniform(o.state[0].seed, DRAW.entry_wrong, c.key, 2000 + c.touches) < o.behaviour[0].next_step_share:
        record_next_step(o, case, actor)
    if c.recorded_stage < c.stage and c.state == STATE.open:
        try_advance(o, case, seat)


@compiled_part
def _file_on_lead(o, case, actor, acted_at, event):
    c = o.cases[case]
    row = c.lead_row
    if row < 0 or o.book.values[row, LEAD.status] > 1.0:
        return
    record_event(o, row, event, acted_at, actor)
    if event == EVENT.attempt:
        record_field(o, row, event, acted_at, actor, LEAD.attempts, o.book.values[row, LEAD.attempts] + 1.0)
    record_done(o, row)


@compiled_part
def _file_facts(o, case, event, acted_at, actor):
    """Facts the rep knows: those that the recorded stage requires, and now and then another, as far as the form has room."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row
    asked = stage_mask(o.settings[0], max(c.recorded_stage, 1))
    room = max(1, int(o.settings[0].fields_asked) // 2)
    for column in range(OPPORTUNITY.needs_summary, OPPORTUNITY.contract_file + 1):
        if room == 0:
            break
        bit = 1 << column
        if c.known & bit == 0 or not math.isnan(o.book.values[row, column]):
            continue
        wanted = asked & bit != 0 or int(o.book.values[row, OPPORTUNITY.required]) & bit != 0
        if wanted or uniform(s.seed, DRAW.entry_wrong, c.key, column) < o.behaviour[0].volunteered_share:
            record_field(o, row, event, acted_at, actor, column, 1.0)
            room -= 1


@compiled_part
def _forecast(o, case, event, acted_at, actor):
    """The amount and date that the rep puts down: rosy, and rosier the earlier the stage."""
    s = o.state[0]
    b = o.behaviour[0]
    c = o.cases[case]
    row = c.row
    left = 1.0 - (c.stage - 1.0) / o.settings[0].stage_count
    noise = b.forecast_noise * left * normal(s.seed, DRAW.forecast, c.key, c.stage)
    amount = float(math.floor(c.value * (1.0 + b.forecast_optimism * left) * math.exp(noise)))
    if amount != o.book.values[row, OPPORTUNITY.amount]:
        record_field(o, row, event, acted_at, actor, OPPORTUNITY.amount, amount)
        c.forecast_amount = amount
    record_field(o, row, event, acted_at, actor, OPPORTUNITY.close_at, float(o.work[case].close_at))


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
def refused(o, case, seat, gate, stage):
    """Ask the gates; a refusal is recorded, and leaves the rep owing what is missing. Returns True when refused."""
    c = o.cases[case]
    row = c.row
    rule = refusal(o.book, o.rules, o.days, row, gate, o.state[0].now)
    if o.book.counts[0].firings > 0:
        settle_now(o)
    if rule == ALLOWED and missing_for_stage(o.book.values, row, o.settings[0], stage) != 0:
        rule = STAGE_REFUSED
    if rule == ALLOWED:
        return False
    o.state[0].event_number += 1
    now = o.state[0].now
    journal_row(o, EVENT.refused, row, o.seats[seat].unit, now, NO_COLUMN, float(gate), rule, now)
    count(o, seat, M.refusals, 1.0)
    comply = uniform(o.state[0].seed, DRAW.comply, c.key, c.touches) < o.behaviour[0].comply_share
    if comply or gate == SIGN:
        o.work[case].owes |= OWES_FIELD
    return True


@compiled_part
def try_advance(o, case, seat):
    """Move the recorded stage towards the true one, a stage at a time, as far as the gates allow."""
    s = o.state[0]
    c = o.cases[case]
    actor = o.seats[seat].unit
    while c.recorded_stage < c.stage:
        if o.work[case].owes & OWES_FIELD != 0:
            supply_missing(o, case, actor)
        if refused(o, case, seat, ADVANCE, c.recorded_stage):
            return
        c.recorded_stage += 1
        record_event(o, c.row, EVENT.advanced, s.now, actor)
        record_field(o, c.row, EVENT.advanced, s.now, actor, OPPORTUNITY.stage, float(c.recorded_stage))
        record_done(o, c.row)


@compiled_part
def supply_missing(o, case, actor):
    """Enter the fields that a gate asked for, so far as the rep knows them."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row
    missing = missing_for_stage(o.book.values, row, o.settings[0], c.recorded_stage) | int(
        o.book.values[row, OPPORTUNITY.required]
    )
    if missing & c.known == 0:
        return
    record_event(o, row, EVENT.field_recorded, s.now, actor)
    for column in range(OPPORTUNITY.needs_summary, OPPORTUNITY.contract_file + 1):
        if missing & c.known & (1 << column) != 0:
            record_field(o, row, EVENT.field_recorded, s.now, actor, column, 1.0)
    record_done(o, row)
    o.work[case].owes &= ~OWES_FIELD


@compiled_part
def withdraw_misfiled(o, case, seat):
    """An entry that was put on the wrong record is voided the next time the rep opens it."""
    c = o.cases[case]
    if (
        c.last_entry >= 0
        and uniform(o.state[0].seed, DRAW.entry_wrong, c.key, 1000 + c.touches) < o.behaviour[0].misfiled_share
    ):
        record_void(o, c.row, c.last_entry, c.last_number, o.seats[seat].unit)
        record_done(o, c.row)
        c.last_entry = -1
