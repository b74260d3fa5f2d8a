"""A policy as it reaches the coach: a name of the library, or a whole document."""

from typing import Any

from pydantic import ValidationError

from coach.problems import CoachError
from policies.checks.cycles import cycle_faults
from policies.documents.errors import FaultyInput, PolicyError, problem_in, unknown_name
from policies.documents.limits import check_shape
from policies.documents.loader import library_names, load_policy
from policies.documents.reading import faults_of
from policies.language.policy import Policy


def policy_from(name: str | None, document: dict[str, Any] | None) -> Policy:
    """The policy. Raises PolicyError with every problem, CoachError unless exactly one of the two is given."""
    if name is not None and document is None:
        # Names only: a path would let whoever asks read files of the server.
        if name not in library_names():
            fault = unknown_name("no_such_policy", name, library_names())
            raise PolicyError([problem_in("policy", 0, "name", fault)])
        return load_policy(name)
    if name is not None or document is None:
        raise CoachError("Give either the name of a policy or a document.", "请提供制度名称或制度文档，二者选一。")
    try:
        check_shape(document)
    except FaultyInput as error:
        raise PolicyError([_problem(fault) for fault in error.faults]) from None
    try:
        data = {key: value for key, value in document.items() if key != "extends"}
        policy = Policy.model_validate(data)
    except ValidationError as error:
        raise PolicyError([_problem(fault) for fault in faults_of(error, Policy, data)]) from None
    faults = cycle_faults(policy)
    if faults:
        raise PolicyError([_problem(fault) for fault in faults])
    return policy


def _problem(fault):
    return problem_in("policy", 0, ".".join(map(str, fault.location)) or "document", fault)
