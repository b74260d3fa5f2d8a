"""What a comparison says of the office is right as often as it claims to be.

A population of pairs of a tiny office is run once; experiments draw worlds from it, so that the truth is known exactly: the
population's own difference, and zero where both arms are runs of the same policy in the same world with unrelated draws.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from policies.documents.loader import load_policy
from sim.experiment.running.layout import LAYOUT
from sim.experiment.running.pairs import OfficePairs
from sim.experiment.running.window import span
from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import Arm, stack
from tests.sim.offices import tiny

pytestmark = pytest.mark.statistical

WORLDS, REPLICATIONS = 300, 4
EXPERIMENTS = 500
WORLDS_OF_ONE = 40
CONFIDENCE = 0.95
FALSE_ALARM = 1e-3  # of each binomial test
GROUPS = ("all", "low", "middle", "high")


@pytest.fixture(scope="module")
def population() -> tuple[Arm, Arm]:
    """Four weeks of five reps under monthly and weekly targets, in many worlds."""
    scenario = tiny().model_copy(update={"runoff_weeks": 0})
    a, b = load_policy("monthly-private"), load_policy("weekly-public")
    pairs = OfficePairs(a, b, scenario, span(scenario, a, b, 4), 11, REPLICATIONS)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(pairs, range(WORLDS * REPLICATIONS)))
    return stack([pair[0] for pair in found], REPLICATIONS), stack([pair[1] for pair in found], REPLICATIONS)


def of_worlds(arm: Arm, worlds: np.ndarray) -> Arm:
    return Arm(*(field[worlds] for field in arm))


def difference(a: Arm, b: Arm, metric: str, group: str = "all"):
    return compare_metric(LAYOUT, metric, a, b, 1, LAYOUT.groups.index(group)).interval("difference", CONFIDENCE)


def too_many(count: int, share: float) -> bool:
    return stats.binomtest(count, EXPERIMENTS, share, alternative="greater").pvalue < FALSE_ALARM


@pytest.mark.parametrize("metric", ["gross_margin", "wins", "win_rate"])
def test_intervals_cover_the_populations_difference(population, metric):
    rng = np.random.default_rng(3)
    truth = difference(*population, metric).value
    covered = 0
    for _ in range(EXPERIMENTS):
        worlds = rng.integers(0, WORLDS, WORLDS_OF_ONE)
        found = difference(*(of_worlds(arm, worlds) for arm in population), metric)
        covered += found.low <= truth <= found.high
    assert 0.94 <= covered / EXPERIMENTS <= 0.99


@pytest.mark.parametrize("group", GROUPS)
def test_a_policy_against_itself_under_unrelated_draws_is_rarely_called_different(population, group):
    rng = np.random.default_rng(GROUPS.index(group))
    called = 0
    for _ in range(EXPERIMENTS):
        worlds = rng.integers(0, WORLDS, WORLDS_OF_ONE)[:, None]
        order = rng.permuted(np.tile(np.arange(REPLICATIONS), (WORLDS_OF_ONE, 1)), axis=1)
        half = REPLICATIONS // 2
        one, other = (Arm(*(field[worlds, chosen] for field in population[0])) for chosen in (order[:, :half], order[:, half:]))
        called += difference(one, other, "gross_margin", group).p < 1.0 - CONFIDENCE
    assert not too_many(called, 1.0 - CONFIDENCE), called


def test_a_difference_of_twice_the_half_width_is_found(population):
    rng = np.random.default_rng(7)
    whole = difference(*population, "wins")
    half_width = (whole.high - whole.low) / 2.0 * np.sqrt(WORLDS / WORLDS_OF_ONE)
    wins = LAYOUT.measures.index("wins")
    raised = population[1].totals.copy()
    raised[:, :, 0, wins] += 2.0 * half_width - whole.value
    found = 0
    for _ in range(EXPERIMENTS):
        worlds = rng.integers(0, WORLDS, WORLDS_OF_ONE)
        a, b = of_worlds(population[0], worlds), of_worlds(population[1]._replace(totals=raised), worlds)
        found += difference(a, b, "wins").low > 0.0
    assert found >= 0.8 * EXPERIMENTS
