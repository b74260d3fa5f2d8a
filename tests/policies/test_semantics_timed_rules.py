"""What the oracle makes of records and timed rules: a sentence of the semantics each, with an example worked by hand."""

import pytest

from tests.policies.journals import at, opportunity, policy_of

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
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-21 10:00", "stall_explained", stall_reason=1)
    mistake = journal.add("2026-01-22 10:00", "contact")
    stall = journal[2].number
    journal.add("2026-01-23 10:00", "voided", voids=mistake)
    journal.add("2026-01-24 10:00", "voided", voids=stall)
    fired = run(policy_of(FREEZE), journal, "2026-03-01 00:00")
    assert [line for line in fired if "frozen" in line] == ["01-20 10:00 freeze-idle/1 frozen"]


def test_voiding_restores_no_value(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    mistake = journal.add("2026-01-06 10:00", "needs_recorded", needs_summary=1)
    journal.add("2026-01-06 11:00", "voided", voids=mistake)
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00") == []


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


# Freeze and effects


def test_explaining_the_stall_reopens_and_is_no_action(run):
    idle = rule(FREEZE, id="idle", when={"status": "open"}, since="last_action_at", after="16d", then=[{"notify": "manager"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-20 15:00", "stall_explained", stall_reason=1)
    assert run(policy_of(FREEZE, idle), journal, "2026-02-04 16:00") == [
        "01-20 10:00 freeze-idle/1 frozen",
        "01-20 10:00 freeze-idle/1 field_required",
        "01-21 10:00 idle/1 notified manager",
        "02-04 15:00 freeze-idle/1 frozen",
        "02-04 15:00 freeze-idle/1 field_required",
    ]


def test_a_required_field_counts_only_when_recorded_after_the_effect(run):
    ask = rule(SUMMARY, id="ask", when={"status": "open"}, since="opened_at", after="24h", then=[{"require": "budget"}])
    chase = rule(ask, id="chase", when={"required": "> 0"}, after="72h", then=[{"todo": "owner"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "field_recorded", budget=7)
    journal.add("2026-01-09 10:00", "field_recorded", budget=7)
    assert run(policy_of(ask, chase), journal, "2026-02-01 00:00") == [
        "01-06 09:00 ask/1 field_required",
        "01-08 09:00 chase/1 todo_opened owner",
        "01-09 10:00 chase/1 todo_closed owner",
    ]


def test_a_rule_in_shadow_is_journalled_and_does_nothing(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    after = rule(FREEZE, id="on-frozen", when={"frozen": True}, since="opened_at", after="0h", then=[{"notify": "manager"}])
    fired = run(policy_of(rule(FREEZE, mode="shadow"), after), journal, "2026-03-01 00:00", heads=True)
    assert fired == ["01-20 10:00 freeze-idle/1 shadow_fired"]


def test_a_rule_that_is_off_does_not_fire(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    assert run(policy_of(rule(FREEZE, mode="off")), journal, "2026-03-01 00:00", heads=True) == []


def test_an_exempt_unit_is_left_alone(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    policy = policy_of(rule(FREEZE, exempt=["key accounts"]))
    assert run(policy, journal, "2026-03-01 00:00", unit_names={0: "key accounts"}) == []
    assert run(policy, journal, "2026-03-01 00:00", unit_names={0: "others"}) != []


# Switching on, standing still


def test_clocks_start_when_the_rule_is_switched_on_unless_it_catches_up(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact", acted="2025-12-20 10:00")
    assert run(policy_of(FREEZE), journal, "2026-01-31 00:00")[0] == "01-20 09:00 freeze-idle/1 frozen"
    caught_up = run(policy_of(rule(FREEZE, activate="catch_up")), journal, "2026-01-31 00:00")
    assert caught_up[0] == "01-05 10:00 freeze-idle/1 frozen (due 01-04 10:00)"


def test_memory_and_activation_are_kept_by_rule_id_across_edits(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    edited = policy_of(rule(SUMMARY, after="24h"), rule(SUMMARY, id="new"), name="edited")
    fired = run(policy_of(SUMMARY), journal, "2026-02-01 00:00", switches=[(at("2026-01-08 00:00"), edited)])
    assert fired == ["01-07 10:00 first-summary/1 todo_opened manager", "01-10 00:00 new/1 todo_opened manager"]


def test_dropping_a_rule_closes_its_to_dos(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    fired = run(policy_of(SUMMARY), journal, "2026-01-20 00:00", switches=[(at("2026-01-08 00:00"), policy_of(FREEZE))])
    assert fired == ["01-07 10:00 first-summary/1 todo_opened manager", "01-08 00:00 first-summary/1 todo_closed manager"]


def test_after_standing_still_events_and_dues_are_worked_off_in_order_of_their_instants(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-07 11:00", "needs_recorded", needs_summary=1)
    still = (at("2026-01-06 00:00"), at("2026-01-08 08:00"))
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00", stand_still=[still]) == [
        "01-08 08:00 first-summary/1 todo_opened manager (due 01-07 10:00) not sent",
        "01-08 08:00 first-summary/1 todo_closed manager (due 01-07 11:00)",
    ]


def test_a_notice_is_sent_late_while_its_cause_stands(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    still = (at("2026-01-06 00:00"), at("2026-01-08 08:00"))
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00", stand_still=[still]) == [
        "01-08 08:00 first-summary/1 todo_opened manager (due 01-07 10:00)"
    ]


def test_a_clock_that_was_wound_again_in_the_stand_still_is_a_cause_that_is_gone(run):
    reminder = rule(SUMMARY, when={"status": "open"}, since="last_action_at", then=[{"notify": "owner"}])
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    journal.add("2026-01-07 12:00", "contact")
    still = (at("2026-01-06 00:00"), at("2026-01-08 08:00"))
    assert run(policy_of(reminder), journal, "2026-01-09 13:00", stand_still=[still]) == [
        "01-08 08:00 first-summary/1 notified owner (due 01-07 10:00) not sent",
        "01-09 12:00 first-summary/1 notified owner",
    ]
