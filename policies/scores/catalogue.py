"""The cards of all scores, by id."""

from policies.scores import best_practice, quote_risk
from policies.scores.about import About

_FILES = (best_practice, quote_risk)
ABOUT: dict[str, About] = {each.ABOUT.id: each.ABOUT for each in _FILES}
