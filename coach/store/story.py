"""The whole story of a record: every entry and every effect of a rule on it, in the order in which they took hold."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, and_, or_, select

from coach.events import as_number
from coach.store import tables
from coach.store.policies import StepBack, steps_back
from coach.store.views import CustomColumns, column_of, number_of
from policies.engine.compile import Rules
from policies.engine.layout import Layout
from policies.jit.by_reference import pinned
from policies.record.book import Book, enter_at, longer, new_book, place_row, put, put_by_rule, require, set_by_rule
from policies.record.records import APPROVALS, DESKS, EVENT, FLAGS, RECORD_KINDS, WIDTH, column
from policies.record.voiding import void

_EFFECTS = ("frozen", "flagged", "flag_closed", "field_set", "field_required", "approval_asked")
FIELD_WRITTEN = {
    "frozen": "frozen", "field_required": "required", "approval_asked": "required", "flagged": "flag", "flag_closed": "flag",
}  # fmt: skip
"""The field that an effect writes; the others name it."""
# Former versions wrote fields of the firm's own by the place that they had then, which says nothing any more.
WRITING = and_(
    tables.firing.c.event.in_(_EFFECTS),
    or_(tables.firing.c.argument.is_(None), tables.firing.c.argument.not_like("custom column %")),
)
"""Firings that wrote a field of their record."""
_CHUNK = 400
_Key = tuple[str, str]


class Chapter(NamedTuple):
    """An entry, or an effect of a rule (`source` empty: `key` names the rule, `payload` its argument and value)."""

    source: str
    key: str
    event: str
    acted_at: int
    unit: str | None
    payload: Mapping[str, Any]
    voids: str | None
    at: int = 0
    """When it was recorded, or took hold (ms)."""


def stories(
    connection: Connection, rows: Iterable[int], until: int | None = None, back: StepBack | None = None
) -> dict[int, list[Chapter]]:
    """What is stored of some records, up to and including an instant; at one instant entries before effects.

    Effects that a step back took away are left out, also those of `back`, a step that is being taken.
    """
    event, firing = tables.event.c, tables.firing.c
    undone = [step for step in steps_back(connection) if until is None or step.ended <= until]
    undone += [back] if back is not None else []
    wanted = sorted(rows)
    found: dict[int, list[tuple[tuple, Chapter]]] = {row: [] for row in wanted}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        entries = select(
            event.record, event.recorded_at, event.sequence, event.source, event.key, event.event, event.acted_at, event.unit,
            event.payload, event.voids,
        ).where(event.record.in_(part))  # fmt: skip
        effects = select(
            firing.record, firing.at, firing.number, firing.rule, firing.event, firing.argument, firing.value
        ).where(firing.record.in_(part), WRITING)
        if until is not None:
            entries, effects = entries.where(event.recorded_at <= until), effects.where(firing.at <= until)
        for row, at, number, source, key, name, acted_at, unit, payload, voids in connection.execute(entries):
            found[row].append(((at, 0, number), Chapter(source, key, name, acted_at, unit, json.loads(payload), voids, at)))
        for row, at, number, rule, name, argument, value in connection.execute(effects):
            if any(step.began <= at <= step.ended and rule not in step.rules for step in undone):
                continue
            told = {"argument": argument, "value": value}
            found[row].append(((at, 1, number), Chapter("", rule, name, at, None, told, None, at)))
    return {row: [chapter for _, chapter in sorted(told, key=lambda each: each[0])] for row, told in found.items()}


def withdrawn(story: Iterable[Chapter]) -> set[_Key]:
    """Keys of the entries that were withdrawn."""
    return {(each.source, each.voids) for each in story if each.event == "voided" and each.voids is not None}


def standing(story: Sequence[Chapter]) -> list[Chapter]:
    """Entries that were not withdrawn, without effects."""
    gone = withdrawn(story)
    return [each for each in story if each.source and each.event != "voided" and (each.source, each.key) not in gone]


def told_of(story: Sequence[Chapter]) -> dict[str, Any]:
    """The payloads of what stands, the latest value of each field."""
    told: dict[str, Any] = {}
    for each in standing(story):
        told |= each.payload
    return told


def owner_of(story: Sequence[Chapter]) -> str | None:
    """The unit that owns the record by what stands."""
    return next((each.unit for each in reversed(standing(story)) if each.unit is not None), None)


def replayed(
    kind: str, story: Iterable[Chapter], rules: Rules, width: int = WIDTH, custom: CustomColumns | None = None
) -> tuple[Book, dict[_Key, int]]:
    """A book of one record that went through its story, and its entries by (source, key)."""
    book = new_book(rules, 16, width)
    story = list(story)
    room = 64 + sum(8 + len(each.payload) for each in story)
    book = book._replace(entries=longer(book.entries, room), changes=longer(book.changes, room))
    book.counts[0].rows = 1
    place_row(book, 0, custom.kinds.index(kind) if isinstance(custom, Layout) else RECORD_KINDS.index(kind), -1)
    shared = pinned(book)
    entries: dict[_Key, int] = {}
    flags: dict[str, float] = {}
    for each in story:
        book.counts[0].now = each.at
        if not each.source:
            _take_effect(shared, kind, each, flags, custom)
        elif each.event == "voided":
            if (voided := (each.source, each.voids or "")) in entries:
                void(shared, entries[voided])
        else:
            stage = as_number(kind, "stage", each.payload.get("stage")) if kind == "opportunity" else np.nan
            entries[each.source, each.key] = int(enter_at(shared, 0, getattr(EVENT, each.event), each.acted_at, stage))
            for name, value in each.payload.items():
                place = column_of(kind, name, custom)
                if place is not None:
                    put(shared, 0, place, number_of(kind, name, value, custom))
    return book, entries


def _take_effect(book, kind: str, effect: Chapter, flags: dict[str, float], custom: CustomColumns | None) -> None:
    """`flags`: colours that rules hold open, by rule."""
    argument = effect.payload["argument"]
    if effect.event == "frozen":
        set_by_rule(book, 0, column(kind, "frozen"), 1.0)
    elif effect.event == "approval_asked":
        require(book, 0, column(kind, APPROVALS[DESKS.index(argument)]))
    elif effect.event in ("field_required", "field_set"):
        place = column_of(kind, argument, custom)
        if place is None:
            return
        if effect.event == "field_required":
            require(book, 0, place)
        else:
            put_by_rule(book, 0, place, float(effect.payload["value"]))
    else:
        flags.pop(effect.key, None)
        colour = max(flags.values(), default=0.0)
        if effect.event == "flagged":
            flags[effect.key] = colour = float(FLAGS.index(argument))
        set_by_rule(book, 0, column(kind, "flag"), colour)


def linked(book: Book, row: int, past: Book) -> tuple[Book, int]:
    """Put the past of a record, a book of its own, before what a book remembers of it.

    Returns the book with room for more, and by how much the numbers of the past's entries grew.
    """
    counts, entries, changes = book.counts[0], int(past.counts[0].entries), int(past.counts[0].changes)
    first_entry, first_change = int(counts.entries), int(counts.changes)
    book = book._replace(
        entries=longer(book.entries, 2 * (first_entry + entries) + 64),
        changes=longer(book.changes, 2 * (first_change + changes) + 64),
    )
    told = book.entries[first_entry : first_entry + entries]
    told[:] = past.entries[:entries]
    told["row"] = row
    told["previous"] = np.where(told["previous"] >= 0, told["previous"] + first_entry, -1)
    moved = book.changes[first_change : first_change + changes]
    moved[:] = past.changes[:changes]
    moved["previous"] = np.where(moved["previous"] >= 0, moved["previous"] + first_change, -1)
    moved["entry"] = np.where(moved["entry"] >= 0, moved["entry"] + first_entry, -1)
    counts.entries, counts.changes = first_entry + entries, first_change + changes
    place = book.rows[row]
    place.asked |= past.rows[0].asked
    _hang(book.entries, place, "entry_head", int(past.rows[0].entry_head), first_entry)
    _hang(book.changes, place, "change_head", int(past.rows[0].change_head), first_change)
    return book, first_entry


def _hang(links: np.recarray, place, head: str, past: int, shift: int) -> None:
    """Behind the oldest link of a row hangs its past."""
    if past < 0:
        return
    oldest = int(place[head])
    if oldest < 0:
        place[head] = past + shift
        return
    while links[oldest].previous >= 0:
        oldest = int(links[oldest].previous)
    links[oldest].previous = past + shift
