"""What somebody is about to validate, as it is kept: a policy, what to compare it with, the office, the lines."""

import tempfile
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from apps.pages.shelves import policies
from coach.problems import CoachError
from coach.store import Store
from coach.store import policies as versions
from coach.validation.document import GuardrailDocument, read_guardrail_document
from policies.checks.check import faults_in
from policies.documents.document import plain_yaml
from policies.documents.errors import FaultyInput, PolicyError, Problem, problem_in
from policies.documents.loader import load_document
from policies.documents.reading import line_of
from policies.language.policy import Policy

LINES = """\
guardrails:            # of the rehearsal / 预演
  - {metric: gross_margin, worse_by_at_most: 5%}
  - {metric: turnover, worse_by_at_most: 10%}
history:               # over the past of this store / 历史
  - {figure: notices_busiest_week, at_most: 40}
  - {figure: first_day_from_now, at_most: 20}
"""
LARGEST_FILE = 500_000


class Draft(BaseModel):
    """One question. `uploaded` is a whole document; `version` a number of the store's versions."""

    model_config = ConfigDict(extra="forbid")

    source: Literal["library", "version", "upload"] = "library"
    name: str = "freeze-15d"
    version: int | None = None
    uploaded: dict[str, Any] | None = None
    against: str | None = None
    office: str = "small"
    weeks: int = 13
    max_pairs: int = 120
    lines: str = LINES


class Chosen(NamedTuple):
    """The policy that a draft names, and what the static check finds in it."""

    policy: Policy
    problems: list[Problem]


def chosen(draft: Draft, store: Store) -> Chosen | None:
    """The policy to validate; None while nothing is chosen."""
    policy: Policy | None
    if draft.source == "library":
        policy = policies()[draft.name]
    elif draft.source == "upload":
        policy = None if draft.uploaded is None else Policy.model_validate(draft.uploaded)
    else:
        policy = None if draft.version is None else version_policy(store, draft.version)
    return None if policy is None else Chosen(policy, problems_in(policy))


def settled(draft: Draft, store: Store) -> Chosen:
    """The policy to validate, once one is chosen (ValueError)."""
    found = chosen(draft, store)
    if found is None:
        raise ValueError("no policy is chosen")
    return found


def version_policy(store: Store, number: int) -> Policy:
    """A policy that was in force."""
    with store.read() as connection:
        return versions.version(connection, number).policy


def problems_in(policy: Policy) -> list[Problem]:
    """What the static check finds in a policy without a file."""
    return [
        problem_in(policy.name, 0, ".".join(map(str, fault.location)) or "document", fault) for fault in faults_in(policy)
    ]  # fmt: skip


def uploaded_policy(content: bytes) -> dict[str, Any]:
    """The document of an uploaded file. Raises PolicyError or CoachError with what is wrong.

    It may extend policies of the library, never files: a path would let whoever uploads read files of the server.
    """
    if len(content) > LARGEST_FILE:
        raise CoachError("The file is too large for a policy.", "文件过大，不像是制度文件。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CoachError("The file is no text in UTF-8.", "文件不是 UTF-8 编码的文本。") from None
    try:
        data = plain_yaml(text)
    except FaultyInput as error:
        raise PolicyError([problem_in("document.yaml", line_of(fault), "document", fault) for fault in error.faults]) from None
    if isinstance(data, dict) and data.get("extends") not in (None, *policies()):
        raise CoachError(
            "A policy that is uploaded may only extend one of the library by its name.", "上传的制度只能继承库中制度的名称。"
        )
    return _read(text, load_document).policy.model_dump(mode="json")


def lines_of(text: str) -> GuardrailDocument:
    """The lines as they are written. Raises PolicyError with every problem."""
    return _read(text, read_guardrail_document)


def _read(text: str, reader):
    with tempfile.TemporaryDirectory(prefix="rehearse-gate-") as folder:
        path = Path(folder) / "document.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return reader(path)
        except PolicyError as error:
            # The place of the temporary file tells nobody anything.
            raise PolicyError([_without_place(each, str(path)) for each in error.problems]) from None


def _without_place(problem: Problem, path: str) -> Problem:
    return problem._replace(
        file="document.yaml", en=problem.en.replace(path, "document.yaml"), zh=problem.zh.replace(path, "document.yaml")
    )
