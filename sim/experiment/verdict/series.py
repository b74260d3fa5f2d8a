"""What the page draws: weeks with bands, the funnel, when in a period wins come, and attainment by person."""

import warnings

import numpy as np
from scipy import stats

from sim.experiment.statistics.samples import Arm, Layout
from sim.experiment.verdict.verdict import AttainmentMap, Band, ByArm, Funnel, Profile, Series, Text, number


def _numbers(values: np.ndarray) -> list:
    return [number(value) for value in values]


def band(values: np.ndarray, confidence: float) -> Band:
    """Means over worlds of f8[worlds, replications, weeks] with Student's intervals by world, week by week."""
    by_world = values.mean(axis=1)
    worlds = len(by_world)
    mean = by_world.mean(axis=0)
    error = by_world.std(axis=0, ddof=1) / np.sqrt(worlds)
    reach = stats.t.ppf((1.0 + confidence) / 2.0, worlds - 1) * error
    return Band(mean=_numbers(mean), low=_numbers(mean - reach), high=_numbers(mean + reach))


def series(layout: Layout, a: Arm, b: Arm, weeks: int, confidence: float) -> dict[str, Series]:
    """Weekly means of both arms and of their difference for the first `weeks` weeks."""
    result = {}
    for place, (name, (unit, en, zh)) in enumerate(layout.weekly.items()):
        left, right = a.weekly[:, :, :weeks, place], b.weekly[:, :, :weeks, place]
        bands = {arm: band(values, confidence) for arm, values in (("a", left), ("b", right), ("difference", right - left))}
        result[name] = Series(title=Text(en=en, zh=zh), unit=unit, **bands)
    return result


def funnel(layout: Layout, a: Arm, b: Arm) -> Funnel:
    """Mean counts per office from the first step to the last."""
    means = [arm.funnel.mean(axis=(0, 1)) for arm in (a, b)]
    titles = [Text(en=en, zh=zh) for en, zh in layout.funnel.values()]
    return Funnel(steps=list(layout.funnel), titles=titles, a=_numbers(means[0]), b=_numbers(means[1]))


def profile(a: Arm, b: Arm) -> Profile:
    """Shares of wins and new leads by the part of the period elapsed; null where there are none."""
    shares = []
    for arm in (a, b):
        counts = arm.profile.sum(axis=(0, 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            shares.append(counts / counts.sum(axis=1, keepdims=True))
    wins, new_leads = (ByArm(a=_numbers(shares[0][line]), b=_numbers(shares[1][line])) for line in (0, 1))
    return Profile(wins=wins, new_leads=new_leads)


def attainment(a: Arm, b: Arm) -> AttainmentMap:
    """Mean attainment by person and period; null where nobody had a target there."""
    maps = []
    for arm in (a, b):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a cell without any target is NaN, as wanted
            mean = np.nanmean(arm.attainment, axis=(0, 1))
        maps.append([_numbers(row) for row in mean])
    return AttainmentMap(a=maps[0], b=maps[1])
