"""In which format the dates of a column are written, and whether the order of day and month can be told from them."""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pandas as pd

from coach.mapping import parsing
from coach.mapping.orders import DAY_FIRST, exchanged, order_of

SAMPLE = 2000
MOST_FORMATS = 6
ENOUGH = 0.5
"""Share of a column's cells that must be dates."""
_TIMES = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    ", %I:%M %p",
    ", %I:%M:%S %p",
    ", %H:%M:%S",
    "T%H:%M:%S",
    " %H:%M:%S.%f",
)
_DATES = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d.%m.%y",
          "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d %b, %Y", "%b %d, %Y", "%d. %B %Y", "%d %B %Y",
          "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%Y%m%d", "%Y年%m月%d号")  # fmt: skip
_SHAPE = re.compile(r"\d+")
_MARKS = re.compile(r"[a-zA-Zа-яА-Я]+")
_SOME_DIGIT = re.compile(r"\d")


class Dates(NamedTuple):
    """How a column is read: `formats` in the order of use, the share of its cells that are dates then, and whether all of these
    could as well be read with day and month exchanged."""

    formats: tuple[str, ...]
    share: float
    either_order: bool

    @property
    def order(self) -> str | None:
        """Whether "day" or "month" comes first; None where that cannot be mistaken, or both do."""
        orders = {order_of(written) for written in self.formats} - {None}
        return None if len(orders) != 1 else "day" if orders == {DAY_FIRST} else "month"

    def ordered(self, order: str) -> "Dates":
        """The same with the day or the month first."""
        if self.order in (order, None):
            return self
        return self._replace(formats=tuple(exchanged(each) if order_of(each) else each for each in self.formats))


def dates_in(texts: pd.Series) -> Dates | None:
    """How the cells of a column are read as dates; None where they are none."""
    filled = texts[texts != ""]
    kinds = pd.Series(filled.drop_duplicates().head(SAMPLE).to_numpy(), dtype=object)
    if kinds.empty or not kinds.str.contains(_SOME_DIGIT).mean() >= ENOUGH:
        return None
    if kinds.str.fullmatch(r"1\d{12}").mean() >= ENOUGH:
        return Dates((parsing.EPOCH,), float(kinds.str.fullmatch(r"1\d{12}").mean()), False)
    plain_numbers = kinds.str.fullmatch(r"[+-]?\d{1,7}(?:[.,]\d+)?").mean() > 0.5
    if plain_numbers:
        return None
    chosen: list[str] = []
    left = kinds[~_read(kinds, ("iso",))]
    while len(left) and len(chosen) < MOST_FORMATS:
        best = _best(left, {order_of(each) for each in chosen} - {None})
        if best is None:
            break
        chosen.append(best)
        left = left[~_read(left, (best,))]
    chosen = chosen or ["iso"]
    share = float(parsing.instants(kinds, tuple(chosen), "start", "UTC").notna().mean())
    if share < ENOUGH:
        return None
    ordered = [each for each in chosen if order_of(each)]
    # Between points the day always comes first.
    either = (
        bool(ordered)
        and not any("%d." in each for each in ordered)
        and all(_read(kinds, (exchanged(each),))[_read(kinds, (each,))].all() for each in ordered)
    )
    return Dates(tuple(chosen), share, either)


def _best(texts: pd.Series, orders: set[str | None]) -> str | None:
    """The format that reads most of the texts; the earlier one where two read as many. It does not contradict the `orders` of
    day and month that others have."""
    for usual in texts.head(200).map(_signs).value_counts().index:
        examples = texts[texts.map(_signs) == usual].head(200)
        shares = {
            written: float(_read(examples, (written,)).mean())
            for written in _possible(usual) if not orders or order_of(written) in (*orders, None)
        }  # fmt: skip
        best = max(shares, key=lambda written: shares[written], default=None)
        if best is not None and shares[best] > 0:
            return best
    return None


def _possible(signs: str) -> Iterator[str]:
    """Formats with these signs."""
    return (day + time for day, time in product(_DATES, _TIMES) if _signs(day + time) == signs)


def _signs(text: str) -> str:
    """What stands between numbers and words."""
    shown = re.sub(r"%[YmdHMSfyI]", "0", text)
    shown = re.sub(r"%[bBp]", "a", shown)
    return _MARKS.sub("a", _SHAPE.sub("0", shown))


def _read(texts: pd.Series, formats: tuple[str, ...]) -> pd.Series:
    return parsing.instants(texts, formats, "start", "UTC", iso=False).notna()
