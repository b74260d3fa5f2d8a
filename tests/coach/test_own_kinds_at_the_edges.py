"""Records of own kinds at the edges: kinds without a field, events that they have not, links to what somebody may not see."""

import pytest

from policies.engine.compile import compile_rules
from tests.coach.firm import Firm, policy_of

ORDER = {"order": {"title": {"en": "order", "zh": "订单"}}}
STALE = {"id": "stale", "on": "order", "since": "registered_at", "after": "1d", "when": {"status": "open"},
         "then": [{"todo": "owner"}]}  # fmt: skip
NAMED = {"id": "named", "on": "order", "before": "complete", "when": {"name": "missing"}}


@pytest.fixture
def firm(tmp_path):
    return Firm(tmp_path, policy_of(STALE, NAMED, name="orders", kinds=ORDER))


def test_rules_and_gates_act_on_a_kind_without_a_field_of_its_own(firm):
    firm.post("registered", "O", kind="order", unit="rep-1")
    step = firm.event("completed", "O", kind="order", intent="complete")
    told = firm.service.post([step])
    assert [each.rule for each in told.refusals] == ["named"]
    firm.until("2026-01-06 10:00")
    assert firm.fired()[1:] == ["01-06 09:00 stale/O todo_opened owner"]


def test_a_rule_on_a_kind_that_the_columns_do_not_know_does_not_vanish():
    with pytest.raises(ValueError, match="'stale' is on the kind 'order'"):
        compile_rules(policy_of(STALE, kinds=ORDER), activated_at=0)
