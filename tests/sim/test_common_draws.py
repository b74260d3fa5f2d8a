"""Keyed draws: what a policy does not touch stays as it was, bit for bit."""

import numpy as np
import pytest

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from sim.office.engine.events import STATE
from sim.office.office import Office
from tests.sim.offices import WEEK, same_journals, started, tiny, written

NEVER_FIRES = {
    "id": "never-fires",
    "on": "opportunity",
    "when": {"status": "open"},
    "since": "last_action_at",
    "after": "3650d",
    "then": ["freeze"],
}


def test_a_rule_that_never_fires_changes_nothing():
    base = load_policy("monthly-private")
    with_rule = Policy.model_validate(base.model_dump(exclude_unset=True) | {"rules": [NEVER_FIRES]})
    plain, watched = started(base), started(with_rule)
    for office in (plain, watched):
        office.run_until(office.now + 6 * WEEK)
    assert same_journals(plain, watched)


def leads_by_key(office: Office) -> dict[int, tuple]:
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    facts = ("arrived_at", "source", "region", "industry", "value", "tau", "reach", "fit", "price", "rival")
    inbound = cases[(cases.source < 4)]
    return {int(case.key): tuple(case[name] for name in facts) for case in inbound}


def owners_by_key(office: Office) -> dict[int, int]:
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    return {int(case.key): int(case.owner) for case in cases if case.source < 4 and case.state >= STATE.assigned}


def test_one_more_rep_changes_no_lead_and_moves_only_the_leads_that_rep_gets():
    evenly = edited(load_policy("monthly-private"), {"routing.method": "random", "routing.lead_cap": "0"})
    five, six = started(evenly, scenario=tiny(reps=5)), started(evenly, scenario=tiny(reps=6))
    for office in (five, six):
        office.run_until(office.now + 2 * WEEK)
    assert leads_by_key(five) == leads_by_key(six)
    before, after = owners_by_key(five), owners_by_key(six)
    moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert moved
    assert {after[key] for key in moved} == {5}


def test_another_seed_is_another_office():
    first, second = started("monthly-private", 1), started("monthly-private", 2)
    for office in (first, second):
        office.run_until(office.now + WEEK)
    assert written(first).tobytes() != written(second).tobytes()


def margin_difference(a: str, b: str, seed_a: int, seed_b: int) -> float:
    margins = []
    for policy, seed in ((a, seed_a), (b, seed_b)):
        office = Office.start(tiny(reps=10, teams=2), load_policy(policy), None, seed)
        office.mark()
        office.run_until(office.now + 13 * WEEK)
        margins.append(office.outcomes().totals[0, 1])
    return margins[1] - margins[0]


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("a", "b"), [("monthly-private", "freeze-30d"), ("monthly-private", "monthly-public"), ("freeze-15d", "freeze-7d")]
)
def test_common_draws_cut_the_variance_of_a_difference_to_a_third(a, b):
    seeds = range(1, 61)
    paired = np.var([margin_difference(a, b, seed, seed) for seed in seeds])
    independent = np.var([margin_difference(a, b, seed, seed + 1000) for seed in seeds])
    assert paired <= independent / 3.0
