"""What the oracle makes of periodic rules and gates: a sentence of the semantics each, with an example worked by hand."""

import pytest

from tests.policies.journals import PLAIN, at, opportunity, policy_of, unit
from tests.policies.oracle import Oracle

FEW_VISITS = {
    "id": "few-visits",
    "on": "unit",
    "every": "week",
    "when": {"effective_visits": "< 3"},
    "then": [{"notify": "manager"}],
}


def rule(**changes) -> dict:
    return {**FEW_VISITS, **changes}


@pytest.mark.parametrize(
    ("period", "first_look"), [("day", "12-30"), ("week", "01-05"), ("month", "02-01"), ("quarter", "04-01")]
)
def test_a_period_ends_at_local_midnight_after_its_last_day(run, period, first_look):
    journal = unit("2025-12-29 00:00", effective_visits=1)  # a Monday: December and its quarter are not a full period
    fired = run(policy_of(rule(every=period)), journal, "2026-04-02 00:00")
    assert fired == [f"{first_look} 00:00 few-visits/1 notified manager"]


def test_who_came_within_the_period_was_partly_absent(run):
    journal = unit("2025-12-29 09:00", effective_visits=1)
    assert run(policy_of(FEW_VISITS), journal, "2026-02-01 00:00") == ["01-12 00:00 few-visits/1 notified manager"]


def test_a_look_uses_what_was_recorded_by_then_and_is_never_revised(run):
    journal = unit(effective_visits=5)
    journal.add("2026-01-12 09:00", "counted", acted="2026-01-09 09:00", effective_visits=1)
    journal.add("2026-01-13 09:00", "counted", effective_visits=5)
    assert run(policy_of(FEW_VISITS), journal, "2026-02-01 00:00") == []


def test_what_is_recorded_at_the_midnight_is_part_of_the_look(run):
    journal = unit(effective_visits=5)
    journal.add("2026-01-12 00:00", "counted", effective_visits=1)
    assert run(policy_of(FEW_VISITS), journal, "2026-01-18 00:00") == ["01-12 00:00 few-visits/1 notified manager"]


def test_a_streak_fires_at_its_length_and_again_only_after_it_was_broken(run):
    journal = unit(effective_visits=1)
    journal.add("2026-01-29 10:00", "counted", effective_visits=4)
    journal.add("2026-02-03 10:00", "counted", effective_visits=2)
    assert run(policy_of(rule(streak=2)), journal, "2026-02-28 00:00") == [
        "01-19 00:00 few-visits/1 notified manager",  # the looks of the 12th and the 19th
        "02-16 00:00 few-visits/1 notified manager",  # the 9th and the 16th
    ]


def test_a_period_without_a_business_day_is_skipped(run):
    # Monday 16 to Sunday 22 February 2026 is the Spring Festival: the look of the 23rd does not take place.
    journal = unit("2026-01-01 00:00", effective_visits=9)
    journal.add("2026-02-10 10:00", "counted", effective_visits=1)
    assert run(policy_of(rule(streak=2)), journal, "2026-03-08 00:00") == ["03-02 00:00 few-visits/1 notified manager"]


@pytest.mark.parametrize(
    "interruption",
    [
        [("absence_began", {}), ("absence_ended", {})],
        [("target_set", {"target": 0}), ("target_set", {"target": 100})],
    ],
    ids=["absence", "no target"],
)
def test_absence_or_no_target_breaks_the_streak(run, interruption):
    (first, gone), (second, back) = interruption
    journal = unit(effective_visits=1)
    journal.add("2026-01-14 10:00", first, **gone)
    journal.add("2026-01-20 10:00", second, **back)
    fired = run(policy_of(rule(streak=2)), journal, "2026-02-28 00:00")
    # The looks of the 19th (and of the 26th after an absence) do not count.
    assert fired == [f"{'02-09' if gone == {} else '02-02'} 00:00 few-visits/1 notified manager"]


def test_a_look_is_not_revised_by_what_a_rule_further_down_does(run):
    more = rule(id="more", when={"effective_visits": "< 3"}, then=[{"set": {"effective_visits": 9}}])
    journal = unit(effective_visits=1)
    assert run(policy_of(FEW_VISITS, more), journal, "2026-01-13 00:00") == [
        "01-12 00:00 few-visits/1 notified manager",
        "01-12 00:00 more/1 field_set",
    ]
    journal = unit(effective_visits=1)
    assert run(policy_of(more, FEW_VISITS), journal, "2026-01-13 00:00") == ["01-12 00:00 more/1 field_set"]


def test_a_flag_of_a_periodic_rule_closes_at_its_next_look(run):
    journal = unit(effective_visits=1)
    journal.add("2026-01-13 10:00", "counted", effective_visits=4)
    assert run(policy_of(rule(then=[{"flag": "red"}])), journal, "2026-02-28 00:00") == [
        "01-12 00:00 few-visits/1 flagged red",
        "01-19 00:00 few-visits/1 flag_closed red",
    ]


@pytest.mark.parametrize(("attained", "behind"), [(8.0, True), (8.2, False)])
def test_behind_pace_compares_attainment_with_the_working_days_elapsed(run, attained, behind):
    # The quarter has 59 working days (21 + 16 + 22), of which 6 are over on 12 January: on pace is 10.17 of 100.
    journal = unit(attained=attained)
    fired = run(policy_of(rule(when={"behind_pace": "> 20%"})), journal, "2026-01-12 00:00")
    assert fired == ["01-12 00:00 few-visits/1 notified manager"] * behind


def test_after_its_period_a_target_counts_in_full(run):
    journal = unit("2026-01-05 00:00", attained=85, period_end_at=at("2026-01-10 00:00"))  # 15 % behind, however late the look
    assert run(policy_of(rule(when={"behind_pace": "> 20%"})), journal, "2026-03-01 00:00") == []
    assert run(policy_of(rule(when={"behind_pace": "> 10%"})), journal, "2026-03-01 00:00") != []


@pytest.mark.parametrize(("days", "idle"), [("> 6.5", True), ("> 6.6", False)])
def test_idle_days_are_counted_at_the_look(run, days, idle):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    weekly = {"id": "idle", "on": "opportunity", "every": "week", "when": {"days_idle": days}, "then": [{"notify": "owner"}]}
    assert run(policy_of(weekly), journal, "2026-01-12 00:00") == ["01-12 00:00 idle/1 notified owner"] * idle


def test_a_gate_refuses_while_its_condition_holds():
    gate = {"id": "quote-first", "on": "opportunity", "before": "advance", "when": {"quote_sent_at": "missing"}}
    journal = opportunity()
    oracle = Oracle(policy_of(gate), PLAIN)
    oracle.run(journal, at("2026-01-05 10:00"))
    assert oracle.refusal(1, "advance", at("2026-01-05 10:00")) == "quote-first"
    assert oracle.refusal(1, "sign", at("2026-01-05 10:00")) is None
    journal.add("2026-01-05 11:00", "document")
    oracle = Oracle(policy_of(gate), PLAIN)
    oracle.run(journal, at("2026-01-05 12:00"))
    assert oracle.refusal(1, "advance", at("2026-01-05 12:00")) is None


def test_a_fact_from_another_system_is_stored_although_a_gate_holds(run):
    gate = {"id": "quote-first", "on": "opportunity", "before": "advance", "when": {"quote_sent_at": "missing"}}
    second = {"id": "second", "on": "opportunity", "since": "opened_at", "when": {"stage": 2}, "then": [{"notify": "owner"}]}
    journal = opportunity()
    journal.add("2026-01-05 10:00", "advanced", stage=2)
    fired = run(policy_of(gate, second), journal, "2026-01-06 00:00")
    assert fired == ["01-05 10:00 second/1 notified owner (due 01-05 09:00)"]


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_a_gate_that_is_not_live_never_refuses(mode):
    gate = {"id": "never", "on": "opportunity", "before": "advance", "when": {}, "mode": mode}
    oracle = Oracle(policy_of(gate), PLAIN)
    oracle.run(opportunity(), at("2026-01-05 10:00"))
    assert oracle.refusal(1, "advance", at("2026-01-05 10:00")) is None


def test_a_requirement_refuses_advance_and_sign_until_recorded_after_it():
    ask = {"id": "ask", "on": "opportunity", "since": "opened_at", "after": "1h", "then": [{"require": "budget"}]}
    journal = opportunity()
    journal.add("2026-01-05 09:30", "field_recorded", budget=5)
    oracle = Oracle(policy_of(ask), PLAIN)
    oracle.run(journal, at("2026-01-06 00:00"))
    refusals = {gate: oracle.refusal(1, gate, at("2026-01-06 00:00")) for gate in ("advance", "sign", "order")}
    assert refusals == {"advance": "requirement", "sign": "requirement", "order": None}
    journal.add("2026-01-06 09:00", "field_recorded", budget=5)
    oracle = Oracle(policy_of(ask), PLAIN)
    oracle.run(journal, at("2026-01-07 00:00"))
    assert oracle.refusal(1, "advance", at("2026-01-07 00:00")) is None
