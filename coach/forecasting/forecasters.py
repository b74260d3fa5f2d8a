"""All ways to foretell weekly wins behind one small interface: the product's own, and the naive ones it is held against."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coach.forecasting import chances, pipeline, simple
from coach.forecasting.known import Known
from coach.forecasting.spread import Expected, spread_of, tried
from policies.scores.score import Words
from sim.experiment.statistics.keyed import generator


class Foretold(NamedTuple):
    """Wins in each week ahead, shape (draws, weeks). `opened`: chances of each open opportunity in each week, shape
    (open, weeks), from a method that has them."""

    wins: np.ndarray
    opened: np.ndarray | None = None


def _nothing(_known: Known) -> tuple[Words, ...]:
    return ()


class Forecaster(NamedTuple):
    """A method with its name; `make(known, weeks, draws, random)` gives None where it has nothing to go on. `remarks`: what
    somebody must know who is shown it."""

    name: str
    words: Words
    make: Callable[[Known, int, int, np.random.Generator], Foretold | None]
    remarks: Callable[[Known], tuple[Words, ...]] = _nothing

    def foretell(self, known: Known, weeks: int, draws: int, seed: int) -> Foretold | None:
        """Draws of the wins in each week ahead; the same for the same seed."""
        return self.make(known, weeks, draws, generator("forecast", self.name, known.at, seed))


def _around(expected: Expected, scaled: bool = False) -> Callable:
    """A method that tells what is to be expected, with the spread of its own past errors; `scaled` to what came of it."""

    def make(known: Known, weeks: int, draws: int, random: np.random.Generator) -> Foretold | None:
        told = expected(known, weeks)
        if told is None:
            return None
        trial = tried(known, expected, weeks)
        if scaled:
            told, trial = told * trial.ratio, trial.scaled(trial.ratio)
        return Foretold(spread_of(trial, told).drawn(told, draws, random))

    return make


def _smoothed(known: Known, weeks: int, draws: int, random: np.random.Generator) -> Foretold | None:
    paths = simple.smoothing(known, weeks, draws, random)
    return None if paths is None else Foretold(paths)


def _own(known: Known, weeks: int, draws: int, random: np.random.Generator) -> Foretold | None:
    if known.deals.empty:
        return None
    opened = chances.of_open(known, weeks)
    told = opened.sum(axis=0) + chances.of_new(known, weeks)
    return Foretold(spread_of(tried(known, chances.by_age, weeks), told).drawn(told, draws, random), opened)


OWN = Forecaster("chances", Words("chances of winning", "赢单概率"), _own)
NAIVE = (
    Forecaster("last_weeks", Words("mean of the last eight weeks", "最近八周均值"), _around(simple.mean_of_last_weeks)),
    Forecaster("last_year", Words("same weeks of last year", "去年同期各周"), _around(simple.same_weeks_of_last_year)),
    Forecaster("smoothing", Words("exponential smoothing", "指数平滑"), _smoothed),
    Forecaster("pipeline", Words("weighted pipeline", "加权商机"), _around(pipeline.weighted_pipeline, scaled=True)),
    Forecaster("age", Words("chances by age", "按商机存续时间的概率"), _around(pipeline.hazard_by_age)),
    Forecaster("own_dates", Words("reps' own dates", "销售自报日期"), _around(pipeline.own_dates, scaled=True)),
)
