"""The users of a CRM: the ids that its tables have for people become their names."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from coach.events import PostedEvent
from coach.mapping.document import Mapping, Table, Users
from coach.mapping.files import missing_column, read_table
from coach.mapping.people import names_of, under


def read_users(folder: Path, mapping: Mapping, users: Users) -> dict[str, str]:
    """Name by id. Who has no name keeps the id, and people of one name are told apart by it. Raises MappingError."""
    table = Table.model_construct(name="users", files=users.files, sheet=users.sheet, id=users.id, events=())
    sheet = read_table(folder, mapping, table)
    if sheet is None:
        return {}
    for name in users.name:
        if name not in sheet.cells.columns:
            raise missing_column(sheet, name)
    parts = zip(*(sheet.cells[name] for name in users.name), strict=True)
    whole = [" ".join(part for part in of_one if part) for of_one in parts]
    called = list(zip(sheet.cells[users.id], whole, strict=True))
    counts = Counter(name for _, name in called)
    return {id_: name if counts[name] == 1 else f"{name} ({id_})" for id_, name in called if id_ and name}


def by_name(events: Iterable[PostedEvent], names: dict[str, str]) -> list[PostedEvent]:
    """Events under the names of people instead of their ids."""
    return [under(event, names) if any(each in names for each in names_of(event)) else event for event in events]
