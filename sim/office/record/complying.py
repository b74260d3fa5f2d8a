"""What a rep does about a refusal: fetch what the gate asks for, each thing by its own way, or leave it.

The ways stand in `policies.record.supplying`: an entry, a question at the next conversation, the legal desk, a quote, the next
step, the forecast, the stall reason. A customer who has agreed stays agreed while the rep fetches what the signature lacks.
"""

import numpy as np

from policies.engine.gates import ALLOWED, STAGE, absent, lacking, missing_for_stage, refusal, unmet
from policies.jit.compiled import compiled_part
from policies.record.records import EVENT, GATES, OPPORTUNITY, OPPORTUNITY_KIND, WIDTH
from policies.record.supplying import CONTACT, CUSTOMER, ENTRY, FORECAST, LEGAL, NEXT_STEP, QUOTE, STALL_REASON, columns_by
from policies.support.promise import LEGAL as LEGAL_DESK
from sim.office.cases.approvals import ask_for_approvals
from sim.office.cases.closing import WAITS_FOR_DESK
from sim.office.cases.phases import record_phase, stage_of
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.draws import uniform
from sim.office.engine.events import DRAW, OWES_FIELD, OWES_SUMMARY
from sim.office.engine.ledger import NO_COLUMN, journal_row, record_done, record_event, record_field, record_stage, settle_now
from sim.office.people.desks import LEGAL_TURN, ask_desk
from sim.office.record.entries import explain_stall, record_forecast, record_next_step, value_of_fact

ADVANCE, SIGN, CREATE = GATES.index("advance"), GATES.index("sign"), GATES.index("create")
FROM_CUSTOMER, FROM_LEGAL, BY_QUOTE = columns_by(CUSTOMER), columns_by(LEGAL), columns_by(QUOTE)
BY_NEXT_STEP, BY_FORECAST, BY_STALL_REASON = columns_by(NEXT_STEP), columns_by(FORECAST), columns_by(STALL_REASON)
BY_RULE = np.int64(1 << OPPORTUNITY.legal_approval)
"""What legal has been asked for already where a rule had it asked."""
BY_CONTACT, BY_ENTRY = columns_by(CONTACT), columns_by(ENTRY)
OWN_DOING = BY_ENTRY | BY_CONTACT | BY_FORECAST | BY_NEXT_STEP | BY_QUOTE | BY_STALL_REASON
"""Columns that a rep can supply without anybody's answer."""
MOVED_BY_CONTACT = (1 << OPPORTUNITY.actions) | (1 << OPPORTUNITY.days_idle) | (1 << OPPORTUNITY.health)
MOVED_BY_NEEDS = 1 << OPPORTUNITY.days_without_progress
MOVED_OTHERWISE = (1 << OPPORTUNITY.stage) | (1 << OPPORTUNITY.frozen) | (1 << OPPORTUNITY.required) | (1 << OPPORTUNITY.flag)
DISCOUNT = 1 << OPPORTUNITY.discount


@compiled_part
def refused(o, case, seat, gate, stage):
    """Ask the gates; a refusal is recorded, and leaves the rep owing what is missing. Returns True when refused."""
    c = o.cases[case]
    row = c.row
    rule = refusal(o.book, o.rules, o.days, row, gate, o.state[0].now)
    if o.book.counts[0].firings > 0:
        settle_now(o)
    if rule == ALLOWED and missing_for_stage(o.book.values, row, o.settings[0], stage) != 0:
        rule = STAGE
    if rule == ALLOWED and unmet(o.book, o.rules, row, stage, gate):
        rule = STAGE
    if rule == ALLOWED:
        return False
    o.state[0].event_number += 1
    now = o.state[0].now
    journal_row(o, EVENT.refused, row, o.seats[seat].unit, now, NO_COLUMN, float(gate), rule, now)
    count(o, seat, M.refusals, 1.0)
    c.refused_by = rule
    comply = uniform(o.state[0].seed, DRAW.comply, c.key, c.touches) < o.behaviour[0].comply_share
    if comply or gate == SIGN or c.agreed != 0:
        o.work[case].owes |= OWES_FIELD
        if rule >= 0 and o.rules.rules[rule].reads & MOVED_BY_NEEDS != 0:
            o.work[case].owes |= OWES_SUMMARY
        lacks = lacking(o.book, o.rules, o.settings[0], row, rule, stage, gate)
        # What a stage asks for and the rep knows goes into the next entry anyway.
        take_on(o, case, seat, lacks & ~c.known if rule == STAGE else lacks)
    return True


@compiled_part
def complete_for_creation(o, case, row, actor):
    """Whoever enters a lead or an opportunity fills in what gates of creation ask for, as payload of its first event, which
    takes the owner minutes."""
    now = o.state[0].now
    kind = o.book.rows[row].kind
    group = o.rules.groups[kind]
    if group.gate_from == group.gate_to:
        return
    rule = refusal(o.book, o.rules, o.days, row, CREATE, now)
    while rule >= 0:
        lacks = absent(o.book.values, row, o.rules.rules[rule].asks)
        if lacks == 0:
            break
        for place in range(WIDTH):
            if lacks & (np.int64(1) << place) != 0:
                value = value_of_fact(o, case, actor, place) if kind == OPPORTUNITY_KIND else 1.0
                record_field(o, row, EVENT.registered, now, actor, place, value)
        o.work[case].owes |= OWES_FIELD
        rule = refusal(o.book, o.rules, o.days, row, CREATE, now)
    if o.book.counts[0].firings > 0:
        settle_now(o)


@compiled_part
def take_on(o, case, seat, lacks):
    """The rep is to get these columns (a bit mask): what legal gives is asked for at once, and the case waits for it."""
    c = o.cases[case]
    c.asked |= lacks
    ask_for_approvals(o, case, lacks)
    from_legal = FROM_LEGAL & ~BY_RULE if c.approvals & (1 << LEGAL_DESK) != 0 else FROM_LEGAL
    if c.asked & from_legal & ~c.known != 0 and c.request == NOBODY:
        c.request = ask_desk(o, LEGAL_DESK, case, NOBODY, seat, LEGAL_TURN)
        c.legal_asked = 1
        o.work[case].blocked = WAITS_FOR_DESK


@compiled_part
def still_asked(o, case):
    """Columns that the rep was to get and that are still wanted: absent, or required anew by a rule."""
    c = o.cases[case]
    if c.asked == 0:
        return c.asked
    required = o.book.values[c.row, OPPORTUNITY.required]
    wanted = absent(o.book.values, c.row, c.asked)
    if required > 0.0:
        wanted |= np.int64(required)
    c.asked &= wanted
    return c.asked


@compiled_part
def ask_customer(o, case):
    """In a conversation the rep asks for what a gate, a rule or a stage wanted to know."""
    c = o.cases[case]
    c.known |= c.asked & FROM_CUSTOMER


@compiled_part
def try_advance(o, case, seat):
    """Move the recorded stage towards the true one, a stage at a time, as far as the gates allow."""
    s = o.state[0]
    c = o.cases[case]
    actor = o.seats[seat].unit
    while c.recorded_stage < stage_of(o, c):
        if o.work[case].owes & OWES_FIELD != 0:
            supply_missing(o, case, actor)
        if refused(o, case, seat, ADVANCE, c.recorded_stage):
            break
        c.recorded_stage += 1
        record_stage(o, c.row, s.now, actor, float(c.recorded_stage))
        record_done(o, c.row)
    record_phase(o, c)


@compiled_part
def supply_missing(o, case, actor):
    """Supply the fields that the stage, a rule or a gate asked for, so far as the rep has them."""
    c = o.cases[case]
    required = o.book.values[c.row, OPPORTUNITY.required]
    missing = lacking(o.book, o.rules, o.settings[0], c.row, STAGE, c.recorded_stage, ADVANCE)
    if required > 0.0:
        missing |= np.int64(required)
    supply(o, case, actor, missing | still_asked(o, case))


@compiled_part
def supply(o, case, actor, missing):
    """Put those of the missing columns on the record that the rep has or can do; the others stay asked for."""
    s = o.state[0]
    c = o.cases[case]
    row = c.row
    ready = missing & (c.known | OWN_DOING)
    if ready == 0:
        return
    entered = ready & (FROM_CUSTOMER | FROM_LEGAL | BY_ENTRY)
    if entered != 0:
        record_event(o, row, EVENT.field_recorded, s.now, actor)
        for column in range(OPPORTUNITY.owner, OPPORTUNITY.days_idle):
            if entered & (1 << column) != 0:
                value = value_of_fact(o, case, actor, column)
                record_field(o, row, EVENT.field_recorded, s.now, actor, column, value)
        record_done(o, row)
    _do(o, case, actor, ready)
    c.asked &= ~ready
    o.work[case].owes &= ~OWES_FIELD


@compiled_part
def _do(o, case, actor, ready):
    """What is not a plain entry: a forecast, a contact that was not yet entered, a quote, the next step, the stall reason."""
    s = o.state[0]
    row = o.cases[case].row
    if ready & BY_FORECAST != 0:
        record_event(o, row, EVENT.forecast, s.now, actor)
        record_forecast(o, case, EVENT.forecast, s.now, actor)
        record_done(o, row)
    if ready & BY_CONTACT != 0:
        event = EVENT.first_contact if ready & (1 << OPPORTUNITY.first_contact_at) != 0 else EVENT.contact
        enter_contact(o, case, actor, event)
    if ready & BY_QUOTE != 0:
        enter_contact(o, case, actor, EVENT.document)
    if ready & BY_NEXT_STEP != 0:
        record_next_step(o, case, actor)
    if ready & BY_STALL_REASON != 0:
        explain_stall(o, case, actor)


@compiled_part
def enter_contact(o, case, actor, event):
    """Enter one more conversation or document on an opportunity."""
    now = o.state[0].now
    row = o.cases[case].row
    record_event(o, row, event, now, actor)
    record_done(o, row)


@compiled_part
def minutes_to_comply(o, case):
    """Minutes of fetching what a signature lacks: those of what a rule asks for per thing, a call, a quote."""
    b = o.behaviour[0]
    c = o.cases[case]
    things = 0
    column = 0
    while c.asked >> column != 0:
        things += c.asked >> column & 1
        column += 1
    minutes = b.obligation_minutes * max(1, things)
    if c.asked & FROM_CUSTOMER & ~c.known != 0:
        minutes += b.minutes_first_touch
    if c.asked & BY_QUOTE != 0:
        minutes += b.minutes_quote
    return minutes


@compiled_part
def find_a_way(o, case, seat):
    """A signature was refused: whether something can lift it. Where a lower discount does, the customer has to be won for it
    anew; where only more contact does, one is entered; what changes in other ways is waited for as long as patience lasts."""
    c = o.cases[case]
    owes_more = o.work[case].owes & OWES_SUMMARY != 0
    if c.refused_by == STAGE and c.asked == 0 and not owes_more and unmet(o.book, o.rules, c.row, c.recorded_stage, ADVANCE):
        c.fruitless += 1
        return c.fruitless < o.behaviour[0].fruitless_limit + o.seats[seat].temper
    if c.asked != 0 or owes_more or o.work[case].blocked == WAITS_FOR_DESK or c.refused_by < 0:
        return True
    rule = o.rules.rules[c.refused_by]
    if rule.reads & DISCOUNT != 0 and c.discount > 0.0:
        c.agreed = 0
        return True
    if rule.reads & MOVED_BY_CONTACT != 0:
        enter_contact(o, case, o.seats[seat].unit, EVENT.contact)
        return True
    c.fruitless += 1
    return rule.reads & MOVED_OTHERWISE != 0 and c.fruitless < o.behaviour[0].fruitless_limit + o.seats[seat].temper


@compiled_part
def tell_discount(o, case, actor):
    """Where a gate looks at the discount, the one agreed with the customer is put on record before the gate is asked."""
    now = o.state[0].now
    c = o.cases[case]
    if not _gates_read_discount(o) or o.book.values[c.row, OPPORTUNITY.discount] == c.discount:
        return
    record_event(o, c.row, EVENT.field_recorded, now, actor)
    record_field(o, c.row, EVENT.field_recorded, now, actor, OPPORTUNITY.discount, c.discount)
    record_done(o, c.row)


@compiled_part
def _gates_read_discount(o):
    group = o.rules.groups[OPPORTUNITY_KIND]
    reads = np.int64(0)
    for member in range(group.gate_from, group.gate_to):
        reads |= o.rules.rules[o.rules.members[member]].reads
    return reads & DISCOUNT != 0
