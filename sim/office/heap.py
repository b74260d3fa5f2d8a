"""The event calendar: a heap in one record array, earliest (time, order) first, four children to a node.

Four children halve the depth of a binary heap, and the children of a node lie side by side in memory. The number of events in
it is the caller's to keep, in an array of its own, so that a copy of the arrays is a copy of the calendar. Nothing is
allocated here: `push` needs room for one more event, which its caller sees to between steps.
"""

import numpy as np

from policies.compiled import compiled

EVENT_DTYPE = np.dtype(
    [("time", "i8"), ("order", "i8"), ("kind", "i4"), ("a", "i4"), ("b", "i4"), ("unused", "i4")], align=True
)
"""One event: `time` in ms, `order` breaks ties (class << 56 | sequence), `kind` says whose handler, `a` and `b` are its own."""

CHILDREN = 4


def new_heap(capacity: int) -> np.recarray:
    """An empty calendar with room for `capacity` events."""
    return np.zeros(capacity, EVENT_DTYPE).view(np.recarray)


@compiled
def _earlier(time, order, other_time, other_order):
    # Without a short circuit: the outcome is a coin toss, and a mispredicted jump costs more than the second comparison.
    return (time < other_time) | ((time == other_time) & (order < other_order))


@compiled
def push(heap, size, time, order, kind, a, b):
    """Put an event into a calendar that holds `size`; it holds one more afterwards, and the caller counts."""
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 2
        above = heap[parent]
        if not _earlier(time, order, above.time, above.order):
            break
        heap[hole] = above
        hole = parent
    event = heap[hole]
    event.time = time
    event.order = order
    event.kind = kind
    event.a = a
    event.b = b


@compiled
def pop(heap, size):
    """Take the earliest event out of a calendar that holds `size` >= 1; it holds one fewer afterwards, and the caller counts.

    Returns (time, order, kind, a, b).
    """
    first = heap[0]
    taken = (first.time, first.order, first.kind, first.a, first.b)
    last = size - 1
    if last > 0:
        _sink(heap, last)
    return taken


@compiled
def _sink(heap, last):
    """Fill the hole at the top with the event at `last`, moving earlier children up on the way."""
    time = heap[last].time
    order = heap[last].order
    hole = 0
    while True:
        child = (hole << 2) + 1
        if child >= last:
            break
        best = child
        best_time = heap[child].time
        best_order = heap[child].order
        for other in range(child + 1, min(child + CHILDREN, last)):
            other_time = heap[other].time
            other_order = heap[other].order
            if _earlier(other_time, other_order, best_time, best_order):
                best = other
                best_time = other_time
                best_order = other_order
        if not _earlier(best_time, best_order, time, order):
            break
        heap[hole] = heap[best]
        hole = best
    heap[hole] = heap[last]
