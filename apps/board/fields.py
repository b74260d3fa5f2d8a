"""Values of records as people read them."""

from typing import Any

from coach.events import about_field
from coach.money import ORIGINAL
from policies.record.fields import Field
from policies.words.rule_words import field_label
from policies.words.vocabulary import CHOICES

_LEFT_OUT = ("required", "row")
"""What is told in other ways."""
_NUMBERED = ("region", "industry")
"""Fields that stand as a number where nobody gave it a name."""


def written(board, kind: str, name: str, value: Any) -> str:
    """One value of a field in words: amounts with their currency, instants in the firm's zone, choices by their names."""
    about = about_field(board.kind_of(kind), name)
    if value is None or value == "":
        return "–"
    if name == "stage" and isinstance(value, (int, float)):
        return board.write.stage(board.policy, value)
    if about is None or isinstance(value, str):
        return _plain(value) if about is None else choice_name(about, value, board.language)
    forms = {
        "instant": board.write.full_instant, "money": board.write.money, "share": board.write.percent,
        "flag": lambda flag: board.say("asking.yes" if flag else "story.no"),
        "text": lambda _: board.say("story.on_record"),  # that there is one was told, not what it says
    }  # fmt: skip
    return forms.get(about.type, _plain)(value)


def choice_name(about: Field, value: str, language: str) -> str:
    """What people call a choice; a text is itself."""
    named = dict(zip(about.choices, about.named, strict=False)) or CHOICES
    return named[value][language == "zh"] if value in named else value


def lines(board, kind: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    """All that is recorded of a record, by what people call it; what means nothing to people is left out."""
    shown = [(name, value) for name, value in values.items() if not _says_nothing(name, value)]
    kind = board.kind_of(kind)
    return [(field_label(kind, name, board.language), written(board, kind, name, value)) for name, value in shown]


def _says_nothing(name: str, value: Any) -> bool:
    return name in _LEFT_OUT or name.startswith(ORIGINAL) or (name in _NUMBERED and not isinstance(value, str))


def _plain(value: Any) -> str:
    return f"{value:,.15g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
