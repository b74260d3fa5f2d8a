"""Forecasts from instants of the past, each from what was known then, against what came."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from coach.forecasting.forecasters import NAIVE, OWN, Forecaster
from coach.forecasting.known import WEEK, History, Known, weeks_later
from coach.forecasting.measures import LEVELS, Marks, Measures, marks, together
from coach.problems import CoachError
from sim.experiment.statistics.keyed import generator

FIRST_AFTER = 10
"""Weeks of history before the first origin: less has neither eight weeks to average nor a cycle that ended."""
DRAWS = 1000
OFFICE = "office"
"""Name of the method that runs the firm's office on from today."""
ALL_NAIVE = frozenset(each.name for each in NAIVE)


class Stopped(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """The backtest was stopped; nothing of it is kept."""

    en, zh = "The backtest was stopped.", "回测已停止。"


class Origin(NamedTuple):
    """An instant from which was foretold (ms), what came in each week from there (NaN where that is not known), the marks of
    every method that could foretell, and the wins that the product's own expected each week."""

    at: int
    came: np.ndarray
    marks: dict[str, Marks]
    expected: np.ndarray


class Sum(NamedTuple):
    """Wins expected and come in the weeks from an origin (ms) that are over."""

    at: int
    expected: float
    came: float
    weeks: int


class Backtest(NamedTuple):
    """`origins` in their order, the methods with their `words`, dates in `zone`."""

    origins: tuple[Origin, ...]
    weeks: int
    every: int
    zone: str
    forecasters: tuple[Forecaster, ...]

    def measures(self, name: str) -> Measures | None:
        """A method over all origins; None where it could foretell nothing."""
        found = [origin.marks[name] for origin in self.origins if name in origin.marks]
        return together(found).measures if found else None

    def crps(self, name: str) -> float | None:
        """Mean CRPS of a method over the origins from which it could foretell."""
        found = self.measures(name)
        return None if found is None else found.crps

    @property
    def naive(self) -> dict[str, float]:
        """CRPS of each naive method that could foretell from every origin."""
        able = [each.name for each in self.forecasters if each.name in ALL_NAIVE and self._always(each.name)]
        return {name: told for name in able if (told := self.crps(name)) is not None}

    @property
    def best_naive(self) -> Forecaster | None:
        """The naive method with the smallest CRPS."""
        if not self.naive:
            return None
        best = min(self.naive, key=lambda name: self.naive[name])
        return next(each for each in self.forecasters if each.name == best)

    @property
    def own(self) -> Forecaster:
        """The better of the product's own methods: chances, or the firm's office where it foretold from every origin."""
        told = [each for each in self.forecasters if each.name not in ALL_NAIVE and self._always(each.name)]
        return min(told, key=lambda each: self.crps(each.name) or np.inf) if told else OWN

    @property
    def own_is_better(self) -> bool | None:
        """Whether the product's own forecast was at least as good as the best naive one; None where nothing was tried."""
        own, best = self.crps(self.own.name), self.best_naive
        return None if own is None or best is None else own <= self.naive[best.name]

    @property
    def chosen(self) -> Forecaster:
        """The method to go by: the product's own, unless a naive one was better."""
        best = self.best_naive
        return self.own if best is None or self.own_is_better else best

    @property
    def errors(self) -> list[tuple[Forecaster, float]]:
        """CRPS of every method that foretold from every origin."""
        told = [(each, self.crps(each.name)) for each in self.forecasters if self._always(each.name)]
        return [(each, error) for each, error in told if error is not None]

    @property
    def sums(self) -> list[Sum]:
        """What the product's own forecast expected from each origin, and what came."""
        over = [~np.isnan(each.came) for each in self.origins]
        return [
            Sum(each.at, float(each.expected[known].sum()), float(each.came[known].sum()), int(known.sum()))
            for each, known in zip(self.origins, over, strict=True)
        ]

    def _always(self, name: str) -> bool:
        return all(name in origin.marks for origin in self.origins)

    def document(self) -> dict[str, Any]:
        """As plain values: all origins together, and each."""
        whole = _told({name: self.measures(name) for name in self._names()})
        best = self.best_naive
        return {
            "weeks": self.weeks, "every": self.every, **whole, "best_naive": None if best is None else best.name,
            "forecast_is_better": self.own_is_better,
            "origins": [
                {"at": day(each.at, self.zone), "came": [None if came != came else int(came) for came in each.came],
                 "expected": [round(float(told), 2) for told in each.expected],
                 **_told({name: found.measures for name, found in each.marks.items()})}
                for each in self.origins
            ],
        }  # fmt: skip

    def _names(self) -> list[str]:
        return [each.name for each in self.forecasters if each.name == OWN.name or self._always(each.name)]


def day(at: int, zone: str) -> str:
    """The day of an instant (ms) in a zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def _told(measures: dict[str, Measures | None]) -> dict[str, Any]:
    own, office = measures.get(OWN.name), measures.get(OFFICE)
    naive = {name: found.crps for name, found in measures.items() if name in ALL_NAIVE and found is not None}
    return {
        "crps": {
            "forecast": None if own is None else own.crps,
            **({} if office is None else {OFFICE: office.crps}),
            "naive": naive,
        },
        "coverage": {str(level): None if own is None else own.coverage[level] for level in LEVELS},
        "bias": None if own is None else own.bias,
        **({} if office is None else {OFFICE: _whole(office)}),
    }


def _whole(found: Measures) -> dict[str, Any]:
    return {"coverage": {str(level): found.coverage[level] for level in LEVELS}, "bias": found.bias}


def origins(history: History, last: int, every: int, first_after: int = FIRST_AFTER) -> list[int]:
    """Instants (ms) every so many weeks, the last of them one week before `last`, the first after enough history."""
    if not history.first:
        return []
    begin = weeks_later(history.first, first_after, history.zone)
    most = (last - begin) // WEEK
    found = [weeks_later(last, -back, history.zone) for back in range(1, int(most) + 2, every)]
    return [at for at in reversed(found) if at >= begin]


def backtest(
    history: History,
    last: int,
    weeks: int,
    every: int = 4,
    draws: int = DRAWS,
    seed: int = 1,
    forecasters: Sequence[Forecaster] = (OWN, *NAIVE),
    told: Callable[[int, int], None] = lambda _done, _of: None,
    cancel: Event | None = None,
) -> Backtest:
    """Foretell `weeks` weeks every `every` weeks up to `last` (ms), and hold each week against what was recorded by then.

    `told` is called with origins done and their number. CoachError where the history is too short for a single origin; Stopped
    when `cancel` is set.
    """
    instants = origins(history, last, every)
    if not instants:
        raise CoachError(
            f"a backtest needs {FIRST_AFTER + 1} weeks of opportunities, and fewer are recorded",
            f"回测需要至少 {FIRST_AFTER + 1} 周的商机记录，目前不足",
        )
    end = history.known_at(last)
    found = []
    for number, at in enumerate(instants):
        told(number, len(instants))
        if cancel is not None and cancel.is_set():
            raise Stopped
        found.append(_origin(history, at, end, weeks, draws, seed, forecasters))
    told(len(instants), len(instants))
    return Backtest(tuple(found), weeks, every, history.zone, tuple(forecasters))


def _origin(
    history: History, at: int, end: Known, weeks: int, draws: int, seed: int, forecasters: Sequence[Forecaster]
) -> Origin:
    known, came = history.known_at(at), wins_after(end, at, weeks)
    made = {each.name: each.foretell(known, weeks, draws, seed) for each in forecasters}
    scored = {
        name: marks(foretold.wins, came, generator("place", name, at, seed))
        for name, foretold in made.items()
        if foretold is not None
    }
    own = made.get(OWN.name)
    return Origin(at, came, scored, np.full(weeks, np.nan) if own is None else own.wins.mean(axis=0))


def wins_after(end: Known, at: int, weeks: int) -> np.ndarray:
    """Wins in each week from an instant on, as known at the end, shape (weeks,); NaN for weeks that are not over by then."""
    week = end.weeks_ahead(end.won["end"], at)
    counted = np.bincount(week[(week >= 1) & (week <= weeks)].astype(int), minlength=weeks + 1)[1:].astype(float)
    over = end.weeks_ahead([end.at], at)[0]
    return np.where(np.arange(1, weeks + 1) <= over, counted, np.nan)
