"""What the firm's list of people says, as events of units: who came, to which unit they belong, and who left.

A person who left is absent for good: `absence_began` with `left_at`, the midnight after the last day. Who is on the list again
without a last day has come back. The list tells how things stand, so that what it says otherwise than the store is an event.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.mapping.document import Mapping
from coach.mapping.people_list import PeopleList, Person, heights, plain
from coach.mapping.reading import Origin, Reading
from coach.mapping.remarks import Remark, text_of
from coach.store import tables
from coach.store.settings import calendar_of, set_setting, setting
from coach.store.views import kept_values
from policies.record.records import LEVELS
from policies.time.calendar import Calendar

LISTS = "lists_of_people"
"""Setting: by source, the instant of the newest list that was brought in."""


class _Known(NamedTuple):
    """What is known of a unit apart from the list, and whether from the store; `first`: its first instant in the files."""

    values: dict[str, Any] | None
    in_store: bool
    first: int | None


def with_people(connection: Connection, reading: Reading, mapping: Mapping) -> Reading:
    """The reading with the events that bring the store to what the list says. The list goes by the store's zone."""
    listed = reading.people
    if listed is None:
        return reading
    source, lists = mapping.source, setting(connection, LISTS, {})
    stored = _stored(connection)
    remarks = [*reading.remarks, *_already_somebody(listed, stored)]
    if lists.get(source, listed.at) > listed.at:
        return reading._replace(remarks=[*remarks, *(_remark(listed, each, "older_list") for each in listed.people[:1])])
    set_setting(connection, LISTS, lists | {source: listed.at})
    work = _Listed(mapping, listed, calendar_of(connection))
    names = {each.name for each in work.everybody()}
    pairs = [
        (event, origin) for event, origin in zip(reading.events, reading.origins, strict=True)
        if origin.table or event.kind != "unit" or event.record not in names
    ]  # fmt: skip
    first = _first_heard_of(reading, work.everybody())
    told = {event.record: event.payload for event, _ in pairs if event.kind == "unit" and event.event == "registered"}
    made = []
    for person in work.everybody():
        known = _Known(stored.get(person.name, told.get(person.name)), person.name in stored, first.get(person.name))
        made += [(event, Origin(listed.file, listed.file, person.row)) for event in work.events(person, known)]
    pairs = [*made, *pairs]
    return reading._replace(
        events=[event for event, _ in pairs], origins=[origin for _, origin in pairs], remarks=[*remarks, *work.remarks]
    )


class _Listed:
    """The people of one list, on their way into events."""

    def __init__(self, mapping: Mapping, listed: PeopleList, calendar: Calendar):
        self.mapping, self.listed, self.calendar = mapping, listed, calendar
        self.remarks: list[Remark] = []
        self._heights = heights(listed.people)

    def everybody(self) -> list[Person]:
        """The people, and the units that are named above them and have no line of their own."""
        named = {each.name for each in self.listed.people}
        above: dict[str, Person] = {}
        for each in self.listed.people:
            if each.unit is not None and each.unit not in named:
                above.setdefault(each.unit, Person(each.unit, (), None, None, None, each.row))
        return [*above.values(), *self.listed.people]

    def events(self, person: Person, known: _Known) -> Iterator[PostedEvent]:
        """What has to be recorded of a person."""
        values, left = known.values, self._left(person)
        if values is None:
            values = {} if person.unit is None else {"parent": person.unit}
            came, level = self._came(person, known, left), self._level(person.name)
            yield self._event(person, "registered", came, {"level": level, **values})
        at = self.listed.at
        if person.unit is not None and values.get("parent") != person.unit:
            yield self._event(person, "field_recorded", at, {"parent": person.unit})
        if left != values.get("left_at") and left is not None:
            yield self._event(person, "absence_began", int(left), {"left_at": left}, at if known.in_store else int(left))
        elif left is None and "left_at" in values:
            yield self._event(person, "absence_ended", at, {"left_at": None})

    def _left(self, person: Person) -> float | None:
        if person.left is None:
            return None
        left = self.calendar.midnight(date.fromisoformat(person.left) + timedelta(days=1))
        if left <= self.listed.at:
            return float(left)
        self.remarks.append(_remark(self.listed, person, "leaves_later", "left", person.left))
        return None

    def _came(self, person: Person, known: _Known, left: float | None) -> int:
        if person.joined is not None:
            came = self.calendar.midnight(date.fromisoformat(person.joined))
        else:
            came = self.listed.at if known.first is None else known.first
        return int(min(came, self.listed.at if left is None else left))

    def _level(self, name: str) -> str:
        lowest = LEVELS.index(self.mapping.units or LEVELS[0])
        return LEVELS[min(lowest + self._heights[name], len(LEVELS) - 1)]

    def _event(self, person: Person, name: str, at: int, payload: dict, recorded_at: int | None = None) -> PostedEvent:
        told = hashlib.blake2b(repr((at, recorded_at, sorted(payload.items()))).encode(), digest_size=8).hexdigest()
        key = f"units/{person.name}/registered" if name == "registered" else f"people/{person.name}/{name}/{told}"
        return PostedEvent(
            source=self.mapping.source, key=key, event=name, kind="unit", record=person.name, acted_at=at,
            recorded_at=at if recorded_at is None else recorded_at, payload=payload,
        )  # fmt: skip


def _stored(connection: Connection) -> dict[str, dict]:
    columns = tables.record.c
    rows = dict(connection.execute(select(columns.row, columns.id).where(columns.kind == "unit")).all())
    return {rows[row]: values for row, values in kept_values(connection, rows).items()}


def _first_heard_of(reading: Reading, people: list[Person]) -> dict[str, int]:
    """First instant of each name in the files; a unit is there when the first of its people is."""
    first: dict[str, int] = {}
    for event in reading.events:
        name = event.record if event.kind == "unit" else event.unit
        if name is not None:
            first[name] = min(first.get(name, event.acted_at), event.acted_at)
    height = heights(people)
    for person in sorted(people, key=lambda each: height[each.name]):
        if person.unit is not None and person.name in first:
            first[person.unit] = min(first.get(person.unit, first[person.name]), first[person.name])
    return first


def _already_somebody(listed: PeopleList, stored: dict[str, dict]) -> list[Remark]:
    by_plain: dict[str, list[str]] = {}
    for name in stored:
        by_plain.setdefault(plain(name), []).append(name)
    return [
        _remark(listed, person, "somebody_already", "spellings", name)
        for person in listed.people
        for spelling in dict.fromkeys(map(plain, person.spellings))
        for name in by_plain.get(spelling, ())
        if name != person.name
    ]


def _remark(listed: PeopleList, person: Person, code: str, column: str = "", found: str = "") -> Remark:
    text = text_of(code)
    return Remark(listed.file, listed.file, person.row, column, found, False, text.en, text.zh)
