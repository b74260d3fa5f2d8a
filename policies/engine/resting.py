"""Clocks that rest: while something holds on the record, or while its owner is absent, a rule's clock stands still.

What rested when is read from what was recorded when, without what was withdrawn since. So a restart, a replay and a withdrawal
come to the same, and nothing is counted on the way.
"""

import numpy as np

from policies.engine.compile import NO_CONDITION
from policies.engine.conditions import due_again, due_at, holds, latest_fired
from policies.jit.compiled import compiled, compiled_part
from policies.record.book import REQUIREMENT
from policies.record.records import UNIT, UNIT_KIND
from policies.time.calendar_arrays import NEVER, add_open_of, open_between_of

_NONE = np.int64(-1)
_IN_MS = 0


@compiled
def due_of(book, rules, days, position, row, since):
    """When a rule may fire next for a record and a value of since: its clock, repetitions and rests; NEVER for not at all, or
    not before something is recorded."""
    rule = rules.rules[position]
    head, owner = book.rows[row].fired_head, book.rows[row].unit
    due = due_at(rule, days, owner, since)
    if rule.rests != NO_CONDITION or rule.rests_absent:
        due = _rested(book, rules, days, position, row, max(np.int64(since), rule.activated_at), due, rule.delay_unit)
    again = due_again(rule, days, owner, book.fired, head, np.int64(since))
    if again < 0 or again == NEVER:
        return max(due, again)
    if rule.rests != NO_CONDITION or rule.rests_absent:
        fired_at = latest_fired(rule, book.fired, head, np.int64(since))
        again = _rested(book, rules, days, position, row, fired_at, again, rule.again_unit)
    return max(due, again)


@compiled_part
def _rested(book, rules, days, position, row, start, runs_out, unit):
    """When a clock that started at `start` and would run out at `runs_out` runs out with its rests.

    A rest that begins before the clock runs out puts that off by its length, for business days and open hours by its open time.
    """
    due = runs_out
    while due < NEVER:
        length = _resting_time(book, rules, days, position, row, start, due, unit != _IN_MS)
        if length == NEVER:
            return np.int64(NEVER)
        put_off = runs_out + length if unit == _IN_MS else add_open_of(days, book.rows[row].unit, runs_out, length)
        if put_off == due:
            return np.int64(due)
        due = put_off
    return np.int64(NEVER)


@compiled_part
def _resting_time(book, rules, days, position, row, start, due, in_open_time):
    """How long the rests took that begin before `due`, whole, from `start` on; NEVER if one of them has not ended.

    The record goes back step by step from what it is now: `scratch` is what it was.
    """
    rule = rules.rules[position]
    for column in range(book.values.shape[1]):
        book.scratch[0, column] = book.values[row, column]
    unit = _owner(book, row) if rule.rests_absent else _NONE
    absent = unit >= 0 and book.values[unit, UNIT.absent] == 1.0
    own = _standing(book, book.rows[row].change_head, _NONE)
    of_unit = _standing(book, book.rows[unit].change_head, np.int64(UNIT.absent)) if unit >= 0 else _NONE
    length = np.int64(0)
    ends = np.int64(-1)  # of the rest that reaches down to `upper`; -1 for none
    upper = np.int64(NEVER)
    while own >= 0:
        at = book.changes[own].at
        if of_unit >= 0:
            at = max(at, book.changes[of_unit].at)
        if at < upper:
            rests = absent
            if rule.rests != NO_CONDITION and not rests:
                rests = holds(book.scratch, 0, rules.conditions[rule.rests], rules.ops)
            if rests and ends < 0:
                ends = upper
            elif not rests and ends >= 0:
                length = _with_rest(days, book.rows[row].unit, length, max(upper, start), ends, due, in_open_time)
                ends = np.int64(-1)
            upper = at
        if length == NEVER or at <= start:
            break
        while own >= 0 and book.changes[own].at == at:
            column = book.changes[own].column
            book.scratch[0, column] = _before(book, own)
            own = _standing(book, book.changes[own].previous, _NONE)
        while of_unit >= 0 and book.changes[of_unit].at == at:
            absent = _before(book, of_unit) == 1.0
            of_unit = _standing(book, book.changes[of_unit].previous, np.int64(UNIT.absent))
    if ends >= 0:
        length = _with_rest(days, book.rows[row].unit, length, max(upper, start), ends, due, in_open_time)
    return length


@compiled_part
def _with_rest(days, owner, length, begins, ends, due, in_open_time):
    """A sum of rests with one more, if it begins before the clock runs out."""
    if begins >= due or ends <= begins or length == NEVER:
        return length
    if ends == NEVER:
        return np.int64(NEVER)
    return np.int64(length + (open_between_of(days, owner, begins, ends) if in_open_time else ends - begins))


@compiled_part
def _owner(book, row):
    """The row of the unit that owns a record; -1 where it is not on record."""
    unit = np.int64(book.rows[row].unit)
    known = 0 <= unit < book.counts[0].rows and book.rows[unit].kind == UNIT_KIND
    return unit if known else np.int64(-1)


@compiled_part
def _standing(book, head, column):
    """The latest change from `head` back that was not withdrawn, of a column (-1: of any field); -1 for none."""
    while head >= 0:
        change = book.changes[head]
        of_it = change.column < REQUIREMENT if column < 0 else change.column == column
        if of_it and (change.entry < 0 or not book.entries[change.entry].voided):
            return np.int64(head)
        head = change.previous
    return np.int64(-1)


@compiled_part
def _before(book, number):
    """What stood in the column of a change before it: the value of the change before that stands, or what stood there first."""
    changed = book.changes[number]
    value = changed.before
    head = changed.previous
    while head >= 0:
        change = book.changes[head]
        if change.column == changed.column:
            if change.entry < 0 or not book.entries[change.entry].voided:
                return change.value
            value = change.before
        head = change.previous
    return value
