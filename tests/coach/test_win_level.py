"""The level of wins: found where it stands, unsure where little was seen, and intervals that hold what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.known_firms import KINDS
from benchmarks.known_firms_foretold import foretold
from coach.winning.hazards import Design
from coach.winning.history import DAY
from coach.winning.level import INSIDE, Windows, counts_up_to, level_of
from coach.winning.looks import held_back_from, window_begins
from sim.experiment.statistics.keyed import generator
from tests.coach.test_win_model import FEATURES, made

DAYS = 14.0
NOTHING = Windows(*np.empty((3, 0)), DAYS)


def windows(expected, came) -> Windows:
    expected = np.array(expected, dtype=float)
    return Windows(expected, np.array(came, dtype=float), expected, DAYS)


def test_nothing_foretold_is_a_level_of_one_and_a_wide_interval():
    level = level_of(NOTHING)
    assert level.factor(0.0) == pytest.approx(1.0)
    assert level.spread(0.0, 90.0) > 0.25


@settings(max_examples=40)
@given(st.floats(0.4, 2.0))
def test_a_lasting_level_is_found(true):
    level = level_of(windows([200.0] * 8, [round(200 * true)] * 8))
    assert level.factor(0.0) == pytest.approx(true, rel=0.1)
    assert level.spread(0.0, DAYS) < 0.25


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(1.0, 60.0), st.integers(0, 90)), min_size=0, max_size=8))
def test_what_was_seen_fades_towards_one(seen):
    level = level_of(windows([each[0] for each in seen], [each[1] for each in seen]))
    near, far = (abs(level.factor(days) - 1) for days in (0.0, 2000.0))
    assert far <= near + 1e-9


@settings(max_examples=40)
@given(st.floats(1.2, 2.0))
def test_what_the_model_has_learnt_from_the_windows_does_not_count_twice(missed):
    foretold = windows([100.0] * 6, [round(100 * missed)] * 6)
    learnt = level_of(foretold, foretold._replace(expected=foretold.came))
    assert learnt.factor(0.0) == pytest.approx(1.0)
    assert level_of(foretold).factor(0.0) > 1.1
    assert (learnt.weight == level_of(foretold).weight).all()


@settings(max_examples=40)
@given(st.floats(10.0, 3000.0))
def test_windows_are_whole_weeks_within_the_history_and_half_of_it_is_never_held_back(span):
    at = np.linspace(0, span * DAY, 50).astype(np.int64)
    begins = np.array([*window_begins(at), at.max()])
    lengths = np.diff(begins) / DAY
    assert (begins > 0).all()
    assert np.allclose(lengths, lengths[:1].mean() if len(lengths) else 0, atol=1e-6)
    assert np.allclose(lengths % 7, 0, atol=1e-6)
    assert held_back_from(at) >= at.max() / 2 - 1


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.5, 400.0), st.floats(0.1, 1.0))
def test_an_interval_is_of_whole_numbers_and_holds_the_share_it_is_asked_for(seed, wins, part):
    came = np.random.default_rng(seed).poisson(30, 8)
    level = level_of(windows([30.0] * 8, came))
    low, high = level.interval(wins, part * wins, 0.0, DAYS)
    assert 0 <= low <= high
    assert low == int(low)
    mean, variance = level._between(0.0, DAYS)
    held = [level.weight @ counts_up_to(most, wins * mean, part * wins * mean + wins**2 * variance) for most in (low - 1, high)]
    assert held[0] <= (1 - INSIDE) / 2 <= level.weight @ counts_up_to(low, wins * mean, part * wins * mean + wins**2 * variance)
    assert held[1] >= (1 + INSIDE) / 2


def test_wins_that_stray_widen_the_interval():
    calm, wild = (level_of(windows([50.0] * 8, came)) for came in ([50] * 8, [20, 90, 45, 85, 15, 60, 95, 25]))
    widths = [np.ptp(level.interval(50.0, 50.0, 0.0, DAYS)) for level in (calm, wild)]
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize(("mean", "variance"), [(20.0, 8.0), (20.0, 20.0), (20.0, 70.0), (0.4, 0.6)])
def test_counts_have_the_mean_and_variance_asked_for(mean, variance):
    most = np.arange(-1, 400)
    exactly = np.diff([counts_up_to(each, np.array([mean]), np.array([variance]))[0] for each in most])
    assert exactly.sum() == pytest.approx(1.0, abs=1e-6)
    found = (exactly * most[1:]).sum()
    assert found == pytest.approx(mean, rel=0.01)
    assert (exactly * (most[1:] - found) ** 2).sum() == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize("drift", [0.0, 0.08])
def test_intervals_of_levels_that_drift_hold_four_of_five(drift):
    """Of 200 firms at least 70 % inside, where 80 % are promised: a false alarm in one of 2000 (binomial)."""
    inside = 0
    for number in range(200):
        random = generator("levels that drift", drift, number)
        true = np.exp(np.cumsum(random.normal(0, drift, 9)) + random.normal(0, 0.2))
        came = random.poisson(60 * true)
        level = level_of(windows([60.0] * 8, came[:8]))
        wins = 60 * level.factor(DAYS / 2)
        low, high = level.interval(wins, wins, 0.0, DAYS)
        inside += low <= came[8] <= high
    assert stats.binom.cdf(139, 200, INSIDE) < 1 / 2000
    assert inside >= 140


def test_sums_far_ahead_of_a_level_that_drifts_lie_within_their_interval():
    """Eight windows ahead of eight seen: of 100 firms fewer than 65 inside, where 80 % are promised: one in 3000 by luck."""
    inside = 0
    for number in range(100):
        random = generator("sums far ahead", number)
        true = np.exp(np.cumsum(random.normal(0, 0.08, 16)) + random.normal(0, 0.2))
        level = level_of(windows([40.0] * 8, random.poisson(40 * true[:8])))
        wins = 320 * level.factor(4 * DAYS)
        low, high = level.interval(wins, wins, 0.0, 8 * DAYS)
        inside += low <= random.poisson(40 * true[8:].sum()) <= high
    assert inside >= 65


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(30.0, 390.0))
def test_a_design_seen_until_an_instant_knows_what_looks_until_then_know(seed, day):
    past, _ = made(60, seed)
    until = day * 86_400_000
    whole, cut = Design(FEATURES, past).seen(until=until), past.until(until)
    alone = Design(FEATURES, cut).seen() if len(cut.at) else None
    ends = [0, 0] if alone is None else [(alone.ended == end).sum() for end in (1, 2)]
    assert [(whole.ended == end).sum() for end in (1, 2)] == ends
    assert whole.days.sum() == pytest.approx(cut.left.sum())


@pytest.mark.statistical
def test_sums_of_firms_with_a_known_truth_lie_within_their_interval():
    """One look at each of 16 firms of eight kinds. Fewer than 8 of 16 inside, where 80 % are promised: one in 600 by luck."""
    looks = [each for kind in KINDS for number in (7, 8) for each in foretold(kind, number, (0.8,))]
    assert len(looks) == 16
    assert stats.binom.cdf(7, 16, INSIDE) < 1 / 600
    assert sum(each.inside for each in looks) >= 8


def test_of_nothing_that_is_open_nothing_is_won():
    assert level_of(NOTHING).interval(0.0, 0.0, 0.0, DAYS) == (0.0, 0.0)
