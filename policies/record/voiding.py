"""Withdrawing an entry from the book: what it set, moved, counted and met becomes what the others make of it."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.book import COUNTED, MOVED, REQUIRED, REQUIREMENT
from policies.record.records import OPPORTUNITY, OPPORTUNITY_KIND, column
from policies.record.required import BIT
from policies.record.steps import STAGE_INSTANTS, step_of

_STAGE_CHANGED_AT, _LAST_PROGRESS_AT = (column("opportunity", name) for name in STAGE_INSTANTS)


@compiled
def void(book, entry):
    """Withdraw an entry: every field and instant becomes what it would be had the entry never been recorded.

    Values go back to what the latest other entry or rule set, or to what stood there before all of them. Doing it twice changes
    nothing. The caller revises the row afterwards.
    """
    withdrawn = book.entries[entry]
    if withdrawn.voided:
        return
    row = withdrawn.row
    kind = book.rows[row].kind
    changed_at = _latest(book.entries, book.rows[row].entry_head, kind, _STAGE_CHANGED_AT)
    progress_at = _latest(book.entries, book.rows[row].entry_head, kind, _LAST_PROGRESS_AT)
    withdrawn.voided = 1
    told_a_stage = kind == OPPORTUNITY_KIND and _judge_again(book, row, entry)
    place = 0
    while MOVED[withdrawn.step, withdrawn.event, kind, place] >= 0:
        moved = MOVED[withdrawn.step, withdrawn.event, kind, place]
        # An instant that another entry, or the initial record, put there stays.
        if book.values[row, moved] == withdrawn.acted_at:
            book.values[row, moved] = _latest(book.entries, book.rows[row].entry_head, kind, moved)
        place += 1
    if told_a_stage:
        _move_again(book, row, kind, _STAGE_CHANGED_AT, changed_at)
        _move_again(book, row, kind, _LAST_PROGRESS_AT, progress_at)
    head = book.rows[row].change_head
    while head >= 0:
        if book.changes[head].entry == entry:
            _restore(book, row, kind, book.changes[head].column)
        head = book.changes[head].previous
    if COUNTED[withdrawn.event, kind] >= 0:
        _restore(book, row, kind, COUNTED[withdrawn.event, kind])


@compiled
def _judge_again(book, row, entry):
    """After the withdrawal of an entry that told a stage: which of those that stand are steps, each after the one before it.

    Returns whether it told one.
    """
    told = False
    before = np.nan
    later = np.int64(-1)
    head = np.int64(book.rows[row].change_head)
    while head >= 0:
        change = book.changes[head]
        if change.column == OPPORTUNITY.stage:
            told = told or change.entry == entry
            before = change.before
            if change.entry < 0 or not book.entries[change.entry].voided:
                _judge(book, later, change.value)
                later = head
        head = np.int64(change.previous)
    _judge(book, later, before)
    return told


@compiled
def _judge(book, number, before):
    if number >= 0 and book.changes[number].entry >= 0:
        change = book.changes[number]
        entry = book.entries[change.entry]
        entry.step = step_of(entry.event, before, change.value)


@compiled
def _move_again(book, row, kind, moved, before):
    """An instant that was the latest of what moved it, `before`, is the latest of what moves it now."""
    latest = _latest(book.entries, book.rows[row].entry_head, kind, moved)
    instant = book.values[row, moved]
    if instant == before or (instant != instant and before != before) or latest > instant:
        book.values[row, moved] = latest


@compiled
def _restore(book, row, kind, column):
    value = _left(book, row, column)
    required = REQUIRED[kind]
    if column < REQUIREMENT:
        if column != required:
            book.values[row, column] = _counted(book, row, kind, column, value)
        return
    bit = np.int64(1) << BIT[kind, column - REQUIREMENT]
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
            while MOVED[entry.step, entry.event, kind, place] >= 0:
                if MOVED[entry.step, entry.event, kind, place] == column and not latest >= entry.acted_at:
                    latest = np.float64(entry.acted_at)
                place += 1
        head = entry.previous
    return latest
