"""When an open opportunity will be won, learnt from a firm's own opportunities, those that are still open included.

Both hazards, of being won and of being lost, come from `hazards`. How strong their ridge is and how much pairs of features
count is chosen by how well the latest part of the history is foretold from what was known before it, which is the way in which
the model is used. It says what each feature contributes, against the average.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from coach.plain import plain, span_of_days
from coach.winning.encoding import Feature
from coach.winning.few import FEWEST, TooLittleHistory
from coach.winning.hazards import AGE, AHEAD, EDGES, Design, Hazards, incidence
from coach.winning.level import ExpectedWins
from coach.winning.looks import Looks, Past
from coach.winning.trials import Trial, tried
from policies.scores.score import Words

WITHIN_DAYS = 90
"""The probability that is shown is of being won within so many days, where nothing else is asked for."""
PLENTY = 200
"""Won and lost opportunities, each, below which a probability is called rough: Einstein asks for 200 and 200."""
_ROWS_AT_ONCE = 4000
"""Opportunities foretold at a time, so that the room needed does not grow with their number."""


class Reason(NamedTuple):
    """What a feature contributes: `points` is the probability less the one with this feature as on average (0.08: 8 points)."""

    feature: Feature
    value: object
    points: float


def reason_text(reason: Reason, language: str, stages: Mapping[int, Words]) -> str:
    """A reason in words, in "en" or "zh": feature, value and points. `stages`: names of stages by number."""
    value, points = reason.value, f"{100 * reason.points:+.0f}"
    if value is None or value != value:
        told = "未记录" if language == "zh" else "not recorded"
    elif isinstance(value, float):
        told = _number_text(reason.feature, value, language, stages)
    else:
        told = str(value)
    if language == "zh":
        return f"{reason.feature.zh}：{told}（{points} 个百分点）"
    return f"{reason.feature.en} {told} ({points} points)"


def _number_text(feature: Feature, value: float, language: str, stages: Mapping[int, Words]) -> str:
    if feature.name == "stage" and value in stages:
        return stages[int(value)][language == "zh"]
    if feature.in_days:
        return span_of_days(value, language)
    return f"{value:,.0f}" if abs(value) >= 10 else plain(value, 2)


class WinModel:
    """A fitted model; make one with `fit_win_model`.

    `won` and `lost` count the opportunities that it was learnt from, `undated` those closed nobody knows when.
    `timed`: whether it knows when; where most closings have no date, it knows only which are won of those that are closed.
    """

    def __init__(self, hazards: Hazards, ends: tuple[int, int], undated: int, trial: Trial, timed: bool = True):
        self.hazards, self.check, self.level, self.undated, self.timed = hazards, trial.check, trial.level, undated, timed
        self.won, self.lost = ends

    @property
    def rough(self) -> bool:
        """Whether the history is enough for a probability, but not for a good one."""
        return min(self.won, self.lost) < PLENTY

    @property
    def better_than_base(self) -> bool | None:
        """Whether it foretold the latest part better than age alone; None when that could not be tried."""
        return None if self.check is None else self.check.loss < self.check.base_loss

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
        reached = [incidence(hazards, edge) for edge in edges]
        return [
            self.level.expected(float(first), float(last), later - before)
            for first, last, before, later in zip(edges[:-1], edges[1:], reached[:-1], reached[1:], strict=True)
        ]

    def reasons(self, table: pd.DataFrame, days: float = WITHIN_DAYS, most: int = 4) -> list[list[Reason]]:
        """The features that move each row's probability within so many days most, the strongest first."""
        parts = (self._reasons(part, days, most) for part in _parts(table))
        return [reasons for part in parts for reasons in part]

    def _reasons(self, table: pd.DataFrame, days: float, most: int) -> list[list[Reason]]:
        columns = self.hazards.columns(self._known(table))
        hazards, added = self._levelled(self.hazards.of(columns)), self.hazards.contributions(columns)
        told = incidence(hazards, days)
        features = self.hazards.encoding.features
        points = np.column_stack(
            [
                np.zeros(len(table)) if feature == AHEAD else told - incidence(hazards * np.exp(-added[:, at]), days)
                for at, feature in enumerate(features)
            ]
        )
        return [self._strongest(table.iloc[row], points[row], most) for row in range(len(table))]

    def _strongest(self, row: pd.Series, points: np.ndarray, most: int) -> list[Reason]:
        order = np.argsort(-np.abs(points), kind="stable")[:most]
        features = self.hazards.encoding.features
        return [
            Reason(features[at], row["age" if features[at] == AGE else features[at].name], float(points[at]))
            for at in order
            if abs(points[at]) >= 0.005
        ]

    def _hazards(self, table: pd.DataFrame) -> np.ndarray:
        parts = [self._levelled(self.hazards.of(self.hazards.columns(self._known(part)))) for part in _parts(table)]
        return np.concatenate(parts, axis=1) if parts else np.empty((2, 0, len(EDGES) - 1))

    def _levelled(self, hazards: np.ndarray) -> np.ndarray:
        """What was learnt, at the level to expect: of wins by the days ahead or, not timed, of the odds as they stand now."""
        ahead = (EDGES[:-1] + EDGES[1:]) / 2 if self.timed else np.zeros(len(EDGES) - 1)
        factors = [self.level.factor(days) for days in ahead]
        return hazards * np.stack([factors, np.ones(len(factors))])[:, None, :]

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        own = [feature.name for feature in self.hazards.encoding.features if feature not in (AGE, AHEAD)]
        return table.reindex(columns=[*own, "age"])


def _parts(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    return (table.iloc[start : start + _ROWS_AT_ONCE] for start in range(0, len(table), _ROWS_AT_ONCE))


def fit_win_model(past: Past) -> WinModel | TooLittleHistory:
    """The model of a history, or why there is none."""
    ends, closed = past.dated.ends(), past.undated.ends()
    if min(ends) >= FEWEST:
        return _fitted(past.features, past.dated, past.whole, past.without_date, True)
    if min(closed) >= FEWEST:
        # A day after the opening or so: of what is told only the share of wins among ends has a meaning.
        openings = past.undated._replace(left=np.ones(len(past.undated.at)))
        return _fitted(past.features, openings.part(openings.ended > 0), openings, past.without_date, False)
    return TooLittleHistory.of(past.dated, past.without_date)


def _fitted(features: tuple[Feature, ...], looks: Looks, whole: Looks, undated: int, timed: bool) -> WinModel:
    design = Design(features, looks)
    trial = tried(design, whole, timed)
    return WinModel(trial.model, looks.ends(), undated, trial, timed)
