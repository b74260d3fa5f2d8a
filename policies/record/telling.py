"""Many events into a book at once: a call of a compiled function takes longer than what it does for one event."""

import numpy as np

from policies.jit.compiled import compiled
from policies.record.book import enter_at, place_row, put
from policies.record.records import OPPORTUNITY


@compiled
def place_rows(book, kinds):
    """Put empty records of these kinds (i8[n]) into the first n rows, which are not in use."""
    for row in range(len(kinds)):
        place_row(book, row, kinds[row], -1)
    book.counts[0].rows = len(kinds)


@compiled
def enter_all(book, rows, events, acted_at, ends, columns, values):
    """Record events (EVENT codes) one after the other, each with its payload.

    `rows`, `events`, `acted_at` and `ends` are i8[n]: the payload of the first is `columns[:ends[0]]` (i8[]) with `values`
    (f8[]), that of the next goes on from there. The caller revises the rows afterwards.
    """
    first = 0
    for number in range(len(rows)):
        stage = np.nan
        for place in range(first, ends[number]):
            if columns[place] == OPPORTUNITY.stage:
                stage = values[place]
        enter_at(book, rows[number], events[number], acted_at[number], stage)
        for place in range(first, ends[number]):
            put(book, rows[number], columns[place], values[place])
        first = ends[number]
