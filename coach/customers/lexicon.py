"""The parts of firms' names that say nothing of whose name it is, from `words.yaml`."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from coach.customers.writing import spelt
from policies.documents.reading import read_file


class Lexicon(NamedTuple):
    """Words by what they mean. `trades`, `forms`: word to its concept; `lands`: legal form to the countries that have it;
    `places`: word to the place's one name; `within`: place to the province or country that it lies in; `soft`: trades that
    firms put into their names at will."""

    forms: dict[str, str]
    lands: dict[str, frozenset[str]]
    group: frozenset[str]
    branches: tuple[str, ...]
    trades: dict[str, str]
    soft: frozenset[str]
    places: dict[str, str]
    within: dict[str, str]
    free_mail: frozenset[str]
    longest: dict[str, int]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All words, read once."""
    told = read_file(Path(__file__).parent / "words.yaml").plain()
    within = {city: province for province, cities in told["places"].items() for city in cities}
    places = {name: name for name in (*within, *told["places"])} | {
        spelling: name for name, spellings in told["latin_places"].items() for spelling in spellings
    }
    for name in list(within) + list(told["places"]):
        if name not in told["latin_places"]:
            places.setdefault(spelt(name), name)
    forms, trades = _by_word(told["forms"]), _by_word(told["trades"])
    lands = {form: frozenset(each["countries"]) for each in told["lands"] for form in each["forms"]}
    longest = {
        "forms": max(map(len, forms)), "trades": max(map(len, trades)), "places": max(map(len, places)),
    }  # fmt: skip
    return Lexicon(
        forms, lands, frozenset(told["group"]), tuple(sorted(told["branches"], key=len, reverse=True)), trades,
        frozenset(told["soft"]), places, within, frozenset(told["free_mail"]), longest,
    )  # fmt: skip


def _by_word(concepts: dict[str, list[str]]) -> dict[str, str]:
    return {word: concept for concept, words in concepts.items() for word in words}
