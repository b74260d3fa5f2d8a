"""Records of own kinds at the edges: kinds without a field, events that they have not, links to what somebody may not see."""

import pytest

from coach.events import OWN_EVENTS
from coach.rules import approving
from coach.store import Viewer
from policies.engine.compile import compile_rules
from policies.record.records import ACTOR_EVENTS
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk

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


@pytest.mark.parametrize("event", sorted({*ACTOR_EVENTS} - {*OWN_EVENTS}))
def test_what_does_not_happen_to_a_record_of_an_own_kind_is_refused_with_what_does(firm, event):
    firm.post("registered", "O", kind="order", unit="rep-1")
    told = firm.service.post([firm.event(event, "O", kind="order")])
    assert told.accepted == 0
    (refused,) = told.refused
    assert refused.en.startswith(f"event: '{event}' does not happen")
    for words in (refused.en, refused.zh):
        assert all(each in words for each in OWN_EVENTS)


def test_every_event_of_own_kinds_is_taken(firm):
    firm.post("registered", "O", kind="order", unit="rep-1", key="begun")
    events = [firm.event(each, "O", kind="order") for each in OWN_EVENTS if each not in ("registered", "voided")]
    events.append(firm.event("voided", "O", kind="order", voids="begun"))
    assert firm.service.post(events).refused == []


def test_confirming_a_policy_for_whose_kinds_there_is_no_room_is_told_with_the_remedy(tmp_path):
    firm = Firm(tmp_path)
    for batch in range(2):
        firm.service.activate(policy_of(kinds={f"kind_{batch}_{each}": ORDER["order"] for each in range(16)}), "tester")
    desk = Desk(firm)
    asked = approving.put_in_force(firm.service, Viewer("Qi", "operations"), policy_of(STALE, kinds=ORDER), reason="now")
    answer = desk.ask("manager", "POST", f"/policies/requests/{asked.request}/confirm")
    assert answer.status_code == 422
    assert "32 kinds" in answer.json()["en"]
    assert "沿用已有的类型名称" in answer.json()["zh"]


def test_people_say_what_they_think_of_a_rule_on_an_own_kind(firm):
    firm.post("registered", "O", kind="order", unit="rep-1")
    desk = Desk(firm)
    said = {"verdict": "helps", "kind": "order", "record": "O"}
    assert desk.ask("rep", "POST", "/rules/stale/feedback", json=said).status_code == 200
    assert desk.ask("rep", "GET", "/rules/stale/learned").json()["said"]["helps"] == 1
    assert desk.ask("peer", "POST", "/rules/stale/feedback", json=said).status_code == 404
    assert desk.ask("rep", "POST", "/rules/stale/feedback", json=said | {"kind": "no_such"}).status_code == 404


LINKED = {"task": {"title": {"en": "task", "zh": "任务"}, "links": {"deal": "opportunity", "brand": "brand"}},
          "brand": {"title": {"en": "brand", "zh": "品牌"}},
          "opportunity": {"counts": {"tasks": {"of": "task", "by": "deal"}}}}  # fmt: skip


def test_nobody_links_a_record_to_one_of_others(tmp_path):
    firm = Firm(tmp_path, policy_of(kinds=LINKED))
    firm.deal("A", "rep-1")
    desk, number = Desk(firm), iter(range(99))

    def post(role: str, event: str, kind: str, record: str, unit: str | None = None, **payload) -> dict:
        told = {"source": "erp", "key": str(next(number)), "event": event, "kind": kind, "record": record, "unit": unit,
                "acted_at": firm.now, "payload": payload}  # fmt: skip
        return desk.ask(role, "POST", "/events", json={"events": [told]}).json()

    def tasks() -> float:
        return desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]["tasks"]

    post("operations", "registered", "brand", "B", unit="company")
    post("operations", "registered", "brand", "C")
    for told in (
        post("peer", "registered", "task", "T", unit="rep-2", deal="A"),
        post("peer", "registered", "request", "R", unit="rep-2", opportunity="A", desk="finance"),
    ):
        assert told["accepted"] == 0
        (refused,) = told["refused"]
        assert "link to the opportunity 'A': it belongs to others" in refused["en"]
        assert "关联商机“A”" in refused["zh"]
    assert tasks() == 0
    for brand in ("B", "C", "nobody has it"):
        assert post("peer", "registered", "task", f"of {brand}", unit="rep-2", brand=brand)["accepted"] == 1
    assert post("peer", "field_recorded", "task", "of B", deal="A")["accepted"] == 0
    assert post("rep", "registered", "task", "mine", unit="rep-1", deal="A")["accepted"] == 1
    assert post("manager", "registered", "task", "ours", unit="rep-2", deal="A")["accepted"] == 1
    assert tasks() == 2


def test_refusals_name_kinds_and_roles_in_the_language(firm):
    firm.post("registered", "O", kind="order", unit="rep-1")
    desk = Desk(firm)
    step = {"source": "erp", "key": "1", "event": "completed", "kind": "order", "record": "O", "acted_at": firm.now}
    (refused,) = desk.ask("peer", "POST", "/events", json={"events": [step]}).json()["refused"]
    assert (refused["en"], refused["zh"]) == ("You may not record this about the order 'O'.", "您不能对订单“O”作此记录。")
    told = desk.ask("rep", "POST", "/policies/rollback").json()
    assert told["zh"].endswith("运营、管理员。")
    assert not any(letter.isascii() and letter.isalpha() for letter in told["zh"])


@pytest.mark.parametrize("record", ["a\x00b", " ", 5])
def test_what_is_wrong_with_a_request_is_told_in_each_language_by_itself(firm, record):
    step = {"source": "erp", "key": "1", "event": "completed", "kind": "order", "record": record, "acted_at": firm.now}
    desk = Desk(firm)
    for told in (
        desk.ask("rep", "POST", "/gates/complete", json=step).json(),
        desk.ask("operations", "POST", "/events", json={"events": [step]}).json()["refused"][0],
        desk.ask("rep", "POST", "/rules/stale/feedback", json={"verdict": "helps", "kind": "order", "record": record}).json(),
    ):
        assert told["en"].isascii()
        assert "文本" in told["zh"]
