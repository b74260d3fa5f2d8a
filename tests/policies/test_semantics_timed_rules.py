"""What the oracle makes of records and timed rules: a sentence of the semantics each, with an example worked by hand."""

import pytest

from tests.policies.journals import Journal, opportunity, policy_of

FREEZE = {
    "id": "freeze-idle",
    "on": "opportunity",
    "when": {"status": "open", "frozen": False},
    "since": {"latest": ["last_action_at", "reopened_at"]},
    "after": "15d",
    "then": ["freeze", {"require": "stall_reason"}],
}
SUMMARY = {
    "id": "first-summary",
    "on": "opportunity",
    "when": {"needs_summary": "missing"},
    "since": "first_contact_at",
    "after": "48h",
    "then": [{"todo": "manager"}],
}


def rule(base: dict, **changes) -> dict:
    return {**base, **changes}


# Records


def test_nothing_fires_on_what_was_not_yet_recorded(run):
    journal = opportunity()
    journal.add("2026-01-08 10:00", "first_contact", acted="2026-01-05 10:00")
    assert run(policy_of(SUMMARY), journal, "2026-01-12 00:00") == [
        "01-08 10:00 first-summary/1 todo_opened manager (due 01-07 10:00)"
    ]


def test_the_freeze_that_a_late_entry_would_have_prevented_has_fired(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-21 10:00", "contact", acted="2026-01-19 10:00")
    fired = run(policy_of(FREEZE), journal, "2026-01-31 00:00")
    assert fired == ["01-20 10:00 freeze-idle/1 frozen", "01-20 10:00 freeze-idle/1 field_required"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"amount": "< 5"}, False),
        ({"amount": "!= 5"}, False),
        ({"amount": [5, 6]}, False),
        ({"not": {"amount": "> 5"}}, True),
        ({"amount": "missing"}, True),
        ({"amount": "present"}, False),
        ({"not": {"amount": "present"}}, True),
        ({"any": [{"amount": "> 5"}, {"stage": "missing"}]}, True),
        ({"any": []}, False),
        ({"all": []}, True),
    ],
)
def test_a_comparison_with_a_missing_value_is_false_and_not_negates_plainly(run, condition, holds):
    policy = policy_of(rule(FREEZE, when=condition, since="opened_at", after="1h", then=["freeze"]))
    fired = run(policy, opportunity(), "2026-01-06 00:00")
    assert fired == ["01-05 10:00 freeze-idle/1 frozen"] * holds


def test_what_an_entry_carries_comes_after_what_its_kind_fixes(run):
    journal = Journal()
    journal.add("2026-01-05 09:00", "registered", kind="opportunity", status=1)  # registered as won
    won = rule(SUMMARY, when={"status": "won"}, since="opened_at", after="1h")
    assert run(policy_of(won), journal, "2026-01-06 00:00") == ["01-05 10:00 first-summary/1 todo_opened manager"]


def test_only_first_contact_moves_first_contact_at(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    assert run(policy_of(SUMMARY), journal, "2026-01-12 00:00") == []


# Timed rules


def test_fires_when_the_condition_becomes_true_after_the_delay(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-06 10:00", "forecast", amount=10)
    journal.add("2026-01-09 11:30", "forecast", amount=90)
    large = rule(SUMMARY, when={"amount": "> 50"})
    assert run(policy_of(large), journal, "2026-01-12 00:00") == [
        "01-09 11:30 first-summary/1 todo_opened manager (due 01-07 10:00)"
    ]


def test_without_since_there_is_no_clock(run):
    assert run(policy_of(SUMMARY), opportunity(), "2026-12-31 00:00") == []


def test_a_since_field_holds_the_latest_act_whatever_the_order_of_entry(run):
    journal = opportunity()
    journal.add("2026-01-06 10:00", "contact")
    journal.add("2026-01-07 10:00", "contact", acted="2026-01-05 10:00")
    assert run(policy_of(FREEZE), journal, "2026-01-21 11:00")[0] == "01-21 10:00 freeze-idle/1 frozen"


def test_latest_takes_the_later_of_the_fields_that_are_recorded(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-09 10:00", "stall_explained", stall_reason=1)
    assert run(policy_of(FREEZE), journal, "2026-01-24 11:00")[0] == "01-24 10:00 freeze-idle/1 frozen"


def test_once_per_value_of_since(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-08 10:00", "needs_recorded", needs_summary=1)
    renewed = rule(SUMMARY, when={"status": "open"}, then=[{"notify": "manager"}])
    journal.add("2026-01-09 10:00", "first_contact")
    assert run(policy_of(renewed), journal, "2026-01-31 00:00") == [
        "01-07 10:00 first-summary/1 notified manager",
        "01-11 10:00 first-summary/1 notified manager",
    ]


def test_voiding_moves_the_instant_back_and_overdue_fires_then(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    mistake = journal.add("2026-01-15 10:00", "contact")
    journal.add("2026-01-23 10:00", "voided", voids=mistake)
    assert run(policy_of(FREEZE), journal, "2026-02-01 00:00")[0] == "01-23 10:00 freeze-idle/1 frozen (due 01-20 10:00)"


def test_voiding_back_to_a_value_that_fired_does_not_fire_again(run):
    reminder = rule(SUMMARY, when={}, since="last_action_at", then=[{"notify": "owner"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    mistake = journal.add("2026-01-12 10:00", "contact")
    journal.add("2026-01-20 10:00", "voided", voids=mistake)
    assert run(policy_of(reminder), journal, "2026-02-01 00:00") == [
        "01-07 10:00 first-summary/1 notified owner",
        "01-14 10:00 first-summary/1 notified owner",
    ]


def test_voiding_restores_the_value_so_that_the_rule_fires_after_all(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    mistake = journal.add("2026-01-06 10:00", "needs_recorded", needs_summary=1)
    journal.add("2026-01-06 11:00", "voided", voids=mistake)
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00") == ["01-07 10:00 first-summary/1 todo_opened manager"]


def test_voiding_the_only_entry_stops_the_clock(run):
    journal = opportunity()
    mistake = journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-06 10:00", "voided", voids=mistake)
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00") == []


def test_a_to_do_closes_when_its_condition_turns_false(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-09 10:00", "needs_recorded", needs_summary=1)
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00") == [
        "01-07 10:00 first-summary/1 todo_opened manager",
        "01-09 10:00 first-summary/1 todo_closed manager",
    ]


def test_a_to_do_is_renewed_by_a_further_firing_and_closed_once(run):
    chase = rule(SUMMARY, when={"amount": "missing"}, since="last_action_at", after="1h", then=[{"todo": "owner"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-06 10:00", "contact")
    journal.add("2026-01-07 10:00", "forecast", amount=5)
    assert run(policy_of(chase), journal, "2026-02-01 00:00") == [
        "01-05 11:00 first-summary/1 todo_opened owner",
        "01-06 11:00 first-summary/1 todo_opened owner",
        "01-07 10:00 first-summary/1 todo_closed owner",
    ]


def test_a_closed_flag_leaves_the_worst_colour_still_open(run):
    amber = rule(SUMMARY, id="amber", then=[{"flag": "amber"}])
    red = rule(SUMMARY, id="red", when={"amount": "missing"}, then=[{"flag": "red"}])
    calm = rule(SUMMARY, id="calm", when={"flag": "green"}, then=[{"notify": "manager"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-08 10:00", "forecast", amount=5)
    journal.add("2026-01-09 10:00", "needs_recorded", needs_summary=1)
    assert run(policy_of(red, amber, calm), journal, "2026-02-01 00:00") == [
        "01-07 10:00 red/1 flagged red",
        "01-07 10:00 amber/1 flagged amber",
        "01-08 10:00 red/1 flag_closed red",
        "01-09 10:00 amber/1 flag_closed amber",
        "01-09 10:00 calm/1 notified manager (due 01-07 10:00)",
    ]
