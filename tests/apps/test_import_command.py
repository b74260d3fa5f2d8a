"""`rehearse import` as its user sees it."""

import csv
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from apps.cli.main import program
from tests.coach.small_crm import GOOD, MAPPING, write_deals, write_mapping


@pytest.fixture
def rehearse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_mapping(tmp_path)

    def run(*arguments: str):
        result = CliRunner().invoke(program, arguments, prog_name="rehearse")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("set aside", "has no id", "8 events are new", "columns that the mapping does not use: extra")),
        ("zh", ("搁置", "没有编号", "新增 8 个事件", "映射未使用的列：extra")),
    ],
)
def test_the_report_tells_counts_reasons_and_columns_left_over(rehearse, tmp_path, language, told):
    rows = [*GOOD, ["", *GOOD[0][1:]]]
    folder = write_deals(tmp_path / "files", rows)
    file = folder / "deals.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0] + ",extra", *(line + ",x" for line in lines[1:])]), encoding="utf-8")
    asked = ("import", "files", "--mapping", "small.yaml", "--to", "store.db", "--json", "report.json", "--aside", "aside.csv")
    result = rehearse(*asked, "--lang", language)
    assert result.exit_code == 0, result.output
    for part in told:
        assert part in result.output
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (table,) = report["tables"]
    assert (table["rows"], table["imported"], table["set_aside"]) == (4, 3, 1)
    with (tmp_path / "aside.csv").open(encoding="utf-8-sig", newline="") as stream:
        _, line = list(csv.reader(stream))
    assert line[:4] == ["deals", "deals.csv", "5", "编号"]


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (("absent", "--mapping", "small.yaml"), "There is no folder absent", "没有文件夹 absent"),
        (("files", "--mapping", "smal.yaml"), "smal.yaml", "smal.yaml"),
        (("files", "--mapping", "rehearse"), "no column 'id'", "没有列“id”"),
        (("files", "--mapping", "small.yaml", "--exported-at", "soon"), "'soon' cannot be read", "无法读取导出时间“soon”"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_imported_leaves_no_store_behind(rehearse, tmp_path, arguments, english, chinese):
    folder = write_deals(tmp_path / "files")
    (folder / "leads.csv").write_text("name\nx\n", encoding="utf-8")
    for language, told in (("en", english), ("zh", chinese)):
        result = rehearse("import", *arguments, "--to", "store.db", "--lang", language)
        assert result.exit_code == 2
        assert told in result.stderr
    assert not (tmp_path / "store.db").exists()


def test_a_cell_that_looks_like_a_formula_is_inert_in_the_list(rehearse, tmp_path):
    write_deals(tmp_path / "files", [[*GOOD[0][:3], "=1+1", *GOOD[0][4:]]])
    rehearse("import", "files", "--mapping", "small.yaml", "--to", "store.db", "--aside", "aside.csv")
    assert ",'=1+1," in (tmp_path / "aside.csv").read_text(encoding="utf-8-sig")


def test_dates_are_in_the_zone_of_the_mapping_and_it_can_be_changed(rehearse, tmp_path):
    """The end of a day in Berlin is seven hours after that in Shanghai: a score of that day must see what came in between."""
    write_mapping(tmp_path, MAPPING.replace("Asia/Shanghai", "Europe/Berlin"))
    write_deals(tmp_path / "files")
    imported = rehearse("import", "files", "--mapping", "small.yaml", "--to", "store.db", "--lang", "en")
    assert imported.exit_code == 0
    assert "shown in Europe/Berlin" in imported.output

    def instant_of(day: str) -> int:
        assert rehearse("score", "store.db", "--at", day, "--json", "scores.json").exit_code == 0
        return json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["at"]

    berlin = instant_of("2025-06-30")
    assert datetime.fromtimestamp(berlin / 1000, ZoneInfo("Europe/Berlin")).strftime("%m-%d %H:%M") == "06-30 23:59"
    assert rehearse("store", "zone", "store.db", "Asia/Tokyo").exit_code == 0
    assert berlin - instant_of("2025-06-30") == 7 * 3_600_000
    wrong = rehearse("store", "zone", "store.db", "Mars/Base", "--lang", "zh")
    assert wrong.exit_code == 2
    assert "不是时区" in wrong.output


def test_a_later_import_leaves_the_zone_as_it_is(rehearse, tmp_path):
    write_deals(tmp_path / "files")
    rehearse("import", "files", "--mapping", "small.yaml", "--to", "store.db")
    rehearse("store", "zone", "store.db", "Europe/Berlin")
    again = rehearse("import", "files", "--mapping", "small.yaml", "--to", "store.db", "--lang", "en")
    assert "shown in Europe/Berlin" in again.output


TRADE = """\
name: trade
title: {en: Trade, zh: 贸易}
source: trade
time_zone: Europe/Berlin
currency: CNY
rates: rates.csv
units: rep
tables:
  - name: deals
    id: ID
    kind: opportunity
    events:
      - event: registered
        unit: Owner
        at: Created
        payload: {owner: Owner, amount: {column: Amount, currency: Currency}}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_amount_without_a_rate_is_told_and_priced_when_the_rate_comes(rehearse, tmp_path, language):
    (tmp_path / "files").mkdir()
    (tmp_path / "trade.yaml").write_text(TRADE, encoding="utf-8")
    lines = ("ID,Owner,Created,Amount,Currency", "1,Ann,2021-03-01,100,EUR", "2,Ann,2021-03-01,100,VND")
    (tmp_path / "files" / "deals.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "files" / "rates.csv").write_text("date,currency,rate\n2021-01-01,EUR,7.8\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text("date,currency,rate\n2021-02-01,VND,0.0003\n", encoding="utf-8")
    said = {
        "en": (
            "there is no rate of its currency",
            "1 in VND (2021-03-01 to 2021-03-01)",
            "are in CNY",
            "Amounts that got their price: 1",
        ),
        "zh": ("没有该货币的汇率", "VND 1 笔（2021-03-01 至 2021-03-01）", "以 CNY 计", "1 笔金额已折算"),
    }[language]
    shown = rehearse("import", "files", "--mapping", "trade.yaml", "--to", "s.db", "--lang", language)
    assert [part in " ".join(shown.output.split()) for part in said] == [True, True, True, False]
    shown = rehearse("store", "rates", "s.db", "more.csv", "--json", "rates.json", "--lang", language)
    assert said[3] in shown.output
    told = json.loads((tmp_path / "rates.json").read_text(encoding="utf-8"))
    assert told == {"new": 1, "changed": 0, "same": 0, "priced": 1, "unpriced": []}
    refused = rehearse("store", "currency", "s.db", "EUR", "--lang", language)
    assert (refused.exit_code, "currency: EUR" in refused.output) == (2, True)
    refused = rehearse("store", "currency", "s.db", "euro", "--lang", language)
    assert (refused.exit_code, "CNY" in refused.output) == (2, True)


@pytest.mark.parametrize(("zone", "country", "told", "weekend"), [
    ("Europe/Berlin", (), "public holidays are those of DE, and the weekend is Saturday and Sunday", ["saturday", "sunday"]),
    ("Asia/Dubai", ("--country", "EG"), "those of EG, and the weekend is Friday and Saturday", ["friday", "saturday"]),
    ("UTC", (), "holidays and weekend stay as they were", ["saturday", "sunday"]),
])  # fmt: skip
def test_a_new_zone_tells_the_holidays_and_the_weekend_that_follow_it(rehearse, tmp_path, zone, country, told, weekend):
    write_deals(tmp_path / "files")
    rehearse("import", "files", "--mapping", "small.yaml", "--to", "store.db")
    answer = rehearse("store", "zone", "store.db", zone, *country, "--lang", "en", "--json", "zone.json")
    assert told in answer.output
    assert json.loads((tmp_path / "zone.json").read_text(encoding="utf-8"))["weekend"] == weekend
    assert "周末为" in rehearse("store", "zone", "store.db", zone, *country, "--lang", "zh").output
