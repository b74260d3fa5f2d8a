"""One parameter of behaviour."""

from typing import NamedTuple


class Parameter(NamedTuple):
    """A primitive of behaviour; `status` is R or R2 (read), C (computed from data) or U (an assumption to be swept)."""

    name: str
    unit: str
    low: float
    central: float
    high: float
    status: str
    source: str
    en: str
    zh: str


ASSUMED = "assumption, swept in every comparison"
