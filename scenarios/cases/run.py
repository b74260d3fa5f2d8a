"""A case from its document to its findings."""

from collections.abc import Callable
from typing import NamedTuple

from scenarios.cases.calibrate import judging_seeds
from scenarios.cases.case import Case
from scenarios.cases.findings import Finding, findings, like_the_firm
from scenarios.cases.rehearsal import before, levels, predict
from sim.experiment.problems import ExperimentError

WORLDS, PAIRS = 60, 2
FEWEST_WORLDS = 6


class Rehearsed(NamedTuple):
    """A case, and what the office says to it."""

    case: Case
    findings: list[Finding]
    worlds: int
    like_the_firm: int  # of these worlds, those whose figures before are near the told ones
    pairs: int


def rehearse(
    case: Case, *, worlds: int = WORLDS, pairs: int = PAIRS, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> Rehearsed:
    """The figures before on fresh seeds, and what the rules do in many worlds.

    progress: told the pairs done and their number.
    """
    reproduced = levels(before(case, case.values, judging_seeds(case)))
    predicted = predict(case, worlds, pairs, seed, progress)
    alike = int(like_the_firm(case, predicted).sum())
    if alike < FEWEST_WORLDS:
        raise ExperimentError(
            f"{case.id}: only {alike} of {worlds} worlds look like the firm; at least {FEWEST_WORLDS} are needed, so draw more",
            f"{case.id}：{worlds} 种情形中只有 {alike} 种与该企业相符；至少需要 {FEWEST_WORLDS} 种，请增加抽取数",
        )
    return Rehearsed(case, findings(case, reproduced, predicted), worlds, alike, pairs)
