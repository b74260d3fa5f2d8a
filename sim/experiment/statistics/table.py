"""The worlds as a table: what was assumed in each, and what the difference was."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np


class Table(NamedTuple):
    """Worlds with a difference, and the parameters that vary between them."""

    parameters: list  # with name, unit, source, status, en, zh
    values: np.ndarray  # f8[worlds, parameters]
    differences: np.ndarray  # f8[worlds]


def table_of(parameters: Sequence, worlds: Sequence[Mapping[str, float]], differences: np.ndarray) -> Table:
    """`worlds` are the parameters' values, one mapping a world; `differences` f8[worlds], NaN where there were no cases."""
    usable = np.isfinite(differences)
    columns = {p.name: np.array([world.get(p.name, math.nan) for world in worlds])[usable] for p in parameters}
    varied = [p for p in parameters if np.isfinite(columns[p.name]).all() and np.ptp(columns[p.name]) > 0]
    values = np.column_stack([columns[p.name] for p in varied]) if varied else np.empty((int(usable.sum()), 0))
    return Table(varied, values, np.asarray(differences)[usable])
