"""Repeated experiments with a known truth: intervals cover, nothing is called different too often, and what is there is found.

Each draw is the difference of one pair; the stopping rule is that of a comparison, run over many experiments at once by taking
the looks of each from the same functions.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment.statistics.comparison import SumsComparison
from sim.experiment.statistics.estimators import interval, ratio
from sim.experiment.statistics.shares import better_share
from sim.experiment.statistics.stopping import looks, reached

pytestmark = pytest.mark.statistical

EXPERIMENTS = 600
REPLICATIONS = 4
MOST_WORLDS = 300
BASELINE = 100.0
CONFIDENCE = 0.95
LOOKS = looks(MOST_WORLDS)


def normal(rng, worlds):
    return rng.normal(0.0, 2.0, (worlds, REPLICATIONS))


def lognormal(rng, worlds):
    return rng.lognormal(0.0, 0.8, (worlds, REPLICATIONS)) - math.exp(0.32)


def by_world(rng, worlds):
    return rng.normal(0.0, 1.0, (worlds, 1)) + rng.normal(0.0, 2.0, (worlds, REPLICATIONS))


def skewed_by_world(rng, worlds):
    return rng.lognormal(0.0, 0.5, (worlds, 1)) - math.exp(0.125) + rng.normal(0.0, 1.0, (worlds, REPLICATIONS))


def two_kinds_of_world(rng, worlds):
    return np.where(rng.random((worlds, 1)) < 0.2, 3.0, 0.0) - 0.6 + rng.normal(0.0, 1.0, (worlds, REPLICATIONS))


KINDS = [normal, lognormal, by_world, skewed_by_world, two_kinds_of_world]


def spread_between_worlds(kind) -> float:
    return float(kind(np.random.default_rng(0), 20_000).mean(axis=1).std())


def experiment(kind, rng, half_width, effect=0.0):
    """The interval at the look at which a comparison would stop."""
    differences = (effect + kind(rng, MOST_WORLDS)).mean(axis=1)
    for worlds in LOOKS:
        found = interval(ratio(differences[:worlds], np.ones(worlds)), CONFIDENCE)
        if reached(found, half_width):
            break
    return found


def repeat(kind, half_width, effect=0.0, seed=1):
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return [experiment(kind, rng, half_width, effect) for _ in range(EXPERIMENTS)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("worlds_needed", [20, 45, 100])
def test_intervals_cover_the_truth_as_often_as_they_say(kind, worlds_needed):
    half_width = 1.96 * spread_between_worlds(kind) / math.sqrt(worlds_needed)
    covered = np.mean([found.low <= 0.0 <= found.high for found in repeat(kind, half_width)])
    assert 0.94 <= covered <= 0.99


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_against_itself_under_unrelated_draws_is_rarely_called_different(kind):
    rng = np.random.default_rng([3, KINDS.index(kind)])
    half_width = 1.96 * math.sqrt(2.0) * spread_between_worlds(kind) / math.sqrt(45)

    def against_itself(rng, worlds):
        return kind(rng, worlds) - kind(rng, worlds)

    called = sum(experiment(against_itself, rng, half_width).p < 1 - CONFIDENCE for _ in range(500))
    assert stats.binomtest(called, 500, 1 - CONFIDENCE, alternative="greater").pvalue > 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_a_difference_of_twice_the_precision_is_found(kind):
    half_width = 1.96 * spread_between_worlds(kind) / math.sqrt(45)
    found = repeat(kind, half_width, effect=2.0 * half_width, seed=4)
    assert np.mean([one.p < 1 - CONFIDENCE and one.value > 0 for one in found]) >= 0.8


def test_an_interval_of_a_rate_covers_with_unequal_worlds():
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(EXPERIMENTS):
        cases = rng.poisson(40 * rng.lognormal(0, 0.5, 40)) + 1
        wins = rng.binomial(cases, 0.2)
        found = interval(ratio(wins.astype(float), cases.astype(float)), CONFIDENCE)
        covered.append(found.low <= 0.2 <= found.high)
    assert 0.94 <= np.mean(covered) <= 0.99


@pytest.mark.parametrize("noise", [0.5, 2.0])
@pytest.mark.parametrize("centre", [0.0, 0.5, 2.0])
def test_the_share_of_better_worlds_is_covered_and_hardly_biased(centre, noise):
    rng = np.random.default_rng([6, int(10 * centre), int(10 * noise)])
    truth = stats.norm.cdf(centre)
    covered, values = [], []
    for number in range(150):
        seen = centre + rng.normal(0, 1, 60)[:, None] + rng.normal(0, noise, (60, REPLICATIONS))
        found = better_share(seen.mean(axis=1), seen.var(axis=1, ddof=1) / REPLICATIONS, CONFIDENCE, number)
        covered.append(found.low <= truth <= found.high)
        values.append(found.value)
    assert np.mean(covered) >= 0.92
    assert abs(np.mean(values) - truth) < 0.02


def waits(uniforms, servers, arrival_rate, service_rate, warm):
    """Sums of waiting times after `warm` customers in M/M/c, by the recursion of Kiefer and Wolfowitz (1955).

    `uniforms` f8[customers, 2, runs], for the gap before each customer and the customer's service.
    """
    workload = np.zeros((uniforms.shape[2], servers))
    total = np.zeros(uniforms.shape[2])
    for customer, (gap, service) in enumerate(uniforms):
        workload = np.maximum(workload + (np.log1p(-gap) / arrival_rate)[:, None], 0.0)
        workload.sort(axis=1)
        if customer >= warm:
            total += workload[:, 0]
        workload[:, 0] -= np.log1p(-service) / service_rate
    return total


def mean_wait(servers, arrival_rate, service_rate):
    """Mean wait in M/M/c (Erlang 1917)."""
    offered = arrival_rate / service_rate
    last = offered**servers / math.factorial(servers) / (1 - offered / servers)
    chance_to_wait = last / (sum(offered**n / math.factorial(n) for n in range(servers)) + last)
    return chance_to_wait / (servers * service_rate - arrival_rate)


def test_a_known_difference_between_two_queues_is_covered():
    experiments, worlds, customers, warm = 300, 30, 700, 200
    rng = np.random.default_rng(7)
    uniforms = rng.random((customers, 2, experiments * worlds * REPLICATIONS), dtype=np.float32)
    shape = (experiments, worlds, REPLICATIONS)
    slow, fast = (waits(uniforms, 2, 1.0, rate, warm).reshape(shape).sum(axis=2) for rate in (0.75, 0.85))
    served = np.full(worlds, float((customers - warm) * REPLICATIONS))
    truth = mean_wait(2, 1.0, 0.85) - mean_wait(2, 1.0, 0.75)
    found = [interval(ratio(b - a, served), CONFIDENCE) for a, b in zip(slow, fast, strict=True)]
    covered = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.94 <= covered <= 0.99
    assert all(one.p < 1 - CONFIDENCE for one in found)


def test_the_three_groups_of_reps_show_no_effect_in_a_null_experiment():
    experiments, worlds = 400, 30
    rng = np.random.default_rng(8)
    called = 0
    for _ in range(experiments):
        level = rng.normal(100.0, 10.0, (worlds, 1))
        a, b = (level + rng.lognormal(0.0, 0.7, (3, worlds, REPLICATIONS)) for _ in "ab")
        ones = np.ones((worlds, REPLICATIONS))
        found = [SumsComparison((a[group], ones), (b[group], ones)) for group in range(3)]
        # Bonferroni's smallest adjusted p-value is the smallest p-value times the number of groups.
        called += 3 * min(one.interval("difference", CONFIDENCE).p for one in found) < 1 - CONFIDENCE
    assert stats.binomtest(called, experiments, 1 - CONFIDENCE, alternative="greater").pvalue > 0.01


@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_a_relative_change_covers_where_level_and_change_go_together(noise):
    experiments, worlds, truth = 600, 30, 0.2
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(experiments):
        level = rng.lognormal(0.0, 0.5, (worlds, 1))
        a, b = level * rng.lognormal(0.0, noise, (2, worlds, REPLICATIONS))
        ones = np.ones((worlds, REPLICATIONS))
        found = SumsComparison((a, ones), ((1.0 + truth) * b, ones)).interval("relative", CONFIDENCE)
        if math.isfinite(found.low):  # not where a level of that noise is not told from zero
            covered.append(found.low <= truth <= found.high)
    assert len(covered) > 0.99 * experiments
    assert 0.94 <= np.mean(covered) <= 0.99
