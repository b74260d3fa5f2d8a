"""By which columns the rows of a table are told from each other, where none is an id."""

import re
from collections.abc import Mapping

from coach.guessing.columns import Column
from coach.guessing.dates import dates_in
from coach.guessing.sources import Raw
from coach.mapping.building import joined_ids
from coach.mapping.files import MappingError

_TELLING = ("title", "customer", "created", "owner", "amount")
_MADE = re.compile(r"(?=.*\d)[A-Za-z0-9_-]{4,}")
"""What a system makes up: letters and digits without blanks."""


def telling(raw: Raw, columns: Mapping[str, Column]) -> str | list[str]:
    """The title, or another column that looks like an id, or several that together occur once. Raises MappingError."""
    cells = raw.cells
    whole = [str(name) for name in cells.columns if cells[name].ne("").all() and cells[name].is_unique]
    used = {column.name for column in columns.values()}
    made = [name for name in whole if name not in used and cells[name].str.fullmatch(_MADE).all()
            and dates_in(cells[name]) is None]  # fmt: skip
    titles = [columns[concept].name for concept in ("title", "customer") if concept in columns]
    for name in [*(each for each in titles if each in whole), *made]:
        return name
    together = [columns[concept].name for concept in _TELLING if concept in columns]
    for count in range(2, len(together) + 1):
        if joined_ids(cells, together[:count]).is_unique:
            return together[:count]
    if not whole:
        raise MappingError(
            f"{raw.file}: no column tells one deal from another. Export it with the record's ID.",
            f"{raw.file}：没有能区分各商机的列。导出时请包含记录编号。",
        )
    return whole[0]
