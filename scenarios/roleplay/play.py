"""Playing a drill: a state of the persona, and what a move makes of it. No draws: the same moves give the same play."""

import json
from typing import Literal, NamedTuple

from scenarios.roleplay.document import Move, Needs, Reaction, Roleplay

End = Literal["", "agreed", "patience", "trust", "left"]
LEAVE = "leave"
"""The move that every state allows: the trainee ends the meeting."""


class State(NamedTuple):
    """The persona after some moves; never changed, only succeeded."""

    trust: int  # 0 – 100; at 0 the persona breaks off
    patience: int  # moves left at most; at 0 the persona breaks off
    landed: tuple[str, ...]  # moves that landed, in order
    known: frozenset[str]  # facts that came out
    raised: frozenset[str]
    settled: frozenset[str]
    end: End = ""


class Turn(NamedTuple):
    """One move with what came of it."""

    number: int  # from 1
    move: str
    reaction: Reaction | None  # None when the trainee left
    before: State
    after: State


class NotLegal(ValueError):
    """A move that the present state does not allow, told in both languages."""

    def __init__(self, move: str, allowed: list[str]):
        self.en = f"the move '{move}' cannot be made now; allowed: {', '.join(allowed) or 'none, the meeting is over'}"
        self.zh = f"此时不能做动作“{move}”；可用：{'、'.join(allowed) or '无，会面已结束'}"
        super().__init__(self.en)


def first_state(roleplay: Roleplay) -> State:
    """The persona before the first move."""
    nothing: frozenset[str] = frozenset()
    return State(roleplay.persona.trust, roleplay.persona.patience, (), nothing, nothing, nothing)


def holds(needs: Needs, state: State) -> bool:
    """Whether a condition holds."""
    landed = state.landed
    return (
        state.trust >= needs.trust
        and all(move in landed for move in needs.done)
        and not any(move in landed for move in needs.not_done)
        and _in_order(needs.in_order, landed)
        and state.known.issuperset(needs.known)
        and state.known.isdisjoint(needs.not_known)
        and state.raised.issuperset(needs.raised)
        and state.settled.issuperset(needs.settled)
        and (not needs.any or any(holds(each, state) for each in needs.any))
    )


def _in_order(moves: tuple[str, ...], landed: tuple[str, ...]) -> bool:
    if not set(moves) <= set(landed):
        return False
    places = [landed.index(move) for move in moves]
    return places == sorted(places)


def legal(roleplay: Roleplay, state: State) -> list[Move]:
    """Moves that can be made now, in the order of the document; none when the meeting is over."""
    if state.end:
        return []
    return [move for move in roleplay.moves if move.id not in state.landed and holds(move.when, state)]


def reaction_to(move: Move, state: State) -> Reaction:
    """The persona's reaction to a move in a state."""
    return next(each for each in move.reactions if holds(each.when, state))


def after(state: State, move: Move) -> State:
    """The state that a legal move leads to."""
    reaction = reaction_to(move, state)
    trust = min(100, max(0, state.trust + reaction.trust))
    # A move takes time whatever the persona thinks of it, so a meeting cannot go on for ever.
    patience = max(0, state.patience + min(reaction.patience, -1))
    end: End = "agreed" if reaction.ends else "trust" if trust == 0 else "patience" if patience == 0 else ""
    settles = state.raised & frozenset(reaction.settles)
    return State(
        trust,
        patience,
        state.landed if reaction.evades else (*state.landed, move.id),
        state.known | frozenset(reaction.reveals),
        state.raised | frozenset(reaction.raises),
        state.settled | settles,
        end,
    )


class Play:
    """One trainee's play of a drill, which keeps the document that it was started from: later edits do not touch it.

    Attributes
    ----------
    roleplay: the drill with its rubric, as they were at the start
    turns: what was done so far
    """

    def __init__(self, roleplay: Roleplay):
        self.roleplay = roleplay
        self.turns: list[Turn] = []

    @property
    def state(self) -> State:
        """The persona now."""
        return self.turns[-1].after if self.turns else first_state(self.roleplay)

    @property
    def over(self) -> bool:
        """Whether the meeting has ended."""
        return bool(self.state.end)

    def moves(self) -> list[Move]:
        """Moves that can be made now, besides leaving."""
        return legal(self.roleplay, self.state)

    def make(self, name: str) -> Turn:
        """Make a move, or `leave`. NotLegal when the state does not allow it; nothing has changed then."""
        state = self.state
        allowed = {move.id: move for move in self.moves()}
        if name == LEAVE and not self.over:
            turn = Turn(len(self.turns) + 1, LEAVE, None, state, state._replace(end="left"))
        elif name in allowed:
            move = allowed[name]
            turn = Turn(len(self.turns) + 1, name, reaction_to(move, state), state, after(state, move))
        else:
            raise NotLegal(name, [*allowed])
        self.turns.append(turn)
        return turn

    def to_json(self) -> str:
        """The play as text: its own document and the moves made."""
        moves = [turn.move for turn in self.turns]
        return json.dumps({"roleplay": self.roleplay.model_dump(mode="json"), "moves": moves}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Play":
        """The play that `to_json` wrote, ready to go on."""
        data = json.loads(text)
        play = cls(Roleplay.model_validate(data["roleplay"]))
        for move in data["moves"]:
            play.make(move)
        return play
