"""What is wrong with a role-play document beyond what any document can have wrong, in English and Chinese."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from policies.words.texts import PHRASES


class PlayFault(NamedTuple):
    """One thing wrong; read in the same places as `policies.errors.Fault`, with its sentence in both languages."""

    location: tuple[str | int, ...]
    en: str
    zh: str
    found: str = ""
    allowed: tuple[str, ...] = ()
    nearest: str = ""
    code: str = "roleplay"

    def sentence(self, language: str) -> str:
        """What is wrong and what to do about it."""
        return (self.zh if language == "zh" else self.en) + PHRASES[language]["stop"]


def check_faults(faults: Sequence[PlayFault]) -> ValidationError:
    """The faults in the form in which a pydantic validator reports several of them with their locations."""
    details = []
    for fault in faults:
        error = PydanticCustomError("fault", "{sentence}", {"sentence": fault.sentence("en"), "fault": fault})
        details.append(InitErrorDetails(type=error, loc=fault.location, input=fault.found))
    return ValidationError.from_exception_data("document", details)
