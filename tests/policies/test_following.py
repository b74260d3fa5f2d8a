"""Values over links are the same in compiled code, over links that never change, and in what keeps a live book up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.compile import compile_rules
from policies.engine.following import EDGE, follow, following, name_by_link
from policies.engine.layout import layout_of
from policies.engine.links import Links
from policies.record.book import add_row, enter, new_book, put
from policies.record.records import EVENT
from tests.coach.own_records import processes

POLICY = processes()["task-chain"]
LAYOUT = layout_of([POLICY])
TASK, PRECEDENCE = (LAYOUT.kinds.index(kind) for kind in ("task", "precedence"))
LATER, BEFORE = LAYOUT["precedence", "task"], LAYOUT["precedence", "before"]
TASKS = 5


@settings(max_examples=40)
@given(
    pairs=st.lists(st.tuples(st.integers(1, TASKS - 1), st.integers(0, TASKS - 2)), max_size=8),
    happens=st.lists(st.tuples(st.integers(0, TASKS - 1), st.sampled_from(["started", "completed", "withdrawn"])), max_size=12),
)
def test_both_ways_write_the_same_values_at_every_change(pairs, happens):
    rules = compile_rules(POLICY.rehearsed, activated_at=0, custom=LAYOUT)
    live, office = (new_book(rules, 64, LAYOUT.width) for _ in range(2))
    links, tables = Links(POLICY, LAYOUT, float), following(POLICY, LAYOUT)
    edges, heads = np.zeros(64, EDGE).view(np.recarray), np.full(64, -1, np.int64)
    marks, queue, changed = np.zeros(64, np.int64), np.zeros(64, np.int64), np.zeros(64, np.int64)

    def both(row: int) -> None:
        one = links.follow(live, [row])
        found = follow(office, tables, edges, heads, marks, queue, changed, row)
        assert {*one} == {*changed[:found].tolist()}
        np.testing.assert_array_equal(live.values, office.values)
        assert not marks.any()

    for _ in range(TASKS):
        for book in (live, office):
            row = add_row(book, TASK, -1)
            enter(book, row, EVENT.registered, 1)
        both(row)
    number = 0
    for later, before in pairs:
        for book in (live, office):
            row = add_row(book, PRECEDENCE, -1)
            enter(book, row, EVENT.registered, 2)
            put(book, row, LATER, float(later))
            put(book, row, BEFORE, float(before))
        for column, target in ((LATER, later), (BEFORE, before)):
            name_by_link(edges, heads, number, row, column, target)
            number += 1
        both(row)
    for at, (task, event) in enumerate(happens):
        for book in (live, office):
            enter(book, task, getattr(EVENT, event), 3 + at)
        both(task)
