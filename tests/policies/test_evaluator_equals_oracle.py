"""The compiled evaluator fires what the oracle fires: same rule, record, effect and instants, none missing, none extra."""

from functools import cache

import pytest
from hypothesis import given, target
from hypothesis import strategies as st

from policies.loader import load_policy
from policies.replay import RecordedEvent, replay
from tests.policies import dense_example, vocabulary
from tests.policies.journals import OFFICE, PLAIN
from tests.policies.oracle import Oracle
from tests.policies.oracle_record import Fired
from tests.policies.strategies import Case, cases, journals, stand_stills

PLAYBOOKS = ("full-playbook", "golden-48h", "freeze-7d", "freeze-shadow", "stall-reminder", "store-leads", "support-promises")


def by_the_oracle(case: Case, until: int = vocabulary.UNTIL) -> list[Fired]:
    """What should fire."""
    oracle = Oracle(
        case.policy, PLAIN, stand_still=case.stand_still, switches=case.switches, unit_names=vocabulary.UNIT_NAMES
    )
    return oracle.run(case.events, until)


def by_the_evaluator(case: Case, until: int = vocabulary.UNTIL) -> list[Fired]:
    """What fires; of the rows that head a firing, the argument (the rule's position) is left out."""
    fired = replay(
        case.policy,
        OFFICE,
        [RecordedEvent(*entry) for entry in case.events],
        until,
        case.stand_still,
        switches=case.switches,
        unit_names=vocabulary.UNIT_NAMES,
    )
    heads = ("fired", "shadow_fired")
    return [Fired(*firing)._replace(argument=0) if firing.event in heads else Fired(*firing) for firing in fired]


@given(cases())
def test_generated_policies_fire_the_same(case):
    expected = by_the_oracle(case)
    target(float(len(expected)), label="firings")
    assert by_the_evaluator(case) == expected


@given(cases(switching=True))
def test_policies_edited_on_the_way_fire_the_same(case):
    assert by_the_evaluator(case) == by_the_oracle(case)


@cache
def library_policy(name: str):
    return load_policy(name)


@given(st.data())
@pytest.mark.parametrize("name", PLAYBOOKS)
def test_policies_of_the_library_fire_the_same(name, data):
    policy = library_policy(name)
    events = data.draw(journals(tuple({rule.on: None for rule in policy.rules})))
    case = Case(policy, events, data.draw(stand_stills(events)))
    assert by_the_evaluator(case) == by_the_oracle(case)


def test_the_dense_example_fires_the_same():
    case = dense_example.case()
    assert by_the_evaluator(case, dense_example.UNTIL) == by_the_oracle(case, dense_example.UNTIL)


@pytest.mark.parametrize("shifted", dense_example.TIMED)
def test_a_rule_that_waits_a_minute_longer_is_noticed(shifted):
    usual, longer = dense_example.case(), dense_example.case(shifted)
    assert by_the_evaluator(longer, dense_example.UNTIL) != by_the_oracle(usual, dense_example.UNTIL)
    assert by_the_evaluator(usual, dense_example.UNTIL) != by_the_oracle(longer, dense_example.UNTIL)
