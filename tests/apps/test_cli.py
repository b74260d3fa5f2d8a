"""The terminal program: help in two languages, exit codes, JSON, errors as sentences."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from apps import cli
from apps.cli.ab import resume_command
from apps.cli.errors import BAD_INPUT, CHECK_FAILED
from apps.cli.language import asked_language, machine_language
from apps.cli.main import COMMANDS, REGISTERED, program
from apps.cli.progress import pairs_needed
from apps.cli.texts import TEXTS
from benchmarks import command as bench

HEAVY = ("numpy", "numba", "pydantic", "pandas", "rich", "ruamel", "policies", "sim")
SMALL_OFFICE = ("--scenario", "small", "--weeks", "5", "--worlds", "2")
SMALL_SWEEP = ("sweep", "freeze-15d", "--over", "freeze-idle.after=7d,30d", *SMALL_OFFICE)
SMALL_MAP = (
    *("map", "monthly-private", "weekly-public", "--over", "deal_size=9000..40000,reps=6..12"),
    *("--scenario", "small", "--weeks", "5", "--points", "8", "--pairs", "2"),
)
BROKEN = """\
name: mine
extends: monthly-private
title: {en: Mine, zh: 我的}
summary: {en: Mine., zh: 我的。}
targets: {cadense: weekly}
"""


@pytest.fixture
def rehearse():
    """Runs the program as its user would; gives the result with exit code, output and errors."""
    runner = CliRunner()

    def run(*arguments: str):
        result = runner.invoke(program, arguments, prog_name="rehearse")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def broken(tmp_path) -> Path:
    """A policy file with a mistyped key in line 5."""
    file = tmp_path / "mine.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    return file


def every_command(group: click.Group, path: tuple[str, ...] = ()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


COMMAND_PATHS = list(every_command(program))


def test_help_loads_nothing_heavy():
    code = "import sys; from apps.cli.main import program\ntry: program.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    loaded = done.stdout.split("LOADED")[1].split()
    assert "click" in loaded
    assert not set(HEAVY) & set(loaded)


def test_every_command_of_the_product_is_there():
    rehearsing = {"ab", "sweep", "map", "run", "office", "fit", "policies", "scenarios", "schema", "facts", "case", "cases"}
    on_records = {"import", "connect", "store", "describe", "forecast", "backtest", "score", "knowledge", "note", "serve"}
    assert set(COMMANDS) == rehearsing | on_records | {"parity", "validate", "audit"}
    assert set(REGISTERED) == {"bench"}


@pytest.mark.parametrize("path", COMMAND_PATHS, ids=" ".join)
def test_every_command_has_help_in_both_languages_and_the_common_options(rehearse, path):
    english, chinese = (rehearse(*path, "--help", "--lang", language) for language in ("en", "zh"))
    assert english.exit_code == chinese.exit_code == 0
    assert "Usage: rehearse " + " ".join(path) in english.output
    assert "用法： rehearse " + " ".join(path) in chinese.output
    for option in ("--json", "--lang", "--help"):
        assert option in english.output
    assert english.output != chinese.output


def test_commands_in_which_chance_plays_a_part_take_a_seed(rehearse):
    for name in ("ab", "sweep", "map", "run", "office", "case", "cases", "parity", "validate", "forecast", "backtest"):
        assert "--seed" in rehearse(name, "--help").output


def test_every_text_that_the_program_says_is_in_the_catalogue():
    files = [*Path(cli.__file__).parent.glob("*.py"), Path(bench.__file__)]
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r'say\("([a-z_.-]+)"', sources))
    assert said <= set(TEXTS), said - set(TEXTS)
    assert len(said) > 20


def test_no_text_is_missing_a_language_or_a_placeholder():
    import string

    def placeholders(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, (english, chinese) in TEXTS.items():
        assert english, key
        assert chinese, key
        assert placeholders(english) == placeholders(chinese), key


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "de_DE.UTF-8"}, "zh"),
    ],
)
def test_the_machine_decides_the_language_when_nobody_says(monkeypatch, variables, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert machine_language() == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["ab", "--lang", "zh"], "zh"), (["--lang=en", "ab"], "en"), (["ab"], None), (["--lang", "fr"], None), (["--lang"], None)],
)
def test_the_language_asked_for_is_found_anywhere(arguments, expected):
    assert asked_language(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["swep"], "There is no command swep", "没有命令 swep"),
        (["ab", "--presicion", "1%"], "Did you mean --precision?", "您是指 --precision 吗？"),
        (["ab", "monthly-private"], "B is missing", "缺少 B"),
        (["ab", "a", "b", "--precision", "much"], "much is not a share", "much 不是比例"),
        (["ab", "a", "b", "--weeks", "none"], "none is not a number from 1 to 156", "none 不是 1 至 156 的数"),
        (["run", "a", "--weeks", "157"], "157 is not a number from 1 to 156", "157 不是 1 至 156 的数"),
        (["ab", "a", "b", "--worlds", "none"], "none is not a number of 2 or more", "none 不是不小于 2 的数"),
        (["ab", "a", "b", "--max-pairs", "7"], "7 is no number of pairs from 8 on", "7 不是不小于 8 的对数"),
        (["sweep", "a", "--over", "x=1..2", "--max-pairs", "-3"], "write 8 or more", "请写 8 或更多"),
        (["office", "--leads-per-week", "0"], "0 is not a number above 0", "0 不是大于 0 的数"),
        (["map", "monthly-private", "weekly-public", "--over", "deal_sise"], "nearest is deal_size", "最接近的是 deal_size"),
        (["map", "a", "b", "--over", "deal_size=3"], "deal_size=3 is not NAME", "deal_size=3 应写成"),
        (["bench", "clock"], "clock is not one of plain-queue", "clock 不在允许的值之内"),
        (["schema", "polcy"], "polcy is not one of policy", "polcy 不在允许的值之内"),
        (["office"], "--people is missing", "缺少选项 --people"),
        (["policies", "show", "weekly-pubic"], "did you mean weekly-public?", "是否想写 weekly-public？"),
        (["scenarios", "show", "defalt"], "did you mean default?", "是否想写 default？"),
        (
            ["ab", "monthly-private", "weekly-public", "--guardrails", "no.yaml"],
            "there is no file 'no.yaml'",
            "没有文件“no.yaml”",
        ),
        (["ab", "monthly-private", "weekly-public", "--metric", "gross_margins"], "gross_margin", "gross_margin"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_told_in_a_sentence_and_ends_with_2(rehearse, arguments, english, chinese):
    for language, expected in (("en", english), ("zh", chinese)):
        result = rehearse(*arguments, "--lang", language)
        assert result.exit_code == BAD_INPUT
        assert expected in result.stderr
        assert "Traceback" not in result.output


def test_a_faulty_document_names_line_field_and_nearest_name(rehearse, broken):
    for command in (["policies", "show", str(broken)], ["ab", "monthly-private", str(broken)]):
        result = rehearse(*command, "--lang", "en")
        assert result.exit_code == BAD_INPUT
        assert f"{broken}, line 5, targets.cadense" in result.stderr
        assert "did you mean cadence?" in result.stderr


def test_check_tells_what_to_mend_and_ends_with_1(rehearse, broken, tmp_path):
    result = rehearse("policies", "check", "golden-48h", str(broken), "--json", str(tmp_path / "problems.json"))
    assert result.exit_code == CHECK_FAILED
    (problem,) = json.loads((tmp_path / "problems.json").read_text(encoding="utf-8"))
    assert (problem["line"], problem["field"], problem["nearest"]) == (5, "targets.cadense", "cadence")
    assert rehearse("policies", "check", "golden-48h").exit_code == 0
    assert rehearse("policies", "check", str(tmp_path / "absent.yaml")).exit_code == BAD_INPUT


def test_the_whole_library_passes_its_own_check(rehearse):
    names = [entry["name"] for entry in json.loads(rehearse("policies", "--json", "-").stdout)]
    assert "weekly-public" in names
    result = rehearse("policies", "check", *names)
    assert result.exit_code == 0, result.stderr


def test_diff_says_what_changes_in_words(rehearse):
    assert (
        "weekly instead of monthly" in rehearse("policies", "diff", "monthly-private", "weekly-private", "--lang", "en").stdout
    )
    assert "每周（原为每月）" in rehearse("policies", "diff", "monthly-private", "weekly-private", "--lang", "zh").stdout
    assert "No difference" in rehearse("policies", "diff", "golden-48h", "golden-48h", "--lang", "en").stdout


def test_show_yaml_is_a_document_that_can_be_used_again(rehearse, tmp_path):
    copy = tmp_path / "copy.yaml"
    copy.write_text(rehearse("policies", "show", "full-playbook", "--yaml").stdout, encoding="utf-8")
    result = rehearse("policies", "diff", "full-playbook", str(copy), "--lang", "en")
    assert result.stdout.strip() == "No difference."


@pytest.mark.parametrize("document", ["policy", "scenario", "mapping", "guardrails", "verdict", "validation", "map", "records"])
def test_schemas_are_valid_json_schema(rehearse, document):
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(json.loads(rehearse("schema", document).stdout))


def test_a_place_that_cannot_be_written_is_bad_input(rehearse, tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("", encoding="utf-8")
    result = rehearse("schema", "policy", "--json", str(occupied / "schema.json"))
    assert result.exit_code == BAD_INPUT
    assert str(occupied) in result.stderr


def test_the_command_to_go_on_replaces_an_earlier_folder():
    asked = ["ab", "a b.yaml", "c", "--resume", "old", "--weeks", "13"]
    assert resume_command(asked, "new dir") == "rehearse ab 'a b.yaml' c --weeks 13 --resume 'new dir'"
    assert resume_command(["ab", "a", "b", "--resume=old"], "new") == "rehearse ab a b --resume new"


def test_a_sweep_writes_a_page_with_the_command_that_gives_it_again(rehearse, tmp_path):
    page, results = tmp_path / "made" / "sweep.html", tmp_path / "sweep.json"
    result = rehearse(*SMALL_SWEEP, "--html", str(page), "--json", str(results), "--lang", "en")
    assert result.exit_code == 0
    assert f"Page to read and pass on: {page.resolve()}" in result.stdout
    html = page.read_text(encoding="utf-8")
    assert str(tmp_path) not in html
    words = re.findall("<span>(.*?)</span>", re.search(r'<pre id="command">(.*?)</pre>', html, re.DOTALL)[1])
    points = json.loads(results.read_text(encoding="utf-8"))
    assert [point["values"] for point in points] == [{"freeze-idle.after": "7d"}, {"freeze-idle.after": "30d"}]
    assert json.loads(rehearse(*words[1:], "--json", "-").stdout) == points


def test_a_sweep_over_two_fields_is_a_map(rehearse, tmp_path):
    page = tmp_path / "sweep.html"
    result = rehearse(*SMALL_SWEEP, "--over", "targets.level.stretch=0.9,1.1", "--html", str(page), "--lang", "zh")
    assert result.exit_code == 0
    assert "毛利：freeze-idle.after × targets.level.stretch" in result.stdout
    assert '<html lang="zh-CN"' in page.read_text(encoding="utf-8")


def test_a_map_shows_who_wins_where_and_writes_page_and_json(rehearse, tmp_path):
    page, results = tmp_path / "map.html", tmp_path / "map.json"
    result = rehearse(*SMALL_MAP, "--html", str(page), "--json", str(results), "--lang", "en")
    assert result.exit_code == 0
    assert "of the map" in result.stdout
    found = json.loads(results.read_text(encoding="utf-8"))
    assert [axis["name"] for axis in found["axes"]] == ["deal_size", "reps"]
    assert (found["axes"][0]["low"], found["axes"][0]["high"]) == (9000.0, 40000.0)
    html = page.read_text(encoding="utf-8")
    assert str(tmp_path) not in html
    words = re.findall("<span>(.*?)</span>", re.search(r'<pre id="command">(.*?)</pre>', html, re.DOTALL)[1])
    assert json.loads(rehearse(*words[1:], "--json", "-").stdout) == found


def test_a_map_over_one_trait_speaks_chinese(rehearse):
    result = rehearse("map", "monthly-private", "weekly-public", "--over", "win_rate=10%..40%", *SMALL_MAP[5:], "--lang", "zh")
    assert result.exit_code == 0
    assert "赢单率" in result.stdout


def test_a_sweep_over_one_field_twice_is_bad_input(rehearse):
    result = rehearse("sweep", "freeze-15d", "--over", "freeze-idle.after=7d,9d", "--over", "freeze-idle.after=8d,9d")
    assert result.exit_code == BAD_INPUT


def test_pairs_needed_grow_with_the_square_of_the_missing_precision():
    assert pairs_needed(100, half_width=2.0, goal=1.0, most=10_000) == 400
    assert pairs_needed(100, half_width=2.0, goal=1.0, most=300) == 300
