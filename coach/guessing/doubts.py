"""What a guess is not sure of: questions with their answers, of which one is taken until a person says otherwise."""

from typing import NamedTuple

from policies.language.quantities import Text


class Choice(NamedTuple):
    """An answer: what is kept of it, and how it is told."""

    value: str
    label: Text


class Doubt(NamedTuple):
    """A question. `chosen` is the answer that stands; `decisive`: another answer would change what is counted, and nothing in
    the files says which is right."""

    key: str
    question: Text
    choices: tuple[Choice, ...]
    chosen: str
    decisive: bool


def choice(value: str, en: str = "", zh: str = "") -> Choice:
    """An answer that is told as it is kept, unless given other words."""
    return Choice(value, Text(en=en or value, zh=zh or en or value))


def doubt(key: str, en: str, zh: str, choices: list[Choice], chosen: str, *, decisive: bool = False) -> Doubt:
    """A question in both languages."""
    return Doubt(key, Text(en=en, zh=zh), tuple(choices), chosen, decisive)
