"""Looking for a play: the best states first, each state once. Used to check documents and to advise in the debrief."""

import heapq
import itertools
from collections.abc import Callable

from scenarios.roleplay.document import Needs, Roleplay, conditions_of
from scenarios.roleplay.play import State, after, legal

MOST_STATES = 20_000
"""States looked at before a search gives up; the shipped drills need some hundreds."""

Goal = Callable[[State], float]
"""How near a state is: 1.0 is there, anything below is not."""


def find_play(roleplay: Roleplay, goal: Goal, start: State, most: int = MOST_STATES) -> tuple[list[str] | None, State]:
    """Moves from `start` to a state where the goal is 1.0, and that state; None and the nearest state when none was found."""
    number, merged = itertools.count(), _merging(roleplay)
    waiting: list[tuple[float, int, State, tuple[str, ...]]] = [(_rank(roleplay, goal, start), next(number), start, ())]
    seen = {merged(start)}
    nearest, nearest_goal = start, goal(start)
    while waiting and len(seen) < most:
        _, _, state, moves = heapq.heappop(waiting)
        reached = goal(state)
        if reached > nearest_goal:
            nearest, nearest_goal = state, reached
        if reached >= 1.0:
            return list(moves), state
        for move in legal(roleplay, state):
            follower = after(state, move)
            if merged(follower) not in seen:
                seen.add(merged(follower))
                heapq.heappush(waiting, (_rank(roleplay, goal, follower), next(number), follower, (*moves, move.id)))
    return None, nearest


def shortest_play(roleplay: Roleplay, goal: Goal, start: State, most: int = 4_000) -> list[str] | None:
    """The fewest moves from `start` to a state where the goal is 1.0; None when none was found among so many states."""
    merged = _merging(roleplay)
    ring: list[tuple[State, tuple[str, ...]]] = [(start, ())]
    seen = {merged(start)}
    while ring and len(seen) < most:
        following: list[tuple[State, tuple[str, ...]]] = []
        for state, moves in ring:
            if goal(state) >= 1.0:
                return list(moves)
            for move in legal(roleplay, state):
                follower = after(state, move)
                if merged(follower) not in seen:
                    seen.add(merged(follower))
                    following.append((follower, (*moves, move.id)))
        ring = following
    return next((list(moves) for state, moves in ring if goal(state) >= 1.0), None)


def _rank(roleplay: Roleplay, goal: Goal, state: State) -> float:
    """Lower is looked at sooner: near the goal, much known, trusted, and not at the end of the persona's patience."""
    spread = len(state.known) / max(1, len(roleplay.facts)) + len(state.settled) / max(1, len(roleplay.objections) or 1)
    left = state.patience / roleplay.persona.patience
    return -(8.0 * goal(state) + 2.0 * spread + state.trust / 100.0 + left) + (4.0 if state.end else 0.0)


def _merging(roleplay: Roleplay) -> Callable[[State], tuple]:
    """What two states must share to be the same for every condition: the order of moves counts only where one asks for it."""
    ordered = frozenset(name for _, needs in conditions_of(roleplay) for name in _ordered(needs))

    def merged(state: State) -> tuple:
        in_order = tuple(move for move in state.landed if move in ordered)
        return (frozenset(state.landed), in_order, state._replace(landed=()))

    return merged


def _ordered(needs: Needs) -> set[str]:
    return set(needs.in_order).union(*(_ordered(each) for each in needs.any))
