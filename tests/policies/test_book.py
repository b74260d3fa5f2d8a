"""The book: instants move forward, voiding moves them back, requirements are met by recording, arrays grow."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.compile import compile_rules
from policies.language.policy import Policy
from policies.record.book import (
    BookFull,
    add_row,
    enter,
    grown,
    nearly_full,
    new_book,
    place_row,
    put,
    put_by_rule,
    require,
    set_by_rule,
)
from policies.record.records import EVENT, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND, UNIT_KIND
from policies.record.voiding import void

RULES = compile_rules(Policy(name="empty"), activated_at=0)
ACTIONS = (EVENT.attempt, EVENT.contact, EVENT.document, EVENT.needs_recorded)
entries = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 50)), min_size=1, max_size=12)


def opportunity(**options):
    book = new_book(RULES, 4, **options)
    row = add_row(book, OPPORTUNITY_KIND, -1)
    enter(book, row, EVENT.registered, 0)
    return book, row


def value(book, row, name):
    return float(book.values[row, getattr(OPPORTUNITY, name)])


@given(entries)
def test_an_instant_is_the_latest_act_in_whatever_order_it_is_recorded(given):
    book, row = opportunity()
    for event, acted_at in given:
        enter(book, row, event, acted_at)
    acts = [acted_at for event, acted_at in given if event != EVENT.needs_recorded]
    assert value(book, row, "last_action_at") == max(acts) if acts else math.isnan(value(book, row, "last_action_at"))
    assert value(book, row, "last_progress_at") == max(
        [0, *(acted_at for event, acted_at in given if event == EVENT.needs_recorded)]
    )


@given(entries, st.data())
def test_voiding_leaves_what_the_other_entries_say(given, data):
    book, row = opportunity()
    numbers = [enter(book, row, event, acted_at) for event, acted_at in given]
    withdrawn = data.draw(st.sets(st.sampled_from(range(len(given)))))
    for place in withdrawn:
        void(book, numbers[place])
        void(book, numbers[place])  # a second time changes nothing
    other, other_row = opportunity()
    for place, (event, acted_at) in enumerate(given):
        if place not in withdrawn:
            enter(other, other_row, event, acted_at)
    np.testing.assert_array_equal(book.values[row], other.values[other_row])


def test_voiding_takes_back_what_the_entry_set():
    book, row = opportunity()
    enter(book, row, EVENT.registered, 1)
    entry = enter(book, row, EVENT.won, 7)
    put(book, row, OPPORTUNITY.amount, 500.0)
    void(book, entry)
    assert math.isnan(value(book, row, "won_at"))
    assert value(book, row, "status") == 0.0
    assert math.isnan(value(book, row, "amount"))


FIELDS_PUT = (OPPORTUNITY.amount, OPPORTUNITY.actions, OPPORTUNITY.budget, OPPORTUNITY.stall_reason)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from((EVENT.contact, EVENT.document, EVENT.won, EVENT.stall_explained, EVENT.field_recorded)),
            st.integers(1, 50), st.dictionaries(st.sampled_from(FIELDS_PUT), st.integers(1, 9).map(float), max_size=2),
        ),
        st.sampled_from(("freeze", "require", "set")),
    ),
    max_size=12,
)  # fmt: skip


def told(steps, without=frozenset()):
    """A book that went through entries and effects of rules, and the entries by their place."""
    book, row = opportunity()
    enter(book, row, EVENT.registered, 1)
    numbers = {}
    for place, step in enumerate(steps):
        if place in without:
            continue
        if step == "freeze":
            set_by_rule(book, row, OPPORTUNITY.frozen, 1.0)
        elif step == "require":
            require(book, row, OPPORTUNITY.stall_reason)
        elif step == "set":
            put_by_rule(book, row, OPPORTUNITY.budget, 77.0)
        else:
            event, acted_at, payload = step
            numbers[place] = enter(book, row, event, acted_at)
            for name, number in payload.items():
                put(book, row, name, number)
    return book, row, numbers


@given(STEPS, st.data())
def test_after_voiding_every_field_is_what_it_would_be_without_the_entries(steps, data):
    book, row, numbers = told(steps)
    gone = data.draw(st.sets(st.sampled_from(sorted(numbers)))) if numbers else set()
    for place in data.draw(st.permutations(sorted(gone))):
        void(book, numbers[place])
    other, other_row, _ = told(steps, gone)
    np.testing.assert_array_equal(book.values[row], other.values[other_row])


def test_an_instant_that_was_there_from_the_start_survives_the_voiding_of_an_earlier_act():
    book, row = opportunity()
    put(book, row, OPPORTUNITY.last_action_at, 100.0)
    void(book, enter(book, row, EVENT.contact, 50))
    assert value(book, row, "last_action_at") == 100.0


@pytest.mark.parametrize("record", ["put", "moved"])
def test_recording_a_field_meets_the_requirement(record):
    book, row = opportunity()
    asked = OPPORTUNITY.amount if record == "put" else OPPORTUNITY.quote_sent_at
    book.values[row, OPPORTUNITY.required] = 2.0**asked + 2.0**OPPORTUNITY.stall_reason
    if record == "put":
        put(book, row, OPPORTUNITY.amount, math.nan)  # taking a value away records nothing
        assert value(book, row, "required") == 2.0**asked + 2.0**OPPORTUNITY.stall_reason
        put(book, row, OPPORTUNITY.amount, 5.0)
    else:
        enter(book, row, EVENT.document, 5)
    assert value(book, row, "required") == 2.0**OPPORTUNITY.stall_reason


def test_a_book_without_entries_cannot_void_and_stays_small():
    book, row = opportunity(voidable=False)
    assert enter(book, row, EVENT.contact, 5) == -1
    assert len(book.entries) == len(book.changes) == 1
    assert value(book, row, "last_action_at") == 5.0
    assert not nearly_full(book)


def test_rows_of_a_kind_are_linked():
    book = new_book(RULES, 8)
    rows = [add_row(book, kind, -1) for kind in (LEAD_KIND, UNIT_KIND, LEAD_KIND)]
    place_row(book, 7, LEAD_KIND, -1)
    assert rows == [0, 1, 2]
    linked, row = [], int(book.kinds[LEAD_KIND].last)
    while row >= 0:
        linked.append(row)
        row = int(book.rows[row].same_kind)
    assert linked == [7, 2, 0]


def test_a_book_grows_before_it_is_full_and_keeps_everything():
    book = new_book(RULES, 1)
    for number in range(500):
        row = add_row(book, OPPORTUNITY_KIND, number)
        for acted_at in range(8):
            enter(book, row, EVENT.contact, acted_at)
        if nearly_full(book):
            book = grown(book)
            assert not nearly_full(book)
    assert book.rows.unit[:500].tolist() == list(range(500))
    assert (book.values[:500, OPPORTUNITY.last_action_at] == 7.0).all()
    assert (book.rows.kind[500:] == -1).all()
    assert np.isnan(book.values[500:]).all()


def test_one_instant_may_fire_on_every_record_however_many_there_are():
    book = new_book(RULES, 1)
    while len(book.rows) < 20_000:
        book.counts[0].rows = len(book.rows)
        book = grown(book)
    assert len(book.firings) > len(book.rows)


def test_a_full_book_is_an_error_not_a_crash():
    book = new_book(RULES, 1)
    for _ in range(len(book.rows)):
        add_row(book, LEAD_KIND, -1)
    with pytest.raises(BookFull):
        add_row(book, LEAD_KIND, -1)
