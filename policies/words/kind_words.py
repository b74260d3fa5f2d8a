"""What people call a kind of record."""

from policies.record.fields import Kind
from policies.words.vocabulary import KINDS


def kind_words(kind: str, language: str) -> str:
    """The name of a kind, in English with its article."""
    words = kind.called if isinstance(kind, Kind) and kind.declared else KINDS[kind]
    return words[("en", "zh").index(language)]


def bare(words: str) -> str:
    """An English name without its article."""
    return words.removeprefix("an ").removeprefix("a ")
