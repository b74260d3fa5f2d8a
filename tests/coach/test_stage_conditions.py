"""Entry and exit conditions of stages, and fields of the firm's own that a stage asks for (P1)."""

import json

import pytest

from coach.rules.refusing import refusal_words
from policies.language.policy import Policy
from policies.words.policy_words import differences, policy_words
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

pytestmark = [pytest.mark.file, pytest.mark.system("P1")]
STAGES = [
    {"id": "needs", "name": {"en": "Needs", "zh": "需求"}, "requires": ["custom.site_survey"]},
    {"id": "offer", "name": {"en": "Offer", "zh": "方案"}, "enter": {"budget": ">= 500"},
     "leave": {"decision_maker": "present"}},
]  # fmt: skip
END = {"en": "End", "zh": "收尾"}
POLICY = Policy.model_validate({"name": "gated", "stages": STAGES})


def step(firm: Firm, **told) -> dict | None:
    """What a rep who takes the next step is told; None where it is taken."""
    event = firm.event("won") if told.pop("sign", False) else firm.event("advanced", stage=2)
    refusal = firm.service.gate(event, "sign" if event.event == "won" else "advance", "tester")
    return None if refusal is None else {"missing": refusal.missing, **refusal_words(firm.service, refusal)}


def test_a_deal_goes_on_once_its_own_field_is_there_and_the_conditions_hold(tmp_path):
    firm = Firm(tmp_path, POLICY)
    firm.deal(budget=100.0)
    assert step(firm)["missing"] == ["custom.site_survey"]
    firm.post("field_recorded", **{"custom.site_survey": "done"})
    refused = step(firm)
    assert (refused["missing"], "only if the customer's budget is at least 500" in refused["en"]) == ([], True)
    assert "客户预算不低于500" in refused["zh"]
    firm.post("field_recorded", budget=900.0)
    assert step(firm) is None


def test_what_a_condition_wants_recorded_is_named_and_a_restart_changes_nothing(tmp_path):
    firm = Firm(tmp_path, POLICY)
    firm.deal(stage=2)
    firm.stand_still("2026-01-06 09:00")
    refused = step(firm, sign=True)
    assert refused["missing"] == ["decision_maker"]
    firm.post("field_recorded", decision_maker="Ms Chen")
    assert step(firm, sign=True) is None


def test_over_http_a_refusal_names_what_is_missing_and_no_stage_is_skipped(tmp_path):
    firm = Firm(tmp_path, Policy.model_validate({"name": "gated", "stages": [*STAGES, {"id": "end", "name": END}]}))
    firm.deal("A", budget=900.0)
    firm.post("field_recorded", "A", **{"custom.site_survey": "done"})
    desk = Desk(firm)

    def tell(stage: int):
        event = json.loads(firm.event("advanced", "A", stage=stage).model_dump_json())
        return desk.ask("rep", "POST", "/gates/advance", json=event)

    assert (tell(3).status_code, tell(3).json()["rule"]) == (409, "stage_order")
    firm.post("advanced", "A", stage=2)
    refused = tell(3)
    assert (refused.status_code, refused.json()["missing"]) == (409, ["decision_maker"])
    assert "only if the decision maker is recorded" in refused.json()["en"]
    assert "决策人" in refused.json()["zh"]
    firm.post("field_recorded", "A", decision_maker="Ms Chen")
    assert tell(3).status_code == 200


def test_a_signature_is_asked_for_what_leaves_its_stage_not_for_what_enters_the_next(tmp_path):
    firm = Firm(tmp_path, POLICY)
    firm.deal(budget=100.0)
    firm.post("field_recorded", **{"custom.site_survey": "done"})
    assert step(firm)["missing"] == []
    assert step(firm, sign=True) is None


def test_words_tell_them_and_the_office_says_what_it_cannot_ask():
    told = policy_words(POLICY, "en")
    assert "The stage Offer is entered only if the customer's budget is at least 500." in told
    assert "The stage Offer is left only if the decision maker is recorded." in told
    (left,) = POLICY.cannot_rehearse
    assert "custom.site_survey" in left.en
    looser = Policy.model_validate({"name": "looser", "stages": [STAGES[0], STAGES[1] | {"enter": None}]})
    assert differences(POLICY, looser, "en") == [
        "No longer: The stage Offer is entered only if the customer's budget is at least 500."
    ]
