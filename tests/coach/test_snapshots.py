"""Exports of present states, one after the other: the store comes to say what the newest of them says, and nothing is lost."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach.events import PostedEvent
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.mapping.report import ImportReport
from coach.store import Store, tables
from coach.store.reading import record
from coach.store.viewer import Viewer
from coach.winning.history import undated_closings

NOW = 1_790_000_000_000
DAY = 86_400_000
EVERYBODY = Viewer("ops", "operations", None)
MAPPING = """\
name: nightly
title: {en: A nightly export, zh: 每夜导出}
source: nightly
time_zone: Asia/Shanghai
units: rep
tables:
  - name: deals
    id: Number
    kind: opportunity
    snapshot: true
    events:
      - event: registered
        unit: Seller
        at: Opened
        payload:
          owner: Seller
          customer: Firm
          amount: Value
          stage: {column: Step}
          custom.note: Note
      - event: won
        when: {State: won}
        at: {column: Closed, missing: export}
      - event: lost
        when: {State: lost}
        at: {column: Closed, missing: export}
        payload: {custom.reason: Reason}
"""
HEADER = ("Number", "Seller", "Opened", "Firm", "Value", "Step", "Note", "State", "Closed", "Reason")
FIRST = date(2026, 3, 2)
OPEN = ("1", "Mei", "2026-01-05", "Hongda", "1200", "2", "", "open", "", "")


def row(number: int, **told: str) -> tuple[str, ...]:
    """A row like `OPEN` with another number and other cells."""
    cells = dict(zip(HEADER, OPEN, strict=True)) | {"Number": str(number)} | told
    return tuple(cells[name] for name in HEADER)


@pytest.fixture
def mapping(tmp_path):
    (tmp_path / "nightly.yaml").write_text(MAPPING, encoding="utf-8")
    return load_mapping(tmp_path / "nightly.yaml")


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


def files(folder: Path, rows) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "deals.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return folder


def brought(store: Store, mapping, folder: Path, rows, day: int | None = None, now: int = NOW) -> ImportReport:
    """The report on an export taken at the end of that day after the first one; at the time of the import for None."""
    taken = None if day is None else (FIRST + timedelta(days=day)).isoformat()
    return import_folder(files(folder, rows), mapping, store, now=now, exported_at=taken)


def held(store: Store, number: int) -> dict:
    """What the store says of a deal, by the columns of the export."""
    found = record(store, EVERYBODY, "opportunity", str(number))
    values = found["values"]
    return {
        "Seller": found["unit"], "owner": values.get("owner"), "Firm": values.get("customer", ""),
        "Value": f"{values['amount']:g}" if "amount" in values else "", "State": found["status"],
        "Step": f"{values['stage']:g}" if "stage" in values else "", "Note": values.get("custom.note", ""),
        "Reason": values.get("custom.reason", ""),
    }  # fmt: skip


def said(cells: tuple[str, ...]) -> dict:
    """What a row says, as `held` tells it."""
    told = dict(zip(HEADER, cells, strict=True))
    reason = told["Reason"] if told["State"] == "lost" else ""
    told = {name: told[name] for name in ("Seller", "Firm", "Value", "State", "Step", "Note")}
    return {**told, "owner": told["Seller"], "Reason": reason}


def events(store: Store) -> list[tuple]:
    with store.read() as connection:
        columns = (tables.event.c.key, tables.event.c.event, tables.event.c.payload, tables.event.c.voids)
        return [tuple(each) for each in connection.execute(select(*columns).order_by(tables.event.c.sequence))]


CELLS = st.fixed_dictionaries(
    {
        "Seller": st.sampled_from(["Mei", "Bo", "Lin"]),
        "Firm": st.sampled_from(["Hongda", "Ruifeng", ""]),
        "Value": st.sampled_from(["1200", "90", ""]),
        "Step": st.sampled_from(["1", "2", "4"]),
        "Note": st.sampled_from(["", "call back", "wants a demo"]),
        "State": st.sampled_from(["open", "won", "lost"]),
        "Closed": st.sampled_from(["", "2026-02-01", "2026-02-20"]),
        "Reason": st.sampled_from(["", "price"]),
    }
)
EXPORT = st.dictionaries(st.integers(1, 4), CELLS, max_size=4).map(
    lambda deals: [row(number, **cells) for number, cells in sorted(deals.items())]
)


@given(st.lists(EXPORT, min_size=1, max_size=4))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_exports_the_store_says_of_every_deal_what_its_newest_row_says(mapping, tmp_path_factory, exports):
    folder = tmp_path_factory.mktemp("exports")
    store = Store.open(folder / "store.db")
    newest: dict[int, tuple[str, ...]] = {}
    for day, rows in enumerate(exports):
        seen = set(newest)
        report = brought(store, mapping, folder / str(day), rows, day)
        newest |= {int(cells[0]): cells for cells in rows}
        assert {int(each.id) for each in report.vanished} == seen - {int(cells[0]) for cells in rows}
        (count,) = report.tables
        assert count.rows == count.imported + count.repaired + count.unchanged + count.empty + count.set_aside == len(rows)
    store.close()
    store = Store.open(folder / "store.db")
    assert {number: held(store, number) for number in newest} == {number: said(cells) for number, cells in newest.items()}
    before = events(store)
    for day in reversed(range(len(exports))):
        report = brought(store, mapping, folder / "again", exports[day], day)
        assert report.accepted == 0
        assert report.tables[0].unchanged == len(exports[day])
    assert events(store) == before
    store.close()


def test_what_differs_becomes_the_event_that_it_is(store, mapping, tmp_path):
    first = [row(1), row(2, State="lost", Closed="2026-02-01"), row(3), row(4)]
    later = [row(1, Seller="Bo", Value="1700"), row(2), row(3, Step="4"), row(5)]
    brought(store, mapping, tmp_path / "a", first, 0)
    before = len(events(store))
    report = brought(store, mapping, tmp_path / "b", later, 30)
    told = [(key.split("/")[1], name, payload) for key, name, payload, _ in events(store)[before:]]
    assert sorted(told) == [
        ("1", "field_recorded", '{"amount": 1700.0}'),
        ("1", "reassigned", '{"owner": "Bo"}'),
        ("2", "voided", "{}"),
        ("3", "advanced", '{"stage": 4.0}'),
        ("5", "registered", '{"owner": "Mei", "customer": "Hongda", "amount": 1200.0, "stage": 2.0}'),
        ("Bo", "registered", '{"level": "rep"}'),
    ]
    called = {"en": "Hongda (Deal of 5 Jan 2026, 1,200)", "zh": "Hongda（2026 年 1 月 5 日的商机，1,200）"}
    assert [(each.id, each.title) for each in report.vanished] == [("4", called)], "a customer may have many deals"
    assert report.tables[0].imported == 4


def test_a_closing_on_the_day_of_the_export_is_the_same_closing_in_the_next(store, mapping, tmp_path):
    ended = mapping.model_validate(mapping.model_dump() | {"tables": [_at_the_end_of_the_day(mapping.tables[0].model_dump())]})
    rows = [row(1, State="won", Closed=FIRST.isoformat())]
    brought(store, ended, tmp_path / "a", rows, 0)
    assert brought(store, ended, tmp_path / "b", rows, 9).accepted == 0


def _at_the_end_of_the_day(table: dict) -> dict:
    closings = [{**spec, "at": {**spec["at"], "time": "end"}} for spec in table["events"][1:]]
    return table | {"events": [table["events"][0], *closings]}


def test_a_step_back_is_no_step_forward(store, mapping, tmp_path):
    brought(store, mapping, tmp_path / "a", [row(1, Step="4")], 0)
    moved = record(store, EVERYBODY, "opportunity", "1")["values"]["last_progress_at"]
    brought(store, mapping, tmp_path / "b", [row(1, Step="1")], 5)
    values = record(store, EVERYBODY, "opportunity", "1")["values"]
    assert (values["stage"], values["last_progress_at"]) == (1.0, moved)


def test_files_that_were_here_before_are_known_again_where_nobody_says_when_they_were_taken(store, mapping, tmp_path):
    brought(store, mapping, tmp_path / "a", [row(1), row(2, State="lost", Closed="2026-02-01")])
    brought(store, mapping, tmp_path / "b", [row(1, Seller="Bo"), row(2)], now=NOW + DAY)
    before = events(store)
    report = brought(store, mapping, tmp_path / "a", [row(1), row(2, State="lost", Closed="2026-02-01")], now=NOW + 2 * DAY)
    assert events(store) == before
    assert "older than an export" in report.remarks[0].en
    assert "早于" in report.remarks[0].zh
    assert report.tables[0].unchanged == 2


def test_a_state_that_comes_again_is_told_again(store, mapping, tmp_path):
    lost, opened = [row(1, State="lost", Closed="2026-02-01")], [row(1)]
    for day, rows in enumerate((lost, opened, lost, opened, lost)):
        brought(store, mapping, tmp_path / str(day), rows, day)
        assert held(store, 1)["State"] == rows[0][7]


def test_a_cell_that_cannot_be_read_takes_nothing_away(store, mapping, tmp_path):
    brought(store, mapping, tmp_path / "a", [row(1)], 0)
    brought(store, mapping, tmp_path / "b", [row(1, Value="about a thousand")], 1)
    assert held(store, 1)["Value"] == "1200"
    brought(store, mapping, tmp_path / "c", [row(1, Value="")], 2)
    assert held(store, 1)["Value"] == ""


def entered(event: str, at: int, **told) -> PostedEvent:
    """Something that a person entered in the coach."""
    return PostedEvent(
        source="board", key=f"{event}/{at}", event=event, kind="opportunity", record="1", acted_at=at, recorded_at=at, **told
    )


def instant(day: int) -> int:
    """Noon of that day after the first export, ms."""
    return 1_772_424_000_000 + day * DAY


def test_what_a_person_entered_after_the_export_is_newer_and_stays(store, mapping, tmp_path):
    brought(store, mapping, tmp_path / "a", [row(1)], 0)
    store.append([entered("field_recorded", instant(3), payload={"amount": 5000.0}), entered("lost", instant(3))])
    brought(store, mapping, tmp_path / "b", [row(1, Note="call back")], 2)
    assert held(store, 1) | {"Value": "", "State": ""} == said(row(1, Note="call back")) | {"Value": "", "State": ""}
    assert (held(store, 1)["Value"], held(store, 1)["State"]) == ("5000", "lost")
    brought(store, mapping, tmp_path / "c", [row(1)], 4)
    assert held(store, 1) == said(row(1))


def test_a_closing_without_a_date_is_known_as_such_until_an_export_dates_it(store, mapping, tmp_path):
    rows = [row(number, State="lost") for number in (1, 2)]
    brought(store, mapping, tmp_path / "a", rows, 0)
    brought(store, mapping, tmp_path / "b", rows, 20)
    assert len(undated_closings(store)) == 2
    brought(store, mapping, tmp_path / "c", [row(1, State="lost", Closed="2026-02-20"), rows[1]], 40)
    assert len(undated_closings(store)) == 1
    assert held(store, 1)["State"] == "lost"
