"""What was recorded of every record at chosen instants.

The views of a store show the present. Scores in two weeks running, and a model that must not know the future, need the
fields as they were recorded at earlier instants: events are folded again in the order in which they were recorded.
"""

import json
from collections.abc import Container, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from coach.events import FIELD_OF
from coach.store import Store, tables
from coach.store.policies import steps_back
from policies.record.records import COUNTING, EVENT, EVENTS, FLAGS, SETS
from policies.record.steps import AS_TOLD, moved_by, step_of

DAY = 86_400_000
CLOSINGS = ("won", "lost", "no_decision")
FEWEST_AT_ONE_INSTANT = 10
SHARE_AT_ONE_INSTANT = 0.02
"""So many closings, and such a share of all, at the last instant of a source were dated by its export."""


def _told(kind: str, name: str, value: float) -> float | str:
    about = FIELD_OF[kind].get(name)
    return about.choices[int(value)] if about is not None and about.type == "choice" else float(value)


_SET = {
    (event, kind): {name: _told(kind, name, value) for name, value in fixed.items()}
    for event, kinds in SETS.items()
    for kind, fixed in kinds.items()
    if kind in FIELD_OF
}


_WRITTEN = ("frozen", "flagged", "flag_closed", "field_set")
_CODES = EVENT._asdict()
"""Code of an event by its name."""


class Entry(NamedTuple):
    """One recorded event of a record; `voids` names the key of the event that it withdraws."""

    key: tuple[str, str]
    event: str
    acted_at: int
    recorded_at: int
    unit: str | None
    payload: dict[str, Any]
    voids: str | None


class Record(NamedTuple):
    """A record with everything recorded of it by an instant, in that order."""

    row: int
    kind: str
    id: str
    entries: list[Entry]


def records_at(store: Store, at: int) -> list[Record]:
    """Every record of a store with what was recorded by `at` (ms), rules' freezes, flags and values included, by row."""
    event, record = tables.event.c, tables.record.c
    query = (
        select(
            event.record,
            event.source,
            event.key,
            event.event,
            event.acted_at,
            event.recorded_at,
            event.unit,
            event.payload,
            event.voids,
        )
        .where(event.recorded_at <= at)
        .order_by(event.recorded_at, event.sequence)
    )
    found: dict[int, list[Entry]] = {}
    with store.read() as connection:
        names = {
            row: (kind, identifier) for row, kind, identifier in connection.execute(select(record.row, record.kind, record.id))
        }
        for row, source, key, name, acted_at, recorded_at, unit, payload, voids in connection.execute(query):
            found.setdefault(row, []).append(
                Entry((source, key), name, acted_at, recorded_at, unit, json.loads(payload), voids)
            )
        for row, effect in _effects(connection, names, at):
            found.setdefault(row, []).append(effect)
    for entries in found.values():
        entries.sort(key=lambda each: each.recorded_at)
    return [Record(row, *names[row], entries) for row, entries in sorted(found.items())]


def _effects(connection: Connection, names: dict[int, tuple[str, str]], at: int) -> Iterator[tuple[int, Entry]]:
    """(row, what a rule wrote) by an instant, in order; without what a step back to an earlier policy took away by then."""
    firing = tables.firing.c
    undone = [step for step in steps_back(connection) if step.ended <= at]
    query = select(firing.record, firing.number, firing.rule, firing.event, firing.argument, firing.value, firing.at)
    flags: dict[int, dict[str, int]] = {}  # colours that rules hold open, by row and rule
    query = query.where(firing.event.in_(_WRITTEN), firing.at <= at).order_by(firing.number)
    for row, number, rule, name, argument, value, done_at in connection.execute(query):
        if any(step.began <= done_at <= step.ended and rule not in step.rules for step in undone):
            continue
        told: dict[str, Any] = {"frozen": 1.0}
        if name == "field_set":
            told = {argument: _told(names[row][0], argument, value)}
        elif name != "frozen":
            open_flags = flags.setdefault(row, {})
            open_flags.pop(rule, None)
            told = {"flag": FLAGS[max(open_flags.values(), default=0)]}
            if name == "flagged":
                open_flags[rule] = FLAGS.index(argument)
                told = {"flag": argument}
        yield row, Entry(("", str(number)), "field_set", done_at, done_at, None, told, None)


def states(record: Record, instants: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The recorded fields at each of some instants in rising order (a copy each); empty before the record was registered.

    Besides the fields: `unit`, and the numbers of recorded actions and contacts as `#actions` and `#contacts`.
    """
    values: dict[str, Any] = {}
    kept: list[Entry] = []
    place = 0
    for instant in instants:
        while place < len(record.entries) and record.entries[place].recorded_at <= instant:
            _take(record.kind, record.entries[place], values, kept)
            place += 1
        yield dict(values)


def _take(kind: str, entry: Entry, values: dict[str, Any], kept: list[Entry]) -> None:
    """After a withdrawal everything is told anew from what is left."""
    if entry.event != "voided":
        kept.append(entry)
        _fold(kind, entry, values)
        return
    kept[:] = [each for each in kept if each.key != (entry.key[0], entry.voids)]
    values.clear()
    for each in kept:
        _fold(kind, each, values)


def _fold(kind: str, entry: Entry, values: dict[str, Any]) -> None:
    names = moved_by(entry.event, kind, _step(kind, entry, values))
    for name in names:
        values[name] = max(values.get(name, -np.inf), float(entry.acted_at))
    values.update(_SET.get((entry.event, kind), {}))
    counted = COUNTING.get(entry.event, {}).get(kind)
    if counted is not None:
        values[counted] = values.get(counted, 0.0) + 1.0
    for name, value in entry.payload.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    if entry.unit is not None:
        values["unit"] = entry.unit
    if "last_action_at" in names:
        values["#actions"] = values.get("#actions", 0) + 1
        values["#contacts"] = values.get("#contacts", 0) + (entry.event in ("first_contact", "contact"))


def _step(kind: str, entry: Entry, values: dict[str, Any]) -> int:
    by_rule = not entry.key[0]
    stage = entry.payload.get("stage") if kind == "opportunity" and not by_rule else None
    return AS_TOLD if stage is None else step_of(_CODES[entry.event], float(values.get("stage", np.nan)), float(stage))


def standing(record: Record, events: Container[str] = EVENTS) -> list[Entry]:
    """Entries of some kinds, of all unless told otherwise, that were not withdrawn."""
    voided = {(entry.key[0], entry.voids) for entry in record.entries if entry.event == "voided"}
    return [entry for entry in record.entries if entry.event in events and entry.key not in voided]


def in_order(record: Record, events: Container[str] = EVENTS) -> list[Entry]:
    """What stands of a record in the order in which it was done, its registration first, whenever each was entered."""
    return sorted(standing(record, events), key=lambda each: (each.event != "registered", each.acted_at))


def stages_told(record: Record) -> list[tuple[Entry, float]]:
    """What stands of an opportunity and tells its stage, whatever kind of event it is, and the stage."""
    told = [(entry, entry.payload.get("stage")) for entry in standing(record)]
    return [(entry, float(stage)) for entry, stage in told if isinstance(stage, (int, float))]


def undated_closings(store: Store) -> set[int]:
    """Rows of opportunities whose closing nobody can date.

    An export that does not tell when something was closed dates it at its own instant, and says so of the event. Where a source
    dates many closings at the last of all its instants without saying so, they are taken for undated too. They are looked for
    in the whole store, also when it is asked for an earlier instant, and source by source: work that is recorded live after an
    import does not make that import's closings dated ones.
    """
    event = tables.event.c
    with store.read() as connection:
        voids = select(event.source, event.voids).where(event.event == "voided")
        voided = {tuple(each) for each in connection.execute(voids)}
        query = select(event.source, event.key, event.record, event.acted_at, event.dated).where(event.event.in_(CLOSINGS))
        closed = [each for each in connection.execute(query) if (each.source, each.key) not in voided]
    by_source: dict[str, list[tuple[int, int]]] = {}
    for each in closed:
        if each.dated:
            by_source.setdefault(each.source, []).append((each.record, each.acted_at))
    undated = {each.record for each in closed if not each.dated}
    return undated.union(*(_at_the_last_instant(own) for own in by_source.values()))


def _at_the_last_instant(closed: list[tuple[int, int]]) -> set[int]:
    """Rows closed at the last of all instants, if they are many."""
    last = max(instant for _, instant in closed)
    rows = {row for row, instant in closed if instant == last}
    return rows if len(rows) >= max(FEWEST_AT_ONE_INSTANT, SHARE_AT_ONE_INSTANT * len(closed)) else set()
