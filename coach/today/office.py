"""Wins foretold by running the firm's office on from today, many times."""

from functools import partial
from typing import NamedTuple

import numpy as np

from coach.forecasting.backtest import OFFICE
from coach.forecasting.chances import by_age
from coach.forecasting.forecasters import Forecaster, Foretold
from coach.forecasting.known import Known
from coach.forecasting.spread import spread_of, tried
from coach.problems import CoachError
from coach.today.beginning import fitted
from coach.today.open_deals import said_of_silence, start_of
from policies.language.policy import Policy
from policies.scores.score import Words
from policies.time.calendar import Calendar
from sim.fit.beginnings import Beginnings
from sim.fit.from_record import TooFewWins
from sim.fit.opening import Moved, opened, taken_over
from sim.office.engine.events import DAY, STATE
from sim.office.office import Office
from sim.office.pipeline import Pipeline
from sim.office.scenario import Scenario

RUNS = 64
_WEEK = 7 * DAY
_WORDS = Words("the firm's office", "公司的模拟团队")
FIRST = 1000
"""Number of the first future that is shown: curves were moved by others."""


class Ran(NamedTuple):
    """What futures from today show: wins by week, f8[runs, weeks], and of each open deal the share of futures in which it was
    won in each week, f8[open, weeks]."""

    wins: np.ndarray
    opened: np.ndarray


def run_on(begun: Beginnings, pipeline: Pipeline, weeks: int, then: Policy | None = None, runs: int = RUNS) -> Ran:
    """Run so many futures of some weeks, under `then` instead of the policy in force."""
    scenario = begun.scenario
    edges = scenario.calendar.midnight(scenario.policy_date) + _WEEK * np.arange(weeks + 1)

    def read(office: Office) -> tuple[np.ndarray, np.ndarray]:
        cases = office.arrays.cases[: int(office.arrays.state[0].cases)].view(np.recarray)
        closed = cases.closed_at[(cases.state == STATE.won) & (cases.closed_at > scenario.policy_at)]
        own = taken_over(office)
        return np.histogram(closed, edges)[0], np.where(own.state == STATE.won, (own.closed_at - edges[0]) // _WEEK, -1)

    done = begun.futures(pipeline, range(FIRST, FIRST + runs), int(edges[-1]), read, then or begun.policy)
    week = np.array([own for _, own in done])
    shares = np.stack([(week == each).mean(axis=0) for each in range(weeks)], axis=1)
    return Ran(np.array([won for won, _ in done], dtype=float), shares)


def _remarks(known: Known) -> tuple[Words, ...]:
    said = said_of_silence(known)
    return () if said is None else (said,)


class OfficeMethods:
    """The firm's office, fitted on what was known and run on from there, as methods of forecasting.

    `in_force`: the policy under which the record came about. `people`: how many sell, where the record does not tell. From one
    origin to the next the search starts at the office that was found before.
    """

    def __init__(self, calendar: Calendar, in_force: Policy, people: int | None = None):
        self.calendar, self.in_force, self.people = calendar, in_force, people
        self._found: Scenario | None = None

    def under(self, then: Policy | None = None) -> Forecaster:
        """The method that tells what comes under a policy from now on, the one in force unless another is named.

        The office tells what is to be expected; how far that may stray is learnt from chances by age, which can be tried on
        many weeks of the past.
        """
        words = _WORDS if then is None else Words(f"{_WORDS.en} under {then.title.en}", f"{_WORDS.zh}（{then.title.zh}）")
        return Forecaster(OFFICE, words, partial(self._foretell, then), _remarks)

    def _foretell(
        self, then: Policy | None, known: Known, weeks: int, draws: int, random: np.random.Generator
    ) -> Foretold | None:
        try:
            self._found = fitted(known, self.calendar, self.in_force, self.people, self._found)
        except (CoachError, TooFewWins):
            return None
        start = start_of(known, self._found, self.in_force, weeks + 1)
        begun = Beginnings(start.scenario, self.in_force, start.opening.pipeline(Moved.nowhere(weeks + 1)), seed=1)
        ran = run_on(begun, opened(begun, start.opening), weeks, then)
        told = ran.wins.mean(axis=0)
        return Foretold(spread_of(tried(known, by_age, weeks), told).drawn(told, draws, random), ran.opened)
