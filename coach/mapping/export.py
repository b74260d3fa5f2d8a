"""Posted events as files in our own layout (`library/rehearse.yaml`): what `rehearse import --mapping rehearse` reads."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from coach.events import FIELD_OF, PostedEvent
from coach.parity.journal_events import OfficeJournal
from policies.record.records import RECORD_KINDS
from sim.office.office import Office

TABLES = {kind: ("opportunities" if kind == "opportunity" else f"{kind}s") for kind in RECORD_KINDS}
_RECORD_COLUMNS = ("id", "unit", "acted_at", "recorded_at")
_ACTIVITY_COLUMNS = ("id", "kind", "record", "unit", "event", "acted_at", "recorded_at", "voids")


def write_layout(events: Iterable[PostedEvent], folder: str | Path) -> list[Path]:
    """Write the events as CSV files (UTF-8 with BOM, so that Excel opens them) into a folder, which is made; the files written.

    A record is registered once: a second registration of it is an activity. Records of kinds that a policy declares have no
    file in this layout and are left out.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    records: dict[str, list[dict]] = {kind: [] for kind in RECORD_KINDS}
    activities, known = [], set()
    for each in (event for event in events if event.kind in RECORD_KINDS):
        fresh = each.event == "registered" and (each.kind, each.record) not in known
        if fresh:
            known.add((each.kind, each.record))
            records[each.kind].append(_row(each) | {"id": each.record})
        else:
            told = {"id": each.key, "kind": each.kind, "record": each.record, "event": each.event, "voids": each.voids or ""}
            activities.append(_row(each) | told)
    written = [_write(folder / f"{TABLES[kind]}.csv", _RECORD_COLUMNS, rows) for kind, rows in records.items() if rows]
    return [*written, _write(folder / "activities.csv", _ACTIVITY_COLUMNS, activities)]


def export_office(office: Office, folder: str | Path) -> list[Path]:
    """Write what the people of a simulated office recorded (it was run with `journal=True`); what rules did is left out."""
    return write_layout(OfficeJournal(office).events(gates=False), folder)


def _row(event: PostedEvent) -> dict:
    recorded_at = event.acted_at if event.recorded_at is None else event.recorded_at
    row = {"unit": event.unit or "", "acted_at": _iso(event.acted_at), "recorded_at": _iso(recorded_at)}
    return row | {name: _cell(event.kind, name, value) for name, value in event.payload.items()}


def _cell(kind: str, name: str, value: float | str | None) -> str:
    if value is None:
        return ""
    about = FIELD_OF[kind].get(name)
    if isinstance(value, str):
        return value
    return _iso(value) if about is not None and about.type == "instant" else f"{value:.17g}"


def _iso(instant: float) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(path: Path, first: Sequence[str], rows: list[dict]) -> Path:
    names = sorted({name for row in rows for name in row} - set(first))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, [*first, *names], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
