"""Which stages or states of an export mean that a deal is won, and which that it is lost."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from coach.guessing.headings import plain
from policies.documents.reading import read_file

WON, LOST, OPEN = "won", "lost", "open"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ORDINAL = re.compile(r"^\s*(\d{1,2})[.)\-:、 ]")


class Stages(NamedTuple):
    """Values of a stage column: those that are won and lost, and the open ones in the order in which deals go through them; the
    order is empty where nothing tells it."""

    won: list[str]
    lost: list[str]
    order: list[str]


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, ...]]:
    """Words for won, lost and open, plain."""
    told = read_file(Path(__file__).parent / "outcomes.yaml").plain()
    return {name: tuple(plain(str(word)) for word in some) for name, some in told.items() if name != "codes"}


@lru_cache(maxsize=1)
def _codes() -> dict[str, dict[str, str]]:
    told = read_file(Path(__file__).parent / "outcomes.yaml").plain()["codes"]
    return {
        plain(heading): {str(code): name for name, codes in meant.items() for code in codes} for heading, meant in told.items()
    }


def codes_of(heading: str) -> dict[str, str]:
    """What the numbers of a column mean, where the system that has such a column fixed them: 1 is won in `statecode`."""
    return _codes().get(plain(heading), {})


def meaning(value: str) -> str | None:
    """Whether a value says won, lost or open; None where it says neither. The longest word that it holds decides."""
    text, best, longest = plain(value), None, 0
    parts = text.split()
    for name in (LOST, WON, OPEN):
        for word in words()[name]:
            if len(word) > longest and _holds(text, parts, word):
                best, longest = name, len(word)
    return best


def holds_word(value: str, word: str) -> bool:
    """Whether a value holds a word as a whole, and does not deny it."""
    text = plain(value)
    return _holds(text, text.split(), word)


def says_lost(value: str) -> bool:
    """Whether a value is a word for lost and nothing else. One that only denies success may stand for what goes on."""
    text = plain(value)
    return text in words()[LOST] and not text.startswith(words()["not"])


def _holds(text: str, parts: list[str], word: str) -> bool:
    if _CHINESE.search(word):
        place = text.find(word)
        return place >= 0 and not text[:place].endswith(tuple(words()["not"]))
    wanted = word.split()
    for place in range(len(parts) - len(wanted) + 1):
        if parts[place : place + len(wanted)] == wanted:
            return not any(word in words()["not"] for word in parts[:place])
    return False


def stages_of(values: pd.Series, probability: pd.Series | None = None, said: dict[str, str] | None = None) -> Stages:
    """What the values of a stage or status column mean: by what a person said, by their words, else by their probability."""
    said = said or {}
    counts = values[values != ""].value_counts()
    by_value = None if probability is None else probability.groupby(values)
    chance = {} if by_value is None else by_value.median()[by_value.min() == by_value.max()].to_dict()
    usual = {} if by_value is None else by_value.median().to_dict()
    found: dict[str, str | None] = {}
    for value in counts.index:
        told = said.get(value) or meaning(value)
        if told is None and chance.get(value) in (0.0, 100.0, 1.0) and _is_end(chance, value):
            told = LOST if chance[value] == 0.0 else WON
        found[value] = told
    won, lost = ([value for value in counts.index if found[value] == name] for name in (WON, LOST))
    rest = [value for value in counts.index if value not in won and value not in lost]
    return Stages(won, lost, _in_order(rest, usual))


def _is_end(chance: dict, value: str) -> bool:
    """Whether a probability is that of an end: nothing of the column lies beyond it."""
    largest = max((each for each in chance.values() if each == each), default=0.0)
    return chance[value] == 0.0 or chance[value] == largest


def _in_order(stages: list[str], chance: dict) -> list[str]:
    """Open stages in order: by the numbers before their names, else by their usual probability."""
    numbers = {value: found.group(1) for value in stages if (found := _ORDINAL.match(value))}
    if stages and len(numbers) == len(stages) and len(set(numbers.values())) == len(stages):
        return sorted(stages, key=lambda value: int(numbers[value]))
    known = {value: chance[value] for value in stages if chance.get(value) == chance.get(value) and value in chance}
    if stages and len(known) == len(stages) and len(set(known.values())) == len(stages):
        return sorted(stages, key=lambda value: known[value])
    return []
