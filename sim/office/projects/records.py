"""What people put on record about projects, in records of the kinds that a policy declares; nothing where it declares none."""

import numpy as np

from policies.engine.following import told_over_links
from policies.engine.gates import ALLOWED, refusal
from policies.jit.compiled import compiled, compiled_part
from policies.record.book import place_row
from policies.record.records import EVENT, GATES, OWN, column
from sim.office.counting.tally import M, count
from sim.office.engine.ledger import (
    NO_COLUMN,
    journal_row,
    link_rows,
    new_row,
    record_done,
    record_event,
    record_field,
    record_simple,
    settle_now,
)
from sim.office.projects.plan import MILESTONE, PART, ROLE

NOBODY = -1
CREATE = GATES.index("create")
OWNER, STATUS, REQUIRED, REGISTERED_AT, CHANGED_AT = (
    column(OWN, name) for name in ("owner", "status", "required", "registered_at", "changed_at")
)
MILESTONE_ROLE, TASK_ROLE, DELIVERABLE, INVOICE = ROLE["milestone"], ROLE["task"], ROLE["deliverable"], ROLE["invoice"]
PRECEDENCE, CONFIRMATION, WEEK_ROLE, PROMISE = ROLE["precedence"], ROLE["confirmation"], ROLE["week"], ROLE["promise"]
MILESTONE_DEAL, TASK_DEAL = PART["milestone", "deal"], PART["task", "deal"]
MILESTONE_DUE, TASK_DUE = PART["milestone", "due_at"], PART["task", "due_at"]
AMOUNT, DELIVERED_AT, ACCEPTED_AT = (PART["milestone", part] for part in ("amount", "delivered_at", "accepted_at"))
FINISHED_AT, TASK_DEPARTMENT = PART["task", "finished_at"], PART["task", "department"]
OF_MILESTONE, FILE = PART["deliverable", "milestone"], PART["deliverable", "file"]
INVOICED_MILESTONE, INVOICED_DEAL, TOTAL, PAYABLE_AT = (
    PART["invoice", part] for part in ("milestone", "deal", "total", "due_at")
)
LATER, BEFORE = PART["precedence", "task"], PART["precedence", "before"]
CONFIRMED, CONFIRMER = PART["confirmation", "task"], PART["confirmation", "department"]

PART_ROLES = np.array([ROLE[role] for role, _ in PART], np.int64)
"""By part: what it is a part of."""


@compiled_part
def _own(o, item):
    """Unit of the rep who sold what a step belongs to."""
    return o.seats[o.projects[o.items[item].project].owner].unit


@compiled_part
def seat_of(o, row):
    """Seat of the rep to whom a record of a declared kind belongs; -1 for nobody's."""
    role, slot = o.kind_roles[o.book.rows[row].kind], o.slots[row]
    if role == WEEK_ROLE:
        return np.int64(NOBODY)
    if role == PROMISE:
        return o.cases[o.orders[slot].case].owner
    return o.projects[o.items[slot].project].owner


@compiled_part
def tell_part(o, row, event, acted_at, actor, part, value):
    """A field of the event recorded last, where the policy's kind has one that plays the part."""
    place = o.part_columns[part]
    if place >= 0 and value == value:
        record_field(o, row, event, acted_at, actor, place, value)


@compiled_part
def tell_link(o, row, actor, part, target):
    """A link of a record that is being registered to a row that is there."""
    place = o.part_columns[part]
    if place >= 0 and target >= 0:
        record_field(o, row, EVENT.registered, o.state[0].now, actor, place, float(target))
        link_rows(o, row, place, target)


@compiled_part
def begin_record(o, role, item):
    """A new record of a step's, up to its own fields; -1 where the policy has no such kind."""
    code = o.kind_codes[role]
    if code < 0:
        return np.int64(NOBODY)
    unit = _own(o, item)
    row = new_row(o, code, unit, item)
    record_event(o, row, EVENT.registered, o.state[0].now, unit)
    record_field(o, row, EVENT.registered, o.state[0].now, unit, OWNER, float(unit))
    return np.int64(row)


@compiled_part
def register_step(o, item):
    """Put a step on record with what belongs to it; what happened before is told with it."""
    t = o.items[item]
    step = o.plan[t.step]
    now, unit = o.state[0].now, _own(o, item)
    is_milestone = step.kind == MILESTONE
    t.row = begin_record(o, MILESTONE_ROLE if is_milestone else TASK_ROLE, item)
    if t.row >= 0:
        deal = o.cases[o.projects[t.project].case].row
        tell_link(o, t.row, unit, MILESTONE_DEAL if is_milestone else TASK_DEAL, deal)
        tell_part(o, t.row, EVENT.registered, now, unit, MILESTONE_DUE if is_milestone else TASK_DUE, float(t.due_at))
        if is_milestone:
            tell_part(o, t.row, EVENT.registered, now, unit, AMOUNT, t.amount)
            if t.entered & 1:
                tell_part(o, t.row, EVENT.registered, now, unit, DELIVERED_AT, float(t.done_at))
            if t.entered & 2:
                tell_part(o, t.row, EVENT.registered, now, unit, ACCEPTED_AT, float(t.accepted_at))
        else:
            tell_part(o, t.row, EVENT.registered, now, unit, TASK_DEPARTMENT, _choice(o.departments[step.department].as_task))
            if t.entered & 1:
                tell_part(o, t.row, EVENT.registered, now, unit, FINISHED_AT, float(t.done_at))
        record_done(o, t.row)
        _register_parts(o, item)
        if t.started_at > 0:
            record_simple(o, t.row, EVENT.started, t.started_at, NOBODY)


@compiled_part
def _choice(place):
    return float(place) if place >= 0 else np.nan


@compiled_part
def _register_parts(o, item):
    """The documents, the steps before and the confirmations of a step that is on record."""
    t = o.items[item]
    step = o.plan[t.step]
    unit = _own(o, item)
    if step.kind == MILESTONE:
        for number in range(step.deliverables):
            row = begin_record(o, DELIVERABLE, item)
            if row < 0:
                break
            if number == 0:
                t.files = row
            tell_link(o, row, unit, OF_MILESTONE, t.row)
            if t.done_at > 0 and number >= t.missing:
                tell_part(o, row, EVENT.registered, o.state[0].now, unit, FILE, 1.0)
            record_done(o, row)
        return
    for place in range(step.after_from, step.after_to):
        before = o.items[o.projects[t.project].first + o.plan_after[place]].row
        if before >= 0 and o.book.rows[before].kind == o.kind_codes[TASK_ROLE]:
            row = begin_record(o, PRECEDENCE, item)
            if row >= 0:
                tell_link(o, row, unit, LATER, t.row)
                tell_link(o, row, unit, BEFORE, before)
                record_done(o, row)
    for place in range(step.confirm_from, step.confirm_to):
        row = begin_record(o, CONFIRMATION, item)
        if row < 0:
            break
        if place == step.confirm_from:
            t.confirmations = row
        tell_link(o, row, unit, CONFIRMED, t.row)
        who = o.departments[o.plan_confirmers[place]].as_confirmation
        tell_part(o, row, EVENT.registered, o.state[0].now, unit, CONFIRMER, _choice(who))
        record_done(o, row)


@compiled
def enter_project(o, project):
    """Put a project on record that was under way before anybody kept such records."""
    p = o.projects[project]
    for item in range(p.first, p.first + p.steps):
        t = o.items[item]
        code = o.kind_codes[MILESTONE_ROLE if o.plan[t.step].kind == MILESTONE else TASK_ROLE]
        if code < 0 or t.row >= 0:
            continue
        t.entered = (1 if t.done_at > 0 else 0) | (2 if t.accepted_at > 0 else 0)
        register_step(o, item)
        if t.closed_at > 0:
            t.completed = 1
            record_simple(o, t.row, EVENT.completed, t.closed_at, NOBODY)


@compiled_part
def tell_fact(o, row, acted_at, part, value):
    """A fact about a record that is there, entered now."""
    if row >= 0 and o.part_columns[part] >= 0:
        record_event(o, row, EVENT.field_recorded, acted_at, NOBODY)
        record_field(o, row, EVENT.field_recorded, acted_at, NOBODY, o.part_columns[part], value)
        record_done(o, row)


@compiled_part
def is_refused(o, row, gate, seat):
    """Ask the gates about a step on a record; a refusal is recorded."""
    if row < 0:
        return False
    rule = refusal(o.book, o.rules, o.days, row, gate, o.state[0].now)
    if o.book.counts[0].firings > 0:
        settle_now(o)
    if rule == ALLOWED:
        return False
    o.state[0].event_number += 1
    journal_row(o, EVENT.refused, row, o.seats[seat].unit, o.state[0].now, NO_COLUMN, float(gate), rule, o.state[0].now)
    count(o, seat, M.refusals, 1.0)
    return True


@compiled_part
def lets_pass(o, row, gate):
    """Whether the gates would let a step on a record be taken now; nobody asks for it, so nothing is recorded."""
    if row < 0:
        return True
    firings = o.book.counts[0].firings
    rule = refusal(o.book, o.rules, o.days, row, gate, o.state[0].now)
    o.book.counts[0].firings = firings
    return rule == ALLOWED


@compiled_part
def draft(o, role, slot):
    """A row for a record that is still to be created; -1 where the policy has no such kind."""
    if o.kind_codes[role] < 0:
        return np.int64(NOBODY)
    row = o.book.counts[0].rows
    o.book.counts[0].rows = row + 1
    o.slots[row] = slot
    return np.int64(row)


@compiled_part
def put_on_draft(o, row, role, unit):
    """Make a draft look like the record that it would become: a gate looks at it. What follows are its own fields."""
    now = float(o.state[0].now)
    o.book.rows[row].kind = o.kind_codes[role]
    o.book.rows[row].unit = unit
    values = o.book.values
    values[row, STATUS] = 0.0
    values[row, REQUIRED] = 0.0
    values[row, REGISTERED_AT] = now
    values[row, CHANGED_AT] = now
    values[row, OWNER] = float(unit)


@compiled_part
def put_part(o, row, part, value):
    """A field of a draft."""
    if o.part_columns[part] >= 0:
        o.book.values[row, o.part_columns[part]] = value


@compiled_part
def may_be_created(o, row, role, seat):
    """Ask the gates of creation about a draft. A refusal is recorded with what it would have held; a draft that may become a
    record has become an empty one."""
    told_over_links(o.book, o.links, row)
    refused = is_refused(o, row, CREATE, seat)
    if refused:
        _tell_draft(o, row, seat)
    _empty_draft(o, row)
    if not refused:
        place_row(o.book, row, o.kind_codes[role], o.seats[seat].unit)
    return not refused


@compiled_part
def could_be_created(o, row):
    """Whether the gates of creation would let a draft become a record now; the draft is empty afterwards."""
    told_over_links(o.book, o.links, row)
    passes = lets_pass(o, row, CREATE)
    _empty_draft(o, row)
    return passes


@compiled_part
def _empty_draft(o, row):
    o.book.rows[row].kind = NOBODY
    o.book.values[row, :] = np.nan


@compiled_part
def _tell_draft(o, row, seat):
    now, unit = o.state[0].now, o.seats[seat].unit
    role = o.kind_roles[o.book.rows[row].kind]
    for part in range(len(o.part_columns)):
        place = o.part_columns[part]
        if PART_ROLES[part] == role and place >= 0 and o.book.values[row, place] == o.book.values[row, place]:
            journal_row(o, EVENT.refused, row, unit, now, place, o.book.values[row, place], -1, -1)

