"""The import of a large firm's export: a million rows of deals, changes of stage and activities, all invented."""

import csv
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.measure import Row, Words, run_python, seconds
from coach.mapping.document import Mapping
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.store import Store

ROWS = 1_000_000
SECONDS_TO_REACH = 60.0
MEGABYTES_TO_REACH = 2048.0
PEOPLE = 200
CUSTOMERS = 40_000
SOURCES = ("website", "referral", "exhibition", "")
_END = datetime(2025, 6, 30)
_DAYS = 3 * 365
_STAGES = 6
MAPPING = """\
name: large-firm
title: {en: A large firm, zh: 大型企业}
source: large-firm
time_zone: Europe/Berlin
currency: EUR
exported_at: "2025-07-01"
units: rep
tables:
  - name: deals
    id: Id
    kind: opportunity
    snapshot: true
    events:
      - event: registered
        unit: Owner
        at: {column: Created, formats: "%d.%m.%Y %H:%M"}
        payload:
          owner: Owner
          customer: Customer
          amount: {column: Amount, decimal: ","}
          source: Source
          custom.title: Title
      - {event: won, when: {State: won}, at: {column: Closed, formats: "%d.%m.%Y", time: end, missing: export}}
      - {event: lost, when: {State: lost}, at: {column: Closed, formats: "%d.%m.%Y", time: end, missing: export}}
  - name: stages
    id: Id
    events:
      - event: advanced
        record: [{kind: opportunity, id: Deal}]
        at: {column: At}
        payload: {stage: {column: Stage, type: number}}
  - name: activities
    id: Id
    events:
      - event: contact
        when: {Seconds: ">= 30"}
        record: [{kind: opportunity, id: Deal}]
        at: {column: At}
        payload: {custom.seconds: {column: Seconds, type: number}}
      - event: attempt
        when: {Seconds: "< 30"}
        record: [{kind: opportunity, id: Deal}]
        at: {column: At}
"""
NAMES = {
    "whole": Words("import of a million rows, files to store", "导入一百万行，从文件到存储"),
    "memory": Words("most memory of that process", "该进程的内存峰值"),
    "rows": Words("rows a second", "每秒行数"),
    "plain": Words("the same rows by sqlite3 executemany", "同样的行以 sqlite3 executemany 写入"),
}


def write_export(folder: Path, rows: int = ROWS) -> None:
    """A quarter of the rows are deals, half changes of stage, a quarter activities; one row in a thousand is faulty."""
    draw = random.Random(20250630)
    deals = rows // 4
    starts = [_END - timedelta(minutes=draw.randrange(60, _DAYS * 1440)) for _ in range(deals)]
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["Id", "Owner", "Created", "Customer", "Amount", "Source", "Title", "State", "Closed"])
        for number, start in enumerate(starts):
            state = draw.choice(("won", "lost", "open"))
            closed = "" if state == "open" else f"{min(start + timedelta(days=draw.randrange(1, 200)), _END):%d.%m.%Y}"
            amount = "?" if draw.random() < 0.001 else f"{draw.randrange(100, 90_000):,}".replace(",", ".") + ",00"
            customer = f"Customer {draw.randrange(CUSTOMERS)}"
            write([
                f"D{number:07d}", f"Rep {draw.randrange(PEOPLE)}", f"{start:%d.%m.%Y %H:%M}", customer, amount,
                draw.choice(SOURCES), f"{customer}, order {number}", state, closed,
            ])  # fmt: skip
    _write_later(folder / "stages.csv", "Stage", draw, starts, rows // 2, lambda: str(draw.randrange(1, _STAGES)))
    _write_later(folder / "activities.csv", "Seconds", draw, starts, rows - deals - rows // 2, lambda: str(draw.randrange(600)))


def _write_later(place: Path, column: str, draw: random.Random, starts: list[datetime], rows: int, value) -> None:
    with place.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["Id", "Deal", "At", column])
        for number in range(rows):
            deal = draw.randrange(len(starts))
            at = min(starts[deal] + timedelta(minutes=draw.randrange(1, 200_000)), _END)
            write([f"{column[0]}{number}", f"D{deal:07d}" if draw.random() > 0.001 else "", f"{at:%Y-%m-%d %H:%M:%S}", value()])


def import_million(lang: str) -> list[Row]:
    """Wall seconds and memory of a process of its own that imports the export, and seconds of plain writing of its rows."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_export(folder)
        found = json.loads(run_python("-m", "benchmarks.import_million", place)[0])
        plain = seconds(lambda: _written_plainly(folder))
    names = {key: getattr(words, lang) for key, words in NAMES.items()}
    taken, most = found["seconds"], found["megabytes"]
    return [
        Row(names["whole"], taken, "s", f"{SECONDS_TO_REACH:g} s (<= 1)", taken / SECONDS_TO_REACH),
        Row(names["memory"], most, "MB", f"{MEGABYTES_TO_REACH:g} MB (<= 1)", most / MEGABYTES_TO_REACH),
        Row(names["rows"], found["rows"] / taken, "/s", names["plain"], taken / plain),
    ]


def imported(folder: Path) -> dict[str, float]:
    """Bring the export in; seconds, rows, and the most memory that this process ever had, MB."""
    mapping = the_mapping(folder)
    store = Store.open(folder / "firm.db")
    start = time.perf_counter()
    report = import_folder(folder, mapping, store, now=time.time_ns() // 1_000_000)
    taken = time.perf_counter() - start
    store.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": taken, "rows": sum(each.rows for each in report.tables), "megabytes": most, "events": report.accepted}


def the_mapping(folder: Path) -> Mapping:
    """The mapping of the export."""
    place = folder / "mapping.yaml"
    place.write_text(MAPPING, encoding="utf-8")
    return load_mapping(place)


def _written_plainly(folder: Path) -> None:
    """Every row of the files as it is, into a table of texts of one SQLite file, in one transaction."""
    base = sqlite3.connect(folder / "plain.db")
    for name in ("deals", "stages", "activities"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            base.execute(f"CREATE TABLE {name} ({', '.join(header)})")
            base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(header))})", rows)
    base.commit()
    base.close()


if __name__ == "__main__":
    print(json.dumps(imported(Path(sys.argv[1]))))
