"""The season of targets: what a pace remembers of it, what a period brings, and what follows demand later."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from policies.targets.level import BUSINESS_DAYS_A_YEAR, DAYS_A_YEAR, season_index, season_step
from policies.targets.season import Season

AMPLITUDES = st.floats(0.0, 0.9)
PEAKS = st.floats(0.0, 366.0)
STARTS = st.floats(18_000.0, 22_000.0)


@pytest.mark.system("G1")
@given(AMPLITUDES, PEAKS, STARTS, st.floats(1.0, 92.0), st.floats(30.0, 120.0))
def test_sales_that_follow_the_season_are_asked_for_as_they_come(amplitude, peak, start, days, memory):
    calendar_memory = memory * DAYS_A_YEAR / BUSINESS_DAYS_A_YEAR
    ago = (np.arange(40_000) + 0.5) * calendar_memory / 2_000
    sold = 1.0 + amplitude * np.cos(2 * math.pi * (start - ago - peak) / DAYS_A_YEAR)
    pace = float(np.average(sold, weights=np.exp(-ago / calendar_memory)))
    ahead = start + (np.arange(2_000) + 0.5) * days / 2_000
    comes = float(np.mean(1.0 + amplitude * np.cos(2 * math.pi * (ahead - peak) / DAYS_A_YEAR)))
    assert pace * season_step(amplitude, peak, start, start + days, memory) == pytest.approx(comes, rel=1e-4)


@given(AMPLITUDES, PEAKS, st.floats(1.0, 300.0), st.floats(0.0, 1.0))
def test_what_follows_demand_after_a_while_is_flatter_and_later(amplitude, peak, days, spread):
    waits = days * np.exp(spread * norm.ppf((np.arange(20_000) + 0.5) / 20_000))
    later = Season(amplitude, peak).later(days, spread)
    assert later.amplitude <= amplitude + 1e-12
    for day in (20_000.0, 20_100.0, 20_200.0, 20_300.0):
        came = float(np.mean(season_index_of(amplitude, peak, day - waits)))
        assert season_index(later.amplitude, later.peak_day, day) == pytest.approx(came, abs=1e-3)


def test_without_a_wait_the_season_is_the_same():
    assert Season(0.3, 90.0).later(0.0, 0.7) == pytest.approx((0.3, 90.0))


def season_index_of(amplitude, peak, days):
    return 1.0 + amplitude * np.cos(2 * math.pi * (days - peak) / DAYS_A_YEAR)
