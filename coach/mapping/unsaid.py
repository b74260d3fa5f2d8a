"""Values of a stage or state that sound like the end of a deal, and of which the mapping makes nothing: a later export may have
them for the first time."""

from typing import NamedTuple

import pandas as pd

from coach.guessing.outcomes import LOST, WON, meaning
from coach.mapping.document import Table

_ENDS = {"won": WON, "lost": LOST, "no_decision": LOST}


class Unsaid(NamedTuple):
    """A value of a column, in how many rows it stands, and whether it sounds like "won" or "lost"."""

    table: str
    column: str
    value: str
    rows: int
    sounds: str


def unsaid_values(table: Table, cells: pd.DataFrame) -> list[Unsaid]:
    """Values in the columns by which a table tells that a deal has ended, that no event of it names."""
    ends = [spec for spec in table.events if spec.event in _ENDS] if table.kind != "lead" else []
    columns = {name for spec in ends for name, wanted in spec.when.items() if isinstance(wanted, list) or _is_text(wanted)}
    found = []
    for column in sorted(columns & set(cells.columns)):
        named = {text for spec in table.events for text in _texts(spec.when.get(column))}
        named |= {text for rule in table.set_aside for text in _texts(rule.when.get(column))}
        for value, rows in cells[column][~cells[column].isin(named | {""})].value_counts().items():
            sounds = meaning(str(value))
            if sounds in (WON, LOST):
                found.append(Unsaid(table.name, column, str(value), int(rows), sounds))
    return found


def _is_text(wanted: object) -> bool:
    return isinstance(wanted, str) and wanted not in ("missing", "present") and not wanted.startswith((">", "<", "!="))


def _texts(wanted: object) -> list[str]:
    if isinstance(wanted, list):
        return [str(each) for each in wanted]
    return [str(wanted)] if _is_text(wanted) else []
