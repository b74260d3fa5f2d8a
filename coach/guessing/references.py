"""How the rows of one table lead to those of another, and what a mapping says of such a table."""

from typing import Any

from coach.guessing.columns import Column
from coach.guessing.deals import Deals
from coach.guessing.headings import name_of, plain
from coach.guessing.ids import LEAST_KNOWN, share_in
from coach.guessing.sources import Raw, document_of

LEAST_DIGITS = 6
"""Ids shorter than this may be any numbers."""


def deal_column(raw: Raw, found: dict[str, Column], deals: Deals) -> str | None:
    """The column that holds the ids of deals: as its heading says, or its values alone where ids are no small numbers."""
    if "deal" in found and share_in(raw.cells[found["deal"].name], deals.ids) >= LEAST_KNOWN:
        return found["deal"].name
    if not deals.ids.str.len().median() >= LEAST_DIGITS:
        return None
    shares = {str(name): share_in(raw.cells[name], deals.ids) for name in raw.cells.columns if str(name)}
    name = max(shares, key=lambda each: shares[each], default=None)
    return name if name is not None and shares[name] >= LEAST_KNOWN else None


def row_id(about: list[Column], found: dict[str, Column], concepts: tuple[str, ...]) -> str | list[str] | None:
    """The column with the ids of the rows, or those that together tell one from another."""
    if "id" in found:
        return found["id"].name
    whole = next((column.name for column in about if column.unique == column.filled == 1.0 and column.dates is None
                  and (column.letters > 0.0 or plain(column.name).endswith("id"))), None)  # fmt: skip
    together = [found[concept].name for concept in concepts if concept in found]
    return whole or (together if len(together) > 1 else None)


def instant_of(column: Column) -> dict[str, Any]:
    formats = column.dates.formats if column.dates is not None else ("iso",)
    return {"column": column.name} | ({} if formats == ("iso",) else {"formats": list(formats)})


def table_of(name: str, raw: Raw, own: str | list[str], events: list[dict], aside: list[dict] | None = None) -> dict[str, Any]:
    table = document_of(raw, f"{name}-{name_of(raw.name, 'table')}", own) | {"optional": True}
    if aside:
        table["set_aside"] = aside
    return table | {"events": events}
