"""What files gave, before anything is stored: events, the rows that they come from, and what is to be told."""

from typing import NamedTuple

from coach.events import PostedEvent
from coach.mapping.people_list import PeopleList
from coach.mapping.remarks import Remark
from coach.mapping.unsaid import Unsaid
from coach.store.rates import Rate


class Origin(NamedTuple):
    """The row that an event comes from; all empty for none."""

    table: str = ""
    file: str = ""
    row: int = 0


class TableRows(NamedTuple):
    """A table that was read: how many rows it has, and its columns that the mapping does not name."""

    name: str
    rows: int
    unused: tuple[str, ...]


class Snapshot(NamedTuple):
    """A table whose rows tell how records stand at an instant.

    `said`: somebody said when the files were taken. `digest`: of the cells that the mapping reads. `ids`, `files` and `lines`:
    the rows' own ids and places; `inside`: ids of those that were taken. `compared`: by key of a 'registered' event, the fields
    that its row tells, a value or that there is none. `closes`: whether rows tell that a record is closed.
    """

    table: str
    source: str
    exported_at: int
    said: bool
    digest: str
    file: str
    ids: tuple[str, ...]
    files: tuple[str, ...]
    lines: tuple[int, ...]
    inside: frozenset[str]
    compared: dict[str, tuple[str, ...]]
    closes: bool


class Reading(NamedTuple):
    """All tables together. `signs`: such as $, taken for the firm's own currency because the files hold no other mark.

    `people`: the firm's list of them, if it keeps one.
    """

    events: list[PostedEvent]
    origins: list[Origin]
    tables: list[TableRows]
    remarks: list[Remark]
    snapshots: list[Snapshot]
    rates: list[Rate]
    signs: frozenset[str]
    people: PeopleList | None = None
    unsaid: list[Unsaid] = []
