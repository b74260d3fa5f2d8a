"""Reported cases without a pack: what the office can say of each, and what it cannot."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from scenarios.cases.case import FOLDER
from sim.office.scenario import Words


class Other(BaseModel):
    """A case as told, the systems whose rules were turned on, and what the office can and cannot say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: Words
    rules: str
    told: Words
    says: Words


def other_cases() -> list[Other]:
    """All of them, in order."""
    documents: list[dict[str, Any]] = YAML(typ="safe").load((FOLDER / "others.yaml").read_text(encoding="utf-8"))
    return [Other.model_validate(each) for each in documents]
