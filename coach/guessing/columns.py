"""What the columns of a table are: each concept gets the column that its heading and its values fit best."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from coach.guessing.dates import Dates, dates_in
from coach.guessing.headings import heading_fit, headings, plain
from coach.guessing.outcomes import codes_of
from coach.mapping import parsing

LEAST_FIT = 0.34
_AN_ADDRESS = 0.7  # a person's name says better who owns something than the person's mail address
CLOSE = 0.12
"""Two columns whose fits differ by less than this are a doubt."""
_DATED = {"created", "closed", "won_at", "lost_at", "expected", "last_action", "next_step", "at", "converted_at"}
_NUMBERS = {"amount", "actual", "probability", "seconds", "order"}
_FLAGS = {"won", "closed_flag", "active", "deleted", "converted"}
_FEW = {"stage": 60, "status": 30, "currency": 40, "type": 40, "source": 200, "lifecycle": 20}
ROW_NUMBERS = (
    "",
    "序号",
    "行号",
    "no",
    "nr",
    "row",
    "row id",
    "row number",
    "row no",
    "line",
    "lfd nr",
    "s no",
    "sr no",
    "pos",
)
"""Headings of columns that may only count the rows."""
_SAMPLE = 5000


class Column(NamedTuple):
    """A column and what its cells could be. Shares are of the cells that are filled, but for `filled`."""

    name: str
    filled: float
    distinct: int
    unique: float
    dates: Dates | None
    numbers: float
    decimal: str
    flags: float
    letters: float


class Found(NamedTuple):
    """Columns by concept, and by concept the next best where it is about as good."""

    columns: dict[str, Column]
    rivals: dict[str, list[str]]


def described(cells: pd.DataFrame) -> list[Column]:
    """What the cells of every column could be; those that only count the rows are none."""
    columns = ((str(name), cells.iloc[:, place]) for place, name in enumerate(cells.columns) if str(name))
    return [_described(name, texts) for name, texts in columns if not _counts_rows(name, texts)]


def _counts_rows(heading: str, texts: pd.Series) -> bool:
    """Whether a column holds the numbers of the rows and nothing of the records: the next export counts anew."""
    if plain(heading) not in ROW_NUMBERS or texts.empty:
        return False
    first = 0 if texts.iloc[0] in ("0", "0.0") else 1
    return texts.str.removesuffix(".0").tolist() == [str(number) for number in range(first, first + len(texts))]


def _described(name: str, texts: pd.Series) -> Column:
    filled = texts[texts != ""]
    some = filled.head(_SAMPLE)
    if filled.empty:
        return Column(name, 0.0, 0, 0.0, None, 0.0, ".", 0.0, 0.0)
    point, comma = (parsing.numbers(some, sign).notna() for sign in ".,")
    alike = comma.mean() == point.mean()
    decimal = "," if comma.mean() > point.mean() or (alike and (_decimal_comma(some) or _thousands_point(some))) else "."
    return Column(
        name, len(filled) / len(texts), int(filled.nunique()), filled.nunique() / len(filled), dates_in(filled),
        float((comma if decimal == "," else point).mean()), decimal, float(parsing.flags(some).notna().mean()),
        float(some.str.contains(r"[^\W\d_]").mean()),
    )  # fmt: skip


def _decimal_comma(texts: pd.Series) -> bool:
    """Where both signs read all cells: 1.234 is a thousand with a comma, 1,50 is a fraction."""
    return bool(texts.str.contains(r",\d{1,2}$").any()) and not texts.str.contains(r"\.\d{1,2}$").any()


def _thousands_point(texts: pd.Series) -> bool:
    """Where both signs read all cells and every point stands before three last digits: 1.500 is fifteen hundred."""
    pointed = texts[texts.str.contains(".", regex=False)]
    return len(pointed) > 0 and bool(pointed.str.contains(r"(?:^|\D)[1-9]\d{0,2}(?:\.\d{3})+(?!\d)").all())


def assigned(columns: list[Column], kind: str, said: Mapping[str, str] | None = None) -> Found:
    """The best column of each concept of a kind of table, no column twice. `said`: columns that a person named, or empty for
    none."""
    said, known, prefixes = said or {}, headings()[kind], headings()["tables"][kind]
    concepts = list(known)
    fits = np.array([[_fit(column, concept, known[concept], prefixes) for concept in concepts] for column in columns])
    free = fits.copy()
    for place, concept in enumerate(concepts):
        if concept in said:
            free[:, place] = [2.0 if column.name == said[concept] else 0.0 for column in columns]
    rows, places = linear_sum_assignment(-np.where(free >= LEAST_FIT, free, 0.0))
    found = {concepts[place]: columns[row] for row, place in zip(rows, places, strict=True) if free[row, place] >= LEAST_FIT}
    taken = {column.name for column in found.values()}
    rivals = {}
    for place, concept in enumerate(concepts):
        if concept in found and concept not in said:
            own = fits[[column.name for column in columns].index(found[concept].name), place]
            others = [
                column.name for row, column in enumerate(columns)
                if column.name not in taken and fits[row, place] >= max(LEAST_FIT, own - CLOSE)
            ]  # fmt: skip
            if others:
                rivals[concept] = others
    return Found(found, rivals)


def _fit(column: Column, concept: str, known: tuple[str, ...], prefixes: tuple[str, ...]) -> float:
    """From 0 to 1: the heading, as far as the values can be what it says; a little for values that nothing else explains."""
    could = _could_be(column, concept)
    if could == 0.0:
        return 0.0
    found = heading_fit(column.name, known, prefixes) * (0.8 + 0.2 * could)
    return found * _AN_ADDRESS if concept == "owner" and "mail" in plain(column.name) else found


def _could_be(column: Column, concept: str) -> float:
    """Whether the values can be what a heading says: 0 where they cannot."""
    if column.filled == 0.0:
        return 0.0
    if concept in _DATED:
        if column.dates is None:
            return 0.0
        return column.dates.share * (0.5 + 0.5 * column.filled if concept == "created" else 1.0)
    if column.dates is not None:
        return 0.0
    if concept in _NUMBERS:
        return column.numbers if column.numbers > 0.5 else 0.0
    if concept in _FLAGS:
        return 1.0 if column.flags > 0.95 else 0.0
    if concept == "id":
        return 0.0 if column.filled < 0.9 or column.unique < 0.5 else 1.0 if column.unique > 0.98 else 0.5
    if concept == "currency" and column.numbers > 0.5:
        return 0.0
    if concept in _FEW:
        coded = bool(codes_of(column.name))
        return 1.0 if column.distinct <= _FEW[concept] and (column.flags < 0.9 or coded) else 0.0
    if concept in ("owner", "title", "customer"):
        return 0.6 + 0.4 * column.letters if column.numbers < 0.99 or concept == "owner" else 0.5
    return 1.0
