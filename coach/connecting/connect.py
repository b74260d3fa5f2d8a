"""What is new in a CRM into a store, as an import of its tables; and what the coach found back into the CRM, once each."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.connecting.interface import ConnectionProblem, Crm, Note, Pulled, Todo
from coach.mapping.building import CLOSINGS
from coach.mapping.importing import Told, read_folder, store_reading
from coach.mapping.report import ImportReport
from coach.store import tables
from coach.store.policies import current
from coach.store.settings import calendar_of, set_setting, setting
from coach.store.store import Store
from policies.words.rule_words import rule_words

CONNECTED = "connected"
"""Setting: by source, the address of its CRM, where the next pull goes on, and what was written back."""
_event, _record, _todo, _notice = tables.event.c, tables.record.c, tables.todo.c, tables.notice.c
_KINDS = ("lead", "opportunity")
_NONE_GONE = -1


class WrittenBack(NamedTuple):
    """How many to-dos, notes and changes of the mark "frozen" were written."""

    todos: int
    notes: int
    tags: int


def bring(store: Store, crm: Crm, *, anew: bool = False, told: Told = lambda _step: None) -> ImportReport:
    """Pull what is new since the last time and import it. `anew`: everything, as the first time.

    ConnectionProblem, with nothing stored, where the CRM cannot be asked or is not the one that this store is connected with.
    """
    with store.read() as connection:
        known = _known(connection, crm)
        here = _open_deals(connection, crm.source)
    pulled = crm.pull(None if anew else known.get("until"))
    files = pulled.files | {"gone": [{"Id": each} for each in sorted(here - pulled.present)]}
    taken = datetime.fromtimestamp(pulled.taken_at / 1000, UTC).isoformat(timespec="milliseconds")
    mapping = pulled.mapping.model_copy(update={"exported_at": taken})
    with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
        write_tables(Path(folder), pulled, files)
        zone = None if store.is_fresh else store.calendar.zone
        reading = read_folder(folder, mapping, now=pulled.taken_at, zone=zone, told=told)
    report = store_reading(reading, mapping, store, by=None, told=told)
    _remember(store, crm, {"until": pulled.until})
    return report._replace(vanished=[])  # rows that have not changed were not asked for


def write_tables(folder: Path, pulled: Pulled, files: dict[str, list[dict[str, str]]]) -> None:
    """The tables as CSV files; one without rows has its header all the same."""
    for name, header in pulled.headers.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(files.get(name, ()))


def write_back(store: Store, crm: Crm, language: str) -> WrittenBack:
    """Write open to-dos, notes and the mark of frozen deals to the CRM. What was written is remembered one by one.

    Notes begin with the first time: those that are older are left out.
    """
    with store.read() as connection:
        known = _known(connection, crm)
        todos = list(_todos(connection, crm.source, known.get("todo", _NONE_GONE), language))
        last = connection.scalar(select(_notice.id).order_by(_notice.id.desc()).limit(1))
        notes = list(_notes(connection, crm.source, known["note"], language)) if "note" in known else []
        frozen = _frozen(connection, crm.source)
    if "note" not in known:
        _remember(store, crm, {"note": _NONE_GONE if last is None else last})
    for todo in todos:
        crm.write_todo(todo)
        _remember(store, crm, {"todo": todo.number})
    for note in notes:
        crm.write_note(note)
        _remember(store, crm, {"note": note.number})
    marked = set(known.get("frozen", []))
    changes = [(each, True) for each in sorted(frozen - marked)] + [(each, False) for each in sorted(marked - frozen)]
    for record, is_frozen in changes:
        crm.set_frozen_tag(record, is_frozen)
        marked = marked | {record} if is_frozen else marked - {record}
        _remember(store, crm, {"frozen": sorted(marked)})
    return WrittenBack(len(todos), len(notes), len(changes))


def _known(connection: Connection, crm: Crm) -> dict[str, Any]:
    """What is remembered of a CRM. ConnectionProblem where the store holds another one's records."""
    known = setting(connection, CONNECTED, {}).get(crm.source, {})
    if known.get("address", crm.address) != crm.address:
        raise ConnectionProblem(
            f"This store is connected with {known['address']}, whose records have the same numbers. Use another store for "
            f"{crm.address}.",
            f"该存储已连接 {known['address']}，其记录编号相同。请为 {crm.address} 使用另一个存储。",
        )
    return known


def _remember(store: Store, crm: Crm, changes: dict[str, Any]) -> None:
    with store.write() as connection:
        every = setting(connection, CONNECTED, {})
        known = every.get(crm.source, {}) | {"address": crm.address} | changes
        set_setting(connection, CONNECTED, every | {crm.source: known})


def _of_source(source: str):
    """Condition: the record was brought in from there."""
    return select(_event.sequence).where(
        _event.record == _record.row, _event.source == source, _event.event == "registered"
    ).exists()  # fmt: skip


def _open_deals(connection: Connection, source: str) -> set[str]:
    query = select(_record.id).where(_record.kind == "opportunity", _of_source(source))
    return set(connection.scalars(query.where(_record.status.is_(None) | _record.status.not_in(CLOSINGS))))


def _todos(connection: Connection, source: str, after: int, language: str) -> Iterator[Todo]:
    query = select(_todo.id, _todo.rule, _todo.due_at, _todo.unit, _record.id.label("record"))
    query = query.join(tables.record, _todo.record == _record.row).where(
        _todo.id > after, _todo.closed_at.is_(None), _todo.done_at.is_(None), _record.kind.in_(_KINDS), _of_source(source)
    )
    words, calendar = _words(connection, language), calendar_of(connection)
    for each in connection.execute(query.order_by(_todo.id)):
        day = calendar.local_date(each.due_at).isoformat()
        yield Todo(each.id, each.record, words.get(each.rule, each.rule), day, each.unit)


def _notes(connection: Connection, source: str, after: int, language: str) -> Iterator[Note]:
    """Notices that are not about a to-do, which is written as such."""
    query = select(_notice.id, _notice.rule, _record.id.label("record"))
    query = query.join(tables.record, _notice.record == _record.row).where(
        _notice.id > after, _notice.sent, _notice.effect != "todo_opened", _record.kind.in_(_KINDS), _of_source(source)
    )
    words = _words(connection, language)
    for each in connection.execute(query.order_by(_notice.id)):
        yield Note(each.id, each.record, words.get(each.rule, each.rule))


def _frozen(connection: Connection, source: str) -> set[str]:
    query = select(_record.id).where(_record.kind == "opportunity", _record["values"].contains('"frozen": 1.0'))
    return set(connection.scalars(query.where(_of_source(source))))


def _words(connection: Connection, language: str) -> dict[str, str]:
    """What each rule says."""
    version = current(connection)
    return {} if version is None else {rule.id: rule_words(rule, language) for rule in version.policy.rules}
