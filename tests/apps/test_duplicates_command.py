"""`rehearse store duplicates`: likely duplicates of a store, in the terminal, as CSV and as JSON; and their benchmark."""

import csv
import json

import pytest
from click.testing import CliRunner

from apps.cli.main import program
from benchmarks.duplicates import find_duplicates
from tests.coach.firm import Firm

pytestmark = pytest.mark.system("P12")


@pytest.fixture
def place(tmp_path):
    firm = Firm(tmp_path)
    firm.post("registered", "C-1", kind="customer", unit="rep-1", name="北京澜信科技有限公司")
    firm.post("registered", "C-2", kind="customer", unit="rep-2", name="澜信科技")
    firm.post("registered", "L-1", kind="lead", unit="rep-2", customer="澜信")
    firm.post("registered", "C-3", kind="customer", name="上海拓方贸易有限公司")
    firm.store.close()
    return firm.path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(program, ["store", "duplicates", *arguments], prog_name="rehearse")
    assert result.exit_code == 0, result.output
    return result.output


def told(output: str) -> list[dict]:
    return json.loads(output[output.index("[") :])


def test_likely_pairs_are_shown_with_owners_and_reasons(place):
    shown = run(str(place))
    assert "Pairs that are likely the same customer: 1." in shown
    for word in ("澜信科技", "rep-1 / rep-2", "likeness"):
        assert word in shown
    (pair,) = told(run(str(place), "--json", "-"))
    assert "only one names a place" in pair["reasons"]["en"]


def test_those_that_are_perhaps_the_same_are_shown_when_asked(place):
    likely, perhaps = (told(run(str(place), "--json", "-", *more)) for more in ((), ("--perhaps",)))
    assert {each["verdict"] for each in likely} == {"likely"}
    assert len(perhaps) > len(likely)
    assert [each["likeness"] for each in perhaps] == sorted((each["likeness"] for each in perhaps), reverse=True)


def test_all_pairs_are_written_as_csv(place, tmp_path):
    file = tmp_path / "out" / "pairs.csv"
    run(str(place), "--csv", str(file), "--lang", "zh")
    (row,) = list(csv.DictReader(file.open(encoding="utf-8")))
    assert {row["id"], row["other_id"]} == {"C-1", "C-2"}
    assert "仅一方写明地区" in row["reasons"]


def test_a_store_without_any_says_so(tmp_path):
    firm = Firm(tmp_path)
    firm.store.close()
    assert "没有疑似重复的客户" in run(str(firm.path), "--lang", "zh")


def test_the_benchmark_finds_what_it_seeks():
    rows = list(find_duplicates("en", number=200))
    assert [row.unit for row in rows] == ["s", "ms", "ms", "", ""]
    assert rows[-2].value > 0.85
