"""How much each assumption matters for the difference: screening by Morris and indices by Sobol, on a surrogate.

Morris (1991) and Sobol (1993) ask for hundreds to thousands of runs at points of their own choice. A hundred offices cost half
a minute and there are some 140 parameters, so both are computed by SALib on a formula fitted to the worlds that were simulated
anyway: a sparse polynomial chaos expansion (Blatman and Sudret 2011), which is to say Legendre polynomials of second degree of
the parameters' ranks, kept by the lasso out of those that follow the difference most. Trees and Gaussian processes predict
unseen worlds no better where 60 to 300 worlds face 140 parameters, most of them without effect, and take several times as long.

Parameters are taken to vary independently of each other, also the few that worlds draw jointly.
"""

import warnings

import numpy as np
from scipy import stats

from sim.experiment.overturn.parts import Influence, Surrogate
from sim.experiment.statistics.keyed import generator, seed_of
from sim.experiment.statistics.table import Table
from sim.experiment.verdict.parts import Estimate, Text

BOUND = 0.3
"""Least share of the variance that the surrogate must predict in unseen worlds, for its indices to be told."""
KEPT = 8  # parameters in the formula
FOLDS = 5
PENALTIES, LEAST_PENALTY = 40, 0.003  # tried; the least as a share of the one that leaves nothing
TRAJECTORIES, BASE_SAMPLE, REFITS, REFIT_SAMPLE = 64, 1024, 100, 128
LEAST_SHARE = 0.03  # of the variance, for a parameter to be told


def shares(values: np.ndarray) -> np.ndarray:
    """Where each value stands among the worlds, column by column, in (0, 1)."""
    return (stats.rankdata(values, axis=0) - 0.5) / len(values)


def _legendre(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and second Legendre polynomial of shares, of mean 0 and variance 1."""
    z = 2.0 * columns - 1.0
    return np.sqrt(3.0) * z, np.sqrt(5.0) * (1.5 * z**2 - 0.5)


class Formula:
    """A sparse polynomial of the shares; as scikit-learn has estimators, with `fit` and `predict`."""

    def __init__(self, kept: np.ndarray | None = None, penalty: float | None = None):
        self._told, self.penalty = kept, penalty

    def fit(self, columns: np.ndarray, outcome: np.ndarray) -> "Formula":
        """Choose the columns (unless told) and fit."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import Lasso, LassoCV

        self.kept = _most_telling(columns, outcome) if self._told is None else self._told
        self._scale = float(outcome.std()) or 1.0
        choosing = LassoCV(cv=FOLDS, alphas=PENALTIES, eps=LEAST_PENALTY, max_iter=5000)
        line = choosing if self.penalty is None else Lasso(self.penalty, max_iter=5000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits do not matter here
            self._line = line.fit(self._terms(columns[:, self.kept]), outcome / self._scale)
        self.penalty = getattr(self._line, "alpha_", self.penalty)
        return self

    @staticmethod
    def _terms(columns: np.ndarray) -> np.ndarray:
        first, second = _legendre(columns)
        pairs = [first[:, i] * first[:, j] for i in range(first.shape[1]) for j in range(i)]
        return np.column_stack([first, second, *pairs])

    def predict(self, columns: np.ndarray) -> np.ndarray:
        """The difference at shares of all parameters."""
        return self.of_kept(columns[:, self.kept])

    def of_kept(self, columns: np.ndarray) -> np.ndarray:
        """The difference at shares of the kept parameters."""
        return self._scale * self._line.predict(self._terms(columns))


def _most_telling(columns: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """The columns that the ranks of the outcome follow most, in order."""
    ranks = stats.zscore(stats.rankdata(outcome))
    follows = np.max([np.abs(ranks @ part) for part in _legendre(columns)], axis=0)
    return np.sort(np.argsort(-follows, kind="stable")[:KEPT])


def unseen_r2(columns: np.ndarray, outcome: np.ndarray) -> float:
    """Share of the variance that the formula predicts in worlds it has not seen: cross-validated, the choice of columns
    included."""
    predicted = np.empty(len(outcome))
    for fold in np.array_split(np.arange(len(outcome)), FOLDS):
        rest = np.setdiff1d(np.arange(len(outcome)), fold)
        predicted[fold] = Formula().fit(columns[rest], outcome[rest]).predict(columns[fold])
    return 1.0 - float(((outcome - predicted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


def surrogate(table: Table, noise: np.ndarray, confidence: float, seed: int) -> Surrogate:
    """The surrogate with what it says; `noise` f8[worlds] is the variance of each difference within its world."""
    outcome = table.differences
    if not table.parameters or np.ptp(outcome) == 0:
        return Surrogate(r2=None, ceiling=None, bound=BOUND, influences=[])
    columns = shares(table.values)
    r2 = unseen_r2(columns, outcome)
    ceiling = 1.0 - float(np.clip(noise.mean() / outcome.var(ddof=1), 0.0, 1.0))
    influences = _influences(table, columns, confidence, seed) if r2 >= BOUND else []
    return Surrogate(r2=r2, ceiling=ceiling, bound=BOUND, influences=influences)


def _influences(table: Table, columns: np.ndarray, confidence: float, seed: int) -> list[Influence]:
    formula = Formula().fit(columns, table.differences)
    size, spread = _morris(formula, seed)
    first, total = _sobol(formula, BASE_SAMPLE, seed)
    again = np.array([_sobol(refit, REFIT_SAMPLE, seed) for refit in _refits(formula, columns, table.differences, seed)])
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(again, [tail, 1.0 - tail], axis=0)
    found = []
    for place, column in enumerate(formula.kept):
        if total[place] < LEAST_SHARE:
            continue
        parameter = table.parameters[column]
        found.append(
            Influence(
                name=parameter.name,
                title=Text(en=parameter.en, zh=parameter.zh),
                unit=parameter.unit,
                first=_estimate(first[place], low[0, place], high[0, place]),
                total=_estimate(total[place], low[1, place], high[1, place]),
                effect=float(size[place]),
                interplay=float(spread[place]),
            )
        )
    return sorted(found, key=lambda influence: -(influence.total.value or 0.0))


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=float(value), low=float(min(low, value)), high=float(max(high, value)))


def _refits(formula: Formula, columns: np.ndarray, outcome: np.ndarray, seed: int):
    """The same formula fitted to worlds drawn again."""
    rng = generator("surrogate", seed, len(outcome))
    for _ in range(REFITS):
        drawn = rng.integers(0, len(outcome), len(outcome))
        yield Formula(formula.kept, formula.penalty).fit(columns[drawn], outcome[drawn])


def _problem(formula: Formula) -> dict:
    size = len(formula.kept)
    return {"num_vars": size, "names": [str(place) for place in range(size)], "bounds": [[0.0, 1.0]] * size}


def _morris(formula: Formula, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean size and standard deviation of the elementary effects, f8[kept] each."""
    from SALib.analyze import morris as analyze
    from SALib.sample import morris as sample

    problem, draw = _problem(formula), seed_of("morris", seed) % 2**31
    points = sample.sample(problem, TRAJECTORIES, seed=draw)
    found = analyze.analyze(problem, points, formula.of_kept(points), num_resamples=2, seed=draw)
    return np.asarray(found["mu_star"], dtype=float), np.asarray(found["sigma"], dtype=float)


def _sobol(formula: Formula, base: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices, f8[kept] each; 0 where the formula is a constant."""
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    problem, draw = _problem(formula), seed_of("sobol", seed) % 2**31
    points = sample.sample(problem, base, calc_second_order=False, seed=draw)
    outcome = formula.of_kept(points)
    if np.ptp(outcome) == 0:
        return np.zeros(len(formula.kept)), np.zeros(len(formula.kept))
    found = analyze.analyze(problem, outcome, calc_second_order=False, num_resamples=2, seed=draw)
    first, total = (np.clip(np.asarray(found[name], dtype=float), 0.0, 1.0) for name in ("S1", "ST"))
    return first, total
