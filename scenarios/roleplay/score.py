"""The rubric: yes/no checks at the end of a play, partial credit, and milestones that cap the score."""

from typing import NamedTuple

from scenarios.roleplay.document import Check, Criterion, Milestone, Roleplay
from scenarios.roleplay.play import State, holds


class Marked(NamedTuple):
    """One criterion with its checks answered."""

    criterion: Criterion
    passed: tuple[Check, ...]
    missed: tuple[Check, ...]

    @property
    def points(self) -> float:
        """The criterion's weight times the share of its checks passed."""
        return self.criterion.weight * len(self.passed) / len(self.criterion.checks)


class Score(NamedTuple):
    """The score of a play, 0 to 100."""

    points: float  # after caps, rounded to one decimal
    uncapped: float
    passed: bool
    criteria: tuple[Marked, ...]
    missed_milestones: tuple[Milestone, ...]


def score(roleplay: Roleplay, state: State) -> Score:
    """Score a state as if the play ended there."""
    rubric = roleplay.rubric
    marked = tuple(_marked(criterion, state) for criterion in rubric.criteria)
    uncapped = 100.0 * sum(each.points for each in marked) / sum(each.criterion.weight for each in marked)
    missed = tuple(each for each in rubric.milestones if not holds(each.passes, state))
    points = round(min([uncapped, *(each.cap for each in missed)]), 1)
    return Score(points, round(uncapped, 1), points >= rubric.pass_at, marked, missed)


def _marked(criterion: Criterion, state: State) -> Marked:
    passed = tuple(check for check in criterion.checks if holds(check.passes, state))
    return Marked(criterion, passed, tuple(check for check in criterion.checks if check not in passed))
