"""Which numbers a store gives for each score, and who may be told which of them."""

from collections.abc import Callable, Iterable

from coach.problems import not_found
from coach.scoring import (
    capability,
    churn,
    customers,
    deals,
    decision,
    knowledge,
    practice,
    prosperity,
    quotes,
    resilience,
    scorecard,
    temperature,
)
from coach.scoring.past import Past
from coach.scoring.rows import Row
from coach.store import Store, Viewer
from coach.store.policies import current_visibility
from coach.store.viewer import seeing
from policies.scores.about import About
from policies.scores.catalogue import ABOUT
from policies.scores.score import AMBER, GREEN, RED

Scores = dict[str, list[Row]]
READINGS: dict[str, Callable[[Past], list[Row]]] = {
    "S1": deals.health_rows,
    "S2": prosperity.rows,
    "S3": deals.journey_rows,
    "S4": customers.health_rows,
    "S5": customers.energy_rows,
    "S6": temperature.rows,
    "S7": knowledge.rows,
    "S8": resilience.rows,
    "S9": capability.rows,
    "S10": scorecard.rows,
    "S11": deals.funnel_rows,
    "S12": churn.rows,
    "S13": practice.rows,
    "S14": decision.rows,
    "S15": quotes.rows,
}
ALSO_IN_SHEETS = ("S1", "S3", "S4", "S5", "S11")
"""Scores that `rehearse score` tells in sheets of their own, beside what else there is to know of a record."""
_WORST_FIRST = (RED, AMBER, GREEN, None)


def scores_of(past: Past, names: Iterable[str] = tuple(READINGS)) -> Scores:
    """Scores of a store, by id; every one unless told otherwise."""
    return {name: sorted_rows(past, name) for name in names}


def sorted_rows(past: Past, name: str) -> list[Row]:
    """One score, the worst numbers first and those that there is none of last."""
    return sorted(READINGS[name](past), key=lambda row: _order(row, ABOUT[name]))


def told(store: Store, viewer: Viewer, scores: Scores, name: str) -> list[Row]:
    """The rows of one score that a viewer may see, each with those like cases that the viewer may see, too."""
    if name not in scores:
        raise not_found("score", "评分", name)
    with store.read() as connection:
        allowed = seeing(connection, viewer)
        unseen = current_visibility(connection) == "none"
    if allowed.sees_nothing:
        return []
    return [
        row._replace(like=tuple(each for each in row.like if allowed.sees(each.unit)))
        for row in scores[name]
        if (row.shared or allowed.sees(row.unit))
        and not (viewer.role == "rep" and (row.above_only or (row.attainment and unseen)))
    ]


def _order(row: Row, about: About) -> tuple:
    value = row.score.value
    worse = 0.0 if value is None else -value if about.better == "lower" else value
    return value is None, _WORST_FIRST.index(row.score.colour), worse
