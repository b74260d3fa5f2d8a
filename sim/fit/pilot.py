"""Pilot runs of an office: the numbers that a manager knows, as the office shows them, and what its people can carry."""

import math
import operator
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import reduce
from typing import NamedTuple

import numpy as np

from policies.language.policy import Policy
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.build import DESKS
from sim.office.engine.events import HOUR
from sim.office.office import Office
from sim.office.scenario import Scenario

WEEKS = 52  # counted in each run: a year, so that the season averages out
AT_ONCE = 2  # runs between two looks at what they count; fixed, so that the number of cores changes nothing
RUN, EVENT, CASE = 0.05, 1.2e-6, 3.2e-6  # seconds of one core, measured: to set up, for an event, for a week with a case


class Shown(NamedTuple):
    """What the runs of a pilot show together."""

    win_rate: float
    """Deals won of the opportunities closed."""
    cycle_days: float
    """Mean days from opportunity to order, of deals won."""
    deal_value: float
    """Mean money of a deal won."""
    leads_per_week: float
    """Leads that came in, own prospecting apart."""
    untouched: float
    """Share of the leads that nobody ever contacted."""
    busy: float
    """Share of the hours worked that went to cases, records and meetings; the rest is prospecting and idling."""
    wins: float
    """Deals won in all the runs."""
    people: int
    """Reps of all the runs; with the wins they say how exact the rest is."""
    converted: float
    """Share of the leads contacted that became opportunities."""
    desk_hours: tuple[float, ...]
    """Work asked of each desk, hours a week and rep, in the order of `DESKS`."""


class _Counted(NamedTuple):
    """One run: sums of the measures, leads that came in, hours of work asked of each desk; and about what it took one core,
    reckoned from what happened in it, so that a search goes the same way on every machine."""

    measures: np.ndarray
    came_in: float
    desk_hours: np.ndarray
    seconds: float


def pilot(
    scenario: Scenario,
    policy: Policy,
    seed: int,
    *,
    wins: float,
    people: int,
    seconds: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> Shown:
    """Run the office with consecutive seeds until so many deals were won by so many different people or, at the latest, about
    so many seconds of one core are spent. Raises `InterruptedError` when cancelled."""
    runs: list[_Counted] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        while not runs or (_too_few(scenario, runs, wins, people) and sum(run.seconds for run in runs) < seconds):
            if cancelled():
                raise InterruptedError
            seeds = range(seed + len(runs), seed + len(runs) + AT_ONCE)
            runs += pool.map(lambda number: _run(scenario, policy, number), seeds)
    return _together(scenario, runs)


def _too_few(scenario: Scenario, runs: list[_Counted], wins: float, people: int) -> bool:
    won = sum(float(run.measures[MEASURE_NAMES.index("wins")]) for run in runs)
    return won < wins or len(runs) * scenario.people.reps < people


def _run(scenario: Scenario, policy: Policy, seed: int) -> _Counted:
    office = Office.start(scenario, policy, seed=seed)
    office.run_until(scenario.policy_at)
    office.mark()
    office.run_until(scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=WEEKS)))
    outcomes = office.outcomes()
    state = office.arrays.state[0]
    asked = office.arrays.requests[: int(state.requests)]
    asked = asked[asked["asked_at"] >= state.marked_at]
    hours = np.bincount(asked["desk"], asked["work"] / 60.0, len(DESKS))
    seconds = RUN + EVENT * office.events + CASE * (scenario.warmup_weeks + WEEKS) * float(office.arrays.seats.cases.sum())
    return _Counted(outcomes.totals[0], outcomes.funnel[0], hours, seconds)


def _together(scenario: Scenario, runs: list[_Counted]) -> Shown:
    total = dict(zip(MEASURE_NAMES, reduce(operator.add, [run.measures for run in runs]), strict=True))
    won = max(total["wins"], 0.5)  # without a win the search still needs a direction
    idle = total["hours_prospecting"] + total["hours_slack"]
    run_weeks = len(runs) * WEEKS
    return Shown(
        win_rate=won / max(total["opportunities_closed"], 1.0),
        cycle_days=total["cycle_days"] / won,
        deal_value=total["revenue"] / won,
        leads_per_week=sum(run.came_in for run in runs) / run_weeks,
        untouched=total["leads_never_touched"] / max(total["leads_due"], 1.0),
        busy=1.0 - idle / max(total["hours_worked"], 1.0),
        wins=total["wins"],
        people=len(runs) * scenario.people.reps,
        converted=total["leads_converted"] / max(total["leads_touched"], 1.0),
        desk_hours=tuple(reduce(operator.add, [run.desk_hours for run in runs]) / run_weeks / scenario.people.reps),
    )


def open_hours_a_week(scenario: Scenario) -> float:
    """Hours in which the firm is open in an ordinary week."""
    start = scenario.policy_date
    days = scenario.calendar.days(start, start + timedelta(weeks=52))
    return days.spans[-1].before / HOUR / 52.0


def desks_for(scenario: Scenario, usual: dict[str, int], hours: tuple[float, ...], load: float) -> dict[str, int]:
    """Staff of each desk: the usual number, or as many more as keep its people at work for at most `load` of the time."""
    week = open_hours_a_week(scenario)
    reps = scenario.people.reps
    return {desk: max(usual[desk], math.ceil(each * reps / (load * week))) for desk, each in zip(DESKS, hours, strict=True)}
