"""Offices for facts: run in threads, warmed up under the first policy, arms that part after it, mechanisms switched off."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from policies.documents.loader import load_policy
from policies.language.policy import Policy
from scenarios.loader import load_scenario
from sim.office.counting.tally import GROUPS, MEASURES
from sim.office.engine.events import HOUR
from sim.office.office import Office

WEEK = 7 * 24 * HOUR
POLICIES = Path(__file__).parent / "policies"


class Run(NamedTuple):
    """A finished office and the instant, ms, from which it was looked at."""

    office: Office
    since: int

    @property
    def cases(self) -> np.recarray:
        """Every lead and deal there was, in truth."""
        arrays = self.office.arrays
        return arrays.cases[: int(arrays.state[0].cases)].view(np.recarray)

    def total(self, measure: str, group: str = "all") -> float:
        """A counted outcome since the start of the window."""
        return float(self.office.arrays.totals[GROUPS.index(group), MEASURES.index(measure)])


def policy_of(name: str) -> Policy:
    """A policy of the library, or one of the facts' own."""
    own = POLICIES / f"{name}.yaml"
    return load_policy(own if own.exists() else name)


def arms(
    scenario: str,
    policies: Sequence[str],
    seeds: int,
    weeks: float,
    off: Mapping[str, float],
    summary: Callable[[Run], object],
    *,
    world: Mapping[str, float] | None = None,
) -> list[list]:
    """`summary` of every arm: one list per policy, of one entry per seed. All arms of a seed share the warm-up under the first
    policy; a mechanism in `off` is off from the start. `world` gives parameters inside their ranges."""
    # The published firms tell of no money spent on customers, and the parameters were chosen without it.
    setting = load_scenario(scenario)
    setting = setting.model_copy(update={"deals": setting.deals.model_copy(update={"expense_share": 0.0})})
    documents = [policy_of(name) for name in policies]

    def one(seed: int) -> list:
        office = Office.start(setting, documents[0], world, seed, beyond=off)
        office.run_until(setting.policy_at)
        found = []
        for place, document in enumerate(documents):
            arm = office.branch(document if place else None)
            since = arm.now
            arm.mark()
            arm.run_until(since + int(weeks * WEEK))
            found.append(summary(Run(arm, since)))
        return found

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        by_seed = list(pool.map(one, range(1, seeds + 1)))
    return [list(arm) for arm in zip(*by_seed, strict=True)]
