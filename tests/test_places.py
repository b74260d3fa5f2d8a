"""How many places a new word touches: the design page says which, and there is none besides."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| [^|]+ \| `(\w+)` \| (`[^|]+`) \|$", re.MULTILINE)
MOST = 6


def documented() -> dict[str, set[str]]:
    """Places by word, as the design page tells them."""
    section = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").partition("## What a new word touches")[2]
    return {word: set(re.findall(r"`([^`]+)`", places)) for word, places in ROW.findall(section.partition("## ")[0])}


@cache
def words_by_place() -> dict[str, set[str]]:
    """What each module of the product names: in texts, as a keyword, an attribute or a field of a class."""
    files = [file for room in ("policies", "sim", "coach", "scenarios", "apps") for file in sorted((ROOT / room).rglob("*.py"))]
    return {file.relative_to(ROOT).as_posix(): set(_named(file.read_text(encoding="utf-8"))) for file in files}


def _named(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_there_is_an_example_of_each():
    assert len(documented()) == 6


@pytest.mark.parametrize("word", documented())
def test_a_word_is_named_where_the_design_page_says_and_nowhere_else(word):
    places = documented()[word]
    assert {place for place, words in words_by_place().items() if word in words} == places
    assert len(places) <= MOST
