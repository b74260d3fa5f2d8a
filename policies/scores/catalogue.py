"""The cards of all scores, by id."""

from policies.scores import (
    best_practice,
    capability,
    churn,
    customer_health,
    decision_chain,
    false_prosperity,
    funnel,
    journey_completeness,
    knowledge_reuse,
    opportunity_health,
    quote_risk,
    scorecard,
    selling_energy,
    target_resilience,
    temperature,
)
from policies.scores.about import About

_FILES = (
    opportunity_health, false_prosperity,
    journey_completeness, customer_health, selling_energy, temperature, knowledge_reuse, target_resilience,
    capability, scorecard, funnel, churn, best_practice, decision_chain, quote_risk,
)  # fmt: skip
ABOUT: dict[str, About] = {each.ABOUT.id: each.ABOUT for each in _FILES}
