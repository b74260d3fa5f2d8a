"""Pairs of simulated offices: one warm-up, two arms, the same draws."""

import pickle

import numpy as np
import pytest

from policies.documents.loader import load_policy
from scenarios.loader import load_scenario
from sim.experiment.running.experiment import compare
from sim.experiment.running.pairs import office_subject
from sim.experiment.statistics.samples import ArmOutcome


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("small")


@pytest.fixture(scope="module")
def monthly_and_weekly(scenario):
    return office_subject(load_policy("monthly-private"), load_policy("weekly-public"), scenario, 8, 2, seed=3)


def same(first: ArmOutcome, second: ArmOutcome) -> bool:
    return all(np.array_equal(one, other, equal_nan=True) for one, other in zip(first, second, strict=True))


def test_a_pair_depends_on_its_index_alone(monthly_and_weekly):
    runner = monthly_and_weekly.runner
    first = runner(1)
    runner(0)
    again = pickle.loads(pickle.dumps(runner))(1)
    assert all(same(one, other) for one, other in zip(first, again, strict=True))


@pytest.mark.system("A1")
def test_both_arms_meet_the_same_leads(monthly_and_weekly):
    a, b = monthly_and_weekly.runner(0)
    leads = monthly_and_weekly.layout.measures.index("leads")
    assert a.totals[0, leads] > 0
    assert a.profile[1].sum() > 0
    assert a.funnel[0] == b.funnel[0]


@pytest.mark.system("A1")
def test_the_arms_do_part(monthly_and_weekly):
    a, b = monthly_and_weekly.runner(0)
    assert not same(a, b)


@pytest.mark.system("A1")
def test_a_policy_against_itself_is_exactly_zero(scenario):
    policy = load_policy("monthly-private")
    verdict = compare(policy, policy, scenario, weeks=8, worlds=2, replications_per_world=2)
    told = [effect for effect in verdict.metrics.values() if effect.difference is not None]
    assert told
    assert {effect.difference for effect in told} == {0.0}
    judged = [effect for effect in told if effect.low is not None]  # a ratio to nothing has no interval
    assert {(effect.low, effect.high, effect.call) for effect in judged} == {(0.0, 0.0, "identical")}


def test_a_verdict_on_the_office_tells_of_every_group_and_unit(scenario):
    verdict = compare(
        load_policy("monthly-private"), load_policy("weekly-public"), scenario, weeks=8, worlds=3, replications_per_world=2
    )
    assert verdict.worlds == 3
    assert verdict.drivers.tested > 100
    assert set(verdict.groups.units) == {f"team-{number + 1}" for number in range(scenario.people.teams)}
    assert verdict.groups.low is not None
    assert verdict.costs.money_per_month is not None
    assert sum(filter(None, verdict.load.a.hours_per_month.values())) > 0
