"""By which columns the rows of a table are told from each other where none is an id, and how many references are known ids."""

import re
from collections.abc import Mapping

import pandas as pd

from coach.guessing.columns import Column
from coach.guessing.dates import dates_in
from coach.guessing.headings import headings, plain
from coach.guessing.sources import Raw
from coach.mapping.building import joined_ids
from coach.mapping.files import MappingError

LEAST_KNOWN = 0.5
"""Share of the references of a table that must lead to a record of another one."""
_LASTING = ("title", "customer", "created")
_CHANGING = ("owner", "amount")
"""What a later export may tell otherwise: it would be another deal."""
_MADE = re.compile(r"(?=.*\d)[A-Za-z0-9_-]{4,}")
"""What a system makes up: letters and digits without blanks."""


def telling(raw: Raw, columns: Mapping[str, Column]) -> str | list[str]:
    """The title, or another column that looks like an id, or several that together occur once. Raises MappingError."""
    cells = raw.cells
    whole = [str(name) for name in cells.columns if cells[name].ne("").all() and cells[name].is_unique]
    used = {column.name for column in columns.values()}
    of_others = tuple(table for kind, tables in headings()["tables"].items() if kind != "deal" for table in tables)
    free = [name for name in whole if name not in used and not plain(name).startswith(of_others)]
    made = [name for name in free if cells[name].str.fullmatch(_MADE).all() and dates_in(cells[name]) is None]
    titles = [columns[concept].name for concept in ("title", "customer") if concept in columns]
    for name in [*(each for each in titles if each in whole), *made]:
        return name
    lasting = [columns[concept].name for concept in _LASTING if concept in columns]
    also = [columns[concept].name for concept in _CHANGING if concept in columns]
    tried = [lasting[:count] for count in range(2, len(lasting) + 1)]
    tried += [[name] for name in whole if name not in used and dates_in(cells[name]) is None]
    tried += [[*lasting, *also[:count]] for count in range(1, len(also) + 1)]
    for names in tried:
        if joined_ids(cells, names).is_unique:
            return names if len(names) > 1 else names[0]
    if not whole:
        raise MappingError(
            f"{raw.file}: no column tells one deal from another. Export it with the record's ID.",
            f"{raw.file}：没有能区分各商机的列。导出时请包含记录编号。",
        )
    return whole[0]


def share_in(references: pd.Series, known: pd.Series) -> float:
    """Share of the references, of those that are told, that are known."""
    filled = references[references != ""]
    return float(filled.isin(set(known) - {""}).mean()) if len(filled) else 0.0
