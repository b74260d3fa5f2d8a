"""Effects, modes, switching and standing still: a sentence of the semantics each, with an example worked by hand."""

import pytest

from tests.policies.journals import at, opportunity, policy_of, unit
from tests.policies.test_semantics_timed_rules import FREEZE, SUMMARY, rule

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


@pytest.mark.parametrize("field", ["quote_sent_at", "amount"])
def test_a_required_field_is_also_met_by_what_moves_it_and_by_a_rule_that_sets_it(run, field):
    ask = rule(SUMMARY, id="ask", when={}, since="opened_at", after="24h", then=[{"require": field}])
    fill = rule(ask, id="fill", when={"stage": 2}, after="25h", then=[{"set": {"amount": 5}}])
    chase = rule(ask, id="chase", when={"required": "> 0"}, after="72h", then=[{"todo": "owner"}])
    journal = opportunity()
    journal.add("2026-01-08 10:00", "document" if field == "quote_sent_at" else "advanced", stage=2)
    assert run(policy_of(ask, fill, chase), journal, "2026-02-01 00:00")[1:] == [
        "01-08 09:00 chase/1 todo_opened owner",
        "01-08 10:00 fill/1 field_set (due 01-06 10:00)",
        "01-08 10:00 chase/1 todo_closed owner",
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


def test_a_rule_that_removes_its_own_cause_has_still_to_be_told(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "contact")
    freeze = rule(FREEZE, when={"status": "open", "frozen": False}, then=["freeze", {"notify": "owner"}])
    still = (at("2026-01-06 00:00"), at("2026-03-02 08:00"))
    assert run(policy_of(freeze), journal, "2026-03-03 00:00", stand_still=[still])[-1] == (
        "03-02 08:00 freeze-idle/1 notified owner (due 01-20 10:00)"
    )
    journal.add("2026-03-01 12:00", "won")
    assert run(policy_of(freeze), journal, "2026-03-03 00:00", stand_still=[still])[-1] == (
        "03-02 08:00 freeze-idle/1 notified owner (due 01-20 10:00) not sent"
    )


def test_a_rule_that_comes_back_is_new(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    switches = [(at("2026-01-06 00:00"), policy_of(FREEZE)), (at("2026-01-08 12:00"), policy_of(SUMMARY))]
    assert run(policy_of(SUMMARY), journal, "2026-02-01 00:00", switches=switches) == [
        "01-10 12:00 first-summary/1 todo_opened manager"
    ]


def test_streaks_of_a_rule_that_comes_back_start_empty(run):
    few = {"id": "few", "on": "unit", "every": "week", "streak": 2, "when": {"effective_visits": "< 3"}}
    few["then"] = [{"flag": "red"}]
    journal = unit("2026-01-05 00:00", effective_visits=1)  # the looks of 12 and 19 January would make two
    off, on = policy_of({**few, "mode": "off"}), policy_of(few)
    switches = [(at("2026-01-13 00:00"), off), (at("2026-01-14 00:00"), on)]
    assert run(on, journal, "2026-02-01 00:00", switches=switches) == ["01-26 00:00 few/1 flagged red"]


def test_from_shadow_to_live_memory_and_clock_are_kept(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    journal.add("2026-01-05 10:00", "registered", 2, kind="opportunity")
    journal.add("2026-01-06 10:00", "first_contact", 2)
    live = [(at("2026-01-08 00:00"), policy_of(SUMMARY))]
    fired = run(policy_of(rule(SUMMARY, mode="shadow")), journal, "2026-02-01 00:00", heads=True, switches=live)
    assert fired == [
        "01-07 10:00 first-summary/1 shadow_fired",
        "01-08 10:00 first-summary/2 fired",
        "01-08 10:00 first-summary/2 todo_opened manager",
    ]


def test_the_cause_of_a_looks_notice_is_judged_at_the_latest_look(run):
    few = {"id": "few", "on": "unit", "every": "day", "when": {"effective_visits": "< 3"}, "then": [{"notify": "owner"}]}
    journal = unit("2026-01-05 00:00", effective_visits=5)
    journal.add("2026-01-06 10:00", "counted", effective_visits=1)
    journal.add("2026-01-07 10:00", "counted", effective_visits=5)
    until_noon = [(at("2026-01-06 09:00"), at("2026-01-07 12:00"))]  # the look of the 7th still stands
    assert run(policy_of(few), journal, "2026-01-09 00:00", stand_still=until_noon) == [
        "01-07 12:00 few/1 notified owner (due 01-07 00:00)"
    ]
    over_midnight = [(at("2026-01-06 09:00"), at("2026-01-08 12:00"))]  # the look of the 8th has taken it back
    assert run(policy_of(few), journal, "2026-01-09 00:00", stand_still=over_midnight) == [
        "01-08 12:00 few/1 notified owner (due 01-07 00:00) not sent"
    ]


def test_a_look_that_did_not_count_for_absence_leaves_the_cause_of_an_earlier_notice(run):
    few = {"id": "few", "on": "unit", "every": "day", "when": {"effective_visits": "< 3"}, "then": [{"notify": "owner"}]}
    journal = unit("2026-01-05 00:00", effective_visits=5)
    journal.add("2026-01-06 10:00", "counted", effective_visits=1)
    journal.add("2026-01-07 10:00", "absence_began")
    still = [(at("2026-01-06 09:00"), at("2026-01-08 12:00"))]  # at the look of the 8th there still are few visits
    assert run(policy_of(few), journal, "2026-01-09 00:00", stand_still=still) == [
        "01-08 12:00 few/1 notified owner (due 01-07 00:00)"
    ]


def test_a_rule_dropped_in_the_stand_still_sends_nothing_more(run):
    journal = opportunity()
    journal.add("2026-01-05 10:00", "first_contact")
    still, gone = [(at("2026-01-06 00:00"), at("2026-01-08 08:00"))], [(at("2026-01-08 00:00"), policy_of(FREEZE))]
    reminder = rule(SUMMARY, then=[{"notify": "owner"}])
    assert run(policy_of(reminder), journal, "2026-01-09 00:00", stand_still=still, switches=gone) == [
        "01-08 08:00 first-summary/1 notified owner (due 01-07 10:00) not sent"
    ]
