"""What a firm may expect: wins and revenue by week, unit and rep, by the method that foretold its own past best."""

from collections.abc import Callable
from threading import Event
from typing import Any, NamedTuple

import numpy as np

from coach.forecasting.backtest import FIRST_AFTER, Backtest, backtest, day
from coach.forecasting.forecasters import NAIVE, OWN, Forecaster, Foretold
from coach.forecasting.known import History, Known, NoDatedWin, weeks_later
from coach.forecasting.measures import LEVELS
from coach.forecasting.parts import Parts
from coach.problems import CoachError
from policies.scores.score import Words
from sim.experiment.statistics.keyed import generator

DRAWS = 2000
ORIGINS = 4
"""Origins of the firm's own past that decide which forecast is shown, at most; of a firm with many opportunities half as
many, so that a forecast takes half a minute."""
MANY = 20_000


class Expected(NamedTuple):
    """A number to expect: its mean, and the ends of its intervals by their per cent."""

    mean: float
    intervals: dict[int, tuple[float, float]]

    @classmethod
    def of(cls, draws: np.ndarray) -> "Expected":
        """From draws of shape (draws,)."""
        ends = {level: np.quantile(draws, (0.5 - level / 200, 0.5 + level / 200), method="inverted_cdf") for level in LEVELS}
        return cls(float(draws.mean()), {level: (float(low), float(high)) for level, (low, high) in ends.items()})

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {"mean": self.mean, **{str(level): list(ends) for level, ends in self.intervals.items()}}


class Group(NamedTuple):
    """A unit or a rep: wins and revenue over all weeks and by week ahead, `revenue` None where no amounts are recorded;
    `behind`, wins of the weeks before, and `opened`, opportunities open."""

    name: str
    wins: Expected
    revenue: Expected | None
    by_week: tuple[Expected, ...]
    revenue_by_week: tuple[Expected, ...] | None
    behind: tuple[float, ...]
    opened: int


class Forecast(NamedTuple):
    """As of `at` (ms), dates in `zone`, amounts in `currency`.

    `wins` and `revenue`: by week ahead, and over all weeks (`all_wins`, `all_revenue`); revenue None where no amounts are
    recorded. `units` and `reps`: who has most first. `shown`: the method. `tried`: how it was on the firm's own past, None
    where that is too short. `remarks`: what else one must know. `behind`: wins of the weeks before, the latest last. `opened`:
    opportunities open.
    """

    at: int
    zone: str
    currency: str | None
    opened: int
    behind: tuple[float, ...]
    wins: tuple[Expected, ...]
    all_wins: Expected
    revenue: tuple[Expected, ...] | None
    all_revenue: Expected | None
    units: tuple[Group, ...]
    reps: tuple[Group, ...]
    shown: Forecaster
    tried: Backtest | None
    remarks: tuple[Words, ...] = ()

    @property
    def begins(self) -> list[str]:
        """The first day of each week."""
        return [day(weeks_later(self.at, number, self.zone) + 1, self.zone) for number in range(len(self.wins))]

    def document(self) -> dict[str, Any]:
        """As plain values."""
        revenue = [None] * len(self.wins) if self.revenue is None else [each.document() for each in self.revenue]
        weeks = zip(self.begins, self.wins, revenue, strict=True)
        return {
            "at": day(self.at, self.zone), "currency": self.currency, "open": self.opened, "method": self.shown.name,
            "wins": self.all_wins.document(), "revenue": _document(self.all_revenue),
            "weeks": [{"from": begin, "wins": wins.document(), "revenue": told} for begin, wins, told in weeks],
            "units": [_group(each) for each in self.units], "reps": [_group(each) for each in self.reps],
            "backtest": None if self.tried is None else self.tried.document(),
        }  # fmt: skip


def _document(expected: Expected | None) -> dict[str, Any] | None:
    return None if expected is None else expected.document()


def _group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "wins": group.wins.document(), "revenue": _document(group.revenue)}


def forecast(
    history: History,
    at: int,
    weeks: int,
    seed: int = 1,
    told: Callable[[int, int], None] = lambda _done, _of: None,
    cancel: Event | None = None,
    office: Forecaster | None = None,
    only: Forecaster | None = None,
) -> Forecast:
    """Foretell so many weeks from the instant `at` (ms) on, from what was recorded by then.

    The product's own method is shown, or the firm's `office` where it was better, unless a naive one was better still on the
    firm's past. `only`: a method that is shown whatever was better, since no other can tell what is asked. CoachError where
    nothing is recorded, or too little for what is asked; NoDatedWin.
    """
    known = history.known_at(at)
    if known.deals.empty:
        raise CoachError(
            "no opportunity is recorded by then; import some first (rehearse import)",
            "届时没有任何商机记录；请先导入（rehearse import）",
        )
    if known.won.empty and known.undated_wins:
        raise NoDatedWin
    tried = _tried(history, known, weeks, seed, told, cancel, (OWN, *([] if office is None else [office]), *NAIVE))
    shown, foretold = _shown(tried, known, weeks, seed, office, only)
    parts = Parts(known, foretold, generator("parts", at, seed))
    revenue = parts.revenue
    return Forecast(
        at, history.zone, history.currency, len(known.open), tuple(known.wins[-2 * weeks :].tolist()),
        _by_week(foretold.wins), Expected.of(foretold.wins.sum(axis=1)),
        None if revenue is None else _by_week(revenue), None if revenue is None else Expected.of(revenue.sum(axis=1)),
        _groups(parts, known, _teams(parts, history)), _groups(parts, known, {name: {name} for name in parts.owners if name}),
        shown, tried, (*_undated(known), *shown.remarks(known)),
    )  # fmt: skip


def _undated(known: Known) -> tuple[Words, ...]:
    """That wins without a date are in no week, so that fewer are foretold than come."""
    count = known.undated_wins
    if not count:
        return ()
    return (
        Words(
            f"{count:,} wins in the record have no date of their own and count in no week, so fewer are foretold than come.",
            f"记录中有 {count:,} 个赢单没有自己的日期，不计入任何一周，因此预测偏少。",
        ),
    )


def _tried(
    history: History, known: Known, weeks: int, seed: int, told, cancel: Event | None, methods: tuple[Forecaster, ...]
) -> Backtest | None:
    """The backtest of the last weeks, with a few origins spread over what there is; None where the history is too short."""
    room = known.length - FIRST_AFTER
    if room < 1 or not known.wins.any():
        return None
    length = min(weeks, max(room // 2, 1))
    every = -(-room // (ORIGINS if len(known.deals) < MANY else ORIGINS // 2))
    return backtest(history, known.at, length, every, seed=seed, forecasters=methods, told=told, cancel=cancel)


def _shown(
    tried: Backtest | None, known: Known, weeks: int, seed: int, office: Forecaster | None, only: Forecaster | None
) -> tuple[Forecaster, Foretold]:
    if only is not None:
        foretold = only.foretell(known, weeks, DRAWS, seed)
        if foretold is None:
            raise CoachError(
                "the record tells too little for an office of the firm (rehearse fit says what lacks)",
                "记录不足以拟合公司的模拟团队（rehearse fit 会说明缺少什么）",
            )
        return only, foretold
    chosen = OWN if tried is None else tried.chosen
    for each in (chosen, OWN, *([] if office is None else [office]), *NAIVE):
        foretold = each.foretell(known, weeks, DRAWS, seed)
        if foretold is not None:
            return each, foretold
    raise ValueError("the product's own method foretells wherever an opportunity is recorded")


def _by_week(draws: np.ndarray) -> tuple[Expected, ...]:
    return tuple(Expected.of(draws[:, week]) for week in range(draws.shape[1]))


def _teams(parts: Parts, history: History) -> dict[str, set[str]]:
    """Owners by every unit above theirs."""
    found: dict[str, set[str]] = {}
    for owner in map(str, parts.owners):
        seen, above = {owner}, history.teams.get(owner)
        while above is not None and above not in seen:  # a circle of units ends where it began
            found.setdefault(above, set()).add(owner)
            seen.add(above)
            above = history.teams.get(above)
    return found


def _groups(parts: Parts, known: Known, members: dict[str, set[str]]) -> tuple[Group, ...]:
    told = [_group_of(parts, known, str(name), own) for name, own in members.items()]
    return tuple(sorted((each for each in told if each.wins.intervals[LEVELS[-1]][1] > 0), key=lambda each: -each.wins.mean))


def _group_of(parts: Parts, known: Known, name: str, own: set[str]) -> Group:
    wins = parts.wins_of(own)
    revenue = None if parts.revenue is None else parts.revenue_of(own)
    theirs = known.deals["owner"].isin(own).to_numpy()
    won = known.won[known.won["owner"].isin(own)]
    return Group(
        name, Expected.of(wins.sum(axis=1)), None if revenue is None else Expected.of(revenue.sum(axis=1)),
        _by_week(wins), None if revenue is None else _by_week(revenue),
        tuple(known.weekly(won["end"])[-2 * parts.weeks :].tolist()), int(theirs[known.open].sum()),
    )  # fmt: skip
