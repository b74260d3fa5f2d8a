"""Whether the day or the month comes first in the dates of a table: one system writes all of them in one order."""

from collections.abc import Iterable, Mapping

import pandas as pd

from coach.guessing.columns import Column
from coach.guessing.dates import Dates
from coach.guessing.doubts import Doubt, which_order
from coach.guessing.headings import language_of
from coach.mapping import parsing


def settled(
    cells: pd.DataFrame, about: Iterable[Column], columns: Mapping[str, Column], answer: str | None
) -> tuple[dict[str, Dates], list[Doubt]]:
    """How the dates of each concept are read, with the question where their order can be mistaken. `about`: all columns."""
    dates = {concept: column.dates for concept, column in columns.items() if column.dates is not None}
    unclear = [concept for concept, each in dates.items() if each.either_order]
    if not unclear:
        return dates, []
    clear = _orders(dates.values())
    told = answer or _only(clear) or _by_sense(cells, columns, dates, unclear) or _only(_orders(_all_dates(about)))
    decisive = told is None and language_of(cells) is None
    if told is None and not decisive:
        told = "day"  # month first is American, and the headings are not English
    if told is not None:
        dates |= {concept: dates[concept].ordered(told) for concept in unclear}
    if clear and answer is None:
        return dates, []
    example = next(text for text in cells[columns[unclear[0]].name] if text)
    return dates, [which_order(example, told or dates[unclear[0]].order or "day", decisive=decisive)]


def _all_dates(about: Iterable[Column]) -> list[Dates]:
    return [column.dates for column in about if column.dates is not None]


def _orders(some: Iterable[Dates]) -> set[str]:
    return {dates.order for dates in some if not dates.either_order and dates.order is not None}


def _only(orders: set[str]) -> str | None:
    return next(iter(orders)) if len(orders) == 1 else None


def _by_sense(cells: pd.DataFrame, columns: Mapping[str, Column], dates: Mapping[str, Dates], unclear: list[str]) -> str | None:
    """The order in which deals do not end before they begin, where only one is like that."""
    if "created" not in unclear or "closed" not in dates:
        return None
    shares = {}
    for order in ("day", "month"):
        begins, ends = (
            parsing.instants(cells[columns[concept].name], dates[concept].ordered(order).formats, "start", "UTC")
            for concept in ("created", "closed")
        )
        both = begins.notna() & ends.notna()
        shares[order] = float((ends[both] < begins[both]).mean()) if both.any() else 0.0
    best, other = sorted(shares, key=lambda order: shares[order])
    return best if shares[other] > shares[best] + 0.05 else None
