"""Where which policy wins, on offices whose truth is known: the border is found, and what the runs cannot tell is left open."""

from dataclasses import dataclass
from threading import Event

import numpy as np
import pytest

from scenarios.loader import load_scenario
from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.running.traits import KINDS, Trait, trait, with_traits
from sim.experiment.running.winmap import CELLS, WinMap, design, win_map
from sim.experiment.statistics.keyed import generator
from sim.experiment.statistics.surface import surface
from sim.office.behaviour import PARAMETERS
from tests.experiment.synthetic import SyntheticPairs, subject

OFFICE = load_scenario("default")
AXES = (trait("deal_size", OFFICE), trait("leads_per_rep", OFFICE))


@dataclass(frozen=True)
class Tilted:
    """An office at a place of the map: b gains to the right of the border and loses to its left."""

    slope: float
    noise: float = 2.0
    border: float = 0.5

    def __call__(self, at):
        gain = self.slope * (AXES[0].share(at[0]) - self.border)
        return subject(SyntheticPairs(effect=gain, noise=self.noise, replications=1, seed=3))


def mapped(slope: float, **options) -> WinMap:
    options = {"points": 24, "pairs": 6, "subject_at": Tilted(slope)} | options
    return win_map(None, None, None, AXES, **options)


def cells_of(found: WinMap) -> np.ndarray:
    """States by [second trait, first trait]."""
    return np.array(found.state).reshape(CELLS, CELLS)


def test_the_border_is_found_and_the_ground_beside_it_left_open():
    found = mapped(12.0)
    states = cells_of(found)
    assert (states[:, -3:] == "b").all()
    assert (states[:, :3] == "a").all()
    assert (states[:, CELLS // 2] == "undecided").mean() > 0.5
    assert found.share["a"] == pytest.approx((states == "a").mean())
    assert sum(found.share.values()) == pytest.approx(1)
    assert max(found.change) == pytest.approx(0.06, abs=0.02)  # 12 × 0.5 of a margin of 100


def test_a_map_without_a_difference_is_left_open():
    assert mapped(0.0).share["undecided"] > 0.8


def test_pairs_narrow_what_is_left_open():
    assert mapped(4.0, pairs=24).share["undecided"] < mapped(4.0, pairs=4).share["undecided"]


def test_one_trait_makes_a_curve():
    found = win_map(None, None, None, AXES[:1], points=16, pairs=6, subject_at=Tilted(12.0))
    assert len(found.state) == CELLS
    assert (found.state[0], found.state[-1]) == ("a", "b")


def test_a_metric_where_less_is_better_turns_the_winner_round():
    found = mapped(0.0, metric="turnover")
    assert found.direction == -1
    with pytest.raises(ExperimentError, match="sum or a rate"):
        mapped(0.0, metric="response_median")


@dataclass(frozen=True)
class HeldUp:
    """The tilted office, whose pairs from the sixtieth on wait for an event: without it, all could be done at once."""

    until: Event

    def __call__(self, at):
        office = Tilted(12.0)(at)

        def runner(index):
            if index >= 60:
                self.until.wait()
            return office.runner(index)

        return office._replace(runner=runner)


def test_an_interrupted_map_goes_on_where_it_stopped(tmp_path):
    stop, told = Event(), []

    def progress(done, total):
        told.append((done, total))
        if done >= 50:
            stop.set()

    with pytest.raises(Interrupted) as problem:
        mapped(12.0, resume=tmp_path, progress=progress, cancel=stop, subject_at=HeldUp(stop))
    assert problem.value.folder == tmp_path
    assert told[0] == (0, 144)
    again = []
    resumed = mapped(12.0, resume=tmp_path, progress=lambda done, _: again.append(done))
    assert again[0] >= 50
    assert resumed == mapped(12.0)
    with pytest.raises(ExperimentError, match="another experiment"):
        mapped(12.0, points=30, resume=tmp_path)


def test_the_number_of_threads_changes_nothing():
    assert mapped(12.0, threads=1) == mapped(12.0, threads=3)


def test_points_fill_the_square():
    points = design(40, 2, 1)
    assert points.shape == (40, 2)
    counts = np.histogram2d(*points.T, bins=4, range=[[0, 1], [0, 1]])[0]
    assert counts.min() >= 1


@pytest.mark.parametrize("name", KINDS)
def test_every_trait_sets_what_it_names(name):
    axis = trait(name, OFFICE)
    for share in (0.0, 0.5, 1.0):
        value = axis.at(share)
        office = with_traits(OFFICE, [axis], [value])
        slack = {"team_size": 0.2, "reps": 0.03}.get(name, 1e-9)  # people come whole
        assert KINDS[name].today(office) == pytest.approx(value, rel=slack)
        assert axis.share(value) == pytest.approx(share)


def test_more_reps_bring_their_leads_desks_and_teams():
    large = with_traits(OFFICE, [trait("reps", OFFICE)], [100])
    assert (large.people.reps, large.people.teams, large.people.presales) == (100, 12, 8)
    assert large.leads.per_week == 800


def test_size_comes_before_leads_whatever_the_order():
    reps, leads = trait("reps", OFFICE), trait("leads_per_rep", OFFICE)
    assert with_traits(OFFICE, [reps, leads], [20, 5]).leads.per_week == 100
    assert with_traits(OFFICE, [leads, reps], [5, 20]).leads.per_week == 100


def test_a_behaviour_parameter_is_a_trait_over_its_own_range():
    parameter = PARAMETERS[0]
    axis = trait(parameter.name, OFFICE)
    assert (axis.low, axis.high, axis.today) == (parameter.low, parameter.high, parameter.central)
    assert with_traits(OFFICE, [axis], [parameter.high]).behaviour == {parameter.name: parameter.high}


def test_what_is_no_trait_or_no_range_is_told_with_what_is():
    with pytest.raises(ExperimentError, match="nearest is deal_size") as problem:
        trait("deal_sise", OFFICE)
    assert "最接近的是 deal_size" in problem.value.zh
    with pytest.raises(ExperimentError, match="no range"):
        trait("deal_size", OFFICE, (9.0, 3.0))
    outside = Trait(PARAMETERS[0].name, AXES[0].title, "", 0.0, 1e9, False, 1.0)
    with pytest.raises(ExperimentError, match="there is no office"):
        with_traits(OFFICE, [outside], [1e9])
    with pytest.raises(ExperimentError, match="at least 8"):
        mapped(1.0, points=4)
    with pytest.raises(ExperimentError, match="one or two"):
        win_map(None, None, None, AXES * 2, subject_at=Tilted(1.0))


@pytest.mark.statistical
@pytest.mark.parametrize(("shape", "wrong"), [("flat", 0.1), ("tilt", 0.02), ("bump", 0.02)])
def test_decided_cells_are_rarely_wrong(shape, wrong):
    """25 maps of 40 offices with 8 pairs each: the share of cells given to the wrong policy (or, without any difference, to
    either: 5 % are promised for each cell by itself), on the mean."""
    truths = {
        "flat": lambda x, y: 0 * x * y,
        "tilt": lambda x, y: 2 * (x - 0.5) + (y - 0.4),
        "bump": lambda x, y: 1 - 3 * np.exp(-((x - 0.3) ** 2 + (y - 0.7) ** 2) / 0.1),
    }
    middles = (np.arange(16) + 0.5) / 16
    cells = np.array([(x, y) for y in middles for x in middles])
    truth = truths[shape](*cells.T)
    missed = []
    for seed in range(25):
        points = design(40, 2, seed)
        seen = truths[shape](*points.T)[:, None] + 2.0 * generator("map", seed).normal(size=(40, 8))
        found = surface(points, seen, cells)
        decided = np.abs(found.mean) > 2.16 * found.error
        missed.append((decided & (np.sign(found.mean) != np.sign(truth))).mean())
    assert np.mean(missed) <= wrong
