"""What is wrong with a document, said so that its author can put it right, in English and Chinese."""

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol, Self

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from policies.words.texts import ALLOWED, FAULTS, PHRASES

_PLAIN_NAME = re.compile(r'"([A-Za-z_一-鿿][\w.-]*)"')
"""A text that YAML reads without its quotes."""


class Fault(NamedTuple):
    """One thing wrong with a value, before it is known in which file and line it stands.

    `code` names a sentence in `texts.FAULTS`; `location` leads from the value that was given to the part at fault;
    `allowed` lists what may stand there (names, or `@key` of `texts.ALLOWED`); `about` fills the sentence.
    """

    code: str
    location: tuple[str | int, ...] = ()
    found: Any = None
    allowed: tuple[str, ...] = ()
    nearest: str = ""
    about: str = ""

    def within(self, *outer: str | int) -> "Fault":
        """The same fault seen from further outside."""
        return self._replace(location=(*outer, *self.location))

    def sentence(self, language: str) -> str:
        """What is wrong, what is allowed and the nearest right name, without file and line."""
        phrases = PHRASES[language]
        sentence = FAULTS[self.code][language].format(found=shown(self.found), about=self.about)
        if self.allowed:
            sentence += phrases["allowed"].format(", ".join(ALLOWED[a][language] if a in ALLOWED else a for a in self.allowed))
        return sentence + (phrases["nearest"].format(self.nearest) if self.nearest else phrases["stop"])


class Told(Protocol):
    """One thing wrong, told by a `Fault` or by what a kind of document has of its own."""

    @property
    def code(self) -> str: ...
    @property
    def location(self) -> tuple[str | int, ...]: ...
    @property
    def found(self) -> Any: ...
    @property
    def allowed(self) -> tuple[str, ...]: ...
    @property
    def nearest(self) -> str: ...
    def sentence(self, language: str) -> str: ...
    def _replace(self, *, found: Any) -> Self: ...


class FaultyInput(ValueError):
    """Raised with every fault found in one value."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__(" ".join(fault.sentence("en") for fault in self.faults))


class Problem(NamedTuple):
    """One thing wrong, ready to be read: `line` counts from 1 (0: not from a file), `en` and `zh` are whole sentences."""

    file: str
    line: int
    field: str
    found: str
    allowed: str
    nearest: str
    en: str
    zh: str


class PolicyError(ValueError):
    """A document that cannot be used, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = list(problems)
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """All problems, one per line, in "en" or "zh"."""
        return "\n".join(getattr(problem, language) for problem in self.problems)


def nearest_name(found: Any, names: Iterable[str]) -> str:
    """The name most like what was found; empty when none is close."""
    matches = difflib.get_close_matches(str(found), list(names), n=1, cutoff=0.5)
    return matches[0] if matches else ""


def unknown_name(code: str, found: Any, names: Iterable[str], *, about: str = "", location: tuple = ()) -> Fault:
    """A fault that lists the right names and the nearest of them."""
    names = tuple(sorted(names) if isinstance(names, (set, frozenset)) else names)
    return Fault(code, location, found, names, nearest_name(found, names), about)


def problem_in(file: str, line: int, field: str, fault: Told) -> Problem:
    """The fault with its place."""
    allowed = ", ".join(ALLOWED[a]["en"] if a in ALLOWED else a for a in fault.allowed)
    place = "place" if line else "no_line"
    sentences = {
        language: PHRASES[language][place].format(file=file, line=line, field=field) + fault.sentence(language)
        for language in ("en", "zh")
    }
    return Problem(file, line, field, shown(fault.found), allowed, fault.nearest, **sentences)


def shown(value: Any) -> str:
    """A value as the author wrote it, shortened when long."""
    words = {None: "null", True: "true", False: "false"}
    if isinstance(value, (list, tuple, dict)):
        text = json.dumps(value, ensure_ascii=False, default=str)
        text = _PLAIN_NAME.sub(r"\1", text)
    else:
        text = words[value] if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def as_validation_error(faults: Sequence[Fault]) -> ValidationError:
    """The faults in the form in which a pydantic validator reports several of them with their locations."""
    details = []
    for fault in faults:
        # The sentence is an argument, not the template: a brace in what was found must stay a brace.
        error = PydanticCustomError("fault", "{sentence}", {"sentence": fault.sentence("en"), "fault": fault})
        details.append(InitErrorDetails(type=error, loc=fault.location, input=fault.found))
    return ValidationError.from_exception_data("document", details)
