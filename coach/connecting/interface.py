"""What the coach asks of a CRM. A further CRM is one file with a class that can do this."""

from typing import NamedTuple, Protocol

from coach.mapping.document import Mapping
from coach.problems import CoachError

Tables = dict[str, list[dict[str, str]]]
"""Rows by the name of their table, each the texts of its cells by column."""


class ConnectionProblem(CoachError):
    """The CRM cannot be asked, or does not do what it is asked; the sentence never holds the key."""


class Pulled(NamedTuple):
    """What is new in a CRM.

    `files`: the tables by file name, as `mapping` reads them, and `headers` their columns; `present`: ids of all deals that are
    there now; `until`: where the next pull goes on; `taken_at`: the CRM's clock at the end, ms.
    """

    files: Tables
    headers: dict[str, tuple[str, ...]]
    mapping: Mapping
    present: frozenset[str]
    until: str
    taken_at: int


class Todo(NamedTuple):
    """A to-do for whoever owns a record. `number`: the store's own; `due`: a day as 2026-03-01."""

    number: int
    record: str
    text: str
    due: str
    owner: str | None


class Note(NamedTuple):
    """Something to read beside a record. `number`: the store's own."""

    number: int
    record: str
    text: str


class Crm(Protocol):
    """A CRM. Every function raises ConnectionProblem where it cannot be asked; all that write may be called again."""

    source: str
    """Source of the events that come from it."""
    address: str
    """Which one it is, without key or password."""

    def pull(self, since: str | None) -> Pulled:
        """Everything that has changed since an earlier pull ended (its `until`), or all there is."""

    def write_todo(self, todo: Todo) -> None:
        """Put a to-do where its owner sees it; the same number again changes the one that is there."""

    def write_note(self, note: Note) -> None:
        """Put a note beside the record; the same number again changes the one that is there."""

    def set_frozen_tag(self, record: str, frozen: bool) -> None:
        """Mark a deal as frozen, or take the mark away."""
