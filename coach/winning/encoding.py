"""How what is known of an opportunity becomes columns of a linear model: one per level of a feature, one per pair of levels.

Numbers are cut into ranges at quantiles of the history, so that a feature's effect may take any shape; "not recorded" is a
level of its own. Pairs of levels are the interactions (this manager with that kind of customer). Levels that history shows
seldom get their columns too: the ridge of the model shrinks what few cases say towards the average, and what history never
showed is the average.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

RANGES = 8
MOST_PAIRED = 10
FEWEST_OF_A_PAIR = 2
_MISSING = "\0missing"


class Feature(NamedTuple):
    """One thing known of an opportunity at the time of the prediction; `number` says whether it has an order, `in_days` whether
    it is a span of time in days."""

    name: str
    en: str
    zh: str
    number: bool = False
    in_days: bool = False


class Encoding:
    """Levels of features and of their pairs, as learnt from a table with one column per feature.

    `width` is the number of columns, `singles` how many of them stand for single levels; `owners` has shape (width, 2): the
    positions of the two features that a column belongs to, twice the same for a single level.
    """

    def __init__(self, features: tuple[Feature, ...], table: pd.DataFrame):
        self.features = features
        self.cuts = {f.name: _cuts(table[f.name]) for f in features if f.number}
        self.known = [{level: at for at, level in enumerate(self._levels_of(f, table[f.name]))} for f in features]
        self.pairs = list(combinations(range(min(len(features), MOST_PAIRED)), 2))
        codes = self.codes(table)
        self.known_pairs: list[np.ndarray] = [self._seen_together(codes, pair) for pair in self.pairs]
        sizes = [len(known) for known in self.known] + [len(known) for known in self.known_pairs]
        self.singles = sum(sizes[: len(features)])
        self.width = sum(sizes)
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        belongs = [(at, at) for at in range(len(features))] + self.pairs
        self.owners = np.repeat(np.array(belongs, dtype=np.int64).reshape(-1, 2), sizes, axis=0)

    def codes(self, table: pd.DataFrame) -> list[np.ndarray]:
        """Number of every row's level, one array per feature; -1 for what history never showed."""
        return [self._codes(at, table[feature.name]) for at, feature in enumerate(self.features)]

    def _levels_of(self, feature: Feature, column: pd.Series) -> list:
        if feature.number:
            return np.unique(_ranges(column, self.cuts[feature.name])).tolist()
        cases = named(column)
        here = np.unique(cases.codes)
        return [_MISSING if code < 0 else str(cases.categories[code]) for code in here]

    def _codes(self, at: int, column: pd.Series) -> np.ndarray:
        feature, known = self.features[at], self.known[at]
        if feature.number:
            ranges = _ranges(column, self.cuts[feature.name])
            places = np.array([known.get(each, -1) for each in range(-1, RANGES)])
            return places[ranges + 1]
        cases = named(column)
        levels = [known.get(str(level), -1) for level in cases.categories]
        return np.array([*levels, known.get(_MISSING, -1)])[cases.codes]

    def _seen_together(self, codes: list[np.ndarray], pair: tuple[int, int]) -> np.ndarray:
        both = self._pair_codes(codes, pair)
        found, counts = np.unique(both[both >= 0], return_counts=True)
        return found[counts >= FEWEST_OF_A_PAIR]

    def _pair_codes(self, codes: list[np.ndarray], pair: tuple[int, int]) -> np.ndarray:
        first, second = codes[pair[0]], codes[pair[1]]
        return np.where((first < 0) | (second < 0), -1, first * len(self.known[pair[1]]) + second)

    def columns(self, table: pd.DataFrame, paired: bool = True) -> sparse.csr_matrix:
        """The table as a sparse matrix of 0 and 1, shape (rows, width), or (rows, singles) without pairs."""
        codes = self.codes(table)
        found = list(codes)
        if paired:
            both = zip(self.known_pairs, self.pairs, strict=True)
            found += [_places(known, self._pair_codes(codes, pair)) for known, pair in both]
        at = np.column_stack(found)
        row, feature = np.nonzero(at >= 0)
        place = at[row, feature] + self._starts[feature]
        starts = np.searchsorted(row, np.arange(len(table) + 1))
        width = self.width if paired else self.singles
        return sparse.csr_matrix((np.ones(len(row)), place, starts), shape=(len(table), width))


def named(column: pd.Series) -> pd.Categorical:
    """A column of names with each name once, so that many rows of it are cheap."""
    whole = column.array
    if isinstance(whole, pd.Categorical):
        return whole
    texts = column.astype(object).where(column.notna(), None).map(str, na_action="ignore")
    return pd.Categorical(texts.to_numpy(dtype=object))


def _ranges(column: pd.Series, cuts: np.ndarray) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    return np.where(np.isnan(values), -1, np.searchsorted(cuts, values, side="right"))


def _places(known: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Place of each code among those known in rising order; -1 for what is not."""
    if not len(known):
        return np.full(len(codes), -1)
    place = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[place] == codes, place, -1)


def _cuts(column: pd.Series) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return np.empty(0)
    return np.unique(np.quantile(values, np.arange(1, RANGES) / RANGES))
