"""The one evaluator: which rule fires for which record at which instant, in simulator and live service alike.

A host records events with `book.enter` and `book.put`, calls `revise` for every record it touched and for every record
whose `next_due` has come, `look` for each period that ends at a midnight, and then `settle` once for that instant:
what is due is worked off by (document order, record), effects take hold at once, and what they make due joins.
"""

import numpy as np

from policies.engine.compile import NO_CONDITION, PERIODIC
from policies.engine.conditions import due_again, due_at, leaves_alone, since_of, stands
from policies.engine.firing import close, fire
from policies.engine.resting import due_of
from policies.jit.compiled import compiled
from policies.record.book import BookFull
from policies.record.derived import derive, was_there
from policies.record.records import UNIT_KIND
from policies.time.calendar_arrays import NEVER, business_days_between, period_start

HELD_IN_ABSENCE = -1
"""In `streaks`: `when` held at the latest look, but the unit was partly absent or had no target, so that nothing counts."""

_ROW_BITS = 32


@compiled
def _push(agenda, counts, position, row):
    place = counts[0].agenda
    if place >= agenda.shape[0]:
        raise BookFull
    counts[0].agenda = place + 1
    item = np.int64(position) << _ROW_BITS | np.int64(row)
    while place > 0 and agenda[(place - 1) >> 1] > item:
        agenda[place] = agenda[(place - 1) >> 1]
        place = (place - 1) >> 1
    agenda[place] = item


@compiled
def _pop(agenda, counts):
    smallest = agenda[0]
    last = counts[0].agenda - 1
    counts[0].agenda = last
    item = agenda[last]
    place = 0
    while 2 * place + 1 < last:
        child = 2 * place + 1
        if child + 1 < last and agenda[child + 1] < agenda[child]:
            child += 1
        if agenda[child] >= item:
            break
        agenda[place] = agenda[child]
        place = child
    agenda[place] = item
    return smallest


@compiled
def revise(book, rules, days, row, now):
    """Put the timed rules of a record that are due by `now` on the agenda; return the next future due, or NEVER.

    Also puts those there whose to-do or flag must close. Call it after every recorded event of the record, and when
    its `next_due` has come; `settle` follows.
    """
    place = book.rows[row]
    group = rules.groups[place.kind]
    next_due = np.int64(NEVER)
    if group.timed_from == group.timed_to:
        place.next_due = next_due
        return next_due
    # Read once: every access to an attribute of a tuple of arrays costs as much as a comparison.
    values, members, table, since_columns, exempt = book.values, rules.members, rules.rules, rules.since, rules.exempt
    for member in range(group.timed_from, group.timed_to):
        position = members[member]
        rule = table[position]
        bit = np.int64(1) << position
        since = since_of(values, row, rule, since_columns)
        if (since != since and place.open & bit == 0) or leaves_alone(rule, exempt, position, place.unit):
            continue
        fires, over = stands(values, row, rule, rules)
        if fires:
            if since != since:
                continue
            due = due_at(rule, days, place.unit, since)
            if rule.rests != NO_CONDITION or rule.rests_absent:
                due = due_of(book, rules, days, position, row, since)
            elif due <= now:
                due = due_again(rule, days, place.unit, book.fired, place.fired_head, np.int64(since))
            if due > now:
                next_due = min(next_due, due)
                continue
        elif not over or place.open & bit == 0:
            continue
        if place.waiting & bit == 0:
            place.waiting |= bit
            _push(book.agenda, book.counts, position, row)
    place.next_due = next_due
    return next_due


@compiled
def revise_all(book, rules, days, now):
    """`revise` every record in use."""
    for row in range(book.counts[0].rows):
        if book.rows[row].kind >= 0:
            revise(book, rules, days, row, now)


@compiled
def look(book, rules, days, period, now):
    """Put every (periodic rule, record) on the agenda whose day, week, month or quarter (0 to 3) ends at midnight `now`.

    A period without a business day is skipped. `settle` does the looking.
    """
    if business_days_between(days, period_start(days, period, now - 1), now) == 0:
        return
    for kind in range(rules.groups.shape[0]):
        group = rules.groups[kind]
        for member in range(group.periodic_from, group.periodic_to):
            position = rules.members[member]
            rule = rules.rules[position]
            if rule.period != period:
                continue
            row = np.int64(book.kinds[kind].last)
            while row >= 0:
                if not leaves_alone(rule, rules.exempt, position, book.rows[row].unit):
                    book.rows[row].waiting |= np.int64(1) << position
                    _push(book.agenda, book.counts, position, row)
                row = np.int64(book.rows[row].same_kind)


@compiled
def _timed_turn(book, rules, days, position, row, now):
    """Close or fire a timed rule whose turn has come, if it is still due; whether anything happened."""
    rule = rules.rules[position]
    place = book.rows[row]
    fires, over = stands(book.values, row, rule, rules)
    if not fires:
        if not over or place.open >> position & 1 == 0:
            return False
        close(book, rules, position, row, now)
        return True
    since = since_of(book.values, row, rule, rules.since)
    if since != since:
        return False
    due = due_of(book, rules, days, position, row, since)
    if due > now:
        return False
    number = book.counts[0].fired
    if number >= book.fired.shape[0]:
        raise BookFull
    book.counts[0].fired = number + 1
    memory = book.fired[number]
    memory.rule = rule.number
    memory.since = np.int64(since)
    memory.at = now
    memory.previous = place.fired_head
    place.fired_head = number
    fire(book, rules, days, position, row, due, now, np.int64(since))
    return True


@compiled
def _look_turn(book, rules, days, position, row, now):
    """Look at a record for a periodic rule: count the streak, close or fire; whether anything happened."""
    rule = rules.rules[position]
    place = book.rows[row]
    if rule.derived:
        derive(book.values, row, rule.kind, days, now, rules.begins, rules.signals)
    held, over = stands(book.values, row, rule, rules)
    counts = held
    if held and rule.kind == UNIT_KIND:
        counts = was_there(book.values, row, period_start(days, rule.period, now - 1))
    streak = max(book.streaks[row, rule.streak_column], 0) + 1 if counts else HELD_IN_ABSENCE if held else 0
    book.streaks[row, rule.streak_column] = streak
    if counts and streak == rule.streak:
        fire(book, rules, days, position, row, now, now, now)
        return True
    if over and place.open >> position & 1:
        close(book, rules, position, row, now)
        return True
    return False


@compiled
def settle(book, rules, days, now):
    """Work off what is due at `now`, always the smallest (document order, record) first; firings go to `book.firings`.

    Call it once per instant, after all its events and looks. Raises BookFull if the host did not call `grown` in time.
    """
    book.counts[0].now = now
    while book.counts[0].agenda > 0:
        item = _pop(book.agenda, book.counts)
        position, row = item >> _ROW_BITS, item & (2**_ROW_BITS - 1)
        book.rows[row].waiting &= ~(np.int64(1) << position)
        if rules.rules[position].trigger == PERIODIC:
            happened = _look_turn(book, rules, days, position, row, now)
        else:
            happened = _timed_turn(book, rules, days, position, row, now)
        if happened:
            revise(book, rules, days, row, now)
