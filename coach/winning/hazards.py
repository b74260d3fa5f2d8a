"""Chances per day of being won and of being lost, from an instant on: a piecewise exponential model with competing ends.

What is known at a look stays as it was; what changes with the days ahead are the age that the opportunity will have, and how
old that knowledge will be (a landmark model: H. van Houwelingen, Scandinavian Journal of Statistics 34, 2007, pp. 70-85).
Within a stretch of days a hazard is constant, so that it is a Poisson regression of ends on exposure (M. Friedman, Annals of
Statistics 10, 1982, pp. 101-113), one for each end, with a ridge.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import optimize, sparse

from coach.winning.encoding import Encoding, Feature, named
from coach.winning.history import DAY
from coach.winning.looks import Looks

EDGES = np.array([0.0, 7.0, 14.0, 28.0, 56.0, 112.0, 224.0, 448.0, 1826.0])
"""Days ahead at which a hazard may change; the last is the end of what is foretold, five years."""
WIDTHS = np.diff(EDGES)
_MIDDLES = (EDGES[:-1] + EDGES[1:]) / 2
AGE = Feature("then", "time since it was opened:", "创建以来", True, in_days=True)
AHEAD = Feature("ahead", "days ahead", "未来天数", True)
ENDS = (1, 2)  # won, lost
HALF_LIFE = 730.0
"""Days after which a look counts half: win rates move over the years, and two of them still hold every season twice."""
LIGHT = 3.0
"""Ridge on age and days ahead, in events."""
_STEEPEST = 25.0
"""A hazard's logarithm, as far as it may be from the average's."""
_SOLVER = {"maxiter": 300, "ftol": 1e-7, "gtol": 1e-2, "maxcor": 20}
"""Coefficients are in units of their own uncertainty, of which a hundredth is nothing."""


class Choice(NamedTuple):
    """Settings of a fit: strength of the ridge, and how much pairs of features count."""

    ridge: float
    pair_scale: float


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


class Seen(NamedTuple):
    """Rows of a design as far as they were known at an instant, each with days under watch, the end that came in them (0 none),
    the weight of its look, the look's instant (ms) and opportunity."""

    rows: np.ndarray
    days: np.ndarray
    ended: np.ndarray
    weight: np.ndarray
    at: np.ndarray
    record: np.ndarray


class Design:
    """Looks in every stretch that they reached, encoded once for many fits. `features` are those of the table; age and days
    ahead are added. Levels are learnt from all looks, also for fits on earlier ones: they tell of no end."""

    def __init__(self, features: tuple[Feature, ...], looks: Looks):
        self.looks, self.cut = looks, stretches(looks.left, looks.ended)
        own = looks.table[[*(feature.name for feature in features), "age"]]
        own = own.assign(**{each.name: pd.Categorical(named(own[each.name])) for each in features if not each.number})
        table = _then(own.iloc[self.cut.look], self.cut.stretch)
        self.encoding = Encoding((AGE, AHEAD, *features), table)
        self.paired = self.encoding.columns(table)
        self.single = self.paired[:, : self.encoding.singles]

    def seen(self, since: float = -np.inf, until: float = np.inf) -> Seen:
        """Looks from an instant on (ms), with what became of them by another."""
        looks, (look, stretch, _, _) = self.looks, self.cut
        room = (until - looks.at) / DAY
        left = np.where(looks.at >= since, np.minimum(looks.left, room), 0.0)[look]
        ended = np.where(looks.left > room, 0, looks.ended)[look]
        rows = np.flatnonzero(left > EDGES[stretch])
        look, stretch, left = look[rows], stretch[rows], left[rows]
        ended = np.where(left <= EDGES[stretch + 1], ended[rows], 0)
        days = np.minimum(left, EDGES[stretch + 1]) - EDGES[stretch]
        return Seen(rows, days, ended, looks.weight[look], looks.at[look], looks.record[look])


class Hazards:
    """A fitted model of both hazards; `near` is one fitted on about the same, from which it starts."""

    def __init__(self, design: Design, seen: Seen, choice: Choice, near: "Hazards | None" = None):
        self.choice, self.encoding = choice, design.encoding
        columns = self._of(design)[seen.rows]
        self._seen = columns, design.cut.stretch[seen.rows], seen.weight * _recency(seen.at) * seen.days
        ridge = _ridges(self.encoding, choice)
        starts: list[_Fit | None] = [None] * len(ENDS) if near is None else [*near.fits]
        self.fits: list[_Fit] = [
            _fitted(columns, (seen.ended == end) / seen.days, self._seen[2], ridge, start)
            for end, start in zip(ENDS, starts, strict=True)
        ]
        for fit in self.fits:
            _centre(fit, columns, self._seen[2], self.encoding)

    @classmethod
    def learnt(cls, features: tuple[Feature, ...], looks: Looks, choice: Choice) -> "Hazards":
        """The model of some looks with everything that became of them."""
        design = Design(features, looks)
        return cls(design, design.seen(), choice)

    def _of(self, design: Design) -> sparse.csr_matrix:
        return design.paired if self.choice.pair_scale else design.single

    def columns(self, table: pd.DataFrame) -> sparse.csr_matrix:
        """Every row of a table in every stretch, row by row: shape (rows × stretches, width)."""
        rows, count = len(table), len(WIDTHS)
        ahead = _then(table.iloc[np.repeat(np.arange(rows), count)], np.tile(np.arange(count), rows))
        return self.encoding.columns(ahead, self.choice.pair_scale > 0)

    def of(self, columns: sparse.csr_matrix) -> np.ndarray:
        """Hazards a day: shape (2, rows, stretches), won and lost."""
        return np.array([fit.hazard(columns).reshape(-1, len(WIDTHS)) for fit in self.fits])

    def losses(self, design: Design, seen: Seen) -> np.ndarray:
        """Loss of both hazards on each opportunity seen: their sum is minus the log likelihood an end, constants left out."""
        columns = self._of(design)[seen.rows]
        loss = np.zeros(len(seen.rows))
        for end, fit in zip(ENDS, self.fits, strict=True):
            hazard = fit.hazard(columns)
            loss += seen.weight * (hazard * seen.days - (seen.ended == end) * np.log(np.maximum(hazard, 1e-12)))
        _, own = np.unique(seen.record, return_inverse=True)
        return np.bincount(own, loss) / max(float(seen.weight @ (seen.ended > 0)), 1.0)

    def contributions(self, columns: sparse.csr_matrix) -> np.ndarray:
        """What each feature adds to the logarithm of each hazard, against its average: (2, features, rows, stretches).

        What a pair contributes belongs to both features by halves.
        """
        added = np.array([(columns @ share).T for share in self._shares])
        return added.reshape(*added.shape[:2], -1, len(WIDTHS)) - self._average[:, :, None, :]

    @cached_property
    def _shares(self) -> list[np.ndarray]:
        width = len(self.fits[0].coefficients)
        owners, place = self.encoding.owners[:width], np.arange(width)
        shares = []
        for fit in self.fits:
            share = np.zeros((width, len(self.encoding.features)))
            for side in (0, 1):
                np.add.at(share, (place, owners[:, side]), fit.coefficients / 2)
            shares.append(share)
        return shares

    @cached_property
    def _average(self) -> np.ndarray:
        """Mean contribution in each stretch, that of the last one reached in those that history never reached."""
        columns, stretch, weight = self._seen
        average = np.zeros((len(ENDS), len(self.encoding.features), len(WIDTHS)))
        for place in range(len(WIDTHS)):
            here = stretch == place
            total = weight[here].sum()
            for end, share in enumerate(self._shares):
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


def _then(table: pd.DataFrame, stretch: np.ndarray) -> pd.DataFrame:
    return table.assign(**{AGE.name: table["age"].to_numpy(dtype=float) + _MIDDLES[stretch], AHEAD.name: stretch.astype(float)})


class _Fit:
    """One hazard: `rate` a day as on average, times the exponential of what the columns add."""

    def __init__(self, rate: float, intercept: float, coefficients: np.ndarray):
        self.rate, self.intercept, self.coefficients = rate, intercept, coefficients

    def hazard(self, columns) -> np.ndarray:
        return self.rate * np.exp(np.clip(columns @ self.coefficients + self.intercept, -_STEEPEST, _STEEPEST))


def _fitted(columns, came: np.ndarray, weight: np.ndarray, ridge: np.ndarray, near: "_Fit | None") -> _Fit:
    """A Poisson regression of ends a day, by L-BFGS on coefficients in units of their own uncertainty.

    `ridge` holds a penalty for each column, in events; None of `near` starts from the average.
    """
    wanted = weight * came
    rate = max(wanted.sum(), 0.5) / weight.sum()
    exposure, ridge = weight * rate, ridge[: columns.shape[1]]
    unit = np.sqrt(np.concatenate([[exposure.sum()], columns.T @ exposure + ridge]))
    scaled = (columns @ sparse.diags_array(1 / unit[1:])).tocsr()
    turned = scaled.T.tocsr()
    held = np.concatenate([[0.0], ridge]) / unit**2

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        height = np.clip(scaled @ at[1:] + at[0] / unit[0], -_STEEPEST, _STEEPEST)
        told = exposure * np.exp(height)
        slope = told - wanted
        value = told.sum() - wanted @ height + (held * at**2).sum() / 2
        return value, held * at + np.concatenate([[slope.sum() / unit[0]], turned @ slope])

    start = np.zeros(len(unit))
    if near is not None:
        shared = min(len(near.coefficients), columns.shape[1])
        start[0], start[1 : shared + 1] = near.intercept + np.log(near.rate / rate), near.coefficients[:shared]
    found = optimize.minimize(loss, start * unit, jac=True, method="L-BFGS-B", options=_SOLVER).x / unit
    return _Fit(rate, found[0], found[1:])


def _centre(fit: _Fit, columns, weight: np.ndarray, encoding: Encoding) -> None:
    """Move each feature's mean effect into the intercept, so that a level which history never showed counts as average."""
    singles = np.arange(encoding.singles)
    mean = (columns.T @ weight)[singles] / weight.sum()
    owner = encoding.owners[singles, 0]
    level = np.bincount(owner, mean * fit.coefficients[singles], len(encoding.features))
    height = np.bincount(owner, mean, len(encoding.features))
    fit.coefficients[singles] -= (level / np.maximum(height, 1e-12))[owner]
    fit.intercept += level.sum()


def _ridges(encoding: Encoding, choice: Choice) -> np.ndarray:
    """Penalty of each column, in events.

    Pairs are held more firmly than single levels; age and days ahead, without which nothing can be foretold, hardly at all.
    """
    place = np.arange(encoding.width)
    pairs = choice.ridge / max(choice.pair_scale, 1e-3) ** 2
    course = (place < encoding.singles) & (encoding.owners[:, 0] < 2)
    return np.where(course, min(choice.ridge, LIGHT), np.where(place < encoding.singles, choice.ridge, pairs))


def _recency(at: np.ndarray) -> np.ndarray:
    """Weight of each look: halved every `HALF_LIFE` days before the latest."""
    return 0.5 ** ((at.max(initial=0) - at) / (HALF_LIFE * DAY))
