"""The cards of all scores, by id."""

from policies.scores import (
    best_practice,
    capability,
    churn,
    decision_chain,
    knowledge_reuse,
    quote_risk,
    scorecard,
    target_resilience,
    temperature,
)
from policies.scores.about import About

_FILES = (
    temperature, knowledge_reuse, target_resilience, capability, scorecard, churn, best_practice, decision_chain, quote_risk,
)  # fmt: skip
ABOUT: dict[str, About] = {each.ABOUT.id: each.ABOUT for each in _FILES}
