"""Which of a firm's own records the office keeps: kinds and fields that say, or are called like, what they play there."""

import pytest

from policies.language.plays import GATES_PLAYED, LIVES, PARTS
from policies.language.policy import Policy
from policies.words.policy_words import policy_words
from tests.coach.own_records import processes

MILESTONE = {
    "plays": "milestone",
    "fields": {"handed_over": {"type": "instant", "plays": "delivered_at"}, "accepted_at": {"type": "instant"},
               "mood": {"type": "text"}},
    "counts": {"files": {"of": "paper", "by": "of_step", "where": {"file": "present"}}},
}  # fmt: skip
PAPER = {
    "plays": "deliverable", "fields": {"file": {"type": "text"}}, "links": {"of_step": {"to": "step", "plays": "milestone"}},
}  # fmt: skip


def policy(*rules: dict, step: dict = MILESTONE, paper: dict = PAPER) -> Policy:
    return Policy.model_validate({"name": "test", "kinds": {"step": step, "paper": paper}, "rules": list(rules)})


def rule(**about) -> dict:
    return {"id": "a-rule", "on": "step", "since": "registered_at", "after": "1d", "then": [{"notify": "owner"}]} | about


def test_a_field_plays_what_it_says_or_what_it_is_called_and_others_nothing():
    played = policy().played
    assert played.kinds == {"milestone": "step", "deliverable": "paper"}
    assert played.parts["milestone", "delivered_at"] == "handed_over"
    assert played.parts["deliverable", "milestone"] == "of_step"
    assert {("step", "accepted_at"), ("step", "files"), ("paper", "of_step.handed_over")} <= played.fields
    assert ("step", "mood") not in played.fields


@pytest.mark.parametrize(
    ("about", "left"),
    [
        ({"when": {"accepted_at": "missing"}}, False),
        ({"when": {"files": "< 1"}}, False),
        ({"since": "handed_over"}, False),
        ({"when": {"mood": "present"}}, True),
        ({"on": "paper", "when": {"of_step.mood": "missing"}}, True),
        ({"then": [{"require": "accepted_at"}]}, True),
    ],
)
def test_a_rule_is_left_out_where_it_names_what_nobody_records(about, left):
    assert bool(policy(rule(**about)).cannot_rehearse) == left


def test_a_gate_is_rehearsed_where_the_office_comes_to_its_step():
    gate = {"id": "a-gate", "on": "paper", "before": "complete", "when": {"file": "missing"}}
    assert [each.rule for each in policy(gate).cannot_rehearse] == ["a-gate"]
    assert policy(gate | {"on": "step", "when": {"files": 0}}).cannot_rehearse == []


def test_a_count_of_what_nobody_keeps_is_nothing_in_the_office():
    unkept = {each: about for each, about in PAPER.items() if each != "plays"} | {"links": {"of_step": "step"}}
    assert ("step", "files") not in policy(paper=unkept).played.fields


def test_what_a_kind_plays_is_told_in_both_languages():
    assert "the milestone of a project" in " ".join(policy_words(policy(), "en"))
    assert "项目里程碑" in " ".join(policy_words(policy(), "zh"))


def test_a_document_without_it_is_written_as_before():
    assert "plays" not in str(processes()["visits-and-contracts"].model_dump(mode="json"))


def test_every_link_leads_to_something_that_is_played():
    ends = {part for parts in PARTS.values() for part in parts.values()}
    assert ends <= {*PARTS, "opportunity", "instant", "money", "number", "text", "choice"}
    assert {*GATES_PLAYED, *LIVES} <= {*PARTS}
