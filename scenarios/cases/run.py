"""A case from its document to its findings."""

from collections.abc import Callable
from typing import NamedTuple

from scenarios.cases.calibrate import judging_seeds
from scenarios.cases.case import Case
from scenarios.cases.findings import Finding, findings
from scenarios.cases.rehearsal import before, levels, predict

WORLDS, PAIRS = 40, 2


class Rehearsed(NamedTuple):
    """A case, and what the office says to it."""

    case: Case
    findings: list[Finding]
    worlds: int
    pairs: int


def rehearse(
    case: Case, *, worlds: int = WORLDS, pairs: int = PAIRS, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> Rehearsed:
    """The figures before on fresh seeds, and what the rules do in many worlds.

    progress: told the pairs done and their number.
    """
    reproduced = levels(before(case, case.values, judging_seeds(case)))
    return Rehearsed(case, findings(case, reproduced, predict(case, worlds, pairs, seed, progress)), worlds, pairs)
