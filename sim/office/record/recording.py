"""From what happened to what is recorded: entries cost minutes, come late or never, and gates may refuse them."""

import math

from policies.engine.gates import stage_mask
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, LEAD, OPPORTUNITY
from policies.recording.full_day import FACT_COUNT, FILLED
from policies.time.calendar_arrays import add_open
from sim.office.counting.tally import M, count
from sim.office.engine.draws import exponential, uniform
from sim.office.engine.events import ACTORS, DAY, DRAW, MINUTE, ON, STATE
from sim.office.engine.ledger import post, record_done, record_event, record_field, record_void
from sim.office.people.habit import fills_in, is_asked, part_today, putting_off
from sim.office.people.targets import VISITS, count_unit
from sim.office.record.complying import still_asked, supply, try_advance
from sim.office.record.entries import record_forecast, record_next_step, record_required, settle_debts, value_of_fact
from sim.office.record.kept import keep_last, take_back_last

PROMPT, LATE, NEVER_ENTERED = 0, 1, 2


@compiled_part
def entry_fate(o, case, seat, touch):
    """Whether a touch will be entered at once, late, or never; the same answer however often it is asked.

    What is a habit is done at once, without a decision. For the rest completeness is e^(−0.03·(fields − 5)⁺) of what is asked;
    an open obligation raises it, and so does the day's task while it is open.
    """
    s = o.state[0]
    b = o.behaviour[0]
    p = o.settings[0]
    h = o.habits[seat]
    key = o.cases[case].key
    if uniform(s.seed, DRAW.entry_habit, key, touch) < h.strength:
        return PROMPT
    extra = max(0.0, p.fields_asked + p.advanced_fields * b.advanced_field_weight - 5.0)
    skipped = 1.0 - b.recorded_at_best * math.exp(-b.field_fatigue * extra)
    skipped *= math.exp(-0.5 * o.seats[seat].temper)
    entered, asked = o.entered[seat, s.day_index], is_asked(h.first_day, h.asked_on, p, s.day_index)
    skipped *= putting_off(p, b, entered, h.hope, asked, o.work[case].owes != 0)
    if uniform(s.seed, DRAW.entry_skip, key, touch) < skipped:
        return NEVER_ENTERED
    put_off = putting_off(p, b, entered, h.hope, asked, False)
    if uniform(s.seed, DRAW.entry_prompt, key, touch) < 1.0 - (1.0 - b.prompt_share) * put_off:
        return PROMPT
    return LATE


@compiled_part
def intend_entry(o, case, seat, touch):
    """What a rep means to do about the entry of a touch that begins: its end keeps to it, whatever has happened by then."""
    r = o.seats[seat]
    r.fate = entry_fate(o, case, seat, touch)
    r.fate_case = case
    r.fate_touch = touch
    return r.fate


@compiled_part
def _intended(o, case, seat, touch):
    r = o.seats[seat]
    if r.fate_case == case and r.fate_touch == touch:
        return r.fate
    return entry_fate(o, case, seat, touch)


@compiled_part
def filling_minutes(o, seat, fate):
    """Minutes of facts that nobody has to enter, as far as the rep fills them in more than others do."""
    b = o.behaviour[0]
    if fate == NEVER_ENTERED or (part_today(o, seat) != FILLED and o.habits[seat].filling == 0.0):
        return 0.0
    return b.entry_minutes_field * FACT_COUNT * (fills_in(o, seat) - b.volunteered_share)


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
    fate = _intended(o, case, seat, touch)
    count(o, seat, M.updates, 1.0)
    o.habits[seat].touches += 1
    if fate == PROMPT:
        o.habits[seat].prompt += 1
        file_entry(o, case, seat, s.now, event)
    elif fate == LATE:
        number = s.late
        s.late += 1
        entry = o.late[number]
        entry.case = case
        entry.acted_at = s.now
        entry.event = event
        lag = o.behaviour[0].entry_lag_days * exponential(s.seed, DRAW.entry_lag, o.cases[case].key, touch)
        at = add_open(o.days, s.now + int(lag * DAY), 10 * MINUTE)
        post(o, at, ACTORS, ON.late_entry, number, 0)


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

    Of what is closed nothing is entered any more, and such an entry does not count as recorded. An attempt is about the lead,
    also where it is entered after the lead has become an opportunity.
    """
    c = o.cases[case]
    actor = o.seats[seat].unit
    if c.row < 0 or event == EVENT.attempt:
        _file_on_lead(o, case, seat, acted_at, event)
        return
    row = c.row
    if o.book.values[row, OPPORTUNITY.status] != 0.0:
        return
    entry = record_event(o, row, event, acted_at, actor)
    _count_entry(o, seat, acted_at)
    c.last_entry = entry
    c.last_number = o.state[0].event_number
    _file_facts(o, case, seat, event, acted_at, actor)
    record_forecast(o, case, event, acted_at, actor)
    record_done(o, row)
    keep_last(o, case)
    settle_debts(o, case, actor)
    if still_asked(o, case) != 0:
        supply(o, case, actor, c.asked)
    # A rep who is short of effective visits books the follow-up that makes this one count.
    short = c.visited != 0 and o.seats[seat].visits < o.settings[0].action_visits
    if short or uniform(o.state[0].seed, DRAW.entry_wrong, c.key, 2000 + c.touches) < o.behaviour[0].next_step_share:
        record_next_step(o, case, actor)
    if c.visited != 0:
        c.visited = 0
        if _effective(o, row):
            count_unit(o, seat, VISITS)
    if c.state == STATE.open:
        try_advance(o, case, seat)


@compiled_part
def _count_entry(o, seat, acted_at):
    count(o, seat, M.updates_recorded, 1.0)
    count(o, seat, M.entry_lag_days, (o.state[0].now - acted_at) / DAY)


@compiled_part
def _effective(o, row):
    """Whether the record says of a visit that it was effective (G2): needs recorded, solution shown, next follow-up dated."""
    values = o.book.values
    needs, shown = values[row, OPPORTUNITY.needs_summary], values[row, OPPORTUNITY.proposal_pages]
    return needs == needs and shown == shown and values[row, OPPORTUNITY.next_step_at] > o.state[0].now


@compiled_part
def _file_on_lead(o, case, seat, acted_at, event):
    c = o.cases[case]
    row, actor = c.lead_row, o.seats[seat].unit
    if row < 0 or o.book.values[row, LEAD.status] > 1.0:
        return
    record_event(o, row, event, acted_at, actor)
    _count_entry(o, seat, acted_at)
    record_done(o, row)
    record_required(o, row, actor)


@compiled_part
def _file_facts(o, case, seat, event, acted_at, actor):
    """Facts the rep knows: those that the recorded stage requires, and now and then another, as far as the form has room."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row
    asked = stage_mask(o.settings[0], max(c.recorded_stage, 1))
    fills = fills_in(o, seat)
    room = max(1, int(o.settings[0].fields_asked) // 2)
    for column in range(OPPORTUNITY.needs_summary, OPPORTUNITY.contract_file + 1):
        if room == 0:
            break
        bit = 1 << column
        if c.known & bit == 0 or not math.isnan(o.book.values[row, column]):
            continue
        wanted = asked & bit != 0 or int(o.book.values[row, OPPORTUNITY.required]) & bit != 0
        is_fact = column == OPPORTUNITY.decision_maker or column == OPPORTUNITY.budget or column == OPPORTUNITY.competitor
        share = fills if is_fact else o.behaviour[0].volunteered_share
        if wanted or uniform(s.seed, DRAW.entry_wrong, c.key, column) < share:
            record_field(o, row, event, acted_at, actor, column, value_of_fact(o, case, actor, column))
            room -= 1


@compiled_part
def withdraw_misfiled(o, case, seat):
    """An entry that was put on the wrong record is voided the next time the rep opens it."""
    c = o.cases[case]
    if (
        c.last_entry >= 0
        and uniform(o.state[0].seed, DRAW.entry_wrong, c.key, 1000 + c.touches) < o.behaviour[0].misfiled_share
    ):
        take_back_last(o, case)
        record_void(o, c.row, c.last_entry, c.last_number, o.seats[seat].unit)
        record_done(o, c.row)
        c.last_entry = -1
