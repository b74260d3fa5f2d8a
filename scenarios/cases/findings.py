"""What the office says to a case's claims: supported, partly, not, or not to be simulated."""

import math
from typing import Literal, NamedTuple

import numpy as np

from scenarios.cases.case import Case, Told
from sim.experiment.statistics.estimators import Interval, difference, interval, ratio, relative

CONFIDENCE = 0.95
FARTHEST = 1.0  # doublings between a figure of a world and the told one
OF_A_TARGET = ("attainment",)  # measures in shares that can be more than 100 %
PARTLY = 0.25  # of the claimed effect
WORLDS_SHOWN = (5.0, 95.0)  # percentiles of the range over worlds

Verdict = Literal["supported", "partly", "not_supported", "cannot", "no_claim"]


class Effect(NamedTuple):
    """Change that one set of rules makes: a share of the figure before, or absolute where the claim is absolute."""

    rules: str  # id of the step, or "together"
    found: Interval
    worlds: tuple[float, float]  # range over worlds
    after: float  # level after: the told figure changed so, at most all of a whole; the office's own where none is told


class Finding(NamedTuple):
    """One told figure, and what the office makes of it; `before` is the office's level at the calibrated centre."""

    told: Told
    before: float
    claimed: float | None
    absolute: bool
    effects: tuple[Effect, ...]
    verdict: Verdict

    @property
    def together(self) -> Effect | None:
        """The effect of all rules."""
        return self.effects[-1] if self.effects else None

    @property
    def reproduced(self) -> bool | None:
        """Whether the figure before came out within 10 %; None where none is told."""
        return None if self.told.before is None else abs(self.before / self.told.before - 1.0) <= 0.1


def like_the_firm(case: Case, predicted: np.ndarray) -> np.ndarray:
    """Worlds in which the firm looks as told under the rules before, bool[worlds]: every figure between half and twice the told
    one. The others contradict the report (rejection by simulated figures: Beaumont, Zhang and Balding 2002)."""
    keep = np.ones(len(predicted), bool)
    for place, figure in enumerate(case.simulated):
        if figure.before:
            with np.errstate(divide="ignore", invalid="ignore"):
                off = np.abs(np.log2(predicted[:, 0, place, 0] / predicted[:, 0, place, 1] / figure.before))
            keep &= off <= FARTHEST
    return keep


def findings(case: Case, levels: np.ndarray, predicted: np.ndarray) -> list[Finding]:
    """Findings of all figures of a case.

    levels: f8[figures], of the simulated figures before, at the centre, on fresh seeds
    predicted: f8[worlds, arms, figures, 2], as `rehearsal.predict` gives; only worlds that look like the firm are counted
    """
    predicted = predicted[like_the_firm(case, predicted)]
    names = [step.id for step in case.steps] if len(case.steps) > 1 else []
    found = []
    for figure in case.figures:
        if figure.measure is None:
            found.append(Finding(figure, math.nan, figure.claimed, False, (), "cannot"))
            continue
        place = case.simulated.index(figure)
        absolute = figure.change is not None
        effects = tuple(
            _effect(figure, float(levels[place]), predicted[:, [0, arm], place], name, absolute)
            for arm, name in enumerate((*names, "together"), start=1)
        )
        claimed = figure.change if absolute else figure.claimed
        found.append(Finding(figure, float(levels[place]), claimed, absolute, effects, judged(effects[-1].found, claimed)))
    return found


def _effect(figure: Told, level: float, both: np.ndarray, name: str, absolute: bool) -> Effect:
    """Effect from f8[worlds, 2 arms, 2]: sums over sums of counted figures; of levels, such as medians, the mean of the worlds'
    own changes, so that one world with a large level does not decide."""
    known = np.isfinite(both).all(axis=(1, 2)) & (both[:, :, 1] > 0).all(axis=1)
    a, b = (both[known, arm] for arm in (0, 1))
    is_level = (both[known, :, 1] == both[0, 0, 1]).all() and (a[:, 0] > 0).all()
    if is_level and not absolute:
        a, b = np.ones_like(a), np.column_stack([b[:, 0] / a[:, 0], np.ones(len(b))])
    one, other = ratio(a[:, 0], a[:, 1]), ratio(b[:, 0], b[:, 1])
    found = interval(difference(other, one) if absolute else relative(other, one), CONFIDENCE)
    before, after = a[:, 0] / a[:, 1], b[:, 0] / b[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        by_world = after - before if absolute else after / before - 1.0
    low, high = np.percentile(by_world[np.isfinite(by_world)], WORLDS_SHOWN)
    start = level if figure.before is None else figure.before
    after = start + found.value if absolute else start * (1.0 + found.value)
    return Effect(name, found, (float(low), float(high)), min(after, 1.0) if is_part_of_whole(figure) else after)


def is_part_of_whole(figure: Told) -> bool:
    """Whether a figure is a share of things counted, which cannot be more than all of them; of a target it can."""
    return figure.unit == "share" and figure.measure not in OF_A_TARGET


def judged(found: Interval, claimed: float | None) -> Verdict:
    """Supported if the interval reaches the claim and is not compatible with nothing; partly if it excludes nothing and the
    effect is at least a quarter of the claimed one."""
    if claimed is None:
        return "no_claim"
    sign = math.copysign(1.0, claimed)
    low, high = sorted((sign * found.low, sign * found.high))
    if not low > 0.0:
        return "not_supported"
    if high >= abs(claimed):
        return "supported"
    return "partly" if sign * found.value >= PARTLY * abs(claimed) else "not_supported"
