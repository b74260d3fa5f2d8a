"""The document of guardrails: lines for the rehearsal, as in a policy, and lines for what the rules did over the past."""

from pathlib import Path
from typing import Any, Literal

from pydantic import field_validator

from policies.documents.document import Node
from policies.documents.errors import Fault, PolicyError, as_validation_error, problem_in
from policies.documents.reading import model_in, read_file
from policies.language.quantities import Identifier, Section, Share, described
from policies.language.sections import Guardrail

Figure = Literal[
    "firings_per_person_week", "notices_per_person_week", "notices_busiest_week", "first_day_from_now", "first_day_catch_up",
    "refused_steps", "won_later",
]  # fmt: skip
SHARES = ("won_later",)


class HistoryLine(Section):
    """A figure of the past that must not be exceeded."""

    figure: Figure = described(
        ...,
        "figure",
        "firings or notices per person and week on average; notices to one person in the busiest week; firings on the first "
        "day from now on, or catching up; steps that would have been refused; share of the records concerned won later",
        "每人每周平均触发数或通知数；最忙一周一人的通知数；启用首日重新计时或补算的触发数；会被拒绝的步骤数；涉及记录中后来赢单的比例",
    )
    at_most: Share = described(..., "number or share", "the highest that passes", "可接受的最大值", ge=0, le=1e9)
    rule: Identifier | None = described(
        None, "rule", "of this rule only; null for all rules together", "只看此规则，null 表示全部"
    )

    @field_validator("at_most")
    @classmethod
    def _a_share_is_at_most_one(cls, at_most, info):
        if info.data.get("figure") in SHARES and at_most > 1:
            raise as_validation_error([Fault("out_of_bounds", found=at_most, allowed=("0% – 100%",))])
        return at_most


class GuardrailDocument(Section):
    """What a policy must keep to before it goes live."""

    guardrails: tuple[Guardrail, ...] = described(
        (), "guardrails", "metrics of the rehearsal not to be harmed", "预演中不得损害的指标"
    )
    history: tuple[HistoryLine, ...] = described(
        (), "lines", "figures of the past not to be exceeded", "历史数据中不得超过的数值"
    )

    @field_validator("history")
    @classmethod
    def _something_is_asked(cls, history, info):
        if not history and not info.data.get("guardrails", True):
            raise as_validation_error([Fault("missing_key", found="guardrails")])
        return history


def guardrail_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the document."""
    schema = GuardrailDocument.model_json_schema()
    some = {"anyOf": [{"required": [name], "properties": {name: {"minItems": 1}}} for name in ("guardrails", "history")]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, **some}


def read_guardrail_document(path: str | Path) -> GuardrailDocument:
    """The document in a file. Raises PolicyError with every problem, by line."""
    path = Path(path)
    if not path.is_file():
        raise PolicyError([problem_in(str(path), 0, "guardrails", Fault("no_such_file", found=str(path), allowed=("@file",)))])
    return guardrails_in(read_file(path))


def guardrails_in(document: Node) -> GuardrailDocument:
    """The guardrails that a document says. Raises PolicyError with every problem, by line."""
    return model_in(document, GuardrailDocument)
