"""What happens when a rule fires or closes: journal entries, and effects that take hold at once."""

import numpy as np

from policies.engine.compile import NO_TIME, SHADOW
from policies.engine.conditions import later
from policies.jit.compiled import compiled
from policies.record.book import BookFull, put_by_rule, require, set_by_rule
from policies.record.records import EVENT, FIELDS, OPPORTUNITY, SLOTS, column

_OPEN = float(FIELDS["opportunity"][OPPORTUNITY.status].choices.index("open"))
_FLAG = np.array([column(kind, "flag") for kind in SLOTS])


@compiled
def journal(firings, counts, position, row, event, argument, value, before, due, now, since):
    """Append one firing; raises BookFull when the host did not make room."""
    place = counts[0].firings
    if place >= firings.shape[0]:
        raise BookFull
    counts[0].firings = place + 1
    firing = firings[place]
    firing.rule = position
    firing.row = row
    firing.event = event
    firing.argument = argument
    firing.value = value
    firing.before = before
    firing.due_at = due
    firing.fired_at = now
    firing.since = since


@compiled
def fire(book, rules, days, position, row, due, now, since):
    """Journal a firing and apply its effects in order; a rule in shadow is journalled only. The value of a to-do with a time of
    its own is the instant at which it is due. Of a deal that is closed no approval is asked."""
    rule = rules.rules[position]
    if rule.mode == SHADOW:
        journal(book.firings, book.counts, position, row, EVENT.shadow_fired, 0.0, 0.0, 0.0, due, now, since)
        return
    journal(book.firings, book.counts, position, row, EVENT.fired, 0.0, 0.0, 0.0, due, now, since)
    for place in range(rule.effects_from, rule.effects_to):
        effect = rules.effects[place]
        if effect.event == EVENT.approval_asked and book.values[row, OPPORTUNITY.status] != _OPEN:
            continue
        before = book.values[row, effect.column] if effect.column >= 0 else 0.0
        value = effect.value
        if effect.event == EVENT.field_required or effect.event == EVENT.approval_asked:
            require(book, row, effect.column)
        elif effect.event == EVENT.field_set:
            put_by_rule(book, row, effect.column, effect.value)
        elif effect.column >= 0:
            set_by_rule(book, row, effect.column, effect.value)
        elif effect.within != NO_TIME:
            value = np.float64(later(days, book.rows[row].unit, now, effect.within, effect.within_unit))
        journal(book.firings, book.counts, position, row, effect.event, effect.argument, value, before, due, now, since)
    if rule.closes:
        book.rows[row].open |= np.int64(1) << position


@compiled
def close(book, rules, position, row, now):
    """Close the to-dos and flags of a rule for a record; the colour falls back to the worst that is still open."""
    rule = rules.rules[position]
    book.rows[row].open &= ~(np.int64(1) << position)
    for place in range(rule.effects_from, rule.effects_to):
        effect = rules.effects[place]
        if effect.event == EVENT.todo_opened:
            journal(book.firings, book.counts, position, row, EVENT.todo_closed, effect.argument, 0.0, 0.0, now, now, now)
        elif effect.event == EVENT.flagged:
            set_by_rule(book, row, _FLAG[rule.kind], _worst_colour(rules, book.rows[row].open))
            journal(book.firings, book.counts, position, row, EVENT.flag_closed, effect.argument, 0.0, 0.0, now, now, now)


@compiled
def close_all(book, rules, position, now):
    """Close what a rule has open, for every record in use."""
    for row in range(book.counts[0].rows):
        if book.rows[row].open >> position & 1:
            close(book, rules, position, row, now)


@compiled
def _worst_colour(rules, is_open):
    """Worst colour of the flags whose bits are set; green without any."""
    worst = 0.0
    for position in range(rules.rules.shape[0]):
        if is_open >> position & 1:
            rule = rules.rules[position]
            for place in range(rule.effects_from, rule.effects_to):
                if rules.effects[place].event == EVENT.flagged:
                    worst = max(worst, rules.effects[place].argument)
    return worst
