"""Clocks that rest: what rested puts the due off by its length, in the time in which the clock runs."""

import pytest

from policies.checks.check import faults_in
from policies.documents.errors import FaultyInput
from policies.language.rule import Rule
from tests.policies.journals import at, by_the_evaluator, by_the_oracle, opportunity, policy_of, shown, unit
from tests.policies.vocabulary import UNTIL


def rule(after: str, rests: dict, **told) -> dict:
    return {"id": "wait", "on": "opportunity", "since": "opened_at", "after": after, "rests": rests,
            "then": [{"notify": "owner"}]} | told  # fmt: skip


WAITING = {"while": {"stall_reason": "present"}}


def fired(policy, journal, **options) -> list[str]:
    """By both, which say the same."""
    told = shown(by_the_evaluator(policy, journal, UNTIL, **options))
    assert told == shown(by_the_oracle(policy, journal, UNTIL, **options))
    return told


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("3d", "01-10 11:00"),  # two days and two hours of rest
        ("3bd", "01-12 11:00"),  # Thursday 09:00 and two open days and two hours more
        ("20bh", "01-09 17:30"),  # of 7.5 a day
    ],
)
def test_a_rest_puts_the_due_off_by_its_length(after, due):
    journal = opportunity("2026-01-05 09:00")
    journal.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    journal.add("2026-01-08 11:00", "field_recorded", stall_reason=float("nan"))

    assert fired(policy_of(rule(after, WAITING)), journal) == [f"{due} wait/1 notified owner"]


def test_while_it_rests_nothing_fires_and_a_rest_after_the_clock_ran_out_changes_nothing():
    resting, late = opportunity("2026-01-05 09:00"), opportunity("2026-01-05 09:00")
    resting.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    late.add("2026-01-08 09:00", "field_recorded", stall_reason=1)  # at the very instant at which it runs out

    assert fired(policy_of(rule("3d", WAITING)), resting) == []
    assert fired(policy_of(rule("3d", WAITING)), late) == ["01-08 09:00 wait/1 notified owner"]


def test_what_was_withdrawn_never_rested():
    journal = opportunity("2026-01-05 09:00")
    mistaken = journal.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    journal.add("2026-01-07 09:00", "voided", voids=mistaken)

    assert fired(policy_of(rule("3d", WAITING)), journal) == ["01-08 09:00 wait/1 notified owner"]


def test_where_the_end_of_a_rest_is_withdrawn_it_goes_on():
    journal = opportunity("2026-01-05 09:00")
    journal.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    ended = journal.add("2026-01-07 09:00", "field_recorded", stall_reason=float("nan"))
    journal.add("2026-01-08 09:00", "voided", voids=ended)
    journal.add("2026-01-09 09:00", "field_recorded", stall_reason=float("nan"))

    assert fired(policy_of(rule("3d", WAITING)), journal) == ["01-11 09:00 wait/1 notified owner"]


def test_it_rests_while_the_owner_is_absent_and_overlapping_rests_count_once():
    journal = unit("2026-01-05 08:00", record=0)
    journal.add("2026-01-05 09:00", "registered", kind="opportunity")
    journal.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    journal.add("2026-01-06 21:00", "absence_began", record=0)
    journal.add("2026-01-07 09:00", "field_recorded", stall_reason=float("nan"))
    journal.add("2026-01-08 09:00", "absence_ended", record=0)

    both = rule("3d", WAITING | {"owner_absent": True})
    assert fired(policy_of(both), journal) == ["01-10 09:00 wait/1 notified owner"]
    assert fired(policy_of(rule("3d", WAITING)), journal) == ["01-09 09:00 wait/1 notified owner"]


def test_a_repetition_rests_as_well():
    journal = opportunity("2026-01-05 09:00")
    journal.add("2026-01-07 09:00", "field_recorded", stall_reason=1)
    journal.add("2026-01-08 09:00", "field_recorded", stall_reason=float("nan"))
    again = rule("1d", WAITING, repeat={"every": "2d", "times": 1})

    assert [line[:11] for line in fired(policy_of(again), journal)] == ["01-06 09:00", "01-09 09:00"]


def test_a_rest_that_stood_still_with_the_service_is_counted_all_the_same():
    journal = opportunity("2026-01-05 09:00")
    journal.add("2026-01-06 09:00", "field_recorded", stall_reason=1)
    journal.add("2026-01-07 09:00", "field_recorded", stall_reason=float("nan"))
    still = [(at("2026-01-05 10:00"), at("2026-01-20 09:00"))]

    (line,) = fired(policy_of(rule("3d", WAITING)), journal, stand_still=still)
    assert "due 01-09 09:00" in line


def test_words_check_and_document_tell_it():
    policy = policy_of(rule("3d", {"while": {"legal_approval": "missing"}, "owner_absent": True}))
    assert Rule.model_validate(policy.rules[0].model_dump(mode="json")) == policy.rules[0]
    assert [fault.code for fault in faults_in(policy) if fault.location[-1] != "title"] == ["no_text", "never_recorded"]


def test_a_rule_without_a_clock_cannot_rest():
    with pytest.raises((ValueError, FaultyInput), match="since"):
        policy_of({"id": "look", "on": "opportunity", "every": "week", "rests": {"owner_absent": True},
                   "then": [{"notify": "owner"}]})  # fmt: skip
