"""When an open opportunity will be won, learnt from a firm's own opportunities, those that are still open included.

Both hazards, of being won and of being lost, come from `hazards`. How strong their ridge is, how much pairs of features count
and whether older looks count less is chosen by how well the latest part of the history is foretold from what was known before
it, which is the way in which the model is used. It says what each feature contributes, against the average.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from coach.winning.encoding import Feature
from coach.winning.hazards import AGE, AHEAD, EDGES, Choice, Hazards, deviance, incidence
from coach.winning.looks import Looks, Past, held_back_from
from policies.time.calendar_arrays import DAY_MS

WITHIN_DAYS = 90
"""The probability that is shown is of being won within so many days, where nothing else is asked for."""
FEWEST = 40
"""Won and lost opportunities, each, below which no probability is given. Dynamics 365 asks for 40 and 40 as well: with
fewer, the standard error of the share won alone exceeds 5 points, before a single feature is looked at."""
PLENTY = 200
"""Won and lost opportunities, each, below which a probability is called rough: Einstein asks for 200 and 200."""
_USUAL = Choice(200.0, 0.0, None)
_STRONGER, _WEAKER = (600.0,), (60.0, 20.0, 6.0, 2.0)
_PAIR_SCALES = (0.3, 0.6, 1.0)
_HALF_LIFE = 0.3  # of the history's span
_PLAIN = Choice(1.0, 0.0, None)
_CLEARLY = 0.003
"""Another setting is taken if its loss is smaller by so many nats an end: with few wins the rest is luck."""
_USUAL_SPREAD, _USUAL_WINDOWS = 0.3, 4.0
"""What is thought of the spread before anything was foretold, and for how many windows that counts."""
_INSIDE = 0.8
_ROWS_AT_ONCE = 4000
"""Opportunities foretold at a time, so that the room needed does not grow with their number."""


class TooLittleHistory(NamedTuple):
    """Why there is no probability. `undated`: closings of which the record does not tell when they were."""

    won: int
    lost: int
    undated: int = 0

    @property
    def en(self) -> str:
        if self.undated and self.won + self.lost < self.undated:
            return (
                f"No win probability: {self.undated:,} opportunities are recorded as closed, but not when; import a column "
                "with the date of closing. When something will be won cannot be learnt from closings without dates."
            )
        return (
            f"No win probability: the history has {self.won} won and {self.lost} lost opportunities with a date of closing, "
            f"and {FEWEST} of each are needed. With fewer, the share won alone is uncertain by more than five points."
        )

    @property
    def zh(self) -> str:
        if self.undated and self.won + self.lost < self.undated:
            return (
                f"暂无赢单概率：{self.undated:,} 个商机已关闭，但没有关闭日期；请导入含关闭日期的列。"
                "没有日期就无法得知何时会赢单。"
            )
        return (
            f"暂无赢单概率：历史中有关闭日期的赢单 {self.won} 个、输单 {self.lost} 个，各需至少 {FEWEST} 个。"
            "数量再少，仅赢单率本身的误差就超过五个百分点。"
        )


class Reason(NamedTuple):
    """What a feature contributes: `points` is the probability less the one with this feature as on average (0.08: 8 points)."""

    feature: Feature
    value: object
    points: float


def reason_text(reason: Reason, language: str) -> str:
    """A reason in words, in "en" or "zh": feature, value and points."""
    value, points = reason.value, f"{100 * reason.points:+.0f}"
    if value is None or value != value:
        told = "未记录" if language == "zh" else "not recorded"
    elif isinstance(value, float):
        told = f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"
    else:
        told = str(value)
    if language == "zh":
        return f"{reason.feature.zh}：{told}（{points} 个百分点）"
    return f"{reason.feature.en} {told} ({points} points)"


class Check(NamedTuple):
    """How what was known before the latest part of the history foretold it.

    `days`: how long that part is. `expected` and `came`: of the opportunities open at its beginning, the shares foretold to be
    won within it and really won. `loss` and `base_loss`: minus the log likelihood an end, of the model and of age alone.
    `spread`: by how much, relative to what is expected, sums of wins stray beyond chance.
    """

    days: float
    opportunities: int
    expected: float
    came: float
    loss: float
    base_loss: float
    spread: float


class ExpectedWins(NamedTuple):
    """Wins expected in some days from the look on, with the interval that holds what comes in four of five cases."""

    from_day: float
    to_day: float
    wins: float
    low: float
    high: float


class WinModel:
    """A fitted model; make one with `fit_win_model`.

    `won` and `lost` count the opportunities that it was learnt from, `undated` those closed nobody knows when.
    `timed`: whether it knows when; where most closings have no date, it knows only which are won of those that are closed.
    """

    def __init__(self, hazards: Hazards, ends: tuple[int, int], undated: int, check: Check | None, timed: bool = True):
        self.hazards, self.check, self.undated, self.timed = hazards, check, undated, timed
        self.won, self.lost = ends

    @property
    def rough(self) -> bool:
        """Whether the history is enough for a probability, but not for a good one."""
        return min(self.won, self.lost) < PLENTY

    @property
    def better_than_base(self) -> bool | None:
        """Whether it foretold the latest part better than age alone; None when that could not be tried."""
        return None if self.check is None else self.check.loss < self.check.base_loss

    @property
    def spread(self) -> float:
        """By how much, relative to what is expected, sums of wins stray beyond chance."""
        return _USUAL_SPREAD if self.check is None else self.check.spread

    def within(self, table: pd.DataFrame, days: float = WITHIN_DAYS) -> np.ndarray:
        """Probability of being won within so many days, shape (rows,), for looks as `looks.look` makes them."""
        return incidence(self._hazards(table), days)

    def ever(self, table: pd.DataFrame) -> np.ndarray:
        """Probability of being won at all, shape (rows,): within five years, as if things went on as they did.

        Of a model that is not timed: of being won, if it is closed.
        """
        return incidence(self._hazards(table), EDGES[-1])

    def expected(self, table: pd.DataFrame, edges: np.ndarray) -> list[ExpectedWins]:
        """Wins to expect of all rows together between days ahead: `edges` rise from 0."""
        hazards = self._hazards(table)
        sums = np.array([incidence(hazards, edge).sum() for edge in edges])
        return [
            ExpectedWins(float(first), float(last), *expected_interval(float(wins), self.spread))
            for first, last, wins in zip(edges[:-1], edges[1:], np.diff(sums), strict=True)
        ]

    def reasons(self, table: pd.DataFrame, days: float = WITHIN_DAYS, most: int = 4) -> list[list[Reason]]:
        """The features that move each row's probability within so many days most, the strongest first."""
        parts = (self._reasons(part, days, most) for part in _parts(table))
        return [reasons for part in parts for reasons in part]

    def _reasons(self, table: pd.DataFrame, days: float, most: int) -> list[list[Reason]]:
        columns = self.hazards.columns(self._known(table))
        hazards, added = self.hazards.of(columns), self.hazards.contributions(columns)
        told = incidence(hazards, days)
        features = self.hazards.encoding.features
        points = np.column_stack(
            [
                np.zeros(len(table)) if feature is AHEAD else told - incidence(hazards * np.exp(-added[:, at]), days)
                for at, feature in enumerate(features)
            ]
        )
        return [self._strongest(table.iloc[row], points[row], most) for row in range(len(table))]

    def _strongest(self, row: pd.Series, points: np.ndarray, most: int) -> list[Reason]:
        order = np.argsort(-np.abs(points), kind="stable")[:most]
        features = self.hazards.encoding.features
        return [
            Reason(features[at], row["age" if features[at] is AGE else features[at].name], float(points[at]))
            for at in order
            if abs(points[at]) >= 0.005
        ]

    def _hazards(self, table: pd.DataFrame) -> np.ndarray:
        parts = [self.hazards.of(self.hazards.columns(self._known(part))) for part in _parts(table)]
        return np.concatenate(parts, axis=1) if parts else np.empty((2, 0, len(EDGES) - 1))

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        own = [feature.name for feature in self.hazards.encoding.features if feature not in (AGE, AHEAD)]
        return table.reindex(columns=[*own, "age"])


def _parts(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    return (table.iloc[start : start + _ROWS_AT_ONCE] for start in range(0, len(table), _ROWS_AT_ONCE))


def expected_interval(wins: float, spread: float) -> tuple[float, float, float]:
    """A sum of wins with its 80 % interval: negative binomial, of the variance wins + (spread · wins)²."""
    if wins <= 0:
        return wins, 0.0, 0.0
    size = 1 / max(spread, 1e-3) ** 2
    tail = (1 - _INSIDE) / 2
    low, high = stats.nbinom.ppf((tail, 1 - tail), size, size / (size + wins))
    return wins, float(low), float(high)


def fit_win_model(past: Past) -> WinModel | TooLittleHistory:
    """The model of a history, or why there is none."""
    ends, closed = past.dated.ends(), past.undated.ends()
    if min(ends) >= FEWEST:
        return _fitted(past.features, past.dated, past.whole, past.without_date, True)
    if min(closed) >= FEWEST:
        # A day after the opening or so: of what is told only the share of wins among ends has a meaning.
        openings = past.undated._replace(left=np.ones(len(past.undated.at)))
        return _fitted(past.features, openings, openings, past.without_date, False)
    return TooLittleHistory(*ends, past.without_date)


def _fitted(features: tuple[Feature, ...], looks: Looks, whole: Looks, undated: int, timed: bool) -> WinModel:
    ends = looks.ends()
    cut = held_back_from(looks.at)
    earlier, later = looks.until(cut), looks.part(looks.at >= cut)
    if not {1, 2} <= set(earlier.ended) or not {1, 2} <= set(later.ended):
        return WinModel(Hazards(features, looks, _USUAL), ends, undated, None, timed)
    choice, chosen = _chosen(features, earlier, later)
    check = _checked(chosen, Hazards((), earlier, _PLAIN), later, whole.part(whole.at >= int(cut)), looks)
    return WinModel(Hazards(features, looks, choice), ends, undated, check, timed)


def _chosen(features: tuple[Feature, ...], earlier: Looks, later: Looks) -> tuple[Choice, Hazards]:
    """The settings under which the earlier part foretells the later best: one after the other, from plain settings on."""
    tried: dict[Choice, tuple[float, Hazards]] = {}

    def loss(choice: Choice) -> float:
        if choice not in tried:
            model = Hazards(features, earlier, choice)
            tried[choice] = deviance(model, later), model
        return tried[choice][0]

    def better(best: Choice, others: Iterable[Choice]) -> Choice:
        for other in others:
            if loss(other) > loss(best) - _CLEARLY:
                break
            best = other
        return best

    span = (earlier.at.max() - earlier.at.min()) / DAY_MS
    best = better(_USUAL, (_USUAL._replace(ridge=ridge) for ridge in _WEAKER))
    if best is _USUAL:
        best = better(best, (best._replace(ridge=ridge) for ridge in _STRONGER))
    best = better(best, (best._replace(pair_scale=scale) for scale in _PAIR_SCALES))
    best = better(best, [best._replace(half_life=_HALF_LIFE * span)])
    return best, tried[best][1]


def _checked(model: Hazards, base: Hazards, later: Looks, whole: Looks, looks: Looks) -> Check:
    days = (looks.at.max() - whole.at.min()) / DAY_MS
    first = whole.part(whole.at == whole.at.min())
    told = incidence(model.of(model.columns(first.table)), days)
    won = (first.ended == 1) & (first.left <= days)
    return Check(
        days, int(first.weight.sum()), float(np.average(told, weights=first.weight)),
        float(np.average(won, weights=first.weight)), deviance(model, later), deviance(base, later),
        _spread(*_windows(model, whole, days)),
    )  # fmt: skip


def _windows(model: Hazards, whole: Looks, days: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wins expected in each window, wins that came in it of what was open at its beginning, and their variance by chance."""
    instants = np.unique(whole.at)
    length = max(days / len(instants), 1.0)
    told = incidence(model.of(model.columns(whole.table)), length)
    came = (whole.ended == 1) & (whole.left <= length)
    window = np.searchsorted(instants, whole.at)
    sums = [told * whole.weight, came * whole.weight, told * (1.0 - told) * whole.weight**2]
    expected, won, variance = (np.bincount(window, each) for each in sums)
    return expected, won, variance


def _spread(expected: np.ndarray, came: np.ndarray, variance: np.ndarray) -> float:
    """Relative spread beyond chance, by moments; a few windows tell little, so that what is usual counts as some more."""
    beyond = max(0.0, ((came - expected) ** 2 - variance).sum() / max((expected**2).sum(), 1e-12))
    return float(np.sqrt((len(expected) * beyond + _USUAL_WINDOWS * _USUAL_SPREAD**2) / (len(expected) + _USUAL_WINDOWS)))
