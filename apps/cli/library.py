"""What policies and scenarios have in common as documents: listing them and telling two of them apart, setting by setting."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from apps.cli.output import console, table
from apps.cli.texts import pick, say


class Entry(NamedTuple):
    """One document of a library, as a list shows it."""

    name: str
    en: str
    zh: str


class Change(NamedTuple):
    """One setting that differs; None where a document does not have it."""

    path: str
    a: Any
    b: Any


def show_list(entries: Iterable[Entry]) -> None:
    """Write a library as a table."""
    shown = table(None, say("list.name"), say("list.title"))
    shown.columns[1].justify = "left"
    for entry in entries:
        shown.add_row(entry.name, pick(entry.en, entry.zh))
    console().print(shown)


def flat(document: Any, path: str = "") -> dict[str, Any]:
    """Every setting of a nested document under its path; items of lists under their `id`, `name` or number."""
    parts: Iterable[tuple[Any, Any]]
    if isinstance(document, dict) and document:
        parts = document.items()
    elif isinstance(document, list) and any(isinstance(item, dict) for item in document):
        parts = [(str(item.get("id", item.get("name", place))), item) for place, item in enumerate(document, 1)]
    else:
        return {path: document}
    settings: dict[str, Any] = {}
    for name, value in parts:
        settings |= flat(value, f"{path}.{name}" if path else str(name))
    return settings


def changes(a: dict, b: dict, leave_out: tuple[str, ...] = ("name", "title", "summary")) -> list[Change]:
    """Settings in which document b differs from document a, in the order of the documents; their names do not count."""
    before, after = (flat({key: value for key, value in document.items() if key not in leave_out}) for document in (a, b))
    return [
        Change(path, before.get(path), after.get(path)) for path in {**before, **after} if before.get(path) != after.get(path)
    ]


def show_changes(found: list[Change], a: str, b: str) -> None:
    """Write the settings that differ as a table."""
    if not found:
        console().print(say("diff.same"))
        return
    shown = table(None, say("diff.setting"), a, b)
    for change in found:
        shown.add_row(change.path, *("–" if value is None else str(value) for value in (change.a, change.b)))
    console().print(shown)
