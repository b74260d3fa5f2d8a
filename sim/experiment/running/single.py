"""One office under one policy: an anecdote and no experiment, but the way to look at a journal and at outcomes as such."""

import warnings
from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np

from policies.language.policy import Policy
from sim.experiment.running.layout import LAYOUT
from sim.experiment.running.pairs import measured
from sim.experiment.running.window import Span, span
from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import stack
from sim.experiment.verdict.verdict import Number, number
from sim.office.engine.clocks import SimpyClock
from sim.office.office import Office
from sim.office.scenario import Scenario


class Outcome(NamedTuple):
    """One metric of one run; `value` is None where there were no cases."""

    value: Number
    unit: str
    en: str
    zh: str


def run_office(
    scenario: Scenario,
    policy: Policy,
    weeks: float,
    *,
    seed: int = 1,
    clock: Literal["compiled", "simpy"] = "compiled",
    journal: bool = False,
    world: Mapping[str, float] | None = None,
) -> tuple[Office, dict[str, Outcome]]:
    """Run one office through warm-up, window and run-off; its outcomes by name of the metric. `world` gives behaviour
    parameters; the central ones otherwise."""
    window: Span = span(scenario, policy, policy, weeks)
    office = Office.start(scenario, policy, world, seed, journal=journal)
    run_until = SimpyClock(office).run_until if clock == "simpy" else office.run_until
    run_until(window.start)
    arm = stack([measured(office, window, run_until)], 1)
    return office, {name: _outcome(name, arm, seed) for name in LAYOUT.metrics}


def _outcome(name: str, arm, seed: int) -> Outcome:
    metric = LAYOUT.metrics[name]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # one run has a value and no interval
        value = compare_metric(LAYOUT, name, arm, arm, seed).interval("a", 0.95).value
    return Outcome(number(value), metric.unit, metric.en, metric.zh)
