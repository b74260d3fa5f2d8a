"""Words that blame instead of naming a cause, and the question to ask instead, from `vague.yaml`."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from policies.documents.reading import read_file

SHORTEST = 8
"""Letters that a cause has at least; a Chinese character counts as two."""


class Question(NamedTuple):
    """A better question, and the words for which it is asked."""

    words: str
    en: str
    zh: str


@lru_cache(maxsize=1)
def _groups() -> list[tuple[re.Pattern[str], str, str]]:
    told = read_file(Path(__file__).with_suffix(".yaml")).plain()
    return [
        (_pattern(each["en"], each["zh"], each.get("but_zh", [])), each["ask_en"], each["ask_zh"]) for each in told.values()
    ]


def _pattern(en: list[str], zh: list[str], but_zh: list[str]) -> re.Pattern[str]:
    english = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in sorted(en, key=len, reverse=True))
    chinese = "|".join(r"\s*".join(map(re.escape, each)) for each in sorted(zh, key=len, reverse=True))
    others = f"(?!{'|'.join(but_zh)})" if but_zh else ""
    return re.compile(rf"\b(?:{english})\b|{others}(?:{chinese})", re.IGNORECASE)


def better_question(cause: str) -> Question | None:
    """What to ask instead, where a cause blames; None where it does not."""
    for pattern, en, zh in _groups():
        if found := pattern.search(cause.replace("’", "'")):
            return Question(found.group(), en, zh)
    return None


def says_too_little(cause: str) -> bool:
    """Whether a cause is too short to name anything."""
    return sum(1 if letter.isascii() else 2 for letter in cause if letter.isalnum()) < SHORTEST
