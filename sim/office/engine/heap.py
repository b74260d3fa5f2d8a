"""The event calendar: a binary heap in one record array, earliest (time, order) first.

The number of events in it is the caller's to keep, in an array of its own, so that a copy of the arrays is a copy of the
calendar. Nothing is allocated here: `push` needs room for one more event, which its caller sees to between steps.
"""

import numpy as np

from policies.jit.compiled import compiled

EVENT_DTYPE = np.dtype(
    [("time", "i8"), ("order", "i8"), ("kind", "i4"), ("a", "i4"), ("b", "i4"), ("unused", "i4")], align=True
)
"""One event: `time` in ms, `order` breaks ties (class << 56 | sequence), `kind` says whose handler, `a` and `b` are its own."""


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
        parent = (hole - 1) >> 1
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
    # The hole goes down to the bottom along the earlier children, and the last event fills it from below: it comes from the
    # bottom and nearly always stays there, so that asking at every level whether it fits would be one jump too many.
    hole = 0
    right = 2
    while right < last:
        left = right - 1
        best = right - _earlier(heap[left].time, heap[left].order, heap[right].time, heap[right].order)
        heap[hole] = heap[best]
        hole = best
        right = 2 * hole + 2
    if right == last:
        heap[hole] = heap[last - 1]
        hole = last - 1
    time = heap[last].time
    order = heap[last].order
    while hole > 0:
        parent = (hole - 1) >> 1
        above = heap[parent]
        if not _earlier(time, order, above.time, above.order):
            break
        heap[hole] = above
        hole = parent
    heap[hole] = heap[last]
    return taken
