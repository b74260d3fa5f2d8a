"""The coach at work: rules fire at their instants, once, and after downtime as well."""

import pytest

from coach.rules.service import Service
from coach.store import SYSTEM, reading
from tests.coach.firm import BEHIND, CONTRACT, FREEZE, OFFICE, STALL, Firm, at, policy_of


@pytest.mark.system("P3")
def test_an_idle_deal_freezes_at_its_due_instant_and_a_stall_reason_reopens_it(tmp_path):
    firm = Firm(tmp_path, policy_of(FREEZE))
    firm.deal()
    firm.until("2026-01-20 08:59")
    assert firm.fired() == []
    firm.until("2026-01-21 10:00")
    assert firm.fired() == ["01-20 09:00 freeze-idle/A frozen", "01-20 09:00 freeze-idle/A field_required stall_reason"]
    frozen = reading.record(firm.store, SYSTEM, "opportunity", "A")
    assert (frozen["values"]["frozen"], frozen["required"]) == (1.0, ["stall_reason"])
    firm.post("stall_explained", stall_reason="预算推迟")
    reopened = reading.record(firm.store, SYSTEM, "opportunity", "A")
    assert (reopened["values"]["frozen"], reopened["required"], reopened["values"]["stall_reason"]) == (0.0, [], "预算推迟")
    assert reopened["values"]["reopened_at"] == firm.now


def test_posting_the_same_event_twice_changes_nothing(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    again = firm.event("contact", key="call-7")
    first, second = firm.service.post([again]), firm.service.post([again, again])
    assert (first.accepted, first.repeated) == (1, 0)
    assert (second.accepted, second.repeated) == (0, 2)


@pytest.mark.system("P7")
def test_a_shipment_beyond_the_order_is_a_red_alert_to_the_director_until_the_records_agree(tmp_path):
    contradiction = {
        "id": "shipped-beyond-order", "on": "opportunity", "since": "opened_at", "after": 0,
        "when": {"custom.shipped": "> field custom.ordered"}, "then": [{"flag": "red"}, {"escalate": "director"}],
    }  # fmt: skip
    firm = Firm(tmp_path, policy_of(contradiction))
    firm.deal(**{"custom.ordered": 40})
    firm.post("field_recorded", **{"custom.shipped": 40})
    assert firm.fired() == []
    firm.post("field_recorded", **{"custom.shipped": 41})
    assert [each.split("/A ")[1] for each in firm.fired()] == ["flagged red", "escalated director"]
    firm.post("field_recorded", **{"custom.ordered": 41})
    assert firm.fired()[-1].endswith("flag_closed red")


@pytest.mark.system("P4")
def test_a_todo_is_the_managers_and_closes_when_its_cause_is_gone(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.until("2026-01-13 00:00")
    (todo,) = reading.todos(firm.store, SYSTEM)
    assert (todo["unit"], todo["role"], todo["record_id"], todo["due_at"]) == ("team-1", "manager", "A", at("2026-01-12 09:00"))
    assert [each["unit"] for each in reading.notices(firm.store, SYSTEM)] == ["team-1", "rep-1"]
    firm.post("lost")
    assert reading.todos(firm.store, SYSTEM) == []
    assert reading.todos(firm.store, SYSTEM, open_only=False)[0]["closed_at"] == firm.now + 1  # this one was processed


def test_after_downtime_what_was_due_is_made_good_in_order_and_marked_late(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal("A")
    firm.deal("B")
    firm.stand_still("2026-01-14 10:00")
    late_entry = firm.event("contact", "A", acted="2026-01-13 09:30", recorded="2026-01-13 09:30")
    firm.service.post([late_entry])
    assert firm.fired() == [
        "01-12 09:00 stall/A notified owner (worked off 01-14 10:00)",
        "01-12 09:00 stall/A todo_opened manager (worked off 01-14 10:00)",
        "01-12 09:00 stall/B notified owner (worked off 01-14 10:00)",
        "01-12 09:00 stall/B todo_opened manager (worked off 01-14 10:00)",
    ]
    sent = {(each["record_id"], each["effect"]): each["sent"] for each in reading.notices(firm.store, SYSTEM, sent_only=False)}
    assert sent == {("A", "notified"): False, ("A", "todo_opened"): False, ("B", "notified"): True, ("B", "todo_opened"): True}


def test_a_restart_remembers_what_fired_what_is_open_and_streaks(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL, BEHIND), start="2025-12-29 09:00")
    quarter = {"target": 100, "attained": 0, "period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-04-01 00:00")}
    firm.post("target_set", "rep-1", kind="unit", **quarter)
    firm.deal()
    for day in ("2026-01-06 00:00", "2026-01-13 00:00", "2026-01-20 00:00"):
        firm.until(day)
        firm.stand_still(day)
    assert [line for line in firm.fired() if "todo_opened" in line] == ["01-05 09:00 stall/A todo_opened manager"]
    assert [line for line in firm.fired() if "behind" in line] == [
        "01-19 00:00 behind-two-weeks/rep-1 flagged red", "01-19 00:00 behind-two-weeks/rep-1 notified manager",
    ]  # fmt: skip
    firm.post("won")
    firm.stand_still("2026-01-20 00:01")
    assert [line for line in firm.fired() if "closed" in line] == ["01-20 00:00 stall/A todo_closed manager"]


def test_an_event_withdrawn_after_a_restart_moves_the_clock_back(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.until("2026-01-10 09:00")
    firm.post("contact", key="wrong-record")
    firm.stand_still("2026-01-11 09:00")
    firm.post("voided", voids="wrong-record")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"] == at("2026-01-05 09:00")
    firm.until("2026-01-13 09:00")
    assert len([line for line in firm.fired() if "todo_opened" in line]) == 1


def test_events_that_somebody_else_put_into_the_store_are_worked_off_too(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal("A")
    firm.now = at("2026-01-14 10:00")
    appended = firm.event("registered", "B", unit="rep-2", acted="2026-01-06 09:00", recorded="2026-01-06 09:00")
    call = firm.event("contact", "B", acted="2026-01-06 09:00", recorded="2026-01-06 09:00")
    assert firm.store.append([appended, call], firm.now).accepted == 2
    firm.service.tick()
    assert [line.split(" (")[0] for line in firm.fired() if "todo" in line] == [
        "01-12 09:00 stall/A todo_opened manager", "01-13 09:00 stall/B todo_opened manager",
    ]  # fmt: skip
    assert reading.record(firm.store, SYSTEM, "opportunity", "B")["unit"] == "rep-2"


def test_an_entry_that_somebody_else_withdrew_moves_the_clock_back_too(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal("A")
    firm.until("2026-01-10 09:00")
    firm.post("contact", "A", key="wrong-record")
    firm.stand_still("2026-01-11 09:00")
    assert firm.store.append([firm.event("voided", "A", voids="wrong-record")], firm.now).accepted == 1
    firm.service.tick()
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"] == at("2026-01-05 09:00")
    firm.until("2026-01-13 09:00")
    assert [line.split(" (")[0] for line in firm.fired() if "todo" in line] == ["01-12 09:00 stall/A todo_opened manager"]


@pytest.mark.system("P5")
def test_a_gate_refuses_an_intent_and_says_what_is_missing(tmp_path):
    firm = Firm(tmp_path, policy_of(CONTRACT))
    firm.deal(stage=None)
    refusal = firm.service.gate(firm.event("won", key="sign-1"), "sign", "tester")
    assert (refusal.rule, refusal.missing) == ("contract-before-signing", ["contract_file"])
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["status"] == "open"
    assert firm.fired() == ["01-05 09:00 contract-before-signing/A refused sign"]
    firm.post("field_recorded", contract_file="contract.pdf")
    assert firm.service.gate(firm.event("won", key="sign-1"), "sign", "tester") is None
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["status"] == "won"


@pytest.mark.system("P1")
def test_a_stage_is_not_left_before_its_fields_are_recorded(tmp_path):
    firm = Firm(tmp_path, policy_of())
    firm.deal()
    assert firm.service.gate(firm.event("advanced", stage=2), "advance", "tester").missing == ["needs_summary"]


@pytest.mark.system("P1")
@pytest.mark.parametrize("event", ["advanced", "field_recorded", "forecast"])
@pytest.mark.parametrize(("wanted", "allowed"), [(2, True), (3, False), (4, False)])
def test_no_stage_is_skipped_however_the_step_is_told(tmp_path, event, wanted, allowed):
    firm = Firm(tmp_path, policy_of())
    firm.deal("A", needs_summary="summary")
    done = firm.service.post([firm.event(event, "A", intent="advance", stage=float(wanted))])
    stage = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["stage"]
    assert stage == (wanted if allowed else 1)
    assert [each.rule for each in done.refusals] == ([] if allowed else ["stage_order"])
    assert all("pain_points" in each.missing for each in done.refusals)  # what the stages on the way ask for
    firm.service.post([firm.event(event, "A", stage=float(wanted))])  # as a fact of another system
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["stage"] == wanted
    breaches = reading.breaches(firm.store, SYSTEM)
    firm.store.close()
    assert [each["rule"] for each in breaches] == ([] if allowed else ["stage_order"])


@pytest.mark.system("P1")
def test_back_to_an_earlier_stage_is_no_step_forward(tmp_path):
    firm = Firm(tmp_path, policy_of())
    firm.deal("A", stage=3)
    assert not firm.service.post([firm.event("advanced", "A", intent="advance", stage=1.0)]).refusals
    firm.store.close()


def test_a_fact_of_another_system_is_stored_and_reported_as_a_breach(tmp_path):
    firm = Firm(tmp_path, policy_of(CONTRACT))
    firm.deal(stage=None)
    firm.post("won")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["status"] == "won"
    (breach,) = reading.breaches(firm.store, SYSTEM)
    assert (breach["rule"], breach["missing"], breach["record_id"]) == ("contract-before-signing", ["contract_file"], "A")


def test_creating_may_be_refused_too(tmp_path):
    rule = {"id": "amount-first", "on": "opportunity", "before": "create", "when": {"amount": "missing"}}
    firm = Firm(tmp_path, policy_of(rule))
    assert firm.service.gate(firm.event("registered", "N"), "create", "tester").missing == ["amount"]
    assert firm.service.gate(firm.event("registered", "N", amount=5), "create", "tester") is None


def test_a_failure_half_way_leaves_the_store_and_the_next_attempt_as_before(tmp_path, monkeypatch):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.now = at("2026-01-12 09:00")
    with monkeypatch.context() as broken:
        broken.setattr("coach.rules.stretch.tell_due", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            firm.service.tick()
    assert firm.fired() == []
    firm.service.tick()
    assert firm.fired() == ["01-12 09:00 stall/A notified owner", "01-12 09:00 stall/A todo_opened manager"]


def test_a_rule_on_a_custom_field_runs_live(tmp_path):
    rule = {**STALL, "id": "no-sample", "when": {"custom.sample_no": "missing"}}
    firm = Firm(tmp_path)
    firm.deal("A")
    firm.deal("B", **{"custom.sample_no": "SF-1"})
    firm.service.activate(policy_of(rule), "tester")
    firm.until("2026-01-13 00:00")
    assert {line.split()[2] for line in firm.fired()} == {"no-sample/A"}


def test_exempt_units_are_left_alone_with_all_below_them(tmp_path):
    firm = Firm(tmp_path, policy_of({**STALL, "exempt": ["rep-2"]}))
    firm.deal("A", "rep-1")
    firm.deal("B", "rep-2")
    firm.until("2026-01-13 00:00")
    assert {line.split()[2] for line in firm.fired()} == {"stall/A"}


def test_another_calendar_takes_hold_as_after_a_start_and_what_was_due_by_the_former_one_is_done(tmp_path):
    firm = Firm(tmp_path, policy_of({**STALL, "after": "2bd"}))
    firm.deal("A")
    firm.now = at("2026-01-07 20:00")
    firm.service.set_calendar(OFFICE.in_zone("Europe/Berlin"), "tester")
    assert {each["record_id"] for each in reading.todos(firm.store, SYSTEM)} == {"A"}
    firm.deal("B")
    due = firm.service.next_due()
    assert due == Service(firm.store, lambda: firm.now).next_due()
    firm.service.set_calendar(OFFICE, "tester")
    assert firm.service.next_due() not in (None, due)
