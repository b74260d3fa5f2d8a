"""What comes over links stands on a record at the instant at which the linked record changes: evaluator and oracle agree."""

from hypothesis import given, settings

from policies.engine.compile import rule_ids
from policies.engine.gates import ALLOWED, REQUIREMENT, refusal
from policies.engine.replay import RecordedEvent, Replay
from policies.language.policy import Policy
from policies.record.records import GATES, found_field
from tests.policies import linked_cases, vocabulary
from tests.policies.journals import OFFICE, PLAIN, by_the_evaluator, by_the_oracle
from tests.policies.oracle import Oracle


def fired(engine, case):
    return engine(
        case.policy, case.events, vocabulary.UNTIL, stand_still=case.stand_still, switches=case.switches,
        unit_names=vocabulary.UNIT_NAMES,
    )  # fmt: skip


@settings(max_examples=50)
@given(linked_cases.cases())
def test_rules_over_links_fire_the_same(case):
    assert fired(by_the_evaluator, case) == fired(by_the_oracle, case)


@given(linked_cases.cases(switching=True))
def test_rules_over_links_fire_the_same_under_policies_that_come_and_go(case):
    assert fired(by_the_evaluator, case) == fired(by_the_oracle, case)


@given(linked_cases.cases())
def test_every_value_over_links_is_what_the_oracle_says(case):
    replayed = Replay(case.policy, OFFICE, [RecordedEvent(*entry) for entry in case.events], vocabulary.UNTIL)
    replayed.through()
    oracle = Oracle(case.policy, PLAIN)
    oracle.run(case.events, vocabulary.UNTIL)
    for (kind, name), column in replayed.layout.items():
        about = found_field(case.policy.kind(kind), name)
        for record, values in oracle.linked.items():
            if about is not None and about.linked and oracle.records[record].kind == kind:
                found = replayed.driver.book.values[replayed.row_of[record], column]
                assert (None if found != found else found) == values[name]


@given(linked_cases.cases())
def test_gates_over_links_refuse_the_same(case):
    rules = [
        {"id": f"gate-{place}", "on": rule.on, "before": gate, "when": rule.when}
        for place, (rule, gate) in enumerate(zip(case.policy.rules, 3 * ("complete", "start"), strict=False))
    ]
    asking = [rule.model_dump(exclude_unset=True) for rule in case.policy.rules if rule.every is None]
    policy = Policy(name="gates", kinds=linked_cases.KINDS, rules=[*asking, *rules])
    replayed = Replay(policy, OFFICE, [RecordedEvent(*entry) for entry in case.events], vocabulary.UNTIL)
    replayed.through()
    oracle = Oracle(policy, PLAIN)
    oracle.run(case.events, vocabulary.UNTIL)
    driver = replayed.driver
    named = {ALLOWED: None, REQUIREMENT: "requirement"} | dict(enumerate(rule_ids(policy)))
    for record in oracle.records:
        for gate in ("start", "complete", "advance"):
            row, code = replayed.row_of[record], GATES.index(gate)
            answer = int(refusal(driver.book, driver.rules, driver.days, row, code, vocabulary.UNTIL))
            assert named[answer] == oracle.refusal(record, gate, vocabulary.UNTIL)
