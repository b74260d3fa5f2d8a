"""Replaying a journal: systems of the product's list on small journals, late entry, standing still, no compilation."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policies.engine.replay import RecordedEvent, replay
from policies.record.records import column
from tests.policies import dense_example
from tests.policies.journals import OFFICE, Journal, at, opportunity, policy_of, shown, unit
from tests.policies.vocabulary import UNIT_NAMES

ROOT = Path(__file__).resolve().parents[2]


def fired(policy, journal, until: str, **options) -> list[str]:
    return shown(replay(policy, OFFICE, [RecordedEvent(*entry) for entry in journal], at(until), **options))


@pytest.mark.system("P2")
def test_48_hours_after_first_contact_without_a_summary_the_manager_gets_a_to_do():
    rule = {"id": "first-summary", "on": "lead", "when": {"contacted": True, "needs_summary": "missing"},
            "since": "first_contact_at", "after": "48h", "then": [{"todo": "manager"}]}  # fmt: skip
    journal = Journal()
    journal.add("2026-03-02 09:00", "registered", 1, kind="lead")
    journal.add("2026-03-02 09:00", "registered", 2, kind="lead")
    journal.add("2026-03-02 10:00", "first_contact", 1)
    journal.add("2026-03-02 10:00", "first_contact", 2)
    journal.add("2026-03-03 10:00", "needs_recorded", 2, needs_summary=1)
    journal.add("2026-03-05 11:00", "needs_recorded", 1, needs_summary=1)
    assert fired(policy_of(rule), journal, "2026-03-31 00:00") == [
        "03-04 10:00 first-summary/1 todo_opened manager",
        "03-05 11:00 first-summary/1 todo_closed manager",
    ]


@pytest.mark.system("P3")
def test_fifteen_idle_days_freeze_and_explaining_the_stall_reopens():
    rule = {"id": "freeze-idle", "on": "opportunity", "when": {"status": "open", "frozen": False},
            "since": {"latest": ["last_action_at", "reopened_at"]}, "after": "15d",
            "then": ["freeze", {"require": "stall_reason"}]}  # fmt: skip
    journal = opportunity("2026-03-02 09:00")
    journal.add("2026-03-02 10:00", "contact")
    journal.add("2026-03-19 10:00", "contact", acted="2026-03-16 10:00")  # too late: it has been frozen on the 17th
    journal.add("2026-03-20 10:00", "stall_explained", stall_reason=1)
    assert [line for line in fired(policy_of(rule), journal, "2026-04-30 00:00") if "frozen" in line] == [
        "03-17 10:00 freeze-idle/1 frozen",
        "04-04 10:00 freeze-idle/1 frozen",
    ]


@pytest.mark.system("G7")
def test_two_weeks_behind_pace_turn_a_unit_red_and_alert_once():
    rule = {"id": "behind-two-weeks", "on": "unit", "every": "week", "when": {"behind_pace": "> 20%"}, "streak": 2,
            "then": [{"flag": "red"}, {"notify": "manager"}]}  # fmt: skip
    journal = unit("2025-12-29 09:00")
    journal.add("2026-01-28 17:00", "attained", attained=60)
    assert fired(policy_of(rule), journal, "2026-02-03 00:00") == [
        "01-19 00:00 behind-two-weeks/1 flagged red",
        "01-19 00:00 behind-two-weeks/1 notified manager",
        "02-02 00:00 behind-two-weeks/1 flag_closed red",
    ]


def test_a_journal_out_of_order_is_refused():
    first, second = opportunity(), opportunity("2026-01-04 09:00", 2)
    with pytest.raises(ValueError, match="recorded_at"):
        fired(policy_of(), [*first, *second], "2026-01-31 00:00")


def test_an_empty_journal_fires_nothing():
    assert fired(policy_of(), [], "2026-01-31 00:00") == []


def test_a_target_may_run_from_before_the_journal_until_after_it():
    rule = {"id": "behind", "on": "unit", "every": "week", "when": {"behind_pace": "> 20%"}, "then": [{"flag": "red"}]}
    year = {"period_start_at": at("2025-04-01 00:00"), "period_end_at": at("2027-04-01 00:00")}
    journal = unit("2026-03-02 00:00", **year)
    assert fired(policy_of(rule), journal, "2026-03-10 00:00") == ["03-09 00:00 behind/1 flagged red"]


def test_payloads_may_name_columns_or_fields():
    rule = {"id": "large", "on": "opportunity", "when": {"amount": "> 5"}, "since": "opened_at", "then": [{"notify": "owner"}]}
    by_name = opportunity()
    by_name.add("2026-01-06 09:00", "forecast", amount=9)
    by_column = [
        entry._replace(payload={column("opportunity", name): value for name, value in entry.payload.items()})
        for entry in by_name
    ]
    assert fired(policy_of(rule), by_name, "2026-01-31 00:00") == fired(policy_of(rule), by_column, "2026-01-31 00:00") != []


def test_after_standing_still_a_firing_keeps_when_it_was_due_and_when_it_happened():
    rule = {"id": "stall", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "7d",
            "then": [{"notify": "owner"}]}  # fmt: skip
    journal = opportunity("2026-03-02 09:00")
    journal.add("2026-03-02 10:00", "contact", 1)
    journal.add("2026-03-02 11:00", "registered", 2, kind="opportunity")
    journal.add("2026-03-02 12:00", "contact", 2)
    journal.add("2026-03-10 10:00", "contact", 1)
    window = (at("2026-03-08 00:00"), at("2026-03-11 09:00"))
    assert fired(policy_of(rule), journal, "2026-03-12 00:00", stand_still=[window]) == [
        "03-11 09:00 stall/1 notified owner (due 03-09 10:00) not sent",
        "03-11 09:00 stall/2 notified owner (due 03-09 12:00)",
    ]


def dense_firings() -> list[str]:
    case = dense_example.case()
    return shown(
        replay(case.policy, OFFICE, [RecordedEvent(*entry) for entry in case.events], dense_example.UNTIL, case.stand_still,
               switches=case.switches, unit_names=UNIT_NAMES)
    )  # fmt: skip


@pytest.mark.nojit
def test_with_compilation_switched_off_the_same_rules_fire():
    program = "from tests.policies.test_replay import dense_firings; print(*dense_firings(), sep='\\n')"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    plain = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8"
    )
    assert plain.stdout.splitlines() == dense_firings() != []
