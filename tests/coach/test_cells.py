"""Cells as people and spreadsheets write them: dates of either order, clock changes, money, headers, formulas, names."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from coach.mapping import orders, parsing
from coach.mapping.files import MappingError
from coach.mapping.importing import import_folder, read_folder
from coach.mapping.loader import load_mapping
from coach.store import Store

NOW = 1_790_000_000_000
HOUR = 3_600_000
MAPPING = """\
name: cells
title: {en: Cells, zh: 单元格}
source: cells
time_zone: Europe/Berlin
units: rep
tables:
  - name: orders
    id: No
    kind: opportunity
    events:
      - event: registered
        unit: Seller
        at: {column: Begun, formats: FORMATS}
        payload: {owner: Seller, amount: {column: Sum, decimal: DECIMAL}}
      - event: won
        when: {State: won}
        at: {column: Ended, formats: FORMATS, missing: export}
"""
HEADER = ["No", "Seller", "Begun", "Sum", "State", "Ended"]


@pytest.fixture
def mapping_of(tmp_path):
    def made(formats: str = "[iso]", decimal: str = ".", more: str = ""):
        text = MAPPING.replace("FORMATS", formats + more).replace("DECIMAL", f'"{decimal}"')
        (tmp_path / "cells.yaml").write_text(text, encoding="utf-8")
        return load_mapping(tmp_path / "cells.yaml")

    return made


def table(folder: Path, *rows: list[str], header: list[str] = HEADER, encoding: str = "utf-8", separator: str = ",") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "orders.csv").open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows([header, *rows])
    return folder


def workbook(folder: Path, *rows: list) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    book.active.title = "orders"
    for row in rows:
        book.active.append(row)
    book.save(folder / "book.xlsx")
    return folder


def begun(reading) -> dict[str, datetime]:
    zone = ZoneInfo("Europe/Berlin")
    return {e.record: datetime.fromtimestamp(e.acted_at / 1000, zone) for e in reading.events if e.event == "registered"}


DATES = st.lists(st.dates(date(1995, 1, 1), date(2030, 12, 31)), min_size=1, max_size=20)


@given(DATES, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%Y"]))
def test_dates_that_only_fit_the_other_order_are_told_with_the_format_that_fits_all(dates, right):
    texts = pd.Series([day.strftime(right) for day in dates], dtype=object)
    wrong = orders.exchanged(right)
    assert orders.doubt(texts, [right]) is None
    found = orders.doubt(texts, [wrong])
    given_away = [day for day in dates if day.day > 12]
    if not given_away:
        assert found is None
    else:
        assert (found.fits, found.rows) == (right, len(dates))
        assert found.unread == len(given_away)
        assert right in found.en
        assert right in found.zh


@given(DATES, DATES)
def test_rows_of_two_orders_are_counted(first, second):
    day_first = [f"{day:%d/%m/%Y} 10:00" for day in first]
    month_first = [f"{day:%m/%d/%Y} 02:30 PM" for day in second]
    found = orders.doubt(pd.Series([*day_first, *month_first], dtype=object), ["%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p"])
    assert (found.day_first, found.month_first) == (len(first), len(second))


def test_nothing_is_brought_in_while_the_order_is_in_doubt_and_a_person_can_decide(tmp_path, mapping_of):
    folder = table(tmp_path / "a", ["1", "Ann", "02/03/2021", "1", "won", ""], ["2", "Ann", "12/25/2021", "1", "open", ""])
    with pytest.raises(MappingError, match=r"orders.csv, column 'Begun': 1 of 2 dates .* as %d/%m/%Y .* as %m/%d/%Y"):
        read_folder(folder, mapping_of('["%d/%m/%Y"]'), now=NOW)
    decided = read_folder(folder, mapping_of('["%d/%m/%Y"]', more=", any_order: true"), now=NOW)
    assert begun(decided)["1"].date() == date(2021, 3, 2)
    assert [each.row for each in decided.remarks if each.set_aside] == [3]


def test_a_closing_with_a_date_that_cannot_be_read_is_not_dated_at_the_export(tmp_path, mapping_of):
    folder = table(tmp_path / "a", ["1", "Ann", "2021-03-01", "1", "won", "soon"], ["2", "Ann", "2021-03-01", "1", "won", ""])
    reading = read_folder(folder, mapping_of(), now=NOW)
    assert [(each.record, each.dated) for each in reading.events if each.event == "won"] == [("2", False)]
    (told,) = [each for each in reading.remarks if each.row == 2]
    assert (told.column, told.found) == ("Ended", "soon")
    assert "cannot be read as an instant" in told.en


@given(st.integers(0, 20_000))
def test_a_time_that_the_clock_skipped_or_showed_twice_is_known(minutes):
    """Around both changes of 2021 in Berlin: a wall time is skipped where it never came, twice where two instants have it."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2021, 3, 25) if minutes % 2 else datetime(2021, 10, 28)
    wall = start + timedelta(minutes=minutes // 2)
    texts = pd.Series([wall.isoformat()], dtype=object)
    found = parsing.instants(texts, ("iso",), "start", "Europe/Berlin")
    told = parsing.clock_changes(texts, found, ("iso",), "start", "Europe/Berlin")[0]
    passes = [wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    exists = passes[0].astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) == wall
    twice = exists and passes[0].utcoffset() != passes[1].utcoffset()
    assert told == ("skipped" if not exists else "twice" if twice else "")


@given(st.floats(20_000, 79_999))
def test_a_serial_number_of_a_spreadsheet_is_its_date(serial):
    serial = round(serial * 1440) / 1440
    (found,) = parsing.instants(pd.Series([f"{serial:.10f}".rstrip("0").rstrip(".")], dtype=object), ("iso",), "start", "UTC")
    expected = datetime(1899, 12, 30, tzinfo=ZoneInfo("UTC")) + timedelta(days=serial)
    assert abs(found / 1000 - expected.timestamp()) <= 1


@pytest.mark.parametrize(
    ("written", "decimal", "value"),
    [
        ("1.234,50 EUR", ",", 1234.5),
        ("USD 2.000,00", ",", 2000.0),
        ("(300,00)", ",", -300.0),
        ("1.234", ",", 1234.0),
        ("(1,250.75) GBP", ".", -1250.75),
        ("₩12,000", ".", 12000.0),
        ("12 XYZQ", ".", None),
        ("(5", ".", None),
    ],
)
def test_money_is_read_with_its_currency_before_or_after_and_brackets_are_a_minus(written, decimal, value):
    (found,) = parsing.numbers(pd.Series([written], dtype=object), decimal)
    assert (found == value) if value is not None else found != found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_byte_order_mark_and_the_separator_are_found(tmp_path, mapping_of, encoding, separator):
    folder = table(tmp_path / "a", ["1", "赵敏", "2021-03-01", "5", "open", ""], encoding=encoding, separator=separator)
    reading = read_folder(folder, mapping_of(), now=NOW)
    assert [each.unit for each in reading.events if each.kind == "opportunity"] == ["赵敏"]


def test_a_header_below_a_title_is_found_and_told_and_rows_keep_their_numbers(tmp_path, mapping_of):
    folder = workbook(tmp_path / "a", ["Orders of March"], [], HEADER, [1, "Ann", datetime(2021, 3, 1), 5, "open", None],
                      [None, "Ann", datetime(2021, 3, 1), 5, "open", None])  # fmt: skip
    reading = read_folder(folder, mapping_of(), now=NOW)
    assert begun(reading)["1"].date() == date(2021, 3, 1)
    told = {each.row: each.en for each in reading.remarks}
    assert "the header stands in this row" in told[3]
    assert "no id" in told[5]


def test_a_formula_without_a_value_is_told(tmp_path, mapping_of):
    folder = workbook(tmp_path / "a", HEADER, [1, "Ann", datetime(2021, 3, 1), "=6*7", "open", None])
    (told,) = read_folder(folder, mapping_of(), now=NOW).remarks
    assert (told.row, told.column) == (2, "Sum")
    assert "formula without its value" in told.en


def test_two_columns_of_one_name_are_told_apart_by_their_order(tmp_path, mapping_of):
    folder = table(tmp_path / "a", ["1", "Ann", "2021-03-01", "5", "open", "", "7"], header=[*HEADER, "Sum"])
    with pytest.raises(MappingError, match="Write Sum#1 in the mapping"):
        read_folder(folder, mapping_of(), now=NOW)
    chosen = mapping_of()
    for name, value in (("Sum#1", 5.0), ("Sum#2", 7.0)):
        text = chosen.model_dump()
        text["tables"][0]["events"][0]["payload"]["amount"]["column"] = name
        reading = read_folder(folder, type(chosen).model_validate(text), now=NOW)
        assert [each.payload["amount"] for each in reading.events if each.kind == "opportunity"] == [value]


def test_people_are_the_same_however_they_are_spelled_also_in_the_next_file(tmp_path, mapping_of):
    store, mapping = Store.open(tmp_path / "store.db"), mapping_of()
    rows = [["1", "Ann Lee", "2021-03-01", "5", "open", ""], ["2", "ann  lee", "2021-03-02", "5", "open", ""],
            ["3", "", "2021-03-02", "5", "open", ""]]  # fmt: skip
    report = import_folder(table(tmp_path / "a", *rows), mapping, store, now=NOW)
    assert {(each.row, each.en) for each in report.remarks} == {
        (3, "the same person, spelled otherwise before"),
        (4, "has no owner; nobody is responsible for it"),
    }
    import_folder(table(tmp_path / "b", ["4", "ANN LEE", "2021-03-03", "5", "open", ""]), mapping, store, now=NOW)
    with store.read() as connection:
        people = connection.exec_driver_sql("select id from record where kind = 'unit'").scalars().all()
        owned = connection.exec_driver_sql("select count(*) from record where unit = 'Ann Lee' and owner = 'Ann Lee'").scalar()
    store.close()
    assert people == ["Ann Lee"]
    assert owned == 3


LATER = """\
  - name: receipts
    id: Receipt
    events:
      - event: contact
        at: On
        record: [{kind: opportunity, id: Order}]
"""


def test_what_lies_before_its_record_is_told_in_the_words_of_files(tmp_path, mapping_of):
    mapping_of()
    (tmp_path / "cells.yaml").write_text((tmp_path / "cells.yaml").read_text(encoding="utf-8") + LATER, encoding="utf-8")
    folder = table(tmp_path / "a", ["1", "Ann", "2021-03-01", "5", "open", ""])
    (folder / "receipts.csv").write_text("Receipt,Order,On\na,1,2021-02-01\nb,1,2021-03-02\nc,9,2021-03-02\n", encoding="utf-8")
    store = Store.open(tmp_path / "store.db")
    report = import_folder(folder, load_mapping(tmp_path / "cells.yaml"), store, now=NOW)
    store.close()
    told = {each.row: each.en for each in report.remarks if each.table == "receipts"}
    assert told == {
        2: "lies before the record that it belongs to was created; left out",
        4: "the record that it belongs to is neither in these files nor in the store; import it first",
    }
