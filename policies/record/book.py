"""The book: everything recorded, and what the rules remember about it, as arrays that compiled code shares.

Values change through `enter` and `enter_at` (an event moves instants and fixes values), `put` (its payload), the effects of
rules, and `voiding.void` only. All functions but `new_book` and `grown` are compiled. A host calls `grown` between two steps
whenever `nearly_full` says so; a step that meets a full array all the same raises `BookFull` before it writes.
"""

from typing import NamedTuple, TypeVar

import numpy as np

from policies.jit.by_reference import by_reference
from policies.jit.compiled import compiled
from policies.record.records import (
    ACTOR_EVENTS,
    COUNTING,
    EVENTS,
    OPPORTUNITY,
    OPPORTUNITY_KIND,
    SETS,
    SLOTS,
    WIDTH,
    column,
)
from policies.record.required import BIT, NO_BIT, REQUIRABLE
from policies.record.steps import AS_TOLD, STEPS, moved_by, step_of
from policies.time.calendar_arrays import NEVER

ROW = np.dtype(
    [
        ("kind", "i4"),  # kind of record; -1 for a row not yet placed
        ("unit", "i4"),  # row of the owning rep's unit (its own for a unit); -1 for none
        ("entry_head", "i4"),  # latest entry of this row; -1 for none
        ("fired_head", "i4"),  # latest memory of a firing; -1 for none
        ("same_kind", "i4"),  # row of the same kind placed before this one; -1 for none
        ("change_head", "i4"),  # latest change of a value of this row; -1 for none
        ("asked", "i8"),  # bit per field that was ever required of it
        ("next_due", "i8"),  # next future instant at which a rule may fire; NEVER for none
        ("scheduled_at", "i8"),  # for the host's clock: instant for which this row is scheduled; NEVER for none
        ("open", "i8"),  # bit per rule with an open to-do or flag
        ("waiting", "i8"),  # bit per rule that stands on the agenda for this row
    ]
)
ENTRY = np.dtype(
    [
        ("row", "i4"),
        ("event", "i4"),
        ("previous", "i4"),
        ("voided", "i2"),
        ("step", "i2"),  # what it is by the stage that it tells: a code of `steps`
        ("acted_at", "i8"),
    ]
)
CHANGE = np.dtype(
    [
        ("column", "i4"),  # the field; REQUIREMENT + column: whether that field is required
        ("entry", "i4"),  # the entry that made the change; -1 for a rule
        ("previous", "i4"),
        ("value", "f8"),
        ("before", "f8"),
        ("at", "i8"),  # when it was recorded, ms
    ]
)
REQUIREMENT = 1000
FIRED = np.dtype(
    [
        ("rule", "i8"),  # its lasting number, see compile.py
        ("since", "i8"),
        ("at", "i8"),  # when it fired
        ("previous", "i8"),
    ]
)
FIRING = np.dtype(
    [
        ("rule", "i4"),  # position in the policy; -2 - former position for a rule that a switch dropped
        ("row", "i4"),
        ("event", "i4"),  # EVENT code
        ("argument", "f8"),  # role, colour, column or gate; 0 for none
        ("value", "f8"),  # value that was set
        ("before", "f8"),  # value that this took the place of
        ("due_at", "i8"),
        ("fired_at", "i8"),
        ("since", "i8"),  # value of since that fired; the midnight for a look
    ]
)
COUNTS = np.dtype(
    [
        ("rows", "i8"), ("entries", "i8"), ("fired", "i8"), ("agenda", "i8"), ("firings", "i8"), ("changes", "i8"),
        ("now", "i8"),  # instant of what is being recorded, ms; the host sets it
    ]
)  # fmt: skip
KIND = np.dtype([("last", "i4")])

_Array = TypeVar("_Array", bound=np.ndarray)


@by_reference
class Book(NamedTuple):
    """Records of n rows; make one with `new_book`. The first `counts[0].rows` rows are in use, and so on."""

    values: np.ndarray  # f8[n, width], NaN is missing
    rows: np.recarray  # ROW[n]
    kinds: np.recarray  # KIND[number of kinds]: last row placed of each kind
    entries: np.recarray  # ENTRY[]: recorded events, linked per row; of length 1 when nothing is ever voided
    changes: np.recarray  # CHANGE[]: values that entries and rules set, linked per row; of length 1 as well then
    fired: np.recarray  # FIRED[]: what fired for which value of since, linked per row, for ever
    streaks: np.ndarray  # i4[n, periodic rules or 1]: looks in a row at which `when` held; -1 see evaluator.HELD_IN_ABSENCE
    agenda: np.ndarray  # i8[]: heap of rule << 32 | row, what is due now
    firings: np.recarray  # FIRING[]: what rules did, in order; the host empties it by setting counts[0].firings = 0
    counts: np.recarray  # COUNTS[1]
    scratch: np.ndarray  # f8[1, width]: a record as it was, while its past is asked


class BookFull(RuntimeError):
    """An array of the book is full: the host did not call `grown` in time."""


_MOST_MOVED = max(len(moved_by(event, kind, step)) for event in ACTOR_EVENTS for kind in SLOTS for step in STEPS)
_MOST_SET = max(len(values) for kinds in SETS.values() for values in kinds.values())


def _event_tables():
    moved = np.full((len(STEPS), len(EVENTS), len(SLOTS), _MOST_MOVED + 1), -1, np.int64)
    fixed = np.full((len(EVENTS), len(SLOTS), _MOST_SET + 1), -1, np.int64)
    values = np.zeros((len(EVENTS), len(SLOTS), _MOST_SET + 1))
    counted = np.full((len(EVENTS), len(SLOTS)), -1, np.int64)
    for code, event in enumerate(ACTOR_EVENTS):
        for number, kind in enumerate(SLOTS):
            for step in STEPS:
                for place, name in enumerate(moved_by(event, kind, step)):
                    moved[step, code, number, place] = column(kind, name)
            for place, (name, value) in enumerate(SETS.get(event, {}).get(kind, {}).items()):
                fixed[code, number, place] = column(kind, name)
                values[code, number, place] = value
            if kind in COUNTING.get(event, {}):
                counted[code, number] = column(kind, COUNTING[event][kind])
    return moved, fixed, values, counted


MOVED, _FIXED, _FIXED_VALUES, COUNTED = _event_tables()
"""By event and kind: columns that it moves (by step), sets (-1 behind the last) and to what, and the one that counts it (-1 for
none)."""
REQUIRED = np.array([column(kind, "required") for kind in SLOTS])
"""By kind: the column whose bits say which fields are required."""


def new_book(rules, capacity: int, width: int = WIDTH, *, voidable: bool = True) -> Book:
    """An empty book for at least `capacity` records under compiled rules.

    `width` is the number of columns, custom fields included. With `voidable` off no entries are kept: smaller, and
    nothing can be voided.
    """
    capacity = max(capacity, 16)
    periodic = max(1, int(rules.rules.streak_column.max(initial=-1)) + 1)
    return Book(
        values=np.full((capacity, width), np.nan),
        rows=_rows(capacity),
        kinds=np.full(len(SLOTS), -1, np.int32).view(KIND).view(np.recarray),
        entries=_empty(ENTRY, 4 * capacity if voidable else 1),
        changes=_empty(CHANGE, 12 * capacity if voidable else 1),
        fired=_empty(FIRED, capacity + 1024),
        streaks=np.zeros((capacity, periodic), np.int32),
        agenda=np.zeros(agenda_capacity(capacity, periodic), np.int64),
        firings=_empty(FIRING, 4096 + capacity),
        counts=_empty(COUNTS, 1),
        scratch=np.full((1, width), np.nan),
    )


def agenda_capacity(rows: int, periodic: int) -> int:
    """Room for a look at every row by every periodic rule, and for the timed rules of a few rows at once."""
    return rows * periodic + 1024


def grown(book: Book) -> Book:
    """The same book with every array that is more than 3/4 full doubled."""
    counts = book.counts[0]
    if 4 * counts.rows > 3 * len(book.rows):
        capacity = 2 * len(book.rows)
        rows, values, streaks = _rows(capacity), np.full((capacity, book.values.shape[1]), np.nan), book.streaks
        rows[: len(book.rows)], values[: len(book.rows)] = book.rows, book.values
        agenda = longer(book.agenda, agenda_capacity(capacity, streaks.shape[1]))
        firings = longer(book.firings, 4096 + capacity)
        book = book._replace(values=values, rows=rows, streaks=longer(streaks, capacity), agenda=agenda, firings=firings)
    if len(book.entries) > 1 and 4 * counts.entries > 3 * len(book.entries):
        book = book._replace(entries=longer(book.entries, 2 * len(book.entries)))
    if len(book.changes) > 1 and 4 * counts.changes > 3 * len(book.changes):
        book = book._replace(changes=longer(book.changes, 2 * len(book.changes)))
    if 4 * counts.fired > 3 * len(book.fired):
        book = book._replace(fired=longer(book.fired, 2 * len(book.fired)))
    if 4 * counts.firings > 3 * len(book.firings):
        book = book._replace(firings=longer(book.firings, 2 * len(book.firings)))
    return book


def longer(array: _Array, length: int) -> _Array:
    """A copy of an array with zero rows added up to `length`; the array itself if it is that long already."""
    if length <= len(array):
        return array
    copy = np.zeros((length, *array.shape[1:]), array.dtype)
    copy[: len(array)] = array
    return copy.view(type(array))


def _empty(dtype: np.dtype, length: int) -> np.recarray:
    return np.zeros(length, dtype).view(np.recarray)


def _rows(capacity: int) -> np.recarray:
    rows = _empty(ROW, capacity)
    for name in ("kind", "unit", "entry_head", "fired_head", "same_kind", "change_head"):
        rows[name] = -1
    rows.next_due = rows.scheduled_at = NEVER
    return rows


@compiled
def nearly_full(book):
    """Whether an array is more than 3/4 full, so that the host should call `grown`."""
    counts = book.counts[0]
    return (
        4 * counts.rows > 3 * book.rows.shape[0]
        or (book.entries.shape[0] > 1 and 4 * counts.entries > 3 * book.entries.shape[0])
        or (book.changes.shape[0] > 1 and 4 * counts.changes > 3 * book.changes.shape[0])
        or 4 * counts.fired > 3 * book.fired.shape[0]
        or 4 * counts.firings > 3 * book.firings.shape[0]
    )


@compiled
def place_row(book, row, kind, unit):
    """Put an empty record of a kind into a row that is not in use. `unit` is the row of its owner's unit, or -1."""
    place = book.rows[row]
    place.kind = kind
    place.unit = unit
    place.same_kind = book.kinds[kind].last
    book.kinds[kind].last = row


@compiled
def add_row(book, kind, unit):
    """Put an empty record of a kind into the next row and return that row. `unit` is the row of its owner's unit, or -1."""
    row = book.counts[0].rows
    if row >= book.rows.shape[0]:
        raise BookFull
    book.counts[0].rows = row + 1
    place_row(book, row, kind, unit)
    return row


@compiled
def enter(book, row, event, acted_at):
    """Record an event (EVENT code) that tells no stage: move instants to the latest `acted_at`, fix values. Its payload follows
    by `put`.

    Returns the entry's number, for `void`; -1 in a book that keeps no entries. The caller revises the row afterwards.
    """
    return enter_at(book, row, event, acted_at, np.nan)


@compiled
def enter_at(book, row, event, acted_at, stage):
    """The same for an event that may tell the stage of an opportunity, NaN for none; it is put with the rest of its payload."""
    values = book.values
    kind = book.rows[row].kind
    step = step_of(event, values[row, OPPORTUNITY.stage], stage) if kind == OPPORTUNITY_KIND else AS_TOLD
    number = np.int64(-1)
    if book.entries.shape[0] > 1:
        number = _remember(book.entries, book.rows, book.counts, row, event, acted_at, step)
    place = 0
    while MOVED[step, event, kind, place] >= 0:
        moved = MOVED[step, event, kind, place]
        if not values[row, moved] >= acted_at:  # so that a missing instant moves too
            values[row, moved] = acted_at
        _met(book, row, kind, moved, number)
        place += 1
    place = 0
    while _FIXED[event, kind, place] >= 0:
        put(book, row, _FIXED[event, kind, place], _FIXED_VALUES[event, kind, place])
        place += 1
    counted = COUNTED[event, kind]
    if counted >= 0:
        values[row, counted] = values[row, counted] + 1.0 if values[row, counted] == values[row, counted] else 1.0
        _met(book, row, kind, counted, number)
    return number


@compiled
def _remember(entries, rows, counts, row, event, acted_at, step):
    number = counts[0].entries
    if number >= entries.shape[0]:
        raise BookFull
    counts[0].entries = number + 1
    entry = entries[number]
    entry.row = row
    entry.event = event
    entry.previous = rows[row].entry_head
    entry.voided = 0
    entry.step = step
    entry.acted_at = acted_at
    rows[row].entry_head = number
    return number


@compiled
def _note(book, row, column, entry, value, before):
    """Remember a change of a value, so that its entry can be voided."""
    changes, counts = book.changes, book.counts
    if changes.shape[0] == 1:
        return
    number = counts[0].changes
    if number >= changes.shape[0]:
        raise BookFull
    counts[0].changes = number + 1
    change = changes[number]
    change.column = column
    change.entry = entry
    change.previous = book.rows[row].change_head
    change.value = value
    change.before = before
    change.at = counts[0].now
    book.rows[row].change_head = number


@compiled
def _met(book, row, kind, column, entry):
    """A field was recorded: it is no longer asked for."""
    if column >= REQUIRABLE or BIT[kind, column] == NO_BIT:
        return
    bit = np.int64(1) << BIT[kind, column]
    required = book.values[row, REQUIRED[kind]]
    is_asked = required > 0.0 and np.int64(required) & bit != 0
    if book.rows[row].asked & bit != 0:
        _note(book, row, REQUIREMENT + column, entry, 0.0, 1.0 if is_asked else 0.0)
    if is_asked:
        book.values[row, REQUIRED[kind]] = np.float64(np.int64(required) & ~bit)


@compiled
def require(book, row, column):
    """A rule asks for a field of a record."""
    bit = np.int64(1) << BIT[book.rows[row].kind, column]
    required = REQUIRED[book.rows[row].kind]
    bits = np.int64(book.values[row, required]) if book.values[row, required] > 0.0 else np.int64(0)
    book.rows[row].asked |= bit
    _note(book, row, REQUIREMENT + column, -1, 1.0, 1.0 if bits & bit != 0 else 0.0)
    book.values[row, required] = np.float64(bits | bit)


@compiled
def put(book, row, column, value):
    """Record a value of a field (NaN takes it away) and meet a requirement for it. The caller revises the row afterwards.

    It belongs to the entry that was recorded last for that row.
    """
    _set(book, row, column, value, book.rows[row].entry_head)
    if value == value:
        _met(book, row, book.rows[row].kind, column, book.rows[row].entry_head)


@compiled
def put_by_rule(book, row, column, value):
    """The same for a value that a rule sets: no withdrawal of an entry takes it away."""
    set_by_rule(book, row, column, value)
    if value == value:
        _met(book, row, book.rows[row].kind, column, -1)


@compiled
def set_by_rule(book, row, column, value):
    """A value that a rule sets without having recorded the field, such as a freeze."""
    _set(book, row, column, value, -1)


@compiled
def _set(book, row, column, value, entry):
    _note(book, row, column, entry, value, book.values[row, column])
    book.values[row, column] = value
