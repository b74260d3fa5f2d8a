"""A marked tuple of arrays: read and written through a pointer, kept alive, the same from a tuple and from a pinned one."""

import gc
import sys
import weakref
from typing import NamedTuple

import numpy as np
import pytest

from policies.jit.by_reference import by_reference, pinned
from policies.jit.compiled import compiled

ROW = np.dtype([("whole", "i8"), ("amount", "f8")])


@by_reference
class Inner(NamedTuple):
    rows: np.recarray
    numbers: np.ndarray


@by_reference
class Outer(NamedTuple):
    rows: np.recarray
    inner: Inner
    step: int
    table: np.ndarray


@compiled
def add_inside(inner, place, amount):
    inner.rows[place].whole += amount
    inner.numbers[place] += amount


@compiled
def work(state, place, amount):
    state.rows[place].amount += amount
    state.table[place, 1] = len(state.rows)
    add_inside(state.inner, place, amount * state.step)
    return state.inner.rows[place].whole


@compiled
def refuse(state):
    if len(state.rows) > 0:
        raise ValueError("refused")


@compiled
def read_what_is_not_there(state):
    return state.nothing


def new_state(rows: int = 5) -> Outer:
    inner = Inner(np.zeros(rows, ROW).view(np.recarray), np.zeros(rows))
    return Outer(np.zeros(rows, ROW).view(np.recarray), inner, 3, np.zeros((rows, 2)))


@pytest.mark.parametrize("passed", [lambda state: state, pinned], ids=["tuple", "pinned"])
def test_compiled_code_reads_and_writes_the_arrays_of_the_tuple(passed):
    state = new_state()
    handle = passed(state)
    assert work(handle, 2, 10) == 30
    assert work(handle, 2, 1) == 33
    assert state.rows.amount.tolist() == [0.0, 0.0, 11.0, 0.0, 0.0]
    assert state.inner.rows.whole.tolist() == [0, 0, 33, 0, 0]
    assert state.inner.numbers.tolist() == [0.0, 0.0, 33.0, 0.0, 0.0]
    assert state.table[2].tolist() == [0.0, 5.0]


def test_states_of_other_sizes_and_values_use_the_same_machine_code():
    work(new_state(), 0, 1)
    compiled_for = len(work.signatures)
    other = new_state(9)._replace(step=7)
    assert work(other, 8, 1) == 7
    assert other.table[8, 1] == 9
    assert len(work.signatures) == compiled_for


def test_calls_leave_no_references_behind_even_when_they_fail():
    state = new_state()
    work(state, 0, 1)
    before = [sys.getrefcount(array) for array in (state.rows, state.inner.rows, state.table)]
    handle = pinned(state)
    for _ in range(50):
        work(state, 0, 1)
        work(handle, 0, 1)
        with pytest.raises(ValueError, match="refused"):
            refuse(state)
    assert [sys.getrefcount(array) for array in (state.rows, state.inner.rows, state.table)] == before


def test_a_pinned_tuple_keeps_its_arrays_alive():
    state = new_state()
    array = weakref.ref(state.inner.numbers)
    handle = pinned(state)
    del state
    gc.collect()
    assert work(handle, 1, 4) == 12
    assert array()[1] == 12.0
    del handle
    gc.collect()
    assert array() is None


def test_an_attribute_that_is_not_there_is_an_error_of_compilation():
    with pytest.raises(Exception, match="nothing"):
        read_what_is_not_there(new_state())


def test_a_member_of_another_type_is_another_type():
    work(new_state(), 0, 1)
    whole = new_state()._replace(table=np.zeros((5, 2), np.int64))
    work(whole, 3, 1)
    assert whole.table[3].tolist() == [0, 5]
