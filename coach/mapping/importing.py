"""A folder of files into a store: all of it in one transaction, every row accounted for."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coach.events import PostedEvent, read_events
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
from coach.mapping.snapshots import Vanished, compared
from coach.mapping.unsaid import Unsaid, unsaid_values
from coach.mapping.users import by_name, read_users
from coach.money import text_of as amount_text
from coach.store.appending import Refused, WithoutPrice, append
from coach.store.later_prices import price
from coach.store.pricing import Summary
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of, set_setting

if TYPE_CHECKING:
    from coach.store import Store


class TableCount(NamedTuple):
    """Rows of a table: `rows` = `imported` + `repaired` + `unchanged` + `empty` + `set_aside`; columns that nothing names.

    `imported`: something of the row is new in the store; `repaired`: as well, and something had to be done to it; `unchanged`:
    all that the row tells was there already; `empty`: the mapping makes nothing of it.
    """

    name: str
    rows: int
    imported: int
    repaired: int
    unchanged: int
    empty: int
    set_aside: int
    unused: tuple[str, ...]


class ImportReport(NamedTuple):
    """What the import did. `accepted` events are new in the store, `repeated` were there before; `vanished`: records of earlier
    exports whose rows are gone from a table of snapshots. `currency`: the firm's; `priced`: amounts that were in the store and
    got their price now; `unpriced`: those in the store that still have none. `unsaid`: values that sound like the end of a deal
    and that the mapping makes nothing of."""

    mapping: str
    tables: list[TableCount]
    accepted: int
    repeated: int
    remarks: list[Remark]
    vanished: list[Vanished]
    currency: str | None = None
    priced: int = 0
    unpriced: list[Summary] = []
    unsaid: list[Unsaid] = []

    def reasons(self) -> list[tuple[str, bool, str, str, int]]:
        """(table, set aside, English, Chinese, rows) of every repair and reason, the most frequent of a table first."""
        counts = Counter((each.table, each.set_aside, each.column, each.en, each.zh) for each in self.remarks)
        order = [each.name for each in self.tables]
        told = [
            (table, aside, f"{column}: {en}" if column else en, f"{column}：{zh}" if column else zh, number)
            for (table, aside, column, en, zh), number in counts.items()
        ]
        return sorted(told, key=lambda each: (order.index(each[0]), not each[1], -each[4]))

    def document(self) -> dict:
        """The report as plain values for JSON."""
        return {
            "mapping": self.mapping,
            "accepted": self.accepted,
            "repeated": self.repeated,
            "tables": [each._asdict() for each in self.tables],
            "vanished": [each._asdict() for each in self.vanished],
            "currency": self.currency,
            "priced": self.priced,
            "unpriced": [each._asdict() for each in self.unpriced],
            "unsaid": [each._asdict() for each in self.unsaid],
            "reasons": [
                {"table": table, "set_aside": aside, "en": en, "zh": zh, "rows": rows}
                for table, aside, en, zh, rows in self.reasons()
            ],
        }


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
def store_reading(reading: Reading, mapping: Mapping, store: "Store") -> ImportReport:
    """Put what was read into a store, in one transaction. The first files give a store the time zone and the currency of their
    mapping."""
    fresh = store.is_fresh
    with store.write() as connection:
        if fresh and reading.events:
            calendar = calendar_of(connection).model_copy(update={"zone": mapping.time_zone})
            set_setting(connection, "calendar", calendar.model_dump(mode="json"))
        reading = in_firms_currency(connection, with_people(connection, same_people(connection, reading), mapping), mapping)
        found = compared(connection, reading)
        done = append(connection, found.reading.events)
        changed = changed_rows(connection, found.reading, done.taken, mapping)
        priced, unpriced = price(connection)
        currency = firm_currency(connection)
    origins = found.reading.origins
    registered = {(each.kind, each.record) for each in found.reading.events if each.event == "registered"}
    refused = [(origins[each.position], *_why(each, found.reading.events[each.position], registered)) for each in done.refused]
    remarks = [*found.reading.remarks, *changed, *_of_refused(refused, Counter(origins)), *_of_unpriced(done.unpriced, origins)]
    tables = counted(reading, remarks, {origins[place] for place in done.taken})
    return ImportReport(
        mapping.name, tables, done.accepted, done.repeated + found.repeated, remarks, found.vanished, currency, priced,
        unpriced, reading.unsaid,
    )  # fmt: skip


@_uncollected()
def read_folder(
    folder: str | Path, mapping: Mapping, *, now: int, exported_at: str | None = None, zone: str | None = None
) -> Reading:
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
    for table in mapping.tables:
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


def counted(reading: Reading, remarks: Sequence[Remark], taken: set[Origin]) -> list[TableCount]:
    """What became of the rows of each table; `taken`: rows of which something is new in the store."""
    aside = {Origin(each.table, each.file, each.row) for each in remarks if each.set_aside}
    mended = {Origin(each.table, each.file, each.row) for each in remarks}
    read = set(reading.origins)
    if reading.people is not None:
        read |= {Origin(reading.people.file, reading.people.file, each.row) for each in reading.people.people}
    counts = []
    for table in reading.tables:
        outside, new, told = ({each for each in some if each.table == table.name} for some in (aside, taken, read))
        new, told = new - outside, told - outside - new
        rest = table.rows - len(outside) - len(new) - len(told)
        done = len(new - mended), len(new & mended), len(told), rest, len(outside)
        counts.append(TableCount(table.name, table.rows, *done, table.unused))
    return counts


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


def _why(refused: Refused, event: PostedEvent, registered: set[tuple[str, str]]) -> tuple[str, str]:
    """Why the store did not take an event, in the words of who looks at files; `registered`: records that these bring."""
    if refused.code != "not_registered":
        return refused.en, refused.zh
    text = text_of("before_its_record" if (event.kind, event.record) in registered else "record_not_here")
    return text.en, text.zh


def _of_refused(refused: list[tuple[Origin, str, str]], made: Counter[Origin]) -> list[Remark]:
    """What the store refused belongs to the row that it came from: a repair, or set aside if nothing of the row was taken."""
    lost = Counter(origin for origin, _, _ in refused)
    return [
        Remark(origin.table, origin.file, origin.row, "", "", lost[origin] == made[origin], en, zh)
        for origin, en, zh in refused
        if origin.table
    ]


def _of_unpriced(unpriced: list[WithoutPrice], origins: list[Origin]) -> list[Remark]:
    """Amounts that were taken without a price, each told at its row."""
    remarks = []
    for position, _, what in unpriced:
        origin, text = origins[position], text_of("no_own_currency" if what.own is None else "no_rate")
        found = f"{amount_text(*what.amount)}, {what.day}"
        remarks.append(Remark(origin.table, origin.file, origin.row, what.field, found, False, text.en, text.zh))
    return remarks
