"""A case on its office: before, each step by itself, all together; in one world for calibration, in many for the prediction."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from policies.language.policy import Policy
from scenarios.cases.case import Case
from scenarios.cases.measures import MEASURED
from scenarios.facts.offices import WEEK, Run
from sim.experiment.running.worlds import draw_world
from sim.office.behaviour import PARAMETERS
from sim.office.office import Office
from sim.office.scenario import Scenario

Told = Callable[[int, int], None]


def run_arms(
    case: Case, setting: Scenario, policies: Sequence[Policy], world: Mapping[str, float] | None, seed: int
) -> np.ndarray:
    """Figures of the arms of one office, f8[arms, figures, 2] as numerators and denominators.

    All arms branch from one office that was warmed up under the first policy; each settles in before it is looked at.
    """
    measures = [figure.measure for figure in case.simulated if figure.measure is not None]
    office = Office.start(setting, policies[0], world, seed)
    office.run_until(setting.policy_at)
    found = []
    for place, policy in enumerate(policies):
        arm = office.branch(policy if place else None)
        since = arm.now + case.settle_weeks * WEEK
        arm.run_until(since)
        arm.mark()
        arm.run_until(since + case.weeks * WEEK)
        found.append([MEASURED[measure](Run(arm, since)) for measure in measures])
    return np.array(found)


def _all(jobs: Sequence[Callable[[], np.ndarray]], progress: Told | None) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for each in pool.map(lambda job: job(), jobs):
            found.append(each)
            if progress is not None:
                progress(len(found), len(jobs))
    return found


def before(case: Case, values: Mapping[str, float], seeds: Sequence[int]) -> np.ndarray:
    """Figures under the rules before, at the centre of behaviour, f8[offices, figures, 2]."""
    setting, policy = case.office(dict(values)), case.policy_before(dict(values))
    offices = _all([partial(run_arms, case, setting, [policy], None, seed) for seed in seeds], None)
    return np.array([arms[0] for arms in offices])


def levels(figures: np.ndarray) -> np.ndarray:
    """Sum over sum of every figure, f8[figures], from f8[offices, figures, 2]."""
    sums = np.nansum(figures, axis=0)
    return sums[:, 0] / sums[:, 1]


def predict(case: Case, worlds: int, pairs: int, seed: int = 1, progress: Told | None = None) -> np.ndarray:
    """Figures of every arm in every world, f8[worlds, arms, figures, 2], summed over the pairs of a world.

    What was moved keeps its calibrated value in all worlds; every other parameter of behaviour is drawn.
    """
    setting, policies = case.office(), case.policies()

    def of(world: int, pair: int) -> np.ndarray:
        values = draw_world(seed, world, PARAMETERS)
        return run_arms(case, setting, policies, values, 10_000 * seed + world * pairs + pair)

    jobs = [lambda world=world, pair=pair: of(world, pair) for world in range(worlds) for pair in range(pairs)]
    found = np.array(_all(jobs, progress))
    return found.reshape(worlds, pairs, *found.shape[1:]).sum(axis=1)
