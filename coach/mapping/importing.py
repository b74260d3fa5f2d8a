"""A folder of files into a store: all of it in one transaction, every row accounted for."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coach.event_rows import read_events
from coach.events import PostedEvent
from coach.mapping.apart import still_inside, without_apart
from coach.mapping.building import Made, Registered, Rows, exported_instant
from coach.mapping.changed import changed_rows
from coach.mapping.document import Mapping
from coach.mapping.files import MappingError, columns_of, read_table
from coach.mapping.own_currency import in_firms_currency
from coach.mapping.people import same_people
from coach.mapping.people_events import with_people
from coach.mapping.people_list import read_people
from coach.mapping.rates import read_rates
from coach.mapping.reading import Origin, Reading, Snapshot, TableRows
from coach.mapping.remarks import Remark, text_of
from coach.mapping.report import ImportReport, counted, of_refused, of_unpriced, why
from coach.mapping.snapshots import compared
from coach.mapping.stages import within_stages
from coach.mapping.unsaid import Unsaid, unsaid_values
from coach.mapping.users import by_name, read_users
from coach.store.appending import append, now_ms
from coach.store.database import copy_of
from coach.store.later_prices import price
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of, set_setting
from coach.store.stage_names import keep_stage_names
from coach.store.store import audited

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from coach.store import Store


class Step(NamedTuple):
    """How far an import is: of reading the tables ("read") or of storing them ("store")."""

    part: str
    done: int
    of: int


Told = Callable[[Step], None]
"""Told of every step. An exception that it raises ends the import, and nothing is stored."""
_STORING = 10
_COMPARED, _APPENDED = 2, 9
"""Steps of storing: from the one to the other the events are written, which takes longest."""
_OF_DEALS = ("registered", "won", "lost")


def _nobody(_step: Step) -> None:
    """Nobody wants to know."""


class _TakenBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: it would walk a hundred thousand events, which have none, again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def import_folder(
    folder: str | Path, mapping: Mapping, store: "Store", *, now: int, exported_at: str | None = None
) -> ImportReport:
    """Bring the files of a folder (or the sheets of a workbook) into a store.

    `now` is the present instant, ms. Nothing is stored when the files do not fit the mapping (MappingError), and a process that
    is killed leaves the store as it was. Importing the same files again changes nothing.
    """
    zone = None if store.is_fresh else store.calendar.zone
    return store_reading(read_folder(folder, mapping, now=now, exported_at=exported_at, zone=zone), mapping, store)


@_uncollected()
def store_reading(
    reading: Reading, mapping: Mapping, store: "Store", *, by: str | None = None, told: Told = _nobody
) -> ImportReport:
    """Put what was read into a store, in one transaction. The first files give a store the time zone and the currency of their
    mapping. `by`: the person whose import stands in the audit log; None leaves it out."""
    fresh = store.is_fresh
    with store.write() as connection:
        report = _stored(connection, reading, mapping, fresh, told)
        if by is not None:
            rows = sum(each.rows for each in report.tables)
            audited(connection, now_ms(), by, "imported", mapping.source, rows=rows, accepted=report.accepted)
        return report


def rehearse_storing(reading: Reading, mapping: Mapping, store: "Store", *, told: Told = _nobody) -> ImportReport:
    """What `store_reading` would do to the store as it is now; nothing is stored.

    It is done to a copy of a SQLite file, so that nobody has to wait; elsewhere in a transaction that is taken back, for which
    others who write wait.
    """
    with copy_of(store.engine) as copy:
        if copy is not None:
            return store_reading(reading, mapping, type(store)(copy), told=told)
        fresh = store.is_fresh
        with suppress(_TakenBackError), store.write() as connection:
            report = _stored(connection, reading, mapping, fresh, told)
            raise _TakenBackError
        return report


def _stored(connection: "Connection", reading: Reading, mapping: Mapping, fresh: bool, told: Told) -> ImportReport:
    told(Step("store", 0, _STORING))
    if fresh and reading.events:
        calendar = calendar_of(connection).in_zone(mapping.time_zone)
        set_setting(connection, "calendar", calendar.model_dump(mode="json"))
    reading = in_firms_currency(connection, with_people(connection, same_people(connection, reading), mapping), mapping)
    told(Step("store", 1, _STORING))
    found = compared(connection, reading)
    found = found._replace(reading=within_stages(connection, found.reading, mapping))
    told(Step("store", _COMPARED, _STORING))
    span = _APPENDED - _COMPARED
    done = append(
        connection, found.reading.events, told=lambda share: told(Step("store", _COMPARED + int(span * share), _STORING))
    )
    told(Step("store", _APPENDED, _STORING))
    changed = changed_rows(connection, found.reading, done.taken, mapping)
    priced, unpriced = price(connection)
    currency = firm_currency(connection)
    keep_stage_names(connection, stages_in(mapping))
    origins, events = found.reading.origins, found.reading.events
    registered = {(each.kind, each.record) for each in events if each.event == "registered"}
    refused = [(origins[each.position], *why(each, events[each.position], registered)) for each in done.refused]
    remarks = [*found.reading.remarks, *changed, *of_refused(refused, Counter(origins)), *of_unpriced(done.unpriced, origins)]
    tables = counted(reading, remarks, {origins[place] for place in done.taken})
    deals = Counter(
        events[place].event for place in done.taken if events[place].kind == "opportunity" and events[place].event in _OF_DEALS
    )
    units = sum(not origins[place].table and events[place].kind == "unit" for place in done.taken)
    told(Step("store", _STORING, _STORING))
    return ImportReport(
        mapping.name, tables, done.accepted, done.repeated + found.repeated, remarks, found.vanished, currency, priced,
        unpriced, reading.unsaid, deals, units,
    )  # fmt: skip


def stages_in(mapping: Mapping) -> dict[int, str]:
    """What the firm calls its stages, by number; the first name where a mapping has several for one."""
    found: dict[int, str] = {}
    for spec in (each for table in mapping.tables for each in table.events):
        stage = spec.payload.get("stage")
        for name, number in ({} if stage is None else stage.values).items():
            if isinstance(number, (int, float)) and not isinstance(number, bool) and any(map(str.isalpha, name)):
                found.setdefault(int(number), name)
    return found


@_uncollected()
def read_folder(
    folder: str | Path, mapping: Mapping, *, now: int, exported_at: str | None = None, zone: str | None = None,
    told: Told = _nobody,
) -> Reading:  # fmt: skip
    """The events that the files of a folder make, and what became of every row. Raises MappingError.

    `exported_at` is a clock time in `zone`, the store's; None stands for the mapping's, which a new store takes over.
    """
    folder = Path(folder).expanduser()
    exported = _exported(mapping, exported_at, zone, now)
    earlier: dict[str, Registered] = {}
    events: list[PostedEvent] = []
    origins: list[Origin] = []
    tables: list[TableRows] = []
    snapshots: list[Snapshot] = []
    remarks: list[Remark] = []
    signs: set[str] = set()
    unsaid: list[Unsaid] = []
    beside = folder.parent if folder.is_file() else folder
    rates = [] if mapping.rates is None else read_rates(beside / mapping.rates)
    people = None if mapping.people is None else read_people(beside / mapping.people, exported)
    for number, table in enumerate(mapping.tables):
        told(Step("read", number, len(mapping.tables)))
        sheet = read_table(folder, mapping, table)
        if sheet is None:
            continue
        rows = Rows(mapping, table, sheet, exported, earlier)
        made = rows.made()
        read, faults = read_events(made.events)
        outside = _set_aside_faulty(rows, made, faults)
        wrong = {position for position, _ in faults}
        places = [place for position, place in enumerate(made.places) if position not in wrong]
        keep = [number for number, place in enumerate(places) if place not in outside]
        events += [read[number] for number in keep]
        files, lines = sheet.file.tolist(), sheet.row.tolist()
        origins += [Origin(table.name, files[places[number]], lines[places[number]]) for number in keep]
        earlier[table.name] = rows.registered()
        unused = tuple(name for name in sheet.cells.columns if name and name not in columns_of(mapping, table))
        if any(spec.every_field for spec in table.events):
            unused = ()
        tables.append(TableRows(table.name, made.rows, unused))
        if table.snapshot:
            snapshots.append(rows.snapshot(said=bool(exported_at or mapping.exported_at)))
        remarks += made.remarks
        unsaid += unsaid_values(table, sheet.cells)
        signs |= rows.signs
    if not (exported_at or mapping.exported_at):
        events, origins, apart = without_apart(events, origins, exported)
        remarks += apart
        snapshots = [still_inside(each, apart) for each in snapshots] if apart else snapshots
    if mapping.users is not None:
        events = by_name(events, read_users(folder, mapping, mapping.users))
    if people is not None:
        tables.append(TableRows(people.file, len(people.people), ()))
    return _with_units(Reading(events, origins, tables, remarks, snapshots, rates, frozenset(signs), people, unsaid), mapping)


def _exported(mapping: Mapping, written: str | None, zone: str | None, now: int) -> int:
    exported = exported_instant(mapping, written, zone)
    if exported is None and (written or mapping.exported_at):
        raise MappingError(
            f"The instant of the export '{written or mapping.exported_at}' cannot be read; write it as 2024-02-01 or "
            "2024-02-01T18:00.",
            f"无法读取导出时间“{written or mapping.exported_at}”，请写成 2024-02-01 或 2024-02-01T18:00。",
        )
    return min(now, exported) if exported is not None else now


def _set_aside_faulty(rows: Rows, made: Made, faults: list) -> set[int]:
    """Rows of which an event is not one; the whole row is set aside."""
    outside = set()
    for position, fault in faults:
        place = made.places[position]
        if place not in outside:
            rows.remark(place, "", "", type(text_of("no_id"))(en=str(fault.en), zh=str(fault.zh)), set_aside=True)
            outside.add(place)
    return outside


def _with_units(reading: Reading, mapping: Mapping) -> Reading:
    """Units that no table registers are registered when they are first heard of, before everything else."""
    if mapping.units is None:
        return reading
    known = {each.record for each in reading.events if each.kind == "unit" and each.event == "registered"}
    first: dict[str, int] = {}
    for each in reading.events:
        unit = each.record if each.kind == "unit" else each.unit
        if unit is not None and unit not in known:
            first[unit] = min(first.get(unit, each.acted_at), each.acted_at)
    added = [
        PostedEvent(
            source=mapping.source, key=f"units/{unit}/registered", event="registered", kind="unit", record=unit, acted_at=at,
            recorded_at=at, payload={"level": mapping.units},
        )
        for unit, at in sorted(first.items())
    ]  # fmt: skip
    return reading._replace(events=added + reading.events, origins=[Origin()] * len(added) + reading.origins)
