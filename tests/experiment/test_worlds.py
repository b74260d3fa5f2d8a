"""Worlds are drawn from the calibrated joint spread, inside every range; fixing one parameter moves no other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.running.calibrated import joint_spread, place_of, value_at
from sim.experiment.running.worlds import draw_world
from sim.office.behaviour import BY_NAME, PARAMETERS

WORLDS = 400


@pytest.fixture(scope="module")
def worlds() -> list[dict[str, float]]:
    return [draw_world(5, world, PARAMETERS) for world in range(WORLDS)]


def test_every_parameter_stays_inside_its_range(worlds):
    for parameter in PARAMETERS:
        drawn = [world[parameter.name] for world in worlds]
        assert parameter.low <= min(drawn) <= max(drawn) <= parameter.high


def test_calibrated_parameters_lie_around_the_calibrated_places_with_their_correlation(worlds):
    spread = joint_spread()
    places = np.array([[place_of(BY_NAME[name], world[name]) for name in spread.names] for world in worlds])
    assert np.median(places, axis=0) == pytest.approx(spread.places, abs=0.06)
    wanted = spread.factor @ spread.factor.T
    scale = np.sqrt(np.diag(wanted))
    inside = (places > 0.0) & (places < 1.0)
    for one in range(len(spread.names)):
        for other in range(one):
            whole = inside[:, one] & inside[:, other]
            if whole.mean() > 0.9:  # cutting off at the ends of a range weakens a correlation
                found = np.corrcoef(places[whole, one], places[whole, other])[0, 1]
                assert found == pytest.approx(wanted[one, other] / scale[one] / scale[other], abs=0.2)


def test_a_parameter_that_the_scenario_fixes_leaves_the_others_where_they_were():
    fixed = joint_spread().names[0]
    rest = [parameter for parameter in PARAMETERS if parameter.name != fixed]
    whole = draw_world(5, 3, PARAMETERS)
    assert draw_world(5, 3, rest) == {name: value for name, value in whole.items() if name != fixed}


@given(st.sampled_from(PARAMETERS), st.floats(0.0, 1.0))
def test_a_place_in_a_range_and_its_value_are_inverse(parameter, place):
    assert place_of(parameter, value_at(parameter, place)) == pytest.approx(place, abs=1e-9)
