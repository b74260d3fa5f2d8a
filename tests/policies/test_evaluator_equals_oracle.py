"""The compiled evaluator fires what the oracle fires: same rule, record, effect and instants, none missing, none extra."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.documents.loader import load_policy
from policies.engine.compile import rule_ids
from policies.engine.gates import ALLOWED, REQUIREMENT, refusal, unmet
from policies.engine.replay import RecordedEvent, Replay
from policies.language.policy import Policy
from policies.record.records import GATES
from tests.policies import dense_example, vocabulary
from tests.policies.journals import OFFICE, PLAIN, by_the_evaluator, by_the_oracle
from tests.policies.oracle import Oracle
from tests.policies.oracle_record import Fired
from tests.policies.strategies import Case, cases, conditions, journals, stand_stills

PLAYBOOKS = ("full-playbook", "golden-48h", "freeze-7d", "freeze-shadow", "stall-reminder", "store-leads", "support-promises")


def fired(engine, case: Case, until: int = vocabulary.UNTIL) -> list[Fired]:
    """What the oracle or the evaluator fires in a case."""
    return engine(
        case.policy,
        case.events,
        until,
        stand_still=case.stand_still,
        switches=case.switches,
        unit_names=vocabulary.UNIT_NAMES,
    )


@given(cases())
def test_generated_policies_fire_the_same(case):
    assert fired(by_the_evaluator, case) == fired(by_the_oracle, case)


@given(cases(switching=True))
def test_policies_edited_on_the_way_fire_the_same(case):
    assert fired(by_the_evaluator, case) == fired(by_the_oracle, case)


def refused_by(replayed: Replay, record: int, gate: str, now: int) -> str | None:
    """Id of the rule that refuses a step on a record as it stands now, "requirement" for a field that is still required,
    None when the step is allowed."""
    driver = replayed.driver
    position = refusal(driver.book, driver.rules, driver.days, replayed.row_of[record], GATES.index(gate), now)
    driver.book.counts[0].firings = 0
    if position == REQUIREMENT:
        return "requirement"
    return None if position == ALLOWED else rule_ids(driver.policy)[position]


@given(cases())
def test_gates_refuse_the_same(case):
    until = vocabulary.UNTIL
    journal = [RecordedEvent(*entry) for entry in case.events]
    replayed = Replay(case.policy, OFFICE, journal, until, unit_names=vocabulary.UNIT_NAMES)
    replayed.through()
    oracle = Oracle(case.policy, PLAIN, unit_names=vocabulary.UNIT_NAMES)
    oracle.run(case.events, until)
    for record in oracle.records:
        for gate in GATES:
            assert refused_by(replayed, record, gate, until) == oracle.refusal(record, gate, until)


STAGED = conditions(tuple({**each} for theme in (vocabulary.CLOSINGS, vocabulary.STAGES) for each in theme.when if each))


@given(journals((vocabulary.CLOSINGS,)), st.lists(STAGED, min_size=6, max_size=6))
@settings(max_examples=max(settings.default.max_examples // 4, 10))
def test_conditions_of_stages_hold_back_the_same(events, written):
    stages = [
        {"id": f"stage-{n}", "name": {"en": f"Stage {n}", "zh": f"阶段 {n}"}, "enter": enter, "leave": leave}
        for n, (enter, leave) in enumerate(zip(written[:3], written[3:], strict=True), start=1)
    ]
    policy, until = Policy.model_validate({"name": "staged", "stages": stages}), vocabulary.UNTIL
    replayed = Replay(policy, OFFICE, [RecordedEvent(*entry) for entry in events], until, unit_names=vocabulary.UNIT_NAMES)
    replayed.through()
    oracle = Oracle(policy, PLAIN, unit_names=vocabulary.UNIT_NAMES)
    oracle.run(events, until)
    driver = replayed.driver
    for record in oracle.records:
        row = replayed.row_of[record]
        for stage, gate in product((1, 2, 3), ("advance", "sign")):
            told = unmet(driver.book, driver.rules, row, stage, GATES.index(gate))
            assert told == oracle.holds_back(record, stage, gate)


@cache
def library_policy(name: str):
    return load_policy(name)


@settings(max_examples=max(settings.default.max_examples // 10, 10))  # seven policies, and the cases above vary more
@given(st.data())
@pytest.mark.parametrize("name", PLAYBOOKS)
def test_policies_of_the_library_fire_the_same(name, data):
    policy = library_policy(name)
    events = data.draw(journals(tuple({rule.on: vocabulary.BROAD[rule.on] for rule in policy.rules}.values())))
    case = Case(policy, events, data.draw(stand_stills(events)))
    assert fired(by_the_evaluator, case) == fired(by_the_oracle, case)


def test_the_dense_example_fires_the_same():
    case = dense_example.case()
    assert fired(by_the_evaluator, case, dense_example.UNTIL) == fired(by_the_oracle, case, dense_example.UNTIL)


@pytest.mark.parametrize("shifted", dense_example.TIMED)
def test_a_rule_that_waits_a_minute_longer_is_noticed(shifted):
    usual, longer, until = dense_example.case(), dense_example.case(shifted), dense_example.UNTIL
    assert fired(by_the_evaluator, longer, until) != fired(by_the_oracle, usual, until)
    assert fired(by_the_evaluator, usual, until) != fired(by_the_oracle, longer, until)
