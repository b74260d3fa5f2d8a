"""The documentation is run: commands in console blocks end well, policies in yaml blocks pass the check, links lead on."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from apps.cli.main import program
from coach.mapping.loader import load_mapping
from coach.validation.document import read_guardrail_document
from policies.checks.check import check
from policies.language.predicate import read_when

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TRANSLATED = tuple(sorted(page.name for page in (ROOT / "docs" / "zh").glob("*.md")))
BLOCK = re.compile(r"^```(\w+)( fragment| mapping| lines)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(#[^)\s]*)?\)")
WRAPPER = """\
name: fragment
extends: monthly-private
title: {en: Fragment, zh: 片段}
summary: {en: A part of a policy., zh: 制度的一部分。}
"""


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """Code blocks of a page in a language: "fragment", "mapping", "lines" or nothing, and its text."""
    return [(flavour.strip(), text) for kind, flavour, text in BLOCK.findall(read(page)) if kind == language]


def fragments(page: Path) -> list[str]:
    return [text for flavour, text in blocks(page, "yaml") if flavour == "fragment"]


def lines(page: Path) -> list[str]:
    return [text for flavour, text in blocks(page, "yaml") if flavour == "lines"]


def mappings(page: Path) -> list[str]:
    return [text for flavour, text in blocks(page, "yaml") if flavour == "mapping"]


def documents(page: Path) -> dict[str, str]:
    """Whole policies on a page, by the name of the file that a reader would save them in."""
    whole = [text for flavour, text in blocks(page, "yaml") if not flavour]
    return {f"{YAML(typ='safe').load(text)['name']}.yaml": text for text in whole}


def sessions(page: Path) -> list[list[str]]:
    """Commands of each console block, to be typed one after the other."""
    return [[line[2:] for line in text.splitlines() if line.startswith("$ ")] for _, text in blocks(page, "console")]


def commands(page: Path) -> list[str]:
    return [command for session in sessions(page) for command in session]


def shown_sessions() -> list[tuple[str, list[str]]]:
    return [(name_of(page), session) for page in PAGES for session in sessions(page) if session]


def test_there_are_examples_to_run():
    assert sum(len(session) for _, session in shown_sessions()) > 8
    assert sum(len(documents(page)) for page in PAGES) >= 6


@pytest.mark.parametrize(("page", "session"), [shown for shown in shown_sessions() if "zh" not in shown[0]], ids=str)
def test_commands_in_the_documentation_end_well(page, session, tmp_path, monkeypatch):
    """Those of the Chinese pages are the same, as another test holds."""
    for name, text in documents(ROOT / page).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in session:
        name, *arguments = shlex.split(command)
        assert name == "rehearse"
        result = CliRunner().invoke(program, arguments, prog_name=name)
        assert result.exit_code == 0, result.output
        assert result.output.strip()


@pytest.mark.parametrize("page", list(filter(documents, PAGES)), ids=name_of)
def test_policies_in_the_documentation_have_nothing_to_mend(page, tmp_path):
    for name, text in documents(page).items():
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        assert check(file) == []


@pytest.mark.parametrize("page", list(filter(fragments, PAGES)), ids=name_of)
def test_fragments_in_the_documentation_fit_into_a_policy(page, tmp_path):
    for text in fragments(page):
        part = YAML(typ="safe").load(text)
        if "when" in part:
            assert read_when("opportunity", part["when"])[1] == []
        else:
            file = tmp_path / "fragment.yaml"
            file.write_text(WRAPPER + text, encoding="utf-8")
            assert check(file) == []


@pytest.mark.parametrize("page", list(filter(lines, PAGES)), ids=name_of)
def test_guardrails_in_the_documentation_can_be_used(page, tmp_path):
    for text in lines(page):
        file = tmp_path / "lines.yaml"
        file.write_text(text, encoding="utf-8")
        assert read_guardrail_document(file).history


@pytest.mark.parametrize("page", list(filter(mappings, PAGES)), ids=name_of)
def test_mappings_in_the_documentation_can_be_used(page, tmp_path):
    for text in mappings(page):
        file = tmp_path / "mapping.yaml"
        file.write_text(text, encoding="utf-8")
        assert load_mapping(file).tables


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target, anchor in LINK.findall(read(page)):
        if target.startswith("http"):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if anchor:
            assert anchor[1:] in anchors(file), f"{target}{anchor}"


def anchors(page: Path) -> set[str]:
    """Anchors that a forge makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_chinese_page_has_the_same_examples_as_the_english_one(name):
    english, chinese = ROOT / "docs" / name, ROOT / "docs" / "zh" / name
    assert documents(english).keys() == documents(chinese).keys()
    assert commands(english) == [command.removesuffix(" --lang zh") for command in commands(chinese)]


def test_the_two_readmes_name_the_same_commands():
    english, chinese = (set(re.findall(r"`(rehearse [^`]+)`", read(ROOT / name))) for name in ("README.md", "README.zh.md"))
    assert english == chinese
    assert len(english) > 8
