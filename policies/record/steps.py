"""How a stage changes: in one way, whatever kind of event tells it.

An event that tells another stage than the recorded one is a step. To a later stage it is a step forward, which is progress;
to an earlier one it is a step back, which changes the stage and is none; the recorded stage told again is no step. Where no
stage was recorded, `advanced` counts from the first, and any other event only tells where the opportunity is.
"""

from policies.jit.compiled import compiled
from policies.record.records import EVENT, MOVES, built_as

AS_TOLD, FORWARD, BACK, NO_STEP = range(4)
STEPS = (AS_TOLD, FORWARD, BACK, NO_STEP)
STAGE_INSTANTS = ("stage_changed_at", "last_progress_at")
"""What a step forward moves; a step back moves the first of them."""


@compiled
def step_of(event, before, stage):
    """What an event (EVENT code) on an opportunity is that tells a stage, where another was recorded before; NaN for none."""
    if before != before and event == EVENT.advanced:
        before = 1.0
    if stage > before:
        return FORWARD
    if stage < before:
        return BACK
    return NO_STEP if stage == before else AS_TOLD


def moved_by(event: str, kind: str, step: int = AS_TOLD) -> tuple[str, ...]:
    """Instants that an event of a kind moves on a record of a kind, if it is such a step."""
    own = MOVES.get(event, {}).get(built_as(kind), ())
    if step == AS_TOLD or kind != "opportunity":
        return own
    stepped = STAGE_INSTANTS if step == FORWARD else STAGE_INSTANTS[:1] if step == BACK else ()
    rest = () if event == "advanced" else own
    return tuple(dict.fromkeys((*rest, *stepped)))
