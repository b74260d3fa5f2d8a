"""Conditions under which the other policy wins: few, plain, and only such as hold in worlds that had no part in finding them.

A tree of depth two (scikit-learn) looks for the worlds in which the other policy gains most. It is grown five times, each time
without a fifth of the worlds, and judged on that fifth. A region is told only if in the held-out worlds
- the other policy wins on the mean, beyond its one-sided bound, and in more than half of them;
- the gain is more than the same search finds where the differences were shuffled among the worlds;
- most of the five trees name the same parameters on the same side.
What is found and what was held out never meet, so the chance of a false region is at most 1 - confidence.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.experiment.overturn.parts import Condition, Region
from sim.experiment.report.both import value
from sim.experiment.statistics.estimators import bounds, ratio
from sim.experiment.statistics.keyed import generator
from sim.experiment.statistics.table import Table
from sim.experiment.verdict.parts import Arm, Estimate, Text

DEPTH = 2  # most conditions of a region
FOLDS = 5
AGREE = 3  # folds that must name a condition
SHUFFLES = 100  # or twice as many as the confidence asks for, where that is more
SMALLEST = 8  # worlds in a region; an eighth of all where that is more
MOST_REGIONS = 3

Box = dict[tuple[int, bool], float]
"""Ends of a region: (column, whether the region lies above) -> value. Empty: no region."""


class _Found(NamedTuple):
    held: np.ndarray  # bool[worlds]: inside the region of the trees that did not see the world
    agreed: bool
    strength: float


def _inside(box: Box, values: np.ndarray) -> np.ndarray:
    """Which rows lie in the box; none in an empty one."""
    sides = [values[:, column] > end if above else values[:, column] <= end for (column, above), end in box.items()]
    return np.logical_and.reduce(sides) if sides else np.zeros(len(values), bool)


def _boxes(values: np.ndarray, gain: np.ndarray, smallest: int) -> list[Box]:
    """The best region of one and of two conditions; empty where the other policy wins nowhere on the mean."""
    from sklearn.tree import DecisionTreeRegressor

    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=smallest, random_state=0).fit(values, gain).tree_
    found: list[tuple[float, Box]] = [(0.0, {}) for _ in range(DEPTH)]

    def walk(node: int, box: Box, depth: int) -> None:
        if depth:
            mean = float(tree.value[node].item())
            if mean > found[depth - 1][0]:
                found[depth - 1] = mean, box
        if tree.children_left[node] == tree.children_right[node]:
            return
        column, end = int(tree.feature[node]), float(tree.threshold[node])
        walk(tree.children_left[node], {**box, (column, False): end}, depth + 1)
        walk(tree.children_right[node], {**box, (column, True): end}, depth + 1)

    walk(0, {}, 0)
    return [box for _, box in found]


def _search(values: np.ndarray, gain: np.ndarray, smallest: int, whole: Sequence[Box] | None = None) -> list[_Found]:
    """What the trees find in worlds that they have not seen, by number of conditions; `whole` are the regions from all worlds
    with which they must agree."""
    places = np.arange(len(gain))
    held = np.zeros((DEPTH, len(gain)), bool)
    named = np.zeros(DEPTH, int)
    for fold in range(FOLDS):
        out = places % FOLDS == fold
        for depth, box in enumerate(_boxes(values[~out], gain[~out], smallest)):
            held[depth, out] = _inside(box, values[out])
            named[depth] += whole is not None and bool(box) and box.keys() == whole[depth].keys()
    spread = float(gain.std()) or 1.0
    strength = [float(gain[inside].sum()) / (spread * max(inside.sum(), 1) ** 0.5) for inside in held]
    return [_Found(*each) for each in zip(held, named >= AGREE, strength, strict=True)]


def _wins(gain: np.ndarray, confidence: float) -> bool:
    """Whether the other policy wins in these worlds: on the mean, beyond its bound, and in more than half of them."""
    if len(gain) < SMALLEST or not (gain > 0).mean() > 0.5:
        return False
    return bounds(ratio(gain, np.ones(len(gain))), confidence)[0] > 0


def _chance(values: np.ndarray, gain: np.ndarray, smallest: int, strength: float, most: float, seed: int) -> float:
    """The chance that the search finds as much in shuffled differences; it stops early where it is surely above `most`."""
    rng = generator("regions", seed, len(gain))
    as_good, shuffles = 0, max(SHUFFLES, round(2.0 / most))
    for _ in range(shuffles):
        as_good += max(found.strength for found in _search(values, rng.permutation(gain), smallest)) >= strength
        if 1 + as_good > most * (shuffles + 1):
            return 1.0
    return (1 + as_good) / (shuffles + 1)


def regions(table: Table, gain: np.ndarray, favours: Arm, title: Text, confidence: float, seed: int) -> list[Region]:
    """Regions in which the policy `favours`, called `title`, wins; `gain` f8[worlds] is its advantage in each world.

    After a region its worlds are put aside and the rest is searched again.
    """
    told: list[Region] = []
    left = np.ones(len(gain), bool)
    while len(told) < MOST_REGIONS and left.sum() >= FOLDS * SMALLEST:
        found = _one(table.values[left], gain[left], confidence, seed)
        if found is None:
            break
        box, held, chance = found
        told.append(_region(table, box, gain, gain[left][held], favours, title, chance, confidence))
        left &= ~_inside(box, table.values)
    return told


def _one(values: np.ndarray, gain: np.ndarray, confidence: float, seed: int) -> tuple[Box, np.ndarray, float] | None:
    """The strongest region that holds up, the held-out worlds inside, and the chance of finding as much by luck."""
    smallest = max(SMALLEST, len(gain) // 8)
    whole = _boxes(values, gain, smallest)
    found = _search(values, gain, smallest, whole)
    good = [place for place, each in enumerate(found) if each.agreed and _wins(gain[each.held], confidence)]
    if not good:
        return None
    best = max(good, key=lambda place: found[place].strength)
    chance = _chance(values, gain, smallest, found[best].strength, 1.0 - confidence, seed)
    return (whole[best], found[best].held, chance) if chance < 1.0 - confidence else None


def _region(table, box: Box, gain, inside: np.ndarray, favours: Arm, title: Text, chance: float, confidence: float) -> Region:
    conditions = []
    for (column, above), end in box.items():
        parameter = table.parameters[column]
        words = Text(en=parameter.en, zh=parameter.zh)
        side = "above" if above else "below"
        conditions.append(Condition(name=parameter.name, title=words, unit=parameter.unit, side=side, value=end))
    return Region(
        favours=favours,
        conditions=conditions,
        text=_said(title, conditions),
        gain=Estimate(value=float(inside.mean()), low=bounds(ratio(inside, np.ones(len(inside))), confidence)[0], high=None),
        density=float((inside > 0).mean()),
        coverage=float((inside > 0).sum() / (gain > 0).sum()),
        worlds=len(inside),
        base=float((gain > 0).mean()),
        p=chance,
    )


def _said(title: Text, conditions: Sequence[Condition]) -> Text:
    """The region as a sentence."""
    parts = []
    for condition in conditions:
        end = value(condition.value, condition.unit, trim=True)
        side = ("is above", "高于") if condition.side == "above" else ("is at most", "不高于")
        parts.append(Text(en=f"“{condition.title.en}” {side[0]} {end.en}", zh=f"“{condition.title.zh}”{side[1]} {end.zh}"))
    return Text(
        en=f"“{title.en}” wins where {' and '.join(part.en for part in parts)}.",
        zh=f"若{'且'.join(part.zh for part in parts)}，则“{title.zh}”胜出。",
    )
