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
    """One thing known of an opportunity at the time of the prediction; `number` says whether it has an order."""

    name: str
    en: str
    zh: str
    number: bool = False


class Encoding:
    """Levels of features and of their pairs, as learnt from a table with one column per feature.

    `width` is the number of columns, `singles` how many of them stand for single levels; `owners` has shape (width, 2): the
    positions of the two features that a column belongs to, twice the same for a single level.
    """

    def __init__(self, features: tuple[Feature, ...], table: pd.DataFrame):
        self.features = features
        self.cuts = {f.name: _cuts(table[f.name]) for f in features if f.number}
        levels = self.levels(table)
        self.known = [{level: at for at, level in enumerate(pd.unique(column))} for column in levels]
        self.pairs = list(combinations(range(min(len(features), MOST_PAIRED)), 2))
        self.known_pairs = [self._seen_together(levels, pair) for pair in self.pairs]
        sizes = [len(known) for known in (*self.known, *self.known_pairs)]
        self.singles = sum(sizes[: len(features)])
        self.width = sum(sizes)
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        belongs = [(at, at) for at in range(len(features))] + self.pairs
        self.owners = np.repeat(np.array(belongs, dtype=np.int64).reshape(-1, 2), sizes, axis=0)

    def levels(self, table: pd.DataFrame) -> list[np.ndarray]:
        """Level of every row, one array per feature: texts for names, numbers of ranges for numbers."""
        return [self._level(feature, table[feature.name]) for feature in self.features]

    def _level(self, feature: Feature, column: pd.Series) -> np.ndarray:
        if not feature.number:
            return column.astype(object).where(column.notna(), _MISSING).astype(str).to_numpy(dtype=object)
        values = column.to_numpy(dtype=float)
        ranges = np.searchsorted(self.cuts[feature.name], values, side="right")
        return np.where(np.isnan(values), -1, ranges)

    def _seen_together(self, levels: list[np.ndarray], pair: tuple[int, int]) -> dict[int, int]:
        codes = self._pair_codes(levels, pair)
        found, counts = np.unique(codes[codes >= 0], return_counts=True)
        return {code: at for at, code in enumerate(found[counts >= FEWEST_OF_A_PAIR])}

    def _pair_codes(self, levels: list[np.ndarray], pair: tuple[int, int]) -> np.ndarray:
        first, second = (pd.Series(levels[at]).map(self.known[at]).fillna(-1).to_numpy(dtype=np.int64) for at in pair)
        return np.where((first < 0) | (second < 0), -1, first * len(self.known[pair[1]]) + second)

    def columns(self, table: pd.DataFrame) -> sparse.csr_matrix:
        """The table as a sparse matrix of 0 and 1, shape (rows, width)."""
        levels = self.levels(table)
        found = [(known, levels[at]) for at, known in enumerate(self.known)]
        found += [(known, self._pair_codes(levels, pair)) for known, pair in zip(self.known_pairs, self.pairs, strict=True)]
        rows, places = [], []
        for start, (known, codes) in zip(self._starts, found, strict=True):
            at = pd.Series(codes).map(known).to_numpy(dtype=float)
            seen = np.flatnonzero(~np.isnan(at))
            rows.append(seen)
            places.append(at[seen].astype(np.int64) + start)
        row, place = np.concatenate(rows), np.concatenate(places)
        return sparse.csr_matrix((np.ones(len(row)), (row, place)), shape=(len(table), self.width))


def _cuts(column: pd.Series) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return np.empty(0)
    return np.unique(np.quantile(values, np.arange(1, RANGES) / RANGES))
