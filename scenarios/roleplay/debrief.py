"""After the meeting: what was missed, when it could still have been done, and what stayed hidden."""

from collections.abc import Callable
from typing import NamedTuple

from scenarios.roleplay.document import Check, Decider, Fact, Milestone, Needs, Objection
from scenarios.roleplay.play import Play, State, after, first_state, holds, legal
from scenarios.roleplay.score import Score, score
from scenarios.roleplay.search import find_play, shortest_play

_MOST_STATES = 600


class StillOpen(ValueError):
    """The meeting goes on, so nothing hidden is told yet."""

    en = "the meeting is not over; end it first, then it is debriefed"
    zh = "会面尚未结束；请先结束会面，再看复盘"

    def __init__(self):
        super().__init__(self.en)


class Chance(NamedTuple):
    """A turn at which a missed check could still be met, and moves that do it from there."""

    turn: int  # before this turn's move; from 1
    moves: tuple[str, ...]  # empty where it held already, and the turn's own move undid it


class Missed(NamedTuple):
    """A check or milestone that was missed, and when it could have been met."""

    what: Check | Milestone
    at_once: Chance | None  # the first turn at which a single move would have done
    last: Chance | None  # the last turn from which it could be reached; None when it never could
    closed_by: str  # the move of that last turn, after which it was out of reach; empty when none was made there


class Debrief(NamedTuple):
    """What a trainee is told after the meeting."""

    score: Score
    missed: tuple[Missed, ...]
    stayed_hidden: tuple[Fact, ...]
    never_met: tuple[Decider, ...]
    unsettled: tuple[Objection, ...]


def debrief(play: Play) -> Debrief:
    """The debrief of a play that is over. StillOpen while it goes on."""
    if not play.over:
        raise StillOpen()
    roleplay, state = play.roleplay, play.state
    marked = score(roleplay, state)
    missed: list[Check | Milestone] = [*marked.missed_milestones]
    missed += [check for criterion in marked.criteria for check in criterion.missed]
    return Debrief(
        marked,
        tuple(_missed(play, what) for what in missed),
        tuple(fact for fact in roleplay.facts if fact.id not in state.known),
        tuple(each for each in roleplay.decision_chain if each.learned_by and each.learned_by not in state.known),
        tuple(each for each in roleplay.objections if each.id in state.raised - state.settled),
    )


def _missed(play: Play, what: Check | Milestone) -> Missed:
    states = [turn.before for turn in play.turns] or [first_state(play.roleplay)]
    last = _last_chance(play, what.passes, states)
    closing = play.turns[last.turn - 1] if last and play.turns else None
    closed_by = closing.move if closing and closing.reaction is not None else ""
    return Missed(what, _at_once(play, what.passes, states), last, closed_by)


def _at_once(play: Play, needs: Needs, states: list[State]) -> Chance | None:
    for turn, state in enumerate(states, 1):
        if holds(needs, state):
            continue
        for move in legal(play.roleplay, state):
            if holds(needs, after(state, move)):
                return Chance(turn, (move.id,))
    return None


def _last_chance(play: Play, needs: Needs, states: list[State]) -> Chance | None:
    """What can be reached from a turn can be reached from every turn before it, so halving the turns finds the last."""
    found: list[str] | None = None
    first, beyond = 0, len(states)
    while first < beyond:
        middle = (first + beyond) // 2
        moves = _way(play, needs, states[middle])
        if moves is None:
            beyond = middle
        else:
            found, first = moves, middle + 1
    if found is None:
        return None
    shortest = shortest_play(play.roleplay, _goal(needs), states[first - 1], _MOST_STATES)
    return Chance(first, tuple(found if shortest is None else shortest))


def _way(play: Play, needs: Needs, state: State) -> list[str] | None:
    if not set(needs.not_done).isdisjoint(state.landed):
        return None
    return find_play(play.roleplay, _goal(needs), state, _MOST_STATES)[0]


def _goal(needs: Needs) -> Callable[[State], float]:
    return lambda reached: float(holds(needs, reached))
