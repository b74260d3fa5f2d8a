"""What a rule says to people: a text of its author's, in both languages, with values of the record in braces."""

from collections.abc import Iterator
from string import Formatter

from policies.documents.errors import Fault, unknown_name
from policies.language.predicate import CUSTOM_PREFIX
from policies.language.quantities import Text
from policies.record.records import known_fields

RECORD = "record"
"""Stands for what the record is called."""
_PRIVATE = {"unit": ("target", "attained", "rank")}
_OWN_OF_EVALUATOR = ("required",)


def speakable(kind: str) -> tuple[str, ...]:
    """What may stand in braces besides fields of the firm's own.

    Not a unit's target, attainment and rank: messages go to channels that peers read, and those figures may be private.
    """
    kept_back = (*_PRIVATE.get(kind, ()), *_OWN_OF_EVALUATOR)
    return (RECORD, *(about.name for about in known_fields(kind) if not about.derived and about.name not in kept_back))


def spoken_fields(text: str) -> tuple[str, ...]:
    """The names in braces, in the order of the text. Raises ValueError for a brace without its partner."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def saying_faults(kind: str, says: Text) -> Iterator[Fault]:
    """What is wrong with a text: a brace without its partner, a form behind a name, a name that nothing stands for."""
    for language in ("en", "zh"):
        try:
            parts = list(Formatter().parse(says[language]))
        except ValueError:
            yield Fault("bad_braces", (language,), says[language], ("@braces",))
            continue
        for _, name, form, conversion in parts:
            if form or conversion:
                yield Fault("bad_braces", (language,), says[language], ("@braces",))
            elif name is not None and name not in speakable(kind) and not name.startswith(CUSTOM_PREFIX):
                yield unknown_name("cannot_be_said", name, speakable(kind), about=kind, location=(language,))


def filled(text: str, values: dict[str, str], unknown: str) -> str:
    """The text with words in place of the names in braces; `unknown` where the record does not know."""
    parts = ((before, name) for before, name, _, _ in Formatter().parse(text))
    return "".join(before + ("" if name is None else values.get(name, unknown)) for before, name in parts)
