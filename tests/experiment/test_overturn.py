"""What would overturn a verdict, on worlds whose truth is known: it is found where it is there, and nothing is where there is
nothing."""

import numpy as np
import pytest

from sim.experiment.overturn.drivers import drivers
from sim.experiment.overturn.regions import regions
from sim.experiment.overturn.surrogate import BOUND, surrogate
from sim.experiment.overturn.why import FEWEST_WORLDS, overturn
from sim.experiment.statistics.table import table_of
from sim.experiment.verdict.parts import Text
from tests.experiment.synthetic import Parameter
from tests.experiment.verdict_example import effect, policies

PARAMETERS = [Parameter(f"p{n}", "days", 0.0, 5.0, 10.0, "none", "U", f"trait {n}", f"特征{n}") for n in range(140)]
B = Text(en="Today", zh="现行")


def drawn(worlds: int, seed: int) -> list[dict[str, float]]:
    values = np.random.default_rng(seed).uniform(0, 10, (worlds, len(PARAMETERS)))
    return [dict(zip((p.name for p in PARAMETERS), row.tolist(), strict=True)) for row in values]


def column(worlds: list[dict[str, float]], place: int) -> np.ndarray:
    return np.array([world[f"p{place}"] for world in worlds])


def few_calls_and_large_deals(worlds, noise: float, seed: int = 7) -> np.ndarray:
    """B gains 1, but loses 2 where p0 is below 5 and p1 above 4."""
    lost = (column(worlds, 0) < 5) & (column(worlds, 1) > 4)
    return np.where(lost, -2.0, 1.0) + noise * np.random.default_rng(seed).normal(size=len(worlds))


def told(worlds, differences, call="better", noise: float = 0.25):
    """The part of the verdict; `effect` says which policy is ahead."""
    judged = effect("Gross margin", "毛利", "money", 1, 100.0, 0.02, 0.01).model_copy(update={"call": call})
    by_world = differences, np.full(len(worlds), noise)
    return overturn(PARAMETERS, worlds, by_world, judged, policies(), 0.95, 1)


def test_a_region_is_found_with_both_its_conditions_and_holds_up():
    worlds = drawn(150, 1)
    (region,) = told(worlds, few_calls_and_large_deals(worlds, 0.5)).regions
    ends = {(one.name, one.side): one.value for one in region.conditions}
    assert ends == {("p0", "below"): pytest.approx(5, abs=0.6), ("p1", "above"): pytest.approx(4, abs=0.6)}
    assert region.favours == "a"
    assert region.density > 0.8
    assert region.coverage > 0.6
    assert region.base < 0.5
    assert region.gain.low > 0
    assert region.p < 0.05
    assert "“Monthly private targets” wins where “trait 0” is at most" in region.text.en
    assert "则“月度目标，不公开”胜出" in region.text.zh


def test_conditions_say_the_truth_about_worlds_never_seen():
    worlds = drawn(150, 2)
    (region,) = told(worlds, few_calls_and_large_deals(worlds, 0.5)).regions
    fresh = drawn(2000, 3)
    inside = np.ones(len(fresh), bool)
    for one in region.conditions:
        values = np.array([world[one.name] for world in fresh])
        inside &= values > one.value if one.side == "above" else values <= one.value
    truly = (few_calls_and_large_deals(fresh, 0.5) < 0)[inside].mean()
    assert region.density == pytest.approx(truly, abs=0.15)


def test_where_the_verdict_is_open_both_policies_regions_are_sought():
    worlds = drawn(200, 4)
    differences = np.where(column(worlds, 0) < 5, -1.0, 1.0) + 0.5 * np.random.default_rng(1).normal(size=200)
    found = told(worlds, differences, call="unclear").regions
    assert {(region.favours, region.conditions[0].side) for region in found} == {("a", "below"), ("b", "above")}


def test_a_policy_that_wins_everywhere_has_no_region_against_it():
    worlds = drawn(150, 5)
    differences = 2 + 0.1 * column(worlds, 0) + 0.3 * np.random.default_rng(2).normal(size=150)
    assert told(worlds, differences).regions == []


def test_the_sign_follows_the_direction_of_the_metric():
    worlds = drawn(150, 6)
    costs = -few_calls_and_large_deals(worlds, 0.5)
    judged = effect("Turnover", "离职", "share", -1, 100.0, -0.02, 0.01)
    found = overturn(PARAMETERS, worlds, (costs, np.full(150, 0.25)), judged, policies(), 0.95, 1)
    assert [region.favours for region in found.regions] == ["a"]


def test_the_shares_are_those_of_the_truth():
    worlds = drawn(150, 8)
    first, second = column(worlds, 0), column(worlds, 1)
    noise = 0.5 * np.random.default_rng(3).normal(size=150)
    found = told(worlds, 5 + 0.4 * first + 0.2 * second + noise).surrogate
    shares = {one.name: one for one in found.influences}
    assert [one.name for one in found.influences] == ["p0", "p1"]
    assert shares["p0"].first.value == pytest.approx(0.8, abs=0.1)
    assert shares["p1"].first.value == pytest.approx(0.2, abs=0.1)
    assert all(one.first.low <= one.first.value <= one.first.high for one in found.influences)
    assert shares["p0"].effect == pytest.approx(4.0, rel=0.2)  # over the whole range
    assert found.r2 > 0.7
    assert found.ceiling == pytest.approx(1 - 0.25 / (1.33 + 0.33 + 0.25), abs=0.1)


def test_what_matters_only_together_shows_in_the_total():
    worlds = drawn(250, 9)
    product = (column(worlds, 0) - 5) * (column(worlds, 1) - 5) / 5 + 0.5 * column(worlds, 0) + 0.3 * column(worlds, 1)
    (strong, *_) = told(worlds, product + 0.5 * np.random.default_rng(4).normal(size=250)).surrogate.influences
    assert strong.name == "p0"
    assert strong.total.value > strong.first.value + 0.15
    assert strong.interplay > 0.3 * strong.effect


def test_below_the_bound_no_share_is_told():
    worlds = drawn(100, 10)
    found = told(worlds, np.random.default_rng(5).normal(size=100)).surrogate
    assert found.r2 < BOUND == found.bound
    assert found.influences == []


def test_too_few_worlds_tell_nothing():
    worlds = drawn(FEWEST_WORLDS - 1, 11)
    assert told(worlds, few_calls_and_large_deals(worlds, 0.1)) is None


def test_policies_that_do_the_same_have_nothing_to_overturn():
    found = told(drawn(80, 12), np.zeros(80), call="identical", noise=0.0)
    assert found.regions == []
    assert found.surrogate.r2 is None


def test_worlds_without_cases_are_left_out():
    worlds = drawn(160, 13)
    differences = few_calls_and_large_deals(worlds, 0.3)
    differences[::20] = np.nan
    assert len(told(worlds, differences).regions) == 1


@pytest.mark.statistical
def test_false_alarms_are_as_rare_as_promised():
    """60 times nothing to find, at the hardest place (no difference on the mean): a region at 95 % confidence in at most 5 %,
    which makes 9 or more a chance of 1 in 300; a driver likewise; a surrogate above its bound never, of 20."""
    regions_found = drivers_found = surrogates = 0
    for seed in range(60):
        worlds = drawn(60, 1000 + seed)
        differences = np.random.default_rng(seed).normal(size=60)
        table = table_of(PARAMETERS, worlds, differences)
        regions_found += bool(regions(table, differences, "b", B, 0.95, 1))
        drivers_found += bool(drivers(PARAMETERS, worlds, differences, 0.95, 1).named)
        if seed < 20:
            surrogates += surrogate(table, np.full(60, 0.5), 0.95, 1).r2 >= BOUND
    assert regions_found <= 8
    assert drivers_found <= 8
    assert surrogates == 0
