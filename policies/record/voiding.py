"""Withdrawing an entry from the book: what it set, moved, counted and met becomes what the others make of it."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.book import COUNTED, MOVED, REQUIRED, REQUIREMENT


@compiled
def void(book, entry):
    """Withdraw an entry: every field and instant becomes what it would be had the entry never been recorded.

    Values go back to what the latest other entry or rule set, or to what stood there before all of them. Doing it twice changes
    nothing. The caller revises the row afterwards.
    """
    withdrawn = book.entries[entry]
    if withdrawn.voided:
        return
    withdrawn.voided = 1
    row = withdrawn.row
    kind = book.rows[row].kind
    place = 0
    while MOVED[withdrawn.event, kind, place] >= 0:
        moved = MOVED[withdrawn.event, kind, place]
        # An instant that another entry, or the initial record, put there stays.
        if book.values[row, moved] == withdrawn.acted_at:
            book.values[row, moved] = _latest(book.entries, book.rows[row].entry_head, kind, moved)
        place += 1
    head = book.rows[row].change_head
    while head >= 0:
        if book.changes[head].entry == entry:
            _restore(book, row, kind, book.changes[head].column)
        head = book.changes[head].previous
    if COUNTED[withdrawn.event, kind] >= 0:
        _restore(book, row, kind, COUNTED[withdrawn.event, kind])


@compiled
def _restore(book, row, kind, column):
    value = _left(book, row, column)
    required = REQUIRED[kind]
    if column < REQUIREMENT:
        if column != required:
            book.values[row, column] = _counted(book, row, kind, column, value)
        return
    bit = np.int64(1) << np.int64(column - REQUIREMENT)
    bits = np.int64(book.values[row, required]) if book.values[row, required] > 0.0 else np.int64(0)
    book.values[row, required] = np.float64(bits | bit if value == 1.0 else bits & ~bit)


@compiled
def _counted(book, row, kind, column, value):
    """A value with the entries that stand, that count in this column, and that came after it was stated last."""
    stated = _stated_by(book, row, column)
    head = book.rows[row].entry_head
    while head >= 0 and head != stated:
        entry = book.entries[head]
        if not entry.voided and COUNTED[entry.event, kind] == column:
            value = value + 1.0 if value == value else 1.0
        head = entry.previous
    return value


@compiled
def _stated_by(book, row, column):
    """The entry that stated a column's value last, of those that stand; -1 for none."""
    head = book.rows[row].change_head
    while head >= 0:
        change = book.changes[head]
        if change.column == column and (change.entry < 0 or not book.entries[change.entry].voided):
            return change.entry
        head = change.previous
    return np.int32(-1)


@compiled
def _left(book, row, column):
    """The value that the latest change which stands gave a column, or what stood there before all of them."""
    value = np.nan
    head = book.rows[row].change_head
    while head >= 0:
        change = book.changes[head]
        if change.column == column:
            value = change.before
            if change.entry < 0 or not book.entries[change.entry].voided:
                return change.value
        head = change.previous
    return value


@compiled
def _latest(entries, head, kind, column):
    """Latest `acted_at` of the entries from `head` back that move a column; NaN for none."""
    latest = np.nan
    while head >= 0:
        entry = entries[head]
        if not entry.voided:
            place = 0
            while MOVED[entry.event, kind, place] >= 0:
                if MOVED[entry.event, kind, place] == column and not latest >= entry.acted_at:
                    latest = np.float64(entry.acted_at)
                place += 1
        head = entry.previous
    return latest
