"""Worlds, shares of worlds, guardrails and drivers, each by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.language.sections import Guardrail
from sim.experiment.problems import ExperimentError
from sim.experiment.running.worlds import draw_world, inverse
from sim.experiment.statistics.samples import ArmOutcome, stack
from sim.experiment.statistics.shares import better_share, share_above_zero
from sim.experiment.verdict.guardrails import check, check_guardrails, state_of
from tests.experiment.synthetic import LAYOUT, PARAMETERS, SyntheticPairs

shares = st.floats(1e-9, 1 - 1e-9)


def arms(**options):
    pairs = SyntheticPairs(**options)
    results = [pairs(index) for index in range(120)]
    return stack([pair[0] for pair in results], 4), stack([pair[1] for pair in results], 4)


@given(shares, shares)
def test_worlds_are_drawn_by_inversion_within_the_range(first, second):
    values = [inverse(share, 2.0, 3.0, 9.0) for share in sorted((first, second))]
    assert 2.0 <= values[0] <= values[1] <= 9.0


def test_half_of_the_worlds_lie_on_either_side_of_the_centre():
    assert inverse(0.5, 2.0, 3.0, 9.0) == 3.0


def test_a_world_depends_on_nothing_but_its_key():
    assert draw_world(1, 7, PARAMETERS) == draw_world(1, 7, PARAMETERS)
    assert draw_world(1, 7, PARAMETERS)["patience"] == draw_world(1, 7, PARAMETERS[:1])["patience"]
    assert draw_world(1, 7, PARAMETERS) != draw_world(1, 8, PARAMETERS)
    assert draw_world(1, 7, PARAMETERS) != draw_world(2, 7, PARAMETERS)


def test_without_noise_the_share_is_the_plain_count():
    seen = np.array([1.0, 2.0, -1.0, 3.0])
    assert share_above_zero(seen, np.zeros(4), np.ones((1, 4)))[0] == 0.75


def test_noise_alone_is_not_taken_for_worlds_that_disagree():
    # The same small effect in every world under much noise: signs alone would say about 60 %.
    rng = np.random.default_rng(11)
    seen = 0.25 + rng.normal(0, 1.0, 4000)
    counted = (seen > 0).mean()
    corrected = share_above_zero(seen, np.full(4000, 1.0), np.ones((1, 4000)))[0]
    assert counted < 0.65
    assert corrected > 0.9


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40), st.floats(0, 4))
def test_the_share_lies_in_its_interval_and_that_in_zero_to_one(values, noise):
    found = better_share(np.array(values), np.full(len(values), noise), 0.95, 1)
    assert -1e-12 <= found.low <= found.value <= found.high <= 1 + 1e-12


def test_when_all_of_thirty_worlds_agree_the_share_is_still_not_sure():
    found = better_share(np.linspace(1, 2, 30), np.zeros(30), 0.95, 1)
    assert found.value == found.high == 1.0
    assert 0.85 < found.low < 0.9  # Clopper and Pearson: 0.0175 ** (1 / 30)


def test_results_of_unlike_extent_are_filled_with_nothing():
    def outcome(people):
        return ArmOutcome(*(np.ones((people, 1)) for _ in ArmOutcome._fields))._replace(events=np.array(7.0))

    arm = stack([outcome(1), outcome(2)], 2)
    assert arm.attainment.shape == (1, 2, 2, 1)
    assert np.isnan(arm.attainment[0, 0, 1, 0])


def test_results_without_any_period_have_room_for_none():
    outcome = ArmOutcome(*(np.ones((2, 1)) for _ in ArmOutcome._fields))._replace(attainment=np.ones((2, 0)))
    assert stack([outcome] * 6, 2).attainment.shape == (3, 2, 2, 0)


@pytest.mark.parametrize(
    ("worst", "best", "state"),
    [(0.01, -0.02, "held"), (0.05, -0.01, "undecided"), (0.06, 0.03, "broken"), (0.02, 0.01, "held")],
)
def test_a_guardrail_is_held_broken_or_undecided(worst, best, state):
    assert state_of(worst, best, 0.02) == state


@pytest.mark.parametrize(("effect", "noise", "state"), [(2.0, 1.0, "held"), (-8.0, 1.0, "broken"), (-1.5, 12.0, "undecided")])
def test_guardrail_on_a_metric_where_more_is_better(effect, noise, state):
    guardrail = Guardrail(metric="gross_margin", worse_by_at_most=0.02)
    result = check(LAYOUT, guardrail, *arms(effect=effect, noise=noise), 0.95, 1)
    assert (result.state, result.side, result.limit) == (state, "at_least", -0.02)


def test_guardrail_on_a_metric_where_less_is_better():
    result = check(LAYOUT, Guardrail(metric="turnover", worse_by_at_most=0.0), *arms(), 0.95, 1)
    assert (result.state, result.side) == ("held", "at_most")


def test_a_guardrail_on_nothing_known_is_an_error():
    for metric in ("turn_over", "hours_recording"):
        with pytest.raises(ExperimentError, match="allowed are"):
            check_guardrails(LAYOUT, [Guardrail(metric=metric, worse_by_at_most=0.1)])
