"""Offices that stand at the last instant before their policy date, from which many futures are run."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from policies.language.policy import Policy
from sim.experiment.statistics.keyed import seed_of
from sim.office.office import Office
from sim.office.pipeline import Pipeline
from sim.office.scenario import Scenario

WARM_UPS = 8
"""Offices that are warmed up: their people differ. Futures beyond that number share people and differ in all that comes."""
_Read = TypeVar("_Read")


class Beginnings:
    """Offices of a scenario under the policy in force, just before the firm's own deals are there."""

    def __init__(self, scenario: Scenario, policy: Policy, pipeline: Pipeline, seed: int):
        self.scenario, self.policy, self.seed = scenario, policy, seed
        self.offices = _side_by_side(lambda number: self._warmed_up(number, pipeline), range(WARM_UPS))

    def _warmed_up(self, number: int, pipeline: Pipeline) -> Office:
        office = Office.start(self.scenario, self.policy, seed=seed_of("beginning", self.seed, number), pipeline=pipeline)
        office.run_until(self.scenario.policy_at - 1)
        return office

    def futures(
        self, pipeline: Pipeline, numbers: range, until: int, read: Callable[[Office], _Read], then: Policy
    ) -> list[_Read]:
        """What `read` finds in offices that have run until an instant (ms), counted from the policy date on.

        The same numbers meet the same customers and accidents, whatever the pipeline's curves and the policy `then` in force.
        """

        def once(number: int) -> _Read:
            office = self.offices[number % WARM_UPS].branch()
            office.arrays = office.arrays._replace(pipeline_own=pipeline.own, pipeline_leaving=pipeline.leaving)
            office.arrays.state[0].seed = seed_of("future", self.seed, number)
            office.run_until(self.scenario.policy_at)
            if then != self.policy:
                office.switch(then)
            office.mark()
            office.run_until(until)
            return read(office)

        return _side_by_side(once, numbers)


def _side_by_side(work: Callable[[int], _Read], numbers: range) -> list[_Read]:
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, numbers))
