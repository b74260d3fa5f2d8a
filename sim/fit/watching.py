"""Runs of an office under a policy, watched as a firm's record would be."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np

from policies.language.policy import Policy
from sim.fit.firm import Seen
from sim.fit.lifetimes import lives_in, together
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.engine.build import DESKS
from sim.office.engine.events import DAY, STATE, WEEK
from sim.office.office import Office
from sim.office.scenario import Scenario

CLOSED = (STATE.won, STATE.lost, STATE.no_decision)


def watched(scenario: Scenario, policy: Policy, seeds: range, weeks: int, longer: int) -> Seen:
    """Run the office with each seed: opportunities of so many weeks after its warm-up, followed for some weeks longer."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return _together(list(pool.map(lambda seed: _run(scenario, policy, seed, weeks, longer), seeds)))


def _run(scenario: Scenario, policy: Policy, seed: int, weeks: int, longer: int) -> Seen:
    office = Office.start(scenario, policy, seed=seed)
    office.run_until(scenario.policy_at)
    office.mark()
    office.run_until(scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=weeks + longer)))
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    cases = cases[cases["row"] >= 0]
    won = cases[(cases["state"] == STATE.won) & (cases["closed_at"] >= scenario.policy_at)]
    lives = lives_in(office, scenario.policy_at)
    new = won[won["opened_at"] >= scenario.policy_at]
    totals = dict(zip(MEASURE_NAMES, office.outcomes().totals[0], strict=True))
    closed = cases[(cases["opened_at"] >= scenario.policy_at) & np.isin(cases["state"], CLOSED)]
    asked = office.arrays.requests[: int(office.arrays.state[0].requests)]
    asked = asked[asked["asked_at"] >= office.arrays.state[0].marked_at]
    return Seen(
        lives=lives.part(lives.opened < 7 * weeks),
        own_days=(new["own_at"] - new["opened_at"]) / DAY,
        won_days=(new["closed_at"] - new["opened_at"]) / DAY,
        prices=won["value"] * (1.0 - won["discount"]),
        opened=_by_week(cases["opened_at"], scenario.policy_at, weeks + longer),
        wins=_by_week(won["closed_at"], scenario.policy_at, weeks + longer),
        idle=(totals["hours_prospecting"] + totals["hours_slack"]) / max(totals["hours_worked"], 1.0),
        desk_hours=np.bincount(asked["desk"], asked["work"] / 60.0, len(DESKS)) / (weeks + longer) / scenario.people.reps,
        first=scenario.policy_date,
        opened_on=_by_day(cases["opened_at"], scenario.policy_at, weeks + longer),
        won_on=_by_day(won["closed_at"], scenario.policy_at, weeks + longer),
        by_seat=_by_seat(closed, scenario.people.reps),
        entry_lag=totals["entry_lag_days"] / max(totals["updates_recorded"], 1.0),
    )


def _by_seat(closed: np.ndarray, seats: int) -> np.ndarray:
    """Opportunities won and closed by each seat that closed them, those of nobody left out."""
    mine = closed[closed["owner"] >= 0]
    return np.stack([np.bincount(each["owner"], minlength=seats) for each in (mine[mine["state"] == STATE.won], mine)], axis=1)


def _by_day(instants: np.ndarray, since: int, weeks: int) -> np.ndarray:
    places = (instants[instants >= since] - since) // DAY
    return np.bincount(places, minlength=7 * weeks)[: 7 * weeks]


def _by_week(instants: np.ndarray, since: int, weeks: int) -> np.ndarray:
    places = (instants[instants >= since] - since) // WEEK
    return np.bincount(places, minlength=weeks)[None, :weeks]


def _together(runs: list[Seen]) -> Seen:
    """All runs as one: what is counted stands one after the other, weeks in a row each, what is a share is averaged."""
    each = ("own_days", "won_days", "prices", "opened", "wins", "by_seat")
    joined = {name: np.concatenate([getattr(run, name) for run in runs]) for name in each}
    return Seen(
        lives=together([run.lives for run in runs]),
        idle=float(np.mean([run.idle for run in runs])),
        first=runs[0].first,
        opened_on=np.sum([run.opened_on for run in runs], axis=0),
        won_on=np.sum([run.won_on for run in runs], axis=0),
        entry_lag=float(np.mean([run.entry_lag for run in runs])),
        desk_hours=np.mean([run.desk_hours for run in runs], axis=0),
        **joined,
    )
