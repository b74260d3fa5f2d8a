"""Chances per day of being won and of being lost, from an instant on: a piecewise exponential model with competing ends.

What is known at a look stays as it was; what changes with the days ahead are the age that the opportunity will have, and how
old that knowledge will be (a landmark model: H. van Houwelingen, Scandinavian Journal of Statistics 34, 2007, pp. 70-85).
Within a stretch of days a hazard is constant, so that it is a Poisson regression of ends on exposure (M. Friedman, Annals of
Statistics 10, 1982, pp. 101-113), one for each end, with a ridge.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import PoissonRegressor

from coach.winning.encoding import Encoding, Feature
from coach.winning.looks import Looks

EDGES = np.array([0.0, 7.0, 14.0, 28.0, 56.0, 112.0, 224.0, 448.0, 1826.0])
"""Days ahead at which a hazard may change; the last is the end of what is foretold, five years."""
WIDTHS = np.diff(EDGES)
_MIDDLES = (EDGES[:-1] + EDGES[1:]) / 2
AGE = Feature("then", "days since it was opened", "创建以来天数", True)
AHEAD = Feature("ahead", "days ahead", "未来天数", True)
ENDS = (1, 2)  # won, lost
LIGHT = 3.0
"""Ridge on age and days ahead, in events."""


class Choice(NamedTuple):
    """Settings of a fit: strength of the ridge, how much pairs of features count, and after how many days looks count half."""

    ridge: float
    pair_scale: float
    half_life: float | None


class Stretches(NamedTuple):
    """Looks cut at `EDGES`: row of the look, number of the stretch, days under watch in it, and the end in it (0 none)."""

    look: np.ndarray
    stretch: np.ndarray
    days: np.ndarray
    ended: np.ndarray


def stretches(left: np.ndarray, ended: np.ndarray) -> Stretches:
    """Every look in every stretch that it reached."""
    reached = left[:, None] > EDGES[:-1]
    look, stretch = np.nonzero(reached)
    days = np.minimum(left[look], EDGES[stretch + 1]) - EDGES[stretch]
    here = left[look] <= EDGES[stretch + 1]
    return Stretches(look, stretch, days, np.where(here, ended[look], 0))


class Hazards:
    """A fitted model of both hazards. `features` are those of the table; age and days ahead are added."""

    def __init__(self, features: tuple[Feature, ...], looks: Looks, choice: Choice):
        cut = stretches(looks.left, looks.ended)
        table = _then(looks.table.iloc[cut.look], cut.stretch)
        self.choice = choice
        self.encoding = Encoding((AGE, AHEAD, *features), table)
        self._scale = _scales(self.encoding, choice)
        columns = self.encoding.columns(table) @ self._scale
        weight = (looks.weight * _recency(looks.at, choice.half_life))[cut.look] * cut.days
        self._fits = [_fitted(columns, cut, weight, end, choice.ridge, self.encoding) for end in ENDS]
        self._average = self._averages(columns, cut.stretch, weight)

    def columns(self, table: pd.DataFrame) -> sparse.csr_matrix:
        """Every row of a table in every stretch, row by row: shape (rows × stretches, width)."""
        rows, count = len(table), len(WIDTHS)
        ahead = _then(table.iloc[np.repeat(np.arange(rows), count)], np.tile(np.arange(count), rows))
        return self.encoding.columns(ahead) @ self._scale

    def of(self, columns: sparse.csr_matrix) -> np.ndarray:
        """Hazards a day: shape (2, rows, stretches), won and lost."""
        return np.array([fit.hazard(columns).reshape(-1, len(WIDTHS)) for fit in self._fits])

    def contributions(self, columns: sparse.csr_matrix) -> np.ndarray:
        """What each feature adds to the logarithm of each hazard, against its average: (2, features, rows, stretches).

        What a pair contributes belongs to both features by halves.
        """
        added = np.array([(columns @ share).T for share in self._shares()])
        return added.reshape(*added.shape[:2], -1, len(WIDTHS)) - self._average[:, :, None, :]

    def _shares(self) -> list[np.ndarray]:
        owners = self.encoding.owners
        place = np.arange(self.encoding.width)
        shares = []
        for fit in self._fits:
            share = np.zeros((self.encoding.width, len(self.encoding.features)))
            for side in (0, 1):
                np.add.at(share, (place, owners[:, side]), fit.regression.coef_ / 2)
            shares.append(share)
        return shares

    def _averages(self, columns, stretch: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Mean contribution in each stretch, that of the last one reached in those that history never reached."""
        shares = self._shares()
        average = np.zeros((len(ENDS), len(self.encoding.features), len(WIDTHS)))
        for place in range(len(WIDTHS)):
            here = stretch == place
            total = weight[here].sum()
            for end, share in enumerate(shares):
                known = total > 0
                average[end, :, place] = weight[here] @ (columns[here] @ share) / total if known else average[end, :, place - 1]
        return average


def incidence(hazards: np.ndarray, days: float) -> np.ndarray:
    """Probability of being won within so many days, shape (rows,), from hazards of shape (2, rows, stretches).

    The cumulative incidence of a piecewise exponential model: the sum over stretches of S · h_won / h · (1 - exp(-h · width)),
    h being the sum of both hazards and S the chance of being open at the stretch's beginning.
    """
    won, both = hazards[0], hazards.sum(axis=0)
    gone = both * np.clip(days - EDGES[:-1], 0.0, WIDTHS)
    still = np.exp(-np.concatenate([np.zeros((len(gone), 1)), np.cumsum(gone, axis=1)[:, :-1]], axis=1))
    return (still * won / np.maximum(both, 1e-300) * -np.expm1(-gone)).sum(axis=1)


def deviance(model: Hazards, looks: Looks) -> float:
    """Loss of both hazards on other looks: minus the log likelihood an end, constants left out."""
    cut = stretches(looks.left, looks.ended)
    columns = model.encoding.columns(_then(looks.table.iloc[cut.look], cut.stretch)) @ model._scale
    weight = looks.weight[cut.look]
    loss = 0.0
    for end, fit in zip(ENDS, model._fits, strict=True):
        hazard = fit.hazard(columns)
        loss += weight @ (hazard * cut.days - (cut.ended == end) * np.log(np.maximum(hazard, 1e-12)))
    return float(loss / max(weight @ (cut.ended > 0), 1.0))


def _then(table: pd.DataFrame, stretch: np.ndarray) -> pd.DataFrame:
    return table.assign(**{AGE.name: table["age"].to_numpy(dtype=float) + _MIDDLES[stretch], AHEAD.name: stretch.astype(float)})


class _Fit(NamedTuple):
    """One hazard: `rate` a day as on average, times what the regression says."""

    rate: float
    regression: PoissonRegressor

    def hazard(self, columns) -> np.ndarray:
        return self.rate * self.regression.predict(columns)


def _fitted(columns, cut: Stretches, weight: np.ndarray, end: int, ridge: float, encoding: Encoding) -> _Fit:
    """In units of the average hazard, so that loss and ridge count in events and the solver's tolerance has a meaning."""
    came = weight @ ((cut.ended == end) / cut.days)
    rate = max(came, 0.5) / weight.sum()
    regression = PoissonRegressor(alpha=ridge / max(came, 0.5), max_iter=500, tol=1e-4)
    regression.fit(columns, (cut.ended == end) / cut.days / rate, sample_weight=weight)
    _centre(regression, columns, weight, encoding)
    return _Fit(rate, regression)


def _centre(regression: PoissonRegressor, columns, weight: np.ndarray, encoding: Encoding) -> None:
    """Move each feature's mean effect into the intercept, so that a level which history never showed counts as average."""
    mean = np.asarray(columns.multiply(weight[:, None]).sum(axis=0)).ravel() / weight.sum()
    owner = encoding.owners[: encoding.singles, 0]
    singles = np.arange(encoding.singles)
    level = np.bincount(owner, mean[singles] * regression.coef_[singles], len(encoding.features))
    height = np.bincount(owner, mean[singles], len(encoding.features))
    shift = level / np.maximum(height, 1e-12)
    scale = np.asarray(columns.max(axis=0).todense()).ravel()[singles]
    regression.coef_[singles] -= shift[owner] * (scale > 0)
    regression.intercept_ += level.sum()


def _scales(encoding: Encoding, choice: Choice) -> sparse.dia_matrix:
    """A smaller column needs a larger coefficient, so that the ridge holds it more firmly.

    Pairs are held more firmly than single levels; age and days ahead, without which nothing can be foretold, hardly at all.
    """
    place = np.arange(encoding.width)
    scale = np.where(place < encoding.singles, 1.0, choice.pair_scale)
    course = (place < encoding.singles) & (encoding.owners[:, 0] < 2)
    return sparse.diags(np.where(course, np.sqrt(max(choice.ridge / LIGHT, 1.0)), scale))


def _recency(at: np.ndarray, half_life: float | None) -> np.ndarray:
    """Weight of each look: halved every `half_life` days before the latest; all 1 for None."""
    if half_life is None or not len(at):
        return np.ones(len(at))
    return 0.5 ** ((at.max() - at) / (half_life * 86_400_000))
