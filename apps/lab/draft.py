"""What somebody is about to ask in the lab, as it is kept: an office, two policies, edits, and how precisely."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from apps.pages.shelves import policies
from policies.checks.cycles import cycle_faults
from policies.documents.errors import Fault
from policies.documents.reading import faults_of
from policies.language.policy import Policy


class Draft(BaseModel):
    """One question. `edited` is the whole document of the policy to try once it was changed; it may be faulty."""

    model_config = ConfigDict(extra="forbid")

    office: str = "small"
    today: str = "monthly-private"
    proposed: str = "weekly-public"
    edited: dict[str, Any] | None = None
    metric: str = "gross_margin"
    weeks: int = 13
    precision: float = 0.05
    max_pairs: int = 200
    seed: int = 1

    def question(self, language: str) -> str:
        """The question in a line: the titles of both policies; a star stands for edits."""
        today, proposed = (getattr(policies()[name].title, language) for name in (self.today, self.proposed))
        return f"{today} → {proposed}{' *' if self.edited else ''}"


def checked(document: dict[str, Any]) -> tuple[Policy | None, list[Fault]]:
    """The policy that a document says, or what is wrong with it."""
    try:
        policy = Policy.model_validate(document)
    except ValidationError as error:
        return None, faults_of(error, Policy)
    faults = cycle_faults(policy)
    return (None, faults) if faults else (policy, [])


def as_document(policy: Policy) -> dict[str, Any]:
    """A policy as a document to edit; of rules only what they say themselves."""
    data = policy.model_dump(mode="json", exclude={"rules", "extends"})
    return data | {"rules": [rule.model_dump(mode="json", exclude_defaults=True) for rule in policy.rules]}
