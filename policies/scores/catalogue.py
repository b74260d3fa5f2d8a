"""The cards of all scores, by id."""

from policies.scores import (
    best_practice,
    capability,
    churn,
    knowledge_reuse,
    quote_risk,
    scorecard,
    target_resilience,
    temperature,
)
from policies.scores.about import About

_FILES = (temperature, knowledge_reuse, target_resilience, capability, scorecard, churn, best_practice, quote_risk)
ABOUT: dict[str, About] = {each.ABOUT.id: each.ABOUT for each in _FILES}
