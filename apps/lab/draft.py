"""What somebody is about to ask in the lab, as it is kept: an office, two policies, edits, and how precisely."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from apps.pages.shelves import all_policies
from policies.checks.cycles import cycle_faults
from policies.documents.errors import Fault
from policies.documents.reading import faults_of
from policies.language.policy import Policy

EDITED = "-edited-"
EDITED_WORD = {"en": "edited", "zh": "修改"}


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
        """The question in a line: the titles of both policies."""
        return " → ".join(getattr(each.title, language) for each in self.policies())

    def policies(self) -> tuple[Policy, Policy]:
        """Today's policy and the one to try, which goes by a name and a title of its own once it was edited."""
        known = all_policies()
        base = known[self.proposed]
        tried = base if self.edited is None else checked(self.edited)[0]
        return known[self.today], base if tried is None or digest_of(tried) == digest_of(base) else named_apart(tried, base)


def checked(document: dict[str, Any]) -> tuple[Policy | None, list[Fault]]:
    """The policy that a document says, or what is wrong with it."""
    try:
        policy = Policy.model_validate(document)
    except ValidationError as error:
        return None, faults_of(error, Policy, document)
    faults = cycle_faults(policy)
    return (None, faults) if faults else (policy, [])


def digest_of(policy: Policy) -> str:
    """What tells two policies apart that do not say the same, whatever they are called."""
    said = policy.model_dump(mode="json", exclude={"name", "extends", "title", "summary"})
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:6]


def named_apart(edited: Policy, base: Policy) -> Policy:
    """An edited policy under a name and a title that no other one has."""
    digest, first = digest_of(edited), base.name.partition(EDITED)[0]
    titles = {
        "en": base.title.en.partition(f" ({EDITED_WORD['en']}")[0],
        "zh": base.title.zh.partition(f"（{EDITED_WORD['zh']}")[0],
    }
    title = {"en": f"{titles['en']} ({EDITED_WORD['en']} {digest})", "zh": f"{titles['zh']}（{EDITED_WORD['zh']} {digest}）"}
    named = edited.model_dump(mode="json") | {"name": f"{first}{EDITED}{digest}", "title": title, "extends": None}
    return Policy.model_validate(named)


def as_document(policy: Policy) -> dict[str, Any]:
    """A policy as a document to edit; of rules only what they say themselves."""
    data = policy.model_dump(mode="json", exclude={"rules", "extends"})
    return data | {"rules": [rule.model_dump(mode="json", exclude_defaults=True) for rule in policy.rules]}
