"""Writing to the record: every recorded event passes through here, and so reaches journal, rules and clock alike."""

from policies.engine.evaluator import revise
from policies.engine.following import follow, name_by_link
from policies.jit.compiled import compiled_part
from policies.record.book import NEVER, add_row, enter, enter_at, put
from policies.record.records import EVENT, OPPORTUNITY, UNIT_KIND
from policies.record.voiding import void
from sim.office.engine.events import DUES, ON, RULES
from sim.office.engine.heap import push
from sim.office.record.kept import entry_begins, entry_ends

NOBODY = -1
NO_COLUMN = -1


@compiled_part
def post(o, time, rank, kind, a, b):
    """Put an event on the clock: `rank` orders what falls on one instant, then the order of posting decides."""
    s = o.state[0]
    order = (rank << 56) | s.sequence
    s.sequence += 1
    if s.hosted:
        k = s.posted
        o.outbox[k, 0] = time
        o.outbox[k, 1] = order
        o.outbox[k, 2] = kind
        o.outbox[k, 3] = a
        o.outbox[k, 4] = b
        s.posted = k + 1
    else:
        push(o.heap, s.heap_size, time, order, kind, a, b)
        s.heap_size += 1


@compiled_part
def journal_row(o, event, row, actor, acted_at, column, value, rule, due_at):
    """Append one journal row under the running event number, if the journal is kept."""
    s = o.state[0]
    if s.journal_on == 0:
        return
    j = o.journal[s.journal]
    j.number = s.event_number
    j.recorded_at = s.now
    j.acted_at = acted_at
    j.event = event
    j.kind = o.book.rows[row].kind
    j.row = row
    j.actor = actor
    j.column = column
    j.rule = rule
    j.value = value
    j.due_at = due_at
    s.journal += 1


@compiled_part
def new_row(o, kind, unit, slot):
    """A new record of what stands in `slot` of its array; its first event must be `registered`."""
    row = add_row(o.book, kind, unit)
    o.slots[row] = slot
    return row


@compiled_part
def record_event(o, row, event, acted_at, actor):
    """Record that something happened; returns the entry, by which it can be voided."""
    o.state[0].event_number += 1
    o.book.counts[0].now = o.state[0].now
    entry = enter(o.book, row, event, acted_at)
    entry_begins(o, row, event, acted_at)
    journal_row(o, event, row, actor, acted_at, NO_COLUMN, 0.0, -1, -1)
    return entry


@compiled_part
def record_field(o, row, event, acted_at, actor, column, value):
    """A payload field of the event recorded last."""
    put(o.book, row, column, value)
    journal_row(o, event, row, actor, acted_at, column, value, -1, -1)


@compiled_part
def record_stage(o, row, acted_at, actor, stage):
    """Record the stage that an opportunity has got to."""
    o.state[0].event_number += 1
    o.book.counts[0].now = o.state[0].now
    enter_at(o.book, row, EVENT.advanced, acted_at, stage)
    journal_row(o, EVENT.advanced, row, actor, acted_at, NO_COLUMN, 0.0, -1, -1)
    record_field(o, row, EVENT.advanced, acted_at, actor, OPPORTUNITY.stage, stage)


@compiled_part
def record_void(o, row, entry, number, actor):
    """Withdraw an earlier entry of this record; `number` is the number of its event."""
    s = o.state[0]
    s.event_number += 1
    void(o.book, entry)
    journal_row(o, EVENT.voided, row, actor, s.now, NO_COLUMN, float(number), -1, -1)


@compiled_part
def settle_now(o):
    """See to it that the rules are worked off at this instant, after all actor events."""
    s = o.state[0]
    if s.settle_at != s.now:
        s.settle_at = s.now
        post(o, s.now, RULES, ON.settle, 0, 0)


@compiled_part
def schedule(o, row, due):
    """Have the clock call at the record's next due instant; an earlier call that is still to come is enough."""
    if due < o.book.rows[row].scheduled_at:
        o.book.rows[row].scheduled_at = due
        post(o, due, DUES, ON.row_due, row, 0)


@compiled_part
def record_done(o, row):
    """Close the event: dues of the record are computed again, and of a unit those of what it owns where clocks rest with it."""
    entry_ends(o, row)
    if o.rules.rest_on_absence[0] != 0 and o.book.rows[row].kind == UNIT_KIND:
        for owned in range(o.book.counts[0].rows):
            if o.book.rows[owned].unit == row and owned != row:
                _due_again(o, owned)
    _due_again(o, row)
    if o.links.follows[o.book.rows[row].kind] != 0:
        follow_on(o, row)
    if o.book.counts[0].agenda > 0:
        settle_now(o)


@compiled_part
def _due_again(o, row):
    due = revise(o.book, o.rules, o.days, row, o.state[0].now)
    if due != NEVER:
        schedule(o, row, due)


@compiled_part
def follow_on(o, row):
    """Bring what depends on a changed record up to date; returns how many records that changed."""
    found = follow(o.book, o.links, o.edges, o.edge_heads, o.edge_marks, o.edge_queue[0], o.edge_queue[1], row)
    for place in range(found):
        other = o.edge_queue[1, place]
        due = revise(o.book, o.rules, o.days, other, o.state[0].now)
        if due != NEVER:
            schedule(o, other, due)
    return found


@compiled_part
def link_rows(o, row, place, target):
    """Remember that a record names another by the link in a column."""
    s = o.state[0]
    name_by_link(o.edges, o.edge_heads, s.edges, row, place, target)
    s.edges += 1


@compiled_part
def record_simple(o, row, event, acted_at, actor):
    """An event without payload."""
    record_event(o, row, event, acted_at, actor)
    record_done(o, row)
