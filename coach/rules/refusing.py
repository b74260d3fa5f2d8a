"""Why a gate refused, in words."""

from collections.abc import Mapping
from typing import Any

from coach import texts
from coach.messages.saying import said_first, saying_of
from coach.rules.gating import STAGE_GATES
from coach.rules.service import Service
from coach.rules.stretch import GateRefusal


def refusal_words(service: Service, refusal: GateRefusal, told_of: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What is told of a refusal, in "en" and "zh": what the rule's author has it say, or else the rule; how the deal stands,
    and what is missing. `told_of`: values of a record that was not created."""
    policy, kind, told = service.policy(), service.kind(refusal.kind), {}
    said = saying_of(service.store, policy, refusal.rule, refusal.kind, refusal.record, told_of)
    for language in ("en", "zh"):
        stands = texts.stands_text(policy, refusal.stage, language) if has_stages(refusal) else ""
        own = said_first(said, language)
        told[language] = texts.refusal_text(kind, refusal.rule, policy, refusal.missing, stands, language, own, refusal.stage)
    return told


def has_stages(refusal: GateRefusal) -> bool:
    """Whether it matters to a refusal in which stage the record is."""
    return refusal.kind == "opportunity" and refusal.gate in STAGE_GATES
