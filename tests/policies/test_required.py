"""What is asked for of a record: as many of a firm's own fields as there are bits left."""

import pytest

from policies.documents.loader import load_policy
from policies.engine.compile import compile_rules
from policies.engine.layout import layout_of
from policies.record.records import EVENT, RECORD_KINDS, SLOTS, WIDTH, column
from policies.record.required import BIT, BITS, NO_BIT, REQUIRABLE, required_columns
from policies.record.supplying import askable


@pytest.mark.parametrize("kind", range(len(SLOTS)))
def test_every_column_that_can_be_asked_for_has_a_bit_of_its_own_that_a_float_holds(kind):
    bits = [int(bit) for bit in BIT[kind] if bit != NO_BIT]
    assert len(set(bits)) == len(bits)
    assert max(bits) < BITS
    asked = [place for place in range(REQUIRABLE) if BIT[kind, place] != NO_BIT]
    together = float(sum(1 << bit for bit in bits))
    assert required_columns(kind, int(together)) == asked


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_a_field_that_can_be_asked_for_has_the_bit_of_its_column_and_at_least_twenty_of_the_firms_own_have_one(kind):
    number = RECORD_KINDS.index(kind)
    assert all(BIT[number, column(kind, name)] == column(kind, name) for name in askable(kind))
    assert REQUIRABLE - WIDTH >= 20
    assert (BIT[number, WIDTH:] != NO_BIT).all()


@pytest.mark.system("P1")
def test_a_policy_may_ask_for_twenty_fields_of_the_firms_own(tmp_path):
    names = [f"custom.own_{number}" for number in range(20)]
    rules = "".join(
        f"  - {{id: ask-{number}, on: opportunity, since: opened_at, after: 3d, then: [{{require: {name}}}]}}\n"
        for number, name in enumerate(names)
    )
    place = tmp_path / "own.yaml"
    place.write_text(f"name: own\ntitle: {{en: Own, zh: 自有}}\nsummary: {{en: Own., zh: 自有。}}\nrules:\n{rules}", "utf-8")
    policy = load_policy(place)
    effects = compile_rules(policy, activated_at=0, custom=layout_of([policy])).effects
    assert (effects.event == EVENT.field_required).sum() == 20
