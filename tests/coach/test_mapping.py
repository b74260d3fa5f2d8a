"""From a CRM's files to events: formats, lookups, and an account of every row."""

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from coach.events import PostedEvent
from coach.mapping import parsing
from coach.mapping.export import write_layout
from coach.mapping.files import MappingError
from coach.mapping.importing import read_folder
from coach.mapping.loader import LIBRARY, load_mapping
from coach.mapping.report import TableCount, counted
from policies.documents.errors import PolicyError
from policies.documents.reading import names_in
from tests.coach.small_crm import GOOD, MAPPING, write_calls, write_deals, write_mapping

NOW = 1_790_000_000_000
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts: int, zone: ZoneInfo = SHANGHAI) -> int:
    return round(datetime(*parts, tzinfo=zone).timestamp() * 1000)


def texts(*values: str) -> pd.Series:
    return pd.Series(values, dtype=object)


@pytest.fixture
def mapping(tmp_path):
    return load_mapping(write_mapping(tmp_path / "mapping"))


def read(folder: Path, mapping, **options):
    return read_folder(folder, mapping, now=NOW, **options)


def test_numbers_are_read_as_people_write_them():
    found = parsing.numbers(texts("3000", "€ 3.500,00", "€ 11398,00", "1.234.567,8", "-5", "12 %"), ",")
    assert found.tolist() == [3000, 3500, 11398, 1234567.8, -5, 0.12]
    found = parsing.numbers(texts("¥30,000.00", "3.5万", "1.2亿", "１２３", "7625.0", "$1,000"), ".")
    assert found.tolist() == pytest.approx([30000, 35000, 1.2e8, 123, 7625, 1000])


def test_what_is_no_number_is_not_guessed():
    assert parsing.numbers(texts("3.50.0", "12,34", "about 5", "1,23,456", ""), ".").isna().all()


def test_durations_are_read_with_and_without_days():
    hour = parsing.HOUR
    found = parsing.durations(texts("04:25:39", "1 day, 4:25:39", "84 days, 20:29:00", "00:45", "90"))
    assert found.tolist() == [15_939_000, 24 * hour + 15_939_000, 84 * 24 * hour + 73_740_000, 2_700_000, 90_000]
    assert parsing.durations(texts("soon", "4:75")).isna().all()


def test_instants_follow_the_time_zone_and_its_clock_changes():
    berlin = "Europe/Berlin"
    summer, winter = parsing.instants(texts("01.07.2023 12:00", "01.12.2023 12:00"), ("%d.%m.%Y %H:%M",), "start", berlin)
    assert (summer, winter) == (at(2023, 7, 1, 12, zone=ZoneInfo(berlin)), at(2023, 12, 1, 12, zone=ZoneInfo(berlin)))
    skipped, repeated = parsing.instants(texts("2023-03-26 02:30", "2023-10-29 02:30"), ("iso",), "start", berlin)
    assert skipped == at(2023, 3, 26, 3, zone=ZoneInfo(berlin))
    assert repeated == round(datetime.fromisoformat("2023-10-29T02:30+02:00").timestamp() * 1000)


def test_a_date_without_a_time_gets_the_time_that_the_mapping_says():
    for time, expected in (("start", at(2025, 4, 1)), ("18:00", at(2025, 4, 1, 18)), ("end", at(2025, 4, 2) - 1)):
        assert parsing.instants(texts("2025-04-01"), ("iso",), time, "Asia/Shanghai")[0] == expected
    assert np.isnan(parsing.instants(texts("31.02.2025"), ("%d.%m.%Y",), "start", "Asia/Shanghai")[0])


@pytest.mark.parametrize("how", ["utf-8", "utf-8-sig", "gbk", "gz", "xlsx"])
def test_every_kind_of_file_gives_the_same_events(mapping, tmp_path, how):
    events = read(write_deals(tmp_path / "files", how=how), mapping).events
    assert events == read(write_deals(tmp_path / "plain"), mapping).events
    assert [each.event for each in events if each.kind == "opportunity"] == [
        *("registered", "first_contact", "won"),
        *("registered", "first_contact"),
        "registered",
    ]


def test_an_id_that_excel_keeps_as_a_number_is_not_taken_for_the_real_one(mapping, tmp_path):
    folder = write_deals(tmp_path / "files", how="xlsx")
    book = load_workbook(folder / "export.xlsx")
    book.active["A2"] = 5805028000025634471
    book.active["A3"] = 17
    book.active["C3"] = datetime(2025, 3, 4, 10, 0)
    book.save(folder / "export.xlsx")
    reading = read(folder, mapping)
    (remark,) = [each for each in reading.remarks if each.set_aside]
    assert (remark.row, remark.found) == (2, "5.80503E+18")
    assert "last digits" in remark.en
    (short,) = [each for each in reading.events if each.record == "17" and each.event == "registered"]
    assert short.acted_at == at(2025, 3, 4, 10)


def test_a_row_becomes_events_with_values_owner_and_instants(mapping, tmp_path):
    events = read(write_deals(tmp_path / "files"), mapping).events
    registered, contacted, won = [each for each in events if each.record == "5805028000025634471"]
    assert (registered.unit, registered.acted_at) == ("李强", at(2025, 3, 3, 9, 30))
    assert registered.payload == {"owner": "李强", "amount": 30000.0, "source": "website"}
    assert contacted.acted_at == at(2025, 3, 3, 10, 15)
    assert won.acted_at == at(2025, 4, 2) - 1
    units = [each for each in events if each.kind == "unit"]
    assert [(each.record, each.acted_at) for each in units] == [
        ("李强", at(2025, 3, 3, 9, 30)),
        ("王芳", at(2025, 3, 4, 10)),
    ]


def test_a_call_belongs_to_the_newest_record_of_its_customer_at_that_time(mapping, tmp_path):
    events = read(write_calls(write_deals(tmp_path / "files")), mapping).events
    calls = {each.event: each.record for each in events if each.event in ("contact", "attempt")}
    assert calls == {"contact": "5805028000025634471", "attempt": "5805028000025634473"}


def counts(reading) -> list[TableCount]:
    """What becomes of the rows where nothing was in the store before."""
    return counted(reading, reading.remarks, set(reading.origins))


FAULTY = [
    (["", *GOOD[0][1:]], True, "编号", "has no id", "没有编号"),
    (["5.80503E+18", *GOOD[0][1:]], True, "编号", "last digits", "末位数字"),
    (GOOD[0], True, "编号", "same id", "相同编号"),
    (["8", "李强", "yesterday", *GOOD[0][3:]], True, "创建时间", "no instant", "无法读取"),
    (["8", *GOOD[0][1:5], "测试", "", "", ""], True, "阶段", "a test entry", "测试数据"),
    (["8", "李强"], True, "", "number of cells", "单元格数"),
    (["8", *GOOD[0][1:3], "much", *GOOD[0][4:]], False, "金额", "cannot be read as an amount", "无法读作金额"),
    (["8", *GOOD[0][1:3], "9", *GOOD[0][4:]], False, "金额", "a demonstration", "演示"),
    (["8", *GOOD[0][1:4], "电视", *GOOD[0][5:]], False, "来源", "does not know this value", "没有此值"),
    (["8", *GOOD[0][1:6], "2025-03-01", *GOOD[0][7:]], False, "成交日", "before the record was created", "早于记录"),
    (["8", *GOOD[0][1:6], "2026-01-01", *GOOD[0][7:]], False, "成交日", "after the files were exported", "晚于导出"),
    (["8", *GOOD[0][1:6], "", *GOOD[0][7:]], False, "成交日", "has no date", "没有日期"),
    (["8", "李\x07强", *GOOD[0][2:]], False, "负责人", "control characters", "控制字符"),
]


@pytest.mark.parametrize(("row", "aside", "column", "english", "chinese"), FAULTY, ids=[case[3] for case in FAULTY])
def test_what_is_wrong_with_a_row_is_told_with_its_place(mapping, tmp_path, row, aside, column, english, chinese):
    reading = read(write_deals(tmp_path / "files", [*GOOD, row]), mapping)
    (remark,) = [each for each in reading.remarks if each.row == 5]
    assert (remark.file, remark.set_aside, remark.column) == ("deals.csv", aside, column)
    assert english in remark.sentence("en")
    assert chinese in remark.sentence("zh")
    assert "5" in remark.sentence("en")
    (count,) = counts(reading)
    assert (count.rows, count.set_aside, count.repaired) == (4, int(aside), int(not aside))


def test_every_row_is_accounted_for(mapping, tmp_path):
    rows = [*GOOD, *(row if row[0] != "8" else [f"8{n}", *row[1:]] for n, (row, *_) in enumerate(FAULTY))]
    reading = read(write_deals(tmp_path / "files", rows), mapping)
    (count,) = counts(reading)
    assert count.rows == len(rows)
    assert count.imported + count.repaired + count.empty + count.set_aside == count.rows
    assert (count.set_aside, count.repaired) == (6, 7)
    kept = {each.record for each in reading.events if each.kind == "opportunity"}
    assert len(kept) == count.imported + count.repaired


def test_a_later_export_gives_new_events_for_what_changed_and_no_others(mapping, tmp_path):
    before = {each.key for each in read(write_deals(tmp_path / "files"), mapping).events}
    changed = [GOOD[0], [*GOOD[1][:5], "成交", "2025-06-02", *GOOD[1][7:]], GOOD[2]]
    later = read(write_deals(tmp_path / "later", changed), mapping, exported_at="2025-07-31").events
    (fresh,) = [each for each in later if each.key not in before]
    assert (fresh.record, fresh.event) == ("5805028000025634472", "won")


def test_what_lies_after_a_given_export_is_left_out(mapping, tmp_path):
    events = read(write_deals(tmp_path / "files"), mapping, exported_at="2025-03-31").events
    assert max(each.acted_at for each in events) <= at(2025, 4, 1) - 1
    assert "5805028000025634473" not in {each.record for each in events}


CELLS = st.sampled_from(
    ["", " ", "x", "=1", "0", "-3", "1e400", "nan", "inf", "5.8E+18", "9" * 30, "¥", "%", "万", "2025-13-01",
     "2025-02-30 10:00", "1899-01-01", "9999-12-31", "2025-06-01T00:00:00+25:00", "24:00:00", "999999999 days, 1:00:00",
     "99:99:99", "NaT", "None",
     "成交", "测试", "\x00", "\u202e", "a" * 5000, '"', ",", "\n", "2025/03/03 09:30", "官网", "🙂"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.booleans(), st.lists(CELLS, min_size=9, max_size=9)), min_size=1, max_size=12))
def test_whatever_stands_in_the_cells_every_row_is_accounted_for(mapping, tmp_path, rows):
    named = [(f"id-{number}", "李强", "2025/03/03 09:30") for number in range(len(rows))]
    rows = [[*name, *row[3:]] if sound else row for name, (sound, row) in zip(named, rows, strict=True)]
    reading = read(write_deals(tmp_path / "files", rows), mapping)
    (count,) = counts(reading)
    assert count.imported + count.repaired + count.empty + count.set_aside == count.rows
    assert count.rows == sum(any(row) for row in rows)
    kept = {each.record for each in reading.events if each.kind == "opportunity"}
    assert len(kept) == count.imported + count.repaired


WRONG_FILES = [
    ("deals.csv", b"\xff\xfe\x00 \xff", "neither UTF-8 nor GB18030", "字符编码"),
    ("deals.csv", "编号,负责人\n1,x\n".encode(), "no column '客户'", "没有列“客户”"),
    ("deals.csv", ("编号,编号\n" * 2).encode(), "编号#1 in the mapping", "编号#1、编号#2"),
    ("deals.csv", '编号\n"open\n'.encode(), "quotation mark", "引号"),
    ("deals.csv", b"", "no column", "没有列"),
    ("deals.csv.gz", b"\x1f\x8b\x08broken", "cannot be read", "无法读取"),
    ("deals.xlsx", b"no workbook", "no", "无法|不是"),
    ("other.txt", b"", "no file for the table 'deals'", "没有数据表“deals”的文件"),
]


@pytest.mark.parametrize(("name", "content", "english", "chinese"), WRONG_FILES, ids=[case[2] for case in WRONG_FILES])
def test_files_that_do_not_fit_are_told_with_the_remedy(mapping, tmp_path, name, content, english, chinese):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / name).write_bytes(content)
    with pytest.raises(MappingError) as error:
        read(folder, mapping)
    assert english in error.value.en
    assert any(part in error.value.zh for part in chinese.split("|"))
    assert name in error.value.en or "deals.csv" in error.value.en


WRONG_MAPPINGS = [
    ("kind: opportunity", "kind: oportunity", "line 10", "kind"),
    ("event: won", "event: wone", "did you mean won?", "won"),
    ("amount: {column", "amuont: {column", "did you mean amount?", "amount"),
    ("table: deals, where", "table: deels, where", "did you mean deals?", "deals"),
    ("time_zone: Asia/Shanghai", "time_zone: Asia/Peking", "time_zone", "Asia/Shanghai"),
    ("source: small", "sauce: small", "did you mean source?", "source"),
]


@pytest.mark.parametrize(("old", "new", "english", "both"), WRONG_MAPPINGS, ids=[case[1] for case in WRONG_MAPPINGS])
def test_a_faulty_mapping_names_line_field_and_nearest_name(tmp_path, old, new, english, both):
    assert old in MAPPING
    with pytest.raises(PolicyError) as error:
        load_mapping(write_mapping(tmp_path, MAPPING.replace(old, new, 1)))
    assert "small.yaml, line" in error.value.text("en")
    assert english in error.value.text("en")
    assert both in error.value.text("zh")


def test_a_mapping_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(PolicyError, match="did you mean rehearse"):
        load_mapping("rehears")


def test_the_mappings_of_the_library_can_be_read():
    names = names_in(LIBRARY)
    assert {"rehearse", "zoho-school"} <= set(names)
    for name in names:
        assert load_mapping(name).name == name
        assert load_mapping(name).title.zh


def test_what_is_written_in_our_own_layout_is_read_back_as_it_was(tmp_path):
    said = {"source": "rehearse", "kind": "opportunity", "record": "0012", "recorded_at": None}
    unit = PostedEvent(
        source="rehearse", key="units/L/registered", event="registered", kind="unit", record="L", unit="L", acted_at=NOW - 10,
        recorded_at=NOW - 10, payload={"level": "rep"},
    )  # fmt: skip
    events = [
        unit,
        PostedEvent(**said | {"recorded_at": NOW - 9}, key="opportunities/0012/registered", event="registered", unit="L",
                    acted_at=NOW - 9, payload={"amount": 0.1, "custom.colour": "红", "source": "referral"}),
        PostedEvent(**said | {"recorded_at": NOW - 1}, key="a1", event="next_step", acted_at=NOW - 8,
                    payload={"next_step_at": NOW + 1.0}),
        PostedEvent(**said | {"recorded_at": NOW}, key="a2", event="voided", acted_at=NOW - 7, voids="a1"),
    ]  # fmt: skip
    write_layout(events, tmp_path / "layout")
    assert read(tmp_path / "layout", load_mapping("rehearse")).events == events


SCHOOL = {"contacts": 9216, "deals": 10417, "calls": 42524}


def school_folder() -> Path | None:
    named = os.environ.get("REHEARSE_DATA")
    root = Path(__file__).resolve().parents[2]
    places = [Path(named)] if named else [folder / "shared" / "data" for folder in (root.parent, root.parent.parent)]
    return next((place / "school_crm" for place in places if (place / "school_crm").is_dir()), None)


@pytest.mark.skipif(school_folder() is None, reason="the public data are not there")
def test_a_real_export_comes_in_whole():
    reading = read(school_folder(), load_mapping("zoho-school"))
    assert {each.name: each.rows for each in reading.tables} == SCHOOL
    for each in counts(reading):
        assert each.imported + each.repaired + each.empty + each.set_aside == each.rows
    assert sum(each.event == "won" for each in reading.events) == 434
    deals = {each.record for each in reading.events if each.kind == "opportunity" and each.event == "registered"}
    assert len(deals) == SCHOOL["deals"]
    assert {len(identifier) for identifier in deals} == {19}
    assert all(each.recorded_at >= each.acted_at for each in reading.events)
