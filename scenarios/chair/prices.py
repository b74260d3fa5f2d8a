"""What each decision was worth: the state of its Monday is branched, with and without it, and both go on to the quarter's end.

Both branches meet the same draws, and take over the person's later decisions. That is done once as the quarter really came, and
again in several other futures of the same Monday, since one future is an anecdote: the mean over those, with its interval,
is what the decision is worth to somebody who does not know what will come.
"""

from collections.abc import Callable
from threading import Event
from typing import NamedTuple

import numpy as np
from scipy import stats

from scenarios.chair.decision import Decision
from scenarios.chair.figures import Figures, figures
from scenarios.chair.quarter import Quarter, opened, play_on
from sim.experiment.statistics.keyed import seed_of
from sim.office.office import Office

CONTINUATIONS = 12


class Price(NamedTuple):
    """One Monday's decision, money over the rest of the quarter; positive is a gain."""

    week: int  # from 0
    decision: Decision
    as_it_came: float  # gross margin with it less without it, in the future that came
    mean: float  # the same over other futures
    low: float  # 95 % interval of that mean
    high: float
    open_value: float  # mean change of the pipeline left at the end: margin may have been pulled forward from it
    continuations: int

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


class Result(NamedTuple):
    """The quarter as a whole and each decision. Decisions act on each other, so their prices do not add up to the whole."""

    person: Figures
    automatic: Figures
    prices: tuple[Price, ...]


class NotOver(ValueError):
    """The quarter goes on, so its decisions have no price yet."""

    en = "the quarter is not over; decide the remaining weeks first"
    zh = "本季度尚未结束；请先决定剩余各周"

    def __init__(self):
        super().__init__(self.en)


class Stopped(Exception):  # noqa: N818 - no error: it was asked for
    """Pricing was cancelled."""


def priced(
    quarter: Quarter,
    continuations: int = CONTINUATIONS,
    progress: Callable[[int, int], None] | None = None,
    cancel: Event | None = None,
) -> Result:
    """Price every decision of a quarter that is over.

    `progress` is told (decisions priced, decisions); `cancel` ends the work with Stopped. NotOver when weeks are left,
    ValueError for fewer than two continuations.
    """
    if not quarter.over:
        raise NotOver()
    if continuations < 2:
        raise ValueError(f"continuations: {continuations}, at least 2 give an interval / 至少需要 2 个才能给出区间")
    weeks = [week for week, decision in enumerate(quarter.decisions) if not decision.empty]
    prices: list[Price] = []
    office = opened(quarter.scenario, quarter.start_policy, quarter.seed)
    for week in range(quarter.weeks):
        if week in weeks:
            _tell(progress, len(prices), len(weeks))
            prices.append(_price(quarter, office, week, continuations, cancel))
        play_on(office, quarter.scenario, week, [quarter.decisions[week]])
    _tell(progress, len(prices), len(weeks))
    return Result(quarter.mondays[-1].person, quarter.mondays[-1].automatic, tuple(prices))


def _tell(progress: Callable[[int, int], None] | None, done: int, of: int) -> None:
    if progress is not None:
        progress(done, of)


def _price(quarter: Quarter, office: Office, week: int, continuations: int, cancel: Event | None) -> Price:
    came, _ = _difference(quarter, office, week, None)
    found = []
    for number in range(continuations):
        if cancel is not None and cancel.is_set():
            raise Stopped()
        found.append(_difference(quarter, office, week, seed_of("another future", quarter.seed, week, number)))
    margins = np.array([margin for margin, _ in found])
    mean = float(margins.mean())
    error = float(margins.std(ddof=1)) / np.sqrt(continuations)
    reach = float(stats.t.ppf(0.975, continuations - 1) * error)
    pipeline = float(np.mean([value for _, value in found]))
    return Price(week, quarter.decisions[week], came, mean, mean - reach, mean + reach, pipeline, continuations)


def _difference(quarter: Quarter, office: Office, week: int, seed: int | None) -> tuple[float, float]:
    """Gross margin and open pipeline at the end, with the decision less without it; in another future with another seed."""
    later = quarter.decisions[week + 1 :]
    ends = []
    for decision in (quarter.decisions[week], Decision()):
        branch = office.branch()
        if seed is not None:
            branch.arrays.state[0].seed = seed
        play_on(branch, quarter.scenario, week, [decision, *later])
        ends.append(figures(branch))
    with_it, without_it = ends
    return with_it.gross_margin - without_it.gross_margin, with_it.open_value - without_it.open_value
