"""What a description is made of: sections with sentences, measured quantities with their intervals, and what cannot be said."""

from typing import Any, NamedTuple

from policies.scores.score import Words

CONFIDENCE = 0.95
"""Of every interval that is not told otherwise."""


class Row(NamedTuple):
    """One value of a measured quantity.

    `cases`: how many observations it rests on. `value` with its interval is None where there are too few.
    `at`: place on the axis of a curve, in the unit of the axis; None for a bar.
    """

    label: Words
    cases: int
    value: float | None
    low: float | None
    high: float | None
    at: float | None = None


class Measured(NamedTuple):
    """A quantity by groups ("bars") or over time ("curve").

    `unit`: "share", "days", "hours", "count", "ratio" or "per week". `about`: what the label of a row names. `reference`: a
    value to hold the rows against, such as 1 for ratios.
    """

    name: str
    title: Words
    about: Words
    unit: str
    form: str
    rows: tuple[Row, ...]
    reference: float | None = None


class Section(NamedTuple):
    """One question about the record: `findings` are sentences, `unsaid` why something has no answer."""

    name: str
    title: Words
    findings: tuple[Words, ...]
    measured: tuple[Measured, ...]
    unsaid: tuple[Words, ...] = ()


class Description(NamedTuple):
    """All that a record says, as of the instant `at` (ms); dates are in `zone`, amounts in `currency`."""

    at: int
    zone: str
    currency: str | None
    first: int
    last: int
    sections: tuple[Section, ...]

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return _plain(self)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def same(text: str) -> Words:
    """A name that is the same in both languages."""
    return Words(text, text)
