"""What an experiment replicates, and everything it must know about it.

The subject of `compare` is the simulated office. Tests hand in subjects whose truth is known, so that the statistics can be
held against it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sim.experiment.statistics.samples import ArmOutcome, Layout
from sim.experiment.verdict.verdict import Policies, ScenarioCard, Text, Window


class Subject(NamedTuple):
    """One question's pairs. `runner(index)` gives both arms of a pair, whoever calls it and whenever; it must pickle."""

    runner: Callable[[int], tuple[ArmOutcome, ArmOutcome]]
    layout: Layout
    parameters: Sequence  # behaviour parameters that differ between worlds
    policies: Policies
    scenario: ScenarioCard
    window: Window
    units: tuple[str, ...]  # rows of the totals after the groups
    hour_cost: float | None
    notes: tuple[Text, ...]
    identity: Mapping  # what a results folder must agree with before a run goes on in it
