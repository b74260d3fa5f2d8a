"""Whether a column's dates can be read in the order of day and month that its formats say.

A date such as 04/03/2021 is read by either order, and wrongly by one of them, without a word. Other rows of the column give it
away: some can be read in one order only. Where the rows need two orders, or one that the formats do not say, nothing is brought
in before a person has decided.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from coach.mapping import parsing

_ORDER = re.compile(r"%[dm](?![a-zA-Z])")
DAY_FIRST, MONTH_FIRST = "day first", "month first"


class Mixed(NamedTuple):
    """Rows that are read with the day first, and with the month first, with an example of each."""

    day_first: int
    day_example: str
    month_first: int
    month_example: str

    @property
    def en(self) -> str:
        return (
            f"{self.day_first} are read with the day first ('{self.day_example}'), {self.month_first} with the month first "
            f"('{self.month_example}'). Which is right? Leave in `formats` those of one order, or, if the file really holds "
            "both, say any_order: true beside them."
        )

    @property
    def zh(self) -> str:
        return (
            f"{self.day_first} 行按“日在前”读取（“{self.day_example}”），{self.month_first} 行按“月在前”读取"
            f"（“{self.month_example}”）。哪个正确？请在 `formats` 中只保留一种顺序；若文件确实混用，请注明 any_order: true。"
        )


class Other(NamedTuple):
    """The format as written, the one with day and month exchanged that reads all, and how many rows the former cannot read."""

    written: str
    fits: str
    unread: int
    example: str
    rows: int

    @property
    def en(self) -> str:
        return (
            f"{self.unread} of {self.rows} dates cannot be read as {self.written} ('{self.example}'), and all of them can as "
            f"{self.fits}. Write that format, or, if the one in the mapping is right, say any_order: true beside it."
        )

    @property
    def zh(self) -> str:
        return (
            f"{self.rows} 个日期中有 {self.unread} 个无法按 {self.written} 读取（“{self.example}”），"
            f"而全部都可按 {self.fits} 读取。请改用该格式；若映射中的格式无误，请在旁注明 any_order: true。"
        )


def order_of(written: str) -> str | None:
    """Whether a format has the day or the month first; None where it cannot be mistaken."""
    places = [match.group() for match in _ORDER.finditer(written)]
    if sorted(places) != ["%d", "%m"] or written.lstrip().startswith("%Y"):
        return None
    return DAY_FIRST if places[0] == "%d" else MONTH_FIRST


def exchanged(written: str) -> str:
    """The format with day and month in each other's place."""
    return _ORDER.sub(lambda match: "%m" if match.group() == "%d" else "%d", written)


def doubt(texts: pd.Series, formats: Sequence[str]) -> Mixed | Other | None:
    """What speaks against the order of the formats; None where nothing does. `texts` are the cells of a column."""
    ordered = [written for written in formats if order_of(written)]
    if not ordered:
        return None
    dates = texts[texts != ""]
    read_by = _read_by(pd.Series(dates.unique(), dtype=object), formats)
    kinds = {text: order_of(written) for text, written in read_by.items() if written}
    first = {kind: next((text for text in dates if kinds.get(text) == kind), "") for kind in (DAY_FIRST, MONTH_FIRST)}
    counts = dates.map(kinds).value_counts()
    if all(first.values()):
        return Mixed(int(counts[DAY_FIRST]), first[DAY_FIRST], int(counts[MONTH_FIRST]), first[MONTH_FIRST])
    unread = [text for text in dates if not read_by.get(text)]
    for written in ordered if unread else ():
        other = exchanged(written)
        if all(_read_by(pd.Series(dates.unique(), dtype=object), [other]).values()):
            return Other(written, other, len(unread), unread[0], len(dates))
    return None


def _read_by(texts: pd.Series, formats: Sequence[str]) -> dict[str, str | None]:
    """The first format that reads each text; ISO 8601 last, as `parsing.instants` does."""
    found: dict[str, str | None] = dict.fromkeys(texts)
    for written in dict.fromkeys((*formats, "iso")):
        left = texts[[found[text] is None for text in texts]]
        if len(left):
            read = parsing.instants(left, (written,), "start", "UTC", iso=False).notna()
            found |= dict.fromkeys(left[read], written)
    return found
