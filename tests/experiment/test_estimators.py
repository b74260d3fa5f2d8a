"""Intervals against closed forms, published numbers and other libraries."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiment.statistics.comparison import SumsComparison
from sim.experiment.statistics.estimators import LOOK_MARGIN, bounds, difference, interval, ratio, relative, studentised
from sim.experiment.statistics.quantiles import quantile, spread_interval, weights
from sim.experiment.verdict.effects import adjusted, together

finite = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))
samples = st.lists(finite, min_size=3, max_size=40).map(np.array)


def mean_of(values):
    return ratio(values, np.ones_like(values))


@given(samples)
def test_pseudovalues_of_a_mean_are_the_observations(values):
    statistic = mean_of(values)
    assert statistic.value == pytest.approx(values.mean(), abs=1e-9)
    assert statistic.pseudovalues == pytest.approx(values, abs=1e-6)


def test_interval_of_a_symmetric_sample_is_students_at_the_narrower_error():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7])
    found = interval(mean_of(values), 0.95)
    ends = stats.t.interval(1 - LOOK_MARGIN * 0.05, 6, loc=4.0, scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx(ends)


def test_p_value_of_a_symmetric_sample_is_students_over_the_margin():
    values = np.array([-1.0, 0, 1, 2, 3, 4, 5])
    assert interval(mean_of(values), 0.95).p == pytest.approx(stats.ttest_1samp(values, 0).pvalue / LOOK_MARGIN)


def test_jackknife_of_a_ratio_by_hand():
    # y = 1, 2, 3 over x = 1, 1, 2: 6/4; without one 5/3, 4/3, 3/2 (pseudovalues 7/6, 11/6, 3/2)
    statistic = ratio(np.array([1.0, 2, 3]), np.array([1.0, 1, 2]))
    assert statistic.value == 1.5
    assert statistic.left_out == pytest.approx([5 / 3, 4 / 3, 3 / 2])
    assert statistic.pseudovalues == pytest.approx([7 / 6, 11 / 6, 3 / 2])


def test_jackknife_error_of_a_ratio_agrees_with_the_delta_method_in_large_samples():
    rng = np.random.default_rng(3)
    lower = rng.uniform(5, 15, 4000)
    upper = 0.3 * lower + rng.normal(0, 1, 4000)
    values = ratio(upper, lower).pseudovalues
    rate = upper.sum() / lower.sum()
    delta = np.std(upper - rate * lower, ddof=1) / lower.mean()
    assert values.std(ddof=1) == pytest.approx(delta, rel=0.01)


@given(samples, st.floats(0.6, 0.99))
def test_skewness_stretches_the_longer_tail(values, confidence):
    found = interval(mean_of(values), confidence)
    if not found.high > found.low or stats.skew(values) < 0.2:
        return
    assert found.high - found.value >= found.value - found.low - 1e-12


@given(samples, st.floats(0.6, 0.99))
def test_interval_mirrors_with_the_sample(values, confidence):
    found, mirrored = interval(mean_of(values), confidence), interval(mean_of(-values), confidence)
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low), abs=1e-6)


@given(samples)
def test_p_value_and_interval_agree(values):
    found = interval(mean_of(values), 0.95)
    if found.high > found.low and min(abs(found.low), abs(found.high)) > 1e-6:
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


@given(samples, samples)
def test_a_policy_against_itself_on_the_same_draws_is_exactly_zero(upper, lower):
    size = min(len(upper), len(lower))
    arm = ratio(upper[:size], np.abs(lower[:size]) + 1.0)
    found = interval(difference(arm, arm), 0.95)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_one_sided_bound_is_students_quantile_on_one_side():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7])
    low, high = bounds(mean_of(values), 0.95)
    reach = stats.t.ppf(1 - LOOK_MARGIN * 0.05, 6) * stats.sem(values)
    assert (low, high) == pytest.approx((4 - reach, 4 + reach))


def test_relative_change_is_of_the_size_of_the_baseline():
    ones = np.ones(3)
    assert relative(ratio(np.array([-2.0, -2, -2]), ones), ratio(np.array([-4.0, -4, -4]), ones)).value == 0.5


def test_relative_change_without_a_world_is_that_of_the_other_worlds():
    after, before, leads = np.array([5.0, 7, 1, 4]), np.array([-2.0, -3, 4.5, -4]), np.array([1.0, 2, 3, 1])
    found = relative(ratio(after, leads), ratio(before, leads))
    for world in range(4):
        rest = np.arange(4) != world
        alone = relative(ratio(after[rest], leads[rest]), ratio(before[rest], leads[rest]))
        assert found.left_out[world] == pytest.approx(alone.value)


def test_a_skewed_sample_stretches_its_interval_as_willink_says_and_shortens_no_side():
    values = np.random.default_rng(1).lognormal(0.0, 1.0, 50)
    lean = stats.skew(values, bias=False) / (6 * math.sqrt(50))
    reach = stats.t.ppf(1 - LOOK_MARGIN * 0.025, 49)
    stretched = [(np.cbrt(1 + 6 * lean * (end - lean)) - 1) / (2 * lean) for end in (reach, -reach)]
    found = interval(mean_of(values), 0.95)
    assert stretched[0] < reach < -stretched[1]
    assert found.low == pytest.approx(values.mean() - reach * stats.sem(values))
    assert found.high == pytest.approx(values.mean() - stretched[1] * stats.sem(values))


def test_no_interval_without_cases():
    found = interval(ratio(np.zeros(4), np.zeros(4)), 0.95)
    assert all(math.isnan(part) for part in found)


def test_one_world_has_no_interval():
    assert math.isnan(interval(mean_of(np.array([3.0])), 0.95).low)


def test_skewness_adjustment_inverts_itself():
    # The p-value inverts the interval: a confidence of exactly 1 - p ends the interval at zero.
    for value, lean in ((1.2, 0.02), (-0.7, 0.03), (2.0, -0.015)):
        p = studentised(value, 0.5, lean, 40, 0.95).p
        found = studentised(value, 0.5, lean, 40, 1 - p)
        assert min(abs(found.low), abs(found.high)) == pytest.approx(0.0, abs=1e-9)


def test_questions_that_are_read_together_share_the_error_that_is_allowed():
    assert together(0.95, 5) == pytest.approx(0.99)
    assert together(0.95, 0) == 0.95
    assert (adjusted(0.01, 5), adjusted(0.3, 5)) == (0.05, 1.0)
    assert math.isnan(adjusted(math.nan, 5))


def test_quantile_of_a_histogram_is_that_of_the_values_within_a_bin():
    rng = np.random.default_rng(5)
    values = rng.lognormal(4.0, 1.0, 50_000)
    edges = np.geomspace(0.1, 1e6, 121)
    histogram = np.histogram(values, edges)[0].astype(float)
    step = edges[1] / edges[0]
    for share in (0.1, 0.5, 0.9):
        assert 1 / step < quantile(histogram, edges, share) / np.quantile(values, share) < step


def test_quantile_interpolates_the_logarithm():
    assert quantile(np.array([1.0, 1.0]), np.array([1.0, 10.0, 100.0]), 0.25) == pytest.approx(math.sqrt(10))


def test_quantile_without_counts_does_not_exist():
    assert math.isnan(quantile(np.zeros(3), np.geomspace(1, 8, 4), 0.5))


def test_resampling_is_keyed_and_keeps_the_number_of_worlds():
    first, second = weights(30, 1), weights.__wrapped__(30, 1)
    assert (first == second).all()
    assert (first.sum(axis=1) == 30).all()
    assert (weights(30, 2) != first).any()


def test_bootstrap_error_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(4).normal(10, 2, 50)
    found = spread_interval(values.mean(), weights(50, 1) @ values / 50, 50, 0.95)
    reach = stats.t.ppf(1 - LOOK_MARGIN * 0.025, 49) * stats.sem(values)
    assert found.half_width == pytest.approx(reach, rel=0.1)


def test_noise_within_worlds_of_a_mean_is_variance_over_replications():
    rng = np.random.default_rng(6)
    values = rng.normal(size=(5, 4))
    zeros, ones = np.zeros_like(values), np.ones_like(values)
    seen, noise = SumsComparison((zeros, ones), (values, ones)).world_differences()
    assert seen == pytest.approx(values.mean(axis=1))
    assert noise == pytest.approx(values.var(axis=1, ddof=1) / 4)


def test_intervals_cluster_by_world():
    # Replications that repeat their world say nothing new: the interval must not narrow.
    rng = np.random.default_rng(7)
    worlds = rng.normal(1.0, 1.0, (40, 1))
    once, four = np.repeat(worlds, 2, axis=1), np.repeat(worlds, 8, axis=1)
    widths = []
    for values in (once, four):
        ones = np.ones_like(values)
        found = SumsComparison((np.zeros_like(values), ones), (values, ones)).interval("difference", 0.95)
        widths.append(found.high - found.low)
    assert widths[0] == pytest.approx(widths[1])
