"""Keyed draws: published vectors, exact distributions, independence of keys, the same numbers with compilation off.

Draws are a fixed function of their keys, so a test passes always or never. Where a test is statistical, the false-alarm
rate given is the chance that a sound generator would fail it for seeds picked at random.
"""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import special, stats

from sim.office.engine.draws import exponential, inverse_normal, lognormal, normal, pair, poisson_gamma, threefry, uniform

ROOT = Path(__file__).resolve().parents[2]
FALSE_ALARM = 1e-4
WHOLE = st.integers(-(2**63), 2**63 - 1)
ONES = 0xFFFFFFFFFFFFFFFF


def words(*values):
    """64-bit words as numba can take them."""
    return [np.uint64(value) for value in values]


@njit
def table(draw, seed, purpose, things, turns):
    """`draw` for all things and turns, shape (things, turns)."""
    answers = np.empty((things, turns))
    for thing in range(things):
        for turn in range(turns):
            answers[thing, turn] = draw(seed, purpose, thing, turn)
    return answers


@pytest.mark.parametrize(
    ("key", "counter", "expected"),
    [
        ((0, 0), (0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
        ((ONES, ONES), (ONES, ONES), (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
        (
            (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0x243F6A8885A308D3, 0x13198A2E03707344),
            (0x263C7D30BB0F0AF1, 0x56BE8361D3311526),
        ),
    ],
)
def test_threefry_gives_the_vectors_published_with_random123(key, counter, expected):
    assert tuple(map(int, threefry(*words(*key, *counter)))) == expected


@settings(deadline=None)  # the first call compiles
@given(seed=WHOLE, purpose=WHOLE, thing=WHOLE, turn=WHOLE)
def test_uniform_lies_inside_the_open_interval_on_a_grid_symmetric_about_one_half(seed, purpose, thing, turn):
    u = uniform(seed, purpose, thing, turn)
    assert 0.0 < u < 1.0
    assert math.ldexp(u, 53) % 2 == 1
    assert 1.0 - (1.0 - u) == u


@settings(deadline=None)  # the first call compiles
@given(seed=WHOLE, purpose=WHOLE, thing=WHOLE, turn=WHOLE, bit=st.integers(0, 63), which=st.integers(0, 3))
def test_one_bit_of_any_key_changes_the_draw(seed, purpose, thing, turn, bit, which):
    key = words(*(value % 2**64 for value in (seed, purpose, thing, turn)))
    before = threefry(*key)
    key[which] ^= np.uint64(1 << bit)
    flipped = sum(int(a ^ b).bit_count() for a, b in zip(before, threefry(*key), strict=True))
    # 128 fair coins; outside of these bounds with probability 2e-8 (binomial), over the examples of a run 1e-5
    assert 32 <= flipped <= 96


@pytest.mark.parametrize(("draw", "distribution"), [(uniform, stats.uniform), (exponential, stats.expon), (normal, stats.norm)])
@pytest.mark.parametrize("by", ["thing", "turn", "purpose", "seed"])
def test_draws_follow_their_distribution_whichever_part_of_the_key_counts(draw, distribution, by):
    """Kolmogorov-Smirnov on 20,000 draws, false alarms 1e-4."""
    if by == "thing":
        sample = table(draw, 11, 3, 20_000, 1)
    elif by == "turn":
        sample = table(draw, 11, 3, 1, 20_000)
    elif by == "purpose":
        sample = np.array([draw(11, k, 5, 0) for k in range(20_000)])
    else:
        sample = np.array([draw(k, 3, 5, 0) for k in range(20_000)])
    assert stats.kstest(sample.ravel(), distribution.cdf).pvalue > FALSE_ALARM


def test_draws_of_different_purposes_things_and_turns_are_uncorrelated():
    """Each correlation of 40,000 pairs is normal with deviation 1/200; false alarms 1e-4 in all."""
    base = table(normal, 5, 1, 200, 201)
    others = [table(normal, 5, 2, 200, 201), table(normal, 6, 1, 200, 201)]
    pairs = [(base[:, :-1], other[:, :-1]) for other in others] + [(base[:, :-1], base[:, 1:])]
    limit = stats.norm.isf(FALSE_ALARM / 2 / len(pairs)) / 200
    for left, right in pairs:
        assert abs(np.corrcoef(left.ravel(), right.ravel())[0, 1]) < limit


@settings(deadline=None)  # the first call compiles
@given(u=st.floats(1e-300, 1.0, exclude_max=True) | st.floats(0.4999, 0.5001))
def test_inverse_normal_agrees_with_scipy_to_the_last_digits(u):
    # Both are within a few units in the last place; they are 1.1e-15 apart at worst.
    assert inverse_normal(u) == pytest.approx(special.ndtri(u), rel=1.5e-15, abs=1e-300)


@settings(deadline=None)  # the first call compiles
@given(seed=WHOLE, thing=WHOLE, median=st.floats(1e-6, 1e9), sigma=st.floats(0.0, 3.0))
def test_variates_are_made_by_inversion_from_the_same_uniform(seed, thing, median, sigma):
    u = uniform(seed, 4, thing, 0)
    assert exponential(seed, 4, thing, 0) == -math.log(u)
    assert normal(seed, 4, thing, 0) == inverse_normal(u)
    assert lognormal(seed, 4, thing, 0, median, sigma) == pytest.approx(median * math.exp(sigma * special.ndtri(u)), rel=1e-13)


@settings(deadline=None)  # the first call compiles
@given(u=st.floats(1e-9, 1 - 1e-9), mean=st.floats(0.01, 3000.0), dispersion=st.just(1.0) | st.floats(1.01, 30.0))
def test_poisson_gamma_inverts_the_distribution_function(u, mean, dispersion):
    extra = dispersion - 1.0
    distribution = stats.poisson(mean) if extra == 0.0 else stats.nbinom(mean / extra, 1.0 / dispersion)
    count = poisson_gamma(u, mean, dispersion)
    assert distribution.cdf(count) >= u - 1e-9
    assert distribution.cdf(count - 1) <= u + 1e-9


def test_poisson_gamma_has_the_stated_mean_and_dispersion():
    """80,000 counts; the mean is normal, false alarms 1e-4; the dispersion within 3 %, over six deviations."""
    counts = np.array([poisson_gamma(u, 20.0, 2.5) for u in table(uniform, 3, 9, 80_000, 1).ravel()])
    assert abs(counts.mean() - 20.0) < stats.norm.isf(FALSE_ALARM / 2) * math.sqrt(50.0 / 80_000)
    assert counts.var() / counts.mean() == pytest.approx(2.5, rel=0.03)


def test_nothing_arrives_where_nothing_is_expected():
    assert poisson_gamma(0.999, 0.0, 2.0) == 0


@settings(deadline=None)  # the first call compiles
@given(seed=WHOLE, reps=st.integers(1, 12))
def test_one_more_rep_moves_only_the_leads_that_rep_gets(seed, reps):
    def winners(of):
        return [max(range(of), key=lambda rep: pair(seed, lead, rep)) for lead in range(60)]

    for before, after in zip(winners(reps), winners(reps + 1), strict=True):
        assert after in (before, reps)


def test_the_lottery_is_fair():
    """Chi-squared over 6,000 leads and 12 reps, false alarms 1e-4."""
    wins = np.bincount([max(range(12), key=lambda rep: pair(8, lead, rep)) for lead in range(6000)], minlength=12)
    assert stats.chisquare(wins).pvalue > FALSE_ALARM


_SAMPLE = """
import json
from sim.office.engine import draws
keys = [(k * 7919 - 5, k % 13, 3**k % 2**62, k) for k in range(300)]
print(json.dumps([[draws.uniform(*key), draws.exponential(*key), draws.normal(*key), draws.lognormal(*key, 5.0, 0.8),
    int(draws.pair(*key[:3])), int(draws.poisson_gamma(draws.uniform(*key), 1.0 + key[3], 1.0 + key[1] / 4))] for key in keys]))
"""


@pytest.mark.nojit
def test_the_same_numbers_without_compilation_and_without_a_warning():
    def sample(**environment):
        command = [sys.executable, "-W", "error::RuntimeWarning", "-c", _SAMPLE]
        settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        answer = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, env=settings, cwd=ROOT)
        return json.loads(answer.stdout)

    interpreted = sample(NUMBA_DISABLE_JIT="1")
    assert len(interpreted) == 300
    assert interpreted == sample(NUMBA_DISABLE_JIT="0")
