"""A file of guardrails: `guardrails:` with a list as in a policy. What is wrong in it is told with file and line."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from policies.documents.errors import Fault, FaultyInput
from policies.documents.reading import model_in, read_file
from policies.language.sections import Guardrail


class GuardrailFile(BaseModel):
    """The document: nothing but guardrails."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    guardrails: tuple[Guardrail, ...]


def read_guardrails(path: str | Path) -> tuple[Guardrail, ...]:
    """The guardrails of a file. Raises PolicyError with every problem found."""
    if not Path(path).is_file():
        raise FaultyInput([Fault("no_such_file", found=str(path), allowed=("@file",))])
    return model_in(read_file(Path(path)), GuardrailFile).guardrails
