"""Kinds of record that play nothing are live matters: the office runs as if nobody had declared them, and names their rules."""

import pytest

from policies.documents.loader import load_policy
from policies.language.policy import Policy
from tests.coach.own_records import processes
from tests.sim.offices import WEEK, started, tiny, written

BASE = load_policy("freeze-15d")
OFFICE_KNOWS = "contract-and-legal"
"""The one rule of the processes that speaks of deals alone."""


def with_process(name: str) -> Policy:
    """The base with what a process declares and asks besides."""
    base, process = BASE.model_dump(mode="json"), processes()[name].model_dump(mode="json")
    more = [rule for rule in process["rules"] if rule["id"] != OFFICE_KNOWS]
    return Policy.model_validate(base | {"kinds": process["kinds"], "rules": base["rules"] + more})


def recorded(policy: Policy) -> bytes:
    run = started(policy, 4, tiny(reps=4))
    run.run_until(run.now + 8 * WEEK)
    return written(run).tobytes()


UNPLAYED = [name for name, process in processes().items() if not process.played.kinds]


@pytest.mark.parametrize("name", UNPLAYED)
def test_an_office_leaves_out_the_rules_on_declared_kinds_and_names_them(name):
    policy = with_process(name)
    own = {rule.id for rule in policy.rules} - {rule.id for rule in BASE.rules}
    assert {each.rule for each in policy.cannot_rehearse} == own
    assert all(each.en and each.zh for each in policy.cannot_rehearse)


@pytest.mark.parametrize("name", ["three-way-check", "visits-and-contracts"])
def test_an_office_records_what_it_would_without_them(name):
    assert recorded(with_process(name)) == recorded(BASE)
