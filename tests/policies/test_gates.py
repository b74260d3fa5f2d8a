"""Gates: who refuses, in which order, and what an open requirement refuses."""

import pytest

from policies.engine.compile import compile_rules
from policies.engine.gates import ALLOWED, REQUIREMENT, refusal
from policies.language.policy import Policy
from policies.record.book import add_row, enter, new_book, put
from policies.record.records import EVENT, GATES, OPPORTUNITY, OPPORTUNITY_KIND, UNIT, UNIT_KIND
from tests.policies.journals import OFFICE, at
from tests.policies.test_derived import DAYS

NOW = at("2026-03-03 10:00")
CONTRACT = {"id": "contract-file", "on": "opportunity", "before": "sign", "when": {"contract_file": "missing"}}
LEGAL = {"id": "legal-approval", "on": "opportunity", "before": "sign", "when": {"legal_approval": "missing"}}


def office(*rules, units=None):
    compiled_rules = compile_rules(Policy(name="gates", rules=rules), activated_at=0, units=units)
    book = new_book(compiled_rules, 4)
    row = add_row(book, OPPORTUNITY_KIND, 3)
    enter(book, row, EVENT.registered, NOW - 86_400_000)
    return book, compiled_rules, row


def ask(book, rules, row, gate):
    return refusal(book, rules, DAYS, row, GATES.index(gate), NOW)


def test_the_first_rule_in_document_order_refuses_until_its_condition_is_false():
    book, rules, row = office(CONTRACT, LEGAL)
    assert ask(book, rules, row, "sign") == 0
    put(book, row, OPPORTUNITY.contract_file, 1.0)
    assert ask(book, rules, row, "sign") == 1
    put(book, row, OPPORTUNITY.legal_approval, 1.0)
    assert ask(book, rules, row, "sign") == ALLOWED
    assert book.counts[0].firings == 0


def test_a_gate_guards_its_own_step_only():
    book, rules, row = office(CONTRACT)
    assert [ask(book, rules, row, gate) for gate in GATES if gate != "sign"] == [ALLOWED] * (len(GATES) - 1)


@pytest.mark.parametrize("gate", GATES)
def test_an_open_requirement_refuses_advance_and_sign(gate):
    book, rules, row = office()
    book.values[row, OPPORTUNITY.required] = 2.0**OPPORTUNITY.stall_reason
    assert ask(book, rules, row, gate) == (REQUIREMENT if gate in ("advance", "sign") else ALLOWED)
    put(book, row, OPPORTUNITY.stall_reason, 1.0)
    assert ask(book, rules, row, gate) == ALLOWED


def test_a_gate_in_shadow_is_journalled_and_refuses_nothing():
    book, rules, row = office({**CONTRACT, "mode": "shadow"}, LEGAL)
    assert ask(book, rules, row, "sign") == 1
    firing = book.firings[0]
    assert (firing.rule, firing.event, firing.argument, firing.fired_at) == (0, EVENT.shadow_fired, GATES.index("sign"), NOW)


def test_a_gate_that_is_off_or_exempts_the_unit_refuses_nothing():
    book, rules, row = office({**CONTRACT, "mode": "off"}, {**LEGAL, "exempt": ["South"]}, units={"South": [2, 3]})
    assert ask(book, rules, row, "sign") == ALLOWED


def test_a_gate_knows_quantities_as_of_the_instant_it_is_asked():
    rule = {"id": "spend-when-on-pace", "on": "unit", "before": "expense", "when": {"behind_pace": "> 20%"}}
    book, rules, _ = office(rule)
    row = add_row(book, UNIT_KIND, 1)
    for name, value in {"target": 100, "attained": 50, "period_start_at": at("2026-01-01 00:00"),
                        "period_end_at": at("2026-04-01 00:00")}.items():  # fmt: skip
        put(book, row, getattr(UNIT, name), float(value))
    gate = GATES.index("expense")
    assert refusal(book, rules, DAYS, row, gate, at("2026-02-02 10:00")) == ALLOWED
    assert refusal(book, rules, DAYS, row, gate, at("2026-03-30 10:00")) == 0


def test_idle_days_of_a_gate_are_not_left_over_from_an_earlier_question():
    rule = {"id": "no-idle-advance", "on": "opportunity", "before": "advance", "when": {"days_idle": "> 7"}}
    book, rules, row = office(rule)
    enter(book, row, EVENT.contact, OFFICE.midnight(OFFICE.local_date(NOW)))
    assert ask(book, rules, row, "advance") == ALLOWED
    assert refusal(book, rules, DAYS, row, GATES.index("advance"), NOW + 8 * 86_400_000) == 0
    enter(book, row, EVENT.contact, NOW + 8 * 86_400_000)
    assert refusal(book, rules, DAYS, row, GATES.index("advance"), NOW + 8 * 86_400_000) == ALLOWED
