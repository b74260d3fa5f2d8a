"""The probability that an open opportunity will be won, learnt from a firm's own closed ones.

A logistic regression with a ridge over levels of features and pairs of levels (`win_encoding`). How strong the ridge is,
how much pairs count and whether older cases count less is chosen on the latest fifth of the history, so that the choice is
made the way in which the model is used: from the past to the future. Being additive, the model can say what each feature
contributes to a prediction, against the average of the history.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from coach.winning.encoding import Encoding, Feature

FEWEST = 40
"""Won and lost opportunities, each, below which no probability is given. Dynamics 365 asks for 40 and 40 as well: with
fewer, the standard error of the share won alone exceeds 5 points, before a single feature is looked at."""
PLENTY = 200
"""Won and lost opportunities, each, below which a probability is called rough: Einstein asks for 200 and 200."""
HELD_BACK = 0.2
MOST_ROWS = 12_000
_RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3)
_PAIR_SCALES = (0.0, 0.3, 0.6, 1.0)
_HALF_LIVES = (None, 0.5, 0.2)


class History(NamedTuple):
    """Looks at opportunities whose end is known: one row of `table` per look, with what was recorded then.

    `won` bool, `at` the instant of the look (ms) and `record` the opportunity's id, each of shape (looks,).
    """

    table: pd.DataFrame
    won: np.ndarray
    at: np.ndarray
    record: np.ndarray


class TooLittleHistory(NamedTuple):
    """Why there is no probability."""

    won: int
    lost: int

    @property
    def en(self) -> str:
        return (
            f"No win probability: the history has {self.won} won and {self.lost} lost opportunities, and {FEWEST} of each "
            "are needed. With fewer, the share won alone is uncertain by more than five points."
        )

    @property
    def zh(self) -> str:
        return (
            f"暂无赢单概率：历史中有 {self.won} 个赢单、{self.lost} 个输单，各需至少 {FEWEST} 个。"
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
    """How the model did on the latest fifth of the history, which it had not seen.

    Log losses of the model and of the plain share won, and the mean prediction beside the share really won.
    """

    rows: int
    log_loss: float
    base_log_loss: float
    predicted: float
    won: float


class _Choice(NamedTuple):
    ridge: float
    pair_scale: float
    half_life: float | None


class WinModel:
    """A fitted model; make one with `fit_win_model`.

    `won` and `lost` count the opportunities it was fitted on, `check` tells how it did on the latest ones.
    """

    def __init__(self, encoding: Encoding, choice: _Choice, history: History, check: Check | None):
        self.encoding = encoding
        self.check = check
        self.won, self.lost = _ends(history)
        self._scale = _scales(encoding, choice)
        columns = encoding.columns(history.table) @ self._scale
        weight = _weights(history.at, choice.half_life)
        fitted = LogisticRegression(C=choice.ridge, max_iter=2000, tol=1e-5).fit(columns, history.won, sample_weight=weight)
        self._coefficients = fitted.coef_[0]
        self._intercept = fitted.intercept_[0]
        self._average = weight @ self._by_feature(columns) / weight.sum()

    @property
    def rough(self) -> bool:
        """Whether the history is enough for a probability, but not for a good one."""
        return min(self.won, self.lost) < PLENTY

    @property
    def better_than_base(self) -> bool | None:
        """Whether it foretold the latest fifth better than the plain share won; None when that could not be tried."""
        return None if self.check is None else self.check.log_loss < self.check.base_log_loss

    def probability(self, table: pd.DataFrame) -> np.ndarray:
        """Probability of winning, shape (rows,), for a table with the columns of the history."""
        columns = self.encoding.columns(table) @ self._scale
        return _probability(columns @ self._coefficients + self._intercept)

    def reasons(self, table: pd.DataFrame, most: int = 4) -> list[list[Reason]]:
        """The features that move each row's probability most, the strongest first."""
        columns = self.encoding.columns(table) @ self._scale
        contributions = self._by_feature(columns) - self._average
        score = (columns @ self._coefficients + self._intercept)[:, None]
        points = _probability(score) - _probability(score - contributions)
        return [self._strongest(table.iloc[row], points[row], most) for row in range(len(table))]

    def _strongest(self, row: pd.Series, points: np.ndarray, most: int) -> list[Reason]:
        order = np.argsort(-np.abs(points), kind="stable")[:most]
        features = self.encoding.features
        return [Reason(features[at], row[features[at].name], float(points[at])) for at in order if abs(points[at]) >= 0.005]

    def _by_feature(self, columns: sparse.csr_matrix) -> np.ndarray:
        """Shape (rows, features), in logits; what a pair contributes belongs to both features by halves."""
        owners = self.encoding.owners
        share = np.zeros((self.encoding.width, len(self.encoding.features)))
        place = np.arange(self.encoding.width)
        for side in (0, 1):
            np.add.at(share, (place, owners[:, side]), self._coefficients / 2)
        return columns @ share


def fit_win_model(features: tuple[Feature, ...], history: History) -> WinModel | TooLittleHistory:
    """The model of a history, or why there is none."""
    won, lost = _ends(history)
    if min(won, lost) < FEWEST:
        return TooLittleHistory(won, lost)
    history = _thinned(history)
    earlier, latest = _split(history)
    encoding = Encoding(features, history.table)
    if not _both_ends(earlier) or not _both_ends(latest):
        return WinModel(encoding, _Choice(_RIDGES[0], 0.0, None), history, None)
    choice, check = _chosen(Encoding(features, earlier.table), earlier, latest)
    return WinModel(encoding, choice, history, check)


def _chosen(encoding: Encoding, earlier: History, latest: History) -> tuple[_Choice, Check]:
    """The settings under which the earlier part foretells the latest best: one after the other, from plain settings on."""
    settings = {"half_life": _HALF_LIVES, "pair_scale": _PAIR_SCALES, "ridge": _RIDGES}
    columns, later = encoding.columns(earlier.table), encoding.columns(latest.table)
    tried: dict[_Choice, tuple[float, float]] = {}

    def loss(choice: _Choice) -> float:
        if choice not in tried:
            scale = _scales(encoding, choice)
            model = LogisticRegression(C=choice.ridge, max_iter=1000, tol=1e-4)
            model.fit(columns @ scale, earlier.won, sample_weight=_weights(earlier.at, choice.half_life))
            told = model.predict_proba(later @ scale)[:, 1]
            tried[choice] = log_loss(latest.won, told), told.mean()
        return tried[choice][0]

    best = _Choice(0.03, 0.0, None)
    for name in ("ridge", "pair_scale", "ridge", "half_life"):
        best = min((best._replace(**{name: value}) for value in settings[name]), key=loss)
    base = log_loss(latest.won, np.full(len(latest.won), earlier.won.mean()), labels=[False, True])
    return best, Check(len(latest.won), loss(best), base, tried[best][1], float(latest.won.mean()))


def _split(history: History) -> tuple[History, History]:
    """The earlier opportunities and the latest fifth, by their first look; no opportunity is in both."""
    first = pd.Series(history.at).groupby(history.record).transform("min").to_numpy()
    cut = np.quantile(first, 1 - HELD_BACK)
    return _picked(history, first < cut), _picked(history, first >= cut)


def _thinned(history: History) -> History:
    """At most `MOST_ROWS` looks, evenly over the history in order of time."""
    rows = len(history.won)
    if rows <= MOST_ROWS:
        return history
    keep = np.zeros(rows, dtype=bool)
    keep[np.argsort(history.at, kind="stable")[np.linspace(0, rows - 1, MOST_ROWS).astype(int)]] = True
    return _picked(history, keep)


def _picked(history: History, keep: np.ndarray) -> History:
    return History(history.table[keep], history.won[keep], history.at[keep], history.record[keep])


def _both_ends(history: History) -> bool:
    return bool(history.won.any() and not history.won.all())


def _ends(history: History) -> tuple[int, int]:
    ends = pd.Series(history.won).groupby(history.record).first()
    return int(ends.sum()), int((~ends.astype(bool)).sum())


def _scales(encoding: Encoding, choice: _Choice) -> sparse.dia_matrix:
    # A smaller column needs a larger coefficient, so that the ridge holds pairs more firmly than single levels.
    return sparse.diags(np.where(np.arange(encoding.width) < encoding.singles, 1.0, choice.pair_scale))


def _weights(at: np.ndarray, half_life: float | None) -> np.ndarray:
    """Weight of each look: halved every `half_life` (a share of the history's span); all 1 for None."""
    if half_life is None:
        return np.ones(len(at))
    span = max(float(at.max() - at.min()), 1.0)
    return 0.5 ** ((at.max() - at) / (half_life * span))


def _probability(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))
