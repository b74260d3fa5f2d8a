"""The view of a record: its values by name as JSON, and as a row of a book, which the rules read."""

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, select, update

from coach.events import about_field, as_number, instant_written
from coach.money import ORIGINAL
from coach.plain import plain
from coach.store import tables
from coach.store.prepared import Prepared
from policies.engine.layout import Layout
from policies.language.predicate import CUSTOM_PREFIX
from policies.record.fields import Kind
from policies.record.records import FIELDS, OWN, WIDTH, built_as

Values = dict[str, float | str]
CustomColumns = Mapping[tuple[str, str], int]
_CHUNK = 500
_FIXED = FIELDS | {str(OWN): OWN.fields}
_NUMBERED = {
    kind: tuple((place, about.name) for place, about in enumerate(fields) if not about.derived)
    for kind, fields in _FIXED.items()
}


def json_text(values: Mapping[str, float | str | None]) -> str:
    """Values by name as the store writes them: what `json.dumps` makes of them, in a third of the time."""
    return "{" + ", ".join([f"{_quoted(name)}: {_json_value(value)}" for name, value in values.items()]) + "}"


_quoted = lru_cache(maxsize=4096)(encode_basestring)


def _json_value(value: float | str | None) -> str:
    if type(value) is str:
        return encode_basestring(value)
    return repr(value) if type(value) is float else json.dumps(value)


def to_row(kind: str, values: Mapping[str, Any], width: int = WIDTH, custom: CustomColumns | None = None) -> np.ndarray:
    """Values of a record as f8[width]; NaN is missing."""
    row = np.full(width, np.nan)
    for name, value in values.items():
        place = column_of(kind, name, custom)
        if place is not None:
            row[place] = number_of(kind, name, value, custom)
    return row


def number_of(kind: str, name: str, value: float | str | None, custom: CustomColumns | None = None) -> float:
    """The number that stands for a kept value in the book, as `as_number` says: but a text at which a rule's clock starts is
    the instant that it writes, NaN where it writes none."""
    if isinstance(value, str) and isinstance(custom, Layout) and (kind, name) in custom.clocks:
        instant = instant_written(value, custom.zone)
        return math.nan if instant is None else instant
    return as_number(kind, name, value)


def column_of(kind: str, name: str, custom: CustomColumns | None = None) -> int | None:
    """Column of a field in the book; None for one that no rule names, and for amounts as they were told."""
    place = PLACES[built_as(kind)].get(name)
    if place is not None or name.startswith(ORIGINAL):
        return place
    if name.startswith(CUSTOM_PREFIX) or isinstance(kind, Kind):
        return None if custom is None else custom.get((kind, name))
    raise KeyError(name)


def field_name(kind: str, place: int, custom: CustomColumns) -> str:
    """The field in a column of the book."""
    named = {column: name for (of_kind, name), column in custom.items() if of_kind == kind}
    return named[place] if place in named else _FIXED[built_as(kind)][place].name


def from_row(kind: str, row: np.ndarray, before: Mapping[str, Any], custom: CustomColumns | None = None) -> Values:
    """The view after events and effects: numbers from the book, texts as they were told.

    `before` holds the values that were kept and the payloads told since; a text whose number in the book is another, or gone,
    was overwritten by a rule.
    """
    values: Values = {
        name: value for name, value in before.items()
        if name.startswith((CUSTOM_PREFIX, ORIGINAL)) and value is not None and column_of(kind, name, custom) is None
    }  # fmt: skip
    for name, number in _numbers(kind, row, custom):
        told = before.get(name)
        if isinstance(told, str) and number_of(kind, name, told, custom) == number:
            values[name] = told
        else:
            about = about_field(kind, name)
            choices = about.choices if about is not None else ()
            values[name] = choices[int(number)] if 0 <= number < len(choices) else number
    return values


def _numbers(kind: str, row: np.ndarray, custom: CustomColumns | None) -> Iterable[tuple[str, float]]:
    numbers = row.tolist()
    for place, name in _NUMBERED[built_as(kind)]:
        if numbers[place] == numbers[place]:
            yield name, numbers[place]
    for (of_kind, name), column in (custom or {}).items():
        if of_kind == kind and not math.isnan(row[column]) and not over_link(name):
            yield name, float(row[column])


PLACES = {kind: {about.name: place for place, about in enumerate(fields)} for kind, fields in _FIXED.items()}


def over_link(name: str) -> bool:
    """Whether a field stands on another record, behind a link: it is kept there."""
    return "." in name and not name.startswith(CUSTOM_PREFIX)


def kept_values(connection: Connection, rows: Iterable[int]) -> dict[int, Values]:
    """Values in the store by row."""
    wanted = sorted(rows)
    found: dict[int, Values] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(tables.record.c.row, tables.record.c["values"]).where(
            tables.record.c.row.in_(wanted[start : start + _CHUNK])
        )
        found |= {row: json.loads(values) for row, values in connection.execute(query)}
    return found


def values_over_links(
    connection: Connection, kind: str, names: Iterable[str], values: Mapping[str, Any]
) -> dict[str, float | str]:
    """What stands on the records that a record names, by `link.field`; what is not there is left out."""
    found: dict[str, float | str] = {}
    for name in names:
        link, _, field = name.partition(".")
        about, there = about_field(kind, link), values.get(link)
        if about is None or not about.to or not isinstance(there, str):
            continue
        column = tables.record.c
        kept = connection.scalar(select(column["values"]).where(column.kind == about.to, column.id == there))
        value = None if kept is None else json.loads(kept).get(field)
        if value is not None:
            found[name] = value
    return found


_WRITE = (
    update(tables.record)
    .where(tables.record.c.row == bindparam("of_row"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("unit", "owner", "status", "parent", "stage", "amount", "updated_at", "values", "open_rules")
        }
    )
)


def written(row: int, kind: str, unit: str | None, values: Values, updated_at: int, open_rules: Iterable[str] = ()) -> dict:
    """The row of the record table for a view, for `write_views`."""

    def text_of(name: str) -> str | None:
        value = values.get(name)
        return None if value is None else value if isinstance(value, str) else plain(value)

    def number_of(name: str) -> float | None:
        value = values.get(name)
        return value if isinstance(value, float) else None

    return {
        "of_row": row, "new_unit": unit, "new_owner": text_of("owner"), "new_status": text_of("status"),
        "new_parent": text_of("parent") if kind == "unit" else None, "new_stage": number_of("stage"),
        "new_amount": number_of("amount"), "new_updated_at": updated_at,
        "new_values": json_text(values), "new_open_rules": json.dumps(list(open_rules), ensure_ascii=False),
    }  # fmt: skip


def first_unit(first: Prepared) -> str | None:
    """The unit of a record by the event that brings it; a unit is its own."""
    return first.event.record if first.event.kind == "unit" else first.event.unit


def new_record(kind: str, identifier: str, first: Prepared, view: Mapping[str, Any] | None = None) -> tuple:
    """Columns of the table of records, in its order, for a record that is new; `first`: the event that brings it."""
    if view is None:
        view = written(first.row, kind, first_unit(first), {}, first.recorded_at)
    return (
        first.row, kind, identifier, view["new_unit"], view["new_owner"], view["new_status"], view["new_parent"],
        view["new_stage"], view["new_amount"], first.event.acted_at, view["new_updated_at"], view["new_values"],
        view["new_open_rules"],
    )  # fmt: skip


def write_views(connection: Connection, rows: list[dict]) -> None:
    """Bring the views of some records up to date."""
    if rows:
        connection.execute(_WRITE, rows)
