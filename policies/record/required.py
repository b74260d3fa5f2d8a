"""Which bit of a record's `required` stands for which column: the bits add up exactly in a float64, which has 53.

A field of a built-in kind has the bit of its column if it can be asked for. Fields of the firm's own on these kinds, in the
columns behind `WIDTH`, have the bits that are then left, in order. A field of a declared kind has the bit of its column.
"""

import numpy as np

from policies.record.records import RECORD_KINDS, SLOTS, WIDTH, column
from policies.record.supplying import askable

BITS = 53
_FREE = [
    [bit for bit in range(BITS) if bit not in {column(kind, name) for name in askable(kind)}] for kind in RECORD_KINDS
]
REQUIRABLE = WIDTH + min(len(free) for free in _FREE)
"""Columns below this can be required, if anybody can record them."""
NO_BIT = -1


def _bits() -> np.ndarray:
    table = np.full((len(SLOTS), REQUIRABLE), NO_BIT, np.int64)
    table[len(RECORD_KINDS) :, :BITS] = np.arange(min(BITS, REQUIRABLE))
    for number, kind in enumerate(RECORD_KINDS):
        for name in askable(kind):
            table[number, column(kind, name)] = column(kind, name)
        table[number, WIDTH:] = _FREE[number][: REQUIRABLE - WIDTH]
    return table


BIT = _bits()
"""By place of the kind and column: the bit, -1 for a field that cannot be required."""


def required_columns(kind: int, bits: int) -> list[int]:
    """Columns that the bits of `required` stand for, on a kind by its place."""
    return [int(place) for place in np.flatnonzero(BIT[kind] != NO_BIT) if bits >> int(BIT[kind, place]) & 1]
