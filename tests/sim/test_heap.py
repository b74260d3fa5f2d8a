"""The event calendar gives events back in the order of (time, order), whatever was put in between."""

import heapq

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.office.engine.heap import new_heap, pop, push

ROOM = 400
TIMES = st.integers(0, 20)  # few, so that ties are common
STEPS = st.lists(st.none() | st.tuples(TIMES, st.integers(0, 2)), max_size=ROOM)


@settings(deadline=None)  # the first call compiles
@given(steps=STEPS)
def test_it_equals_a_sorted_list_under_any_mixture_of_pushes_and_pops(steps):
    heap, expected, size = new_heap(ROOM), [], 0
    for sequence, step in enumerate(steps):
        if step is not None:
            time, rank = step
            event = (time, (rank << 56) | sequence, rank, sequence, -sequence)
            push(heap, size, *event)
            heapq.heappush(expected, event)
            size += 1
        elif size:
            assert pop(heap, size) == heapq.heappop(expected)
            size -= 1
    while size:
        assert pop(heap, size) == heapq.heappop(expected)
        size -= 1


@settings(deadline=None)  # the first call compiles
@given(order=st.permutations(range(30)))
def test_at_one_instant_the_class_decides_and_then_the_sequence(order):
    heap = new_heap(30)
    for size, number in enumerate(order):
        push(heap, size, 7, ((number % 3) << 56) | number, 0, number, 0)
    taken = [pop(heap, size)[3] for size in range(30, 0, -1)]
    assert taken == sorted(range(30), key=lambda number: (number % 3, number))


def test_a_copy_of_the_array_is_a_copy_of_the_calendar():
    heap = new_heap(4)
    push(heap, 0, 5, 1, 1, 0, 0)
    push(heap, 1, 3, 2, 2, 0, 0)
    copy = heap.copy()
    push(heap, 2, 1, 3, 3, 0, 0)
    assert pop(copy, 2)[0] == 3
    assert pop(heap, 3)[0] == 1
