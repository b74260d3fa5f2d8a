"""What a trainee may see while the meeting goes on: nothing that did not come out yet."""

from typing import NamedTuple

from policies.language.quantities import Text
from scenarios.roleplay.document import Decider, Fact, Move, Objection
from scenarios.roleplay.play import Play

MOODS = (
    (25, Text(en="about to break off", zh="快要谈崩了")),
    (45, Text(en="reserved", zh="有所保留")),
    (65, Text(en="listening", zh="愿意听")),
    (85, Text(en="open", zh="比较坦诚")),
    (101, Text(en="trusting", zh="很信任")),
)
"""How the persona seems, by trust: below the first number, and so on."""


class Said(NamedTuple):
    """One turn of the conversation; a trainee who leaves says nothing and hears nothing."""

    number: int
    move: Move
    reply: Text
    landed: bool


class View(NamedTuple):
    """The page's side of a play that goes on or is over."""

    said: tuple[Said, ...]
    mood: Text
    patience: int  # moves left at most
    facts: tuple[Fact, ...]  # in the order of the document
    deciders: tuple[Decider, ...]
    unsettled: tuple[Objection, ...]
    moves: tuple[Move, ...]


def view(play: Play) -> View:
    """What is known by now."""
    roleplay, state = play.roleplay, play.state
    said = tuple(
        Said(turn.number, roleplay.move(turn.move), turn.reaction.reply, not turn.reaction.evades)
        for turn in play.turns
        if turn.reaction is not None
    )
    return View(
        said,
        next(mood for limit, mood in MOODS if state.trust < limit),
        state.patience,
        tuple(fact for fact in roleplay.facts if fact.id in state.known),
        tuple(each for each in roleplay.decision_chain if each.learned_by is None or each.learned_by in state.known),
        tuple(each for each in roleplay.objections if each.id in state.raised - state.settled),
        tuple(play.moves()),
    )
