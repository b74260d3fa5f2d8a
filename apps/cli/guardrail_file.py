"""A file of guardrails: `guardrails:` with a list as in a policy. What is wrong in it is told with file and line."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from policies.document import read_document
from policies.errors import Fault, FaultyInput, PolicyError, problem_in
from policies.loader import faults_of
from policies.sections import Guardrail


class GuardrailFile(BaseModel):
    """The document: nothing but guardrails."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    guardrails: tuple[Guardrail, ...]


def read_guardrails(path: str | Path) -> tuple[Guardrail, ...]:
    """The guardrails of a file. Raises PolicyError with every problem found."""
    if not Path(path).is_file():
        raise FaultyInput([Fault("no_such_file", found=str(path), allowed=("@file",))])
    try:
        document = read_document(Path(path))
    except FaultyInput as error:
        raise PolicyError([problem_in(str(path), fault.location[0], "document", fault) for fault in error.faults]) from None
    try:
        return GuardrailFile.model_validate(document.plain()).guardrails
    except ValidationError as error:
        raise PolicyError([document.problem(fault) for fault in faults_of(error, GuardrailFile)]) from None
