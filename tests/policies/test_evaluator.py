"""The evaluator's own promises to its hosts: what `revise`, `look` and `settle` do, and conditions as compiled programs.

What the rules mean is tested sentence by sentence against the oracle; here is what a clock builds on.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.compile import compile_rules, lasting_number
from policies.engine.conditions import holds
from policies.engine.evaluator import look, revise, settle
from policies.engine.switching import switch
from policies.language.policy import Policy
from policies.record.book import BookFull, add_row, enter, new_book, put
from policies.record.records import EVENT, EVENTS, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND, UNIT_KIND, WIDTH
from policies.record.texts import text_number
from policies.time.calendar_arrays import DAY, NEVER
from tests.policies import oracle_record
from tests.policies.journals import at
from tests.policies.test_derived import DAYS

START = at("2026-03-02 10:00")
HOUR = 3_600_000
FREEZE = {
    "id": "freeze-idle",
    "on": "opportunity",
    "when": {"status": "open", "frozen": False},
    "since": {"latest": ["last_action_at", "reopened_at"]},
    "after": "15d",
    "then": ["freeze", {"require": "stall_reason"}],
}
REMIND = {"id": "remind", "on": "opportunity", "when": {"status": "open"}, "since": "opened_at", "after": "2h",
          "then": [{"notify": "owner"}]}  # fmt: skip


def office(*rules, **options):
    rules = compile_rules(Policy(name="office", rules=rules), activated_at=0, **options)
    book = new_book(rules, 4)
    return book, rules, add_opportunity(book)


def add_opportunity(book, unit=-1):
    row = add_row(book, OPPORTUNITY_KIND, unit)
    enter(book, row, EVENT.registered, START)
    return row


def taken(book):
    firings = book.firings[: int(book.counts[0].firings)]
    book.counts[0].firings = 0
    return [(int(each.rule), int(each.row), EVENTS[each.event]) for each in firings]


# Conditions

comparisons = st.sampled_from([
    {"status": "open"}, {"status": "!= won"}, {"frozen": True}, {"amount": "> 5"}, {"amount": "<= 9"}, {"amount": "!= 1"},
    {"amount": [1, 9, 2.5]}, {"stage": [1, 2]}, {"stage": ">= 2"}, {"stage": "< 3"}, {"discount": "> 50%"}, {"flag": "missing"},
    {"flag": ["green", "red"]}, {"needs_summary": "missing"}, {"needs_summary": "present"},
    {"amount": "> field budget"}, {"budget": "<= field amount"}, {"stage": "!= field actions"}, {"amount": "= field budget"},
])  # fmt: skip
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        inner.map(lambda one: {"not": one}),
        st.lists(inner, max_size=3).map(lambda items: {"any": items}),
        st.lists(inner, max_size=3).map(lambda items: {"all": items}),
        st.lists(inner, max_size=4).map(lambda items: {name: value for item in items for name, value in item.items()}),
    ),
)
values = st.one_of(st.none(), st.sampled_from((0.0, 1.0, 2.0, 2.5, 3.0, 5.0, 9.0, 49.0, 50.0, 1e9, -1.0)))


@given(conditions, st.dictionaries(st.sampled_from(OPPORTUNITY._fields), values))
def test_a_compiled_condition_holds_where_its_tree_holds(when, known):
    rule = {**REMIND, "when": when}
    policy = Policy(name="one", rules=[rule])
    compiled_rules = compile_rules(policy, activated_at=0)
    row = np.full((1, WIDTH), np.nan)
    for name, value in known.items():
        row[0, getattr(OPPORTUNITY, name)] = math.nan if value is None else value
    expected = oracle_record.holds(policy.rules[0].predicate, known)
    assert bool(holds(row, 0, compiled_rules.rules[0], compiled_rules.ops)) == expected


@pytest.mark.parametrize(
    ("when", "amount", "expected"),
    [
        ({"amount": "> 5"}, 5.0, False),
        ({"amount": "> 5"}, math.nextafter(5.0, 6.0), True),
        ({"amount": ">= 5"}, 5.0, True),
        ({"amount": "< 5"}, math.nextafter(5.0, 0.0), True),
        ({"amount": "< 5"}, 5.0, False),
        ({"amount": "<= 5"}, 5.0, True),
        ({"amount": "!= 5"}, math.nan, False),
        ({"not": {"amount": "!= 5"}}, math.nan, True),
        ({"amount": [5, 70.5]}, 70.5, True),
        ({"amount": [5, 62]}, 5.5, False),
        ({"amount": [5, 62]}, 62.0, True),
        ({"amount": "> field budget"}, math.nextafter(5.0, 6.0), True),
        ({"amount": "> field budget"}, 5.0, False),
        ({"amount": ">= field budget"}, 5.0, True),
        ({"amount": "!= field budget"}, math.nan, False),
        ({"not": {"amount": "= field budget"}}, math.nan, True),
        ({"any": []}, 1.0, False),
        ({"all": []}, 1.0, True),
    ],
)
def test_comparisons_at_their_borders(when, amount, expected):
    book, rules, row = office({**REMIND, "when": when})
    put(book, row, OPPORTUNITY.amount, amount)
    put(book, row, OPPORTUNITY.budget, 5.0)
    assert bool(holds(book.values, row, rules.rules[0], rules.ops)) == expected


# Dues


@pytest.mark.system("P3")
def test_revise_returns_the_next_due_and_settle_does_nothing_before_it():
    book, rules, row = office(FREEZE)
    enter(book, row, EVENT.contact, START)
    due = revise(book, rules, DAYS, row, START)
    assert due == book.rows[row].next_due == START + 15 * 24 * HOUR
    revise(book, rules, DAYS, row, due - 1)
    settle(book, rules, DAYS, due - 1)
    assert taken(book) == []
    assert revise(book, rules, DAYS, row, due) == NEVER
    settle(book, rules, DAYS, due)
    assert taken(book) == [(0, row, "fired"), (0, row, "frozen"), (0, row, "field_required")]
    assert book.values[row, OPPORTUNITY.frozen] == 1
    assert book.values[row, OPPORTUNITY.required] == 2.0**OPPORTUNITY.stall_reason


def test_a_kind_without_timed_rules_never_falls_due():
    book, rules, _ = office(FREEZE)
    assert revise(book, rules, DAYS, add_row(book, LEAD_KIND, -1), START) == NEVER


def test_a_record_whose_condition_is_false_is_not_waited_for():
    book, rules, row = office(REMIND)
    enter(book, row, EVENT.won, START)
    assert revise(book, rules, DAYS, row, START) == NEVER


def test_what_is_due_at_one_instant_fires_by_document_order_then_record():
    book, rules, _ = office(REMIND, {**REMIND, "id": "again"})
    rows = [0, add_opportunity(book), add_opportunity(book)]
    due = START + 2 * HOUR
    for row in reversed(rows):
        revise(book, rules, DAYS, row, due)
    settle(book, rules, DAYS, due)
    assert [(rule, row) for rule, row, event in taken(book) if event == "fired"] == [
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)
    ]  # fmt: skip


def test_an_effect_that_makes_an_earlier_rule_due_puts_it_before_what_was_waiting():
    tell = {**REMIND, "id": "tell", "when": {"frozen": True}}
    cold = {**REMIND, "id": "cold", "then": ["freeze"]}
    book, rules, _ = office(tell, cold)
    add_opportunity(book)
    for row in (0, 1):
        revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    assert [(rule, row) for rule, row, event in taken(book) if event == "fired"] == [(1, 0), (0, 0), (1, 1), (0, 1)]


def test_a_firing_that_an_earlier_effect_makes_void_does_not_happen():
    win = {**REMIND, "id": "amount", "then": [{"set": {"amount": 0}}]}
    large = {**REMIND, "id": "large", "when": {"amount": "> 5"}}
    book, rules, row = office(win, large)
    put(book, row, OPPORTUNITY.amount, 10.0)
    revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    assert {rule for rule, _, _ in taken(book)} == {0}


def test_asking_twice_for_the_same_instant_fires_once():
    book, rules, row = office(REMIND)
    for _ in range(3):
        revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    assert [event for _, _, event in taken(book)] == ["fired", "notified"]


def test_a_due_behind_the_compiled_calendar_never_comes():
    book, rules, row = office({**REMIND, "after": "300bd"})
    assert revise(book, rules, DAYS, row, START) == NEVER


def test_exempt_units_are_left_alone_whether_by_name_or_team():
    rule = {**REMIND, "exempt": ["Team South", "Nobody"]}
    units = {"Team South": [5, 6], "Wang": 7}
    rules = compile_rules(Policy(name="office", rules=[rule]), activated_at=0, units=units)
    book = new_book(rules, 4)
    dues = [revise(book, rules, DAYS, add_opportunity(book, unit), START) for unit in (5, 6, 7, -1, 400)]
    assert dues == [NEVER, NEVER, *[START + 2 * HOUR] * 3]


def test_a_rule_on_fields_that_the_office_does_not_have_is_left_out_and_runs_with_them():
    policy = Policy(name="live", rules=[{**REMIND, "when": {"custom.tender": "> 5"}}])
    rules = compile_rules(policy, activated_at=0)
    book = new_book(rules, 4, WIDTH + 1)
    row = add_opportunity(book)
    put(book, row, WIDTH, 9.0)
    assert revise(book, rules, DAYS, row, START) == NEVER
    live = compile_rules(policy, activated_at=0, custom={("opportunity", "custom.tender"): WIDTH})
    assert revise(book, live, DAYS, row, START) == START + 2 * HOUR


def test_firings_that_do_not_fit_are_an_error():
    book, rules, _ = office(REMIND)
    book = book._replace(firings=book.firings[:1])
    revise(book, rules, DAYS, 0, START + 2 * HOUR)
    with pytest.raises(BookFull):
        settle(book, rules, DAYS, START + 2 * HOUR)


# Looks


def unit(book, rules_kind=UNIT_KIND):
    row = add_row(book, rules_kind, len(book.rows))
    enter(book, row, EVENT.registered, at("2026-01-05 00:00"))
    return row


@pytest.mark.system("G2")
def test_a_look_skips_a_period_without_a_business_day():
    rule = {"id": "few-visits", "on": "lead", "every": "day", "when": {"status": "new"}, "streak": 2, "then": [{"flag": "red"}]}
    rules = compile_rules(Policy(name="looks", rules=[rule]), activated_at=0)
    book = new_book(rules, 4)
    unit(book, LEAD_KIND)
    fired = []
    for midnight in ("2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10", "2026-03-11"):  # Saturday 7 to Wednesday 11
        look(book, rules, DAYS, DAY, at(f"{midnight} 00:00"))
        settle(book, rules, DAYS, at(f"{midnight} 00:00"))
        fired += [(midnight, event) for _, _, event in taken(book) if event == "flagged"]
    assert fired == [("2026-03-10", "flagged")]  # Friday and Monday were the two looks in a row


# Switching


def test_a_switch_keeps_memory_by_id_whatever_the_position():
    book, rules, row = office(REMIND)
    revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    taken(book)
    edited = Policy(name="edited", rules=[FREEZE, {**REMIND, "after": "1h"}])
    book, rules = switch(book, rules, edited, START + 3 * HOUR, DAYS)
    settle(book, rules, DAYS, START + 3 * HOUR)
    assert taken(book) == []
    assert rules.rules.activated_at.tolist() == [START + 3 * HOUR, 0]
    assert [int(each) for each in rules.rules.number] == [lasting_number("freeze-idle"), lasting_number("remind")]


def test_a_switch_closes_what_a_dropped_rule_has_open_and_names_it_by_its_former_position():
    book, rules, row = office(FREEZE, {**REMIND, "then": [{"todo": "owner"}, {"flag": "red"}]})
    revise(book, rules, DAYS, row, START + 2 * HOUR)
    settle(book, rules, DAYS, START + 2 * HOUR)
    taken(book)
    book, rules = switch(book, rules, Policy(name="less", rules=[FREEZE]), START + 3 * HOUR, DAYS)
    assert taken(book) == [(-3, row, "todo_closed"), (-3, row, "flag_closed")]
    assert book.values[row, OPPORTUNITY.flag] == 0
    assert book.rows[row].open == 0


def test_a_switch_needs_an_emptied_book():
    book, rules, row = office(REMIND)
    revise(book, rules, DAYS, row, START + 2 * HOUR)
    with pytest.raises(ValueError, match="settle"):
        switch(book, rules, Policy(name="other"), START + 2 * HOUR, DAYS)


@given(
    st.sampled_from([5.0, 3.0, "gold", "3", "z", "a", None]),
    st.sampled_from([5.0, 3.0, "gold", "3", "z", "a", None]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["field custom.b", "5", "gold"]),
)
def test_own_fields_hold_numbers_and_texts_and_only_numbers_have_an_order(a, b, sign, with_what):
    if with_what == "gold" and sign not in ("=", "!="):
        return
    rule = {**REMIND, "when": {"custom.a": f"{sign} {with_what}"}}
    custom = {("opportunity", "custom.a"): WIDTH, ("opportunity", "custom.b"): WIDTH + 1}
    rules = compile_rules(Policy(name="one", rules=[rule]), activated_at=0, custom=custom)
    row = np.full((1, WIDTH + 2), np.nan)
    for place, value in ((WIDTH, a), (WIDTH + 1, b)):
        row[0, place] = math.nan if value is None else text_number(value) if isinstance(value, str) else value
    other = {"field custom.b": b, "5": 5.0, "gold": "gold"}[with_what]
    both = a is not None and other is not None
    numbers = both and not isinstance(a, str) and not isinstance(other, str)
    expected = {
        "=": both and a == other, "!=": both and a != other, "<": numbers and a < other, "<=": numbers and a <= other,
        ">": numbers and a > other, ">=": numbers and a >= other,
    }[sign]  # fmt: skip
    assert bool(holds(row, 0, rules.rules[0], rules.ops)) == expected
