"""What a record tells by itself of how people work: each number again from what made it, nothing where too little is told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.describing.spans import Spans
from coach.fitting.habits import behaviour, crowding_told, delay_told, spread_between, spread_told
from policies.scores.score import DAY, HOUR
from sim.office.behaviour import BY_NAME

FIRST = int(pd.Timestamp("2023-01-02", tz="UTC").value // 1_000_000)
DAYS = 728


def spans(owners=(), won=(), closed=None, start=None, delays=()) -> Spans:
    """Opportunities of owners, won or lost at instants (ms)."""
    number = len(owners)
    closed = np.full(number, FIRST + DAY) if closed is None else closed
    deals = pd.DataFrame(
        {"owner": list(owners), "outcome": ["won" if each else "lost" for each in won], "dated": True,
         "end": np.asarray(closed, float), "start": np.asarray(closed if start is None else start, float)}
    )  # fmt: skip
    nothing = pd.DataFrame()
    return Spans(FIRST + DAYS * DAY, "UTC", deals, nothing, nothing, nothing, np.asarray(delays, float), 0)


def of_people(seed: int, spread: float, people: int = 40, each: int = 200) -> Spans:
    """People whose chances of winning are 30 %, apart by `spread` in the logit."""
    random = np.random.default_rng(seed)
    chance = 1.0 / (1.0 + np.exp(-(np.log(0.3 / 0.7) + spread * random.normal(size=people))))
    owners = np.repeat([f"r{number}" for number in range(people)], each)
    return spans(owners, random.random(people * each) < np.repeat(chance, each))


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.25, 0.55))
def test_the_spread_of_people_is_found_again(seed, spread):
    """Of 40 people with 200 deals each the estimate strays by an eighth; four of these are allowed (1 in 10,000)."""
    assert behaviour(of_people(seed, spread))["skill_spread"] == pytest.approx(spread, rel=0.5, abs=0.02)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**31))
def test_luck_is_no_difference_between_people(seed):
    """Alike in truth, they get the least spread that there is, and the interval says how little is known."""
    told = of_people(seed, 0.0, people=20)
    assert behaviour(told)["skill_spread"] == BY_NAME["skill_spread"].low
    found = spread_told(told)
    assert found.low <= found.value <= max(found.high, found.value)
    assert found.low < 0.02


@pytest.mark.parametrize("owners", [[], ["a"] * 400, [None] * 400])
def test_too_few_people_tell_nothing_of_their_differences(owners):
    told = spans(owners, np.arange(len(owners)) % 3 == 0)
    assert "skill_spread" not in behaviour(told)
    assert spread_told(told).value is None


@settings(max_examples=10, deadline=None)
@given(st.floats(0.35, 0.85), st.floats(1.5, 9.0))
def test_the_delay_of_entries_is_found_again(prompt, lag):
    """So many entered at once, the others after an exponential delay, by its own quantiles."""
    late = -np.log1p(-(np.arange(2000) + 0.5) / 2000) * lag * DAY
    at_once = np.zeros(round(2000 * prompt / (1 - prompt)))
    found = behaviour(spans(delays=np.concatenate([at_once, late])))
    assert found["prompt_share"] == pytest.approx(prompt, abs=0.03)
    assert found["entry_lag_days"] == pytest.approx(lag, rel=0.05)
    told = delay_told(spans(delays=np.concatenate([at_once, late])))
    assert told.low <= told.value == pytest.approx((1 - prompt) * lag, rel=0.05)
    assert told.value <= told.high


@pytest.mark.parametrize("delays", [[], [0.0] * 500, [5 * HOUR] * 3])
def test_a_record_that_keeps_one_instant_tells_nothing_of_delays(delays):
    assert not {"prompt_share", "entry_lag_days"} & set(behaviour(spans(delays=delays)))
    assert delay_told(spans(delays=delays)).value is None


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**31), st.floats(1.5, 4.0))
def test_a_pull_to_the_months_end_is_found_in_wins_and_not_in_what_comes_in(seed, pull):
    """Interval of the pull, and of the placebo, each within twice its own width: missed in fewer than 1 of 1,000 records."""
    random, days = np.random.default_rng(seed), pd.date_range("2023-01-02", periods=DAYS, freq="D")
    last = (days + pd.offsets.MonthEnd(0) - days).days <= 2
    won = np.repeat(FIRST + 12 * HOUR + DAY * np.arange(DAYS), random.poisson(4.0 * np.where(last, pull, 1.0)))
    opened = np.repeat(FIRST + 12 * HOUR + DAY * np.arange(DAYS), random.poisson(4.0, DAYS))[: len(won)]
    opened = np.resize(opened, len(won))
    wins, placebo = crowding_told(spans(["a"] * len(won), [True] * len(won), won, opened))
    assert np.log(wins.value / pull) == pytest.approx(0.0, abs=np.log(wins.high / wins.low))
    assert np.log(placebo.value) == pytest.approx(0.0, abs=np.log(placebo.high / placebo.low))


@given(st.lists(st.integers(1, 60), min_size=3, max_size=12))
def test_people_who_win_everything_differ_in_nothing_that_can_be_told(cases):
    told = np.array(cases)
    assert spread_between(told, told) is None
