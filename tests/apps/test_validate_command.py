"""`rehearse validate`: the four parts, exit codes, files, and what is wrong with what was given."""

import json
import re
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from apps.cli.errors import BAD_INPUT, CHECK_FAILED
from apps.cli.main import program
from apps.gate.report import report_workbook
from coach.validation.parts import Validation
from tests.coach.firm import Firm

SHORT = ("--weeks", "1", "--max-pairs", "8")


@pytest.fixture
def rehearse():
    """Runs the program as its user would."""

    def run(*arguments: str):
        result = CliRunner().invoke(program, arguments, prog_name="rehearse")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def store(tmp_path) -> str:
    """One opportunity that nobody touches for forty days, and one that is new."""
    firm = Firm(tmp_path)
    firm.deal("A", "rep-1")
    firm.now += 40 * 86_400_000
    firm.deal("B", "rep-2")
    firm.store.close()
    return str(firm.path)


@pytest.fixture
def lines(tmp_path):
    """Writes a document of guardrails and gives its path."""

    def write(text: str) -> str:
        file = tmp_path / "lines.yaml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_a_policy_within_its_lines_passes_and_the_report_is_written(rehearse, store, lines, tmp_path):
    html, xlsx, told = (tmp_path / f"report.{ending}" for ending in ("html", "xlsx", "json"))
    result = rehearse(
        "validate", "freeze-15d", "--store", store, "--guardrails",
        lines("history:\n  - {figure: first_day_catch_up, at_most: 1}\n"), *SHORT, "--html", str(html), "--xlsx", str(xlsx),
        "--json", str(told), "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "PASS" in result.stdout
    report = Validation.model_validate_json(told.read_text(encoding="utf-8"))
    assert report.against_is == "usual"
    assert [(each.rule, each.firings) for each in report.history.policy.rules] == [("freeze-idle", 1)]
    assert report.history.policy.first_day.catch_up == 1
    page = html.read_text(encoding="utf-8")
    assert "frozen by this rule" in page
    assert "被此规则冻结" in page
    assert 'src="http' not in page
    assert xlsx.read_bytes()[:2] == b"PK"
    for language, is_of in (("en", str.isascii), ("zh", lambda text: any("\u4e00" <= letter <= "\u9fff" for letter in text))):
        book = load_workbook(BytesIO(report_workbook(report, language)))
        heads = [cell.value for sheet in book for cell in sheet[1]]
        units = {row[1].value for row in list(book[book.sheetnames[-1]])[1:]} - {"0–10"}
        assert [text for text in (*heads, *units) if not is_of(re.sub("[·–—“”]", "", text))] == []


def test_a_line_that_is_crossed_is_exit_code_1_with_its_reason_in_both_languages(rehearse, store, lines):
    asked = ("validate", "freeze-15d", "--store", store, "--guardrails")
    file = lines("history:\n  - {figure: first_day_catch_up, at_most: 0}\n  - {figure: won_later, at_most: 100%}\n")
    english = rehearse(*asked, file, *SHORT, "--lang", "en")
    assert english.exit_code == CHECK_FAILED
    assert "broken" in english.stdout
    assert "undecided" in english.stdout  # and undecided is no pass
    chinese = rehearse(*asked, file, *SHORT, "--lang", "zh")
    assert "突破" in chinese.stdout
    assert "无法判定" in chinese.stdout


def test_what_the_static_check_finds_is_no_pass(rehearse, store, lines, tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "name: mine\nextends: freeze-15d\ntitle: {en: Mine}\nsummary: {en: Mine., zh: 我的。}\n"
        "rules:\n  - {id: freeze-idle, exempt: [rep1, rep-2]}\n",
        encoding="utf-8",
    )
    file = lines("history:\n  - {figure: refused_steps, at_most: 100}\n")
    result = rehearse("validate", str(policy), "--store", store, "--guardrails", file, *SHORT, "--json", "-", "--lang", "en")
    assert result.exit_code == CHECK_FAILED
    report = json.loads(result.stdout)
    assert report["static"][0]["line"] == 3
    assert "title" in report["decision"]["reasons"][0]["en"]
    (unknown,) = [each for each in report["static"] if "exempt" in each["field"]]
    assert "did you mean rep-1?" in unknown["text"]["en"]
    assert "是否想写 rep-1？" in unknown["text"]["zh"]


@pytest.mark.parametrize(
    ("policy", "text", "found"),
    [
        ("freeze-15", "history:\n  - {figure: refused_steps, at_most: 1}\n", "freeze-15d"),
        ("freeze-15d", "history:\n  - {figure: refused_steps, at_most: many}\n", "lines.yaml"),
        ("freeze-15d", "history:\n  - {figure: won_later, rule: freeze-idl, at_most: 1}\n", "freeze-idle"),
        ("freeze-15d", "guardrails:\n  - {metric: happiness, worse_by_at_most: 1%}\n", "happiness"),
        ("freeze-15d", "guardrails: [\n", "lines.yaml"),
    ],
)
def test_bad_input_is_exit_code_2_and_says_what_instead(rehearse, store, lines, policy, text, found):
    for language in ("en", "zh"):
        result = rehearse("validate", policy, "--store", store, "--guardrails", lines(text), *SHORT, "--lang", language)
        assert result.exit_code == BAD_INPUT
        assert found in result.stderr


def test_a_store_that_is_not_there_is_bad_input_and_is_not_made(rehearse, lines, tmp_path):
    file = lines("history:\n  - {figure: refused_steps, at_most: 1}\n")
    result = rehearse("validate", "freeze-15d", "--store", str(tmp_path / "none.db"), "--guardrails", file, *SHORT)
    assert result.exit_code == BAD_INPUT
    assert not (tmp_path / "none.db").exists()
