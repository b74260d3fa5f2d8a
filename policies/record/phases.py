"""The work that a deal takes, and the stages by which a policy names it.

Five phases of work lie between the first conversation and the signature. They take what they take, whatever they are called:
a policy's stages are names laid over them. `begins` is that layout: the phase (from 1) with whose work each stage begins, the
first with 1 and never falling. Several stages may begin with the same phase; what no stage begins with is part of the stage
before.
"""

from collections.abc import Sequence
from typing import Literal, get_args

Phase = Literal["discovery", "solution", "proof", "negotiation", "contract"]
PHASE_NAMES: tuple[Phase, ...] = get_args(Phase)
PHASES = len(PHASE_NAMES)
USUAL = tuple(range(1, PHASES + 1))
"""One stage for each phase."""


def evenly(stages: int) -> tuple[int, ...]:
    """The layout of so many stages of equal breadth."""
    reached = [1 + (phase - 1) * stages // PHASES for phase in range(1, PHASES)] + [stages]
    first = {stage: phase for phase, stage in reversed(list(enumerate(reached, start=1)))}
    begins: list[int] = []
    for stage in range(1, stages + 1):
        begins.append(first.get(stage) or begins[-1])
    return tuple(begins)


def stage_at(phase: int, begins: Sequence[int]) -> int:
    """The stage (from 1) that the record of a deal in a phase (from 1) has reached.

    It is the first that begins with this phase, else the last that begins with an earlier one. Further stages that begin with
    the same phase are passed when its work is done.
    """
    return begins.index(phase) + 1 if phase in begins else sum(begun < phase for begun in begins)


def phase_at(stage: int, begins: Sequence[int]) -> int:
    """The phase (from 1) with whose work a recorded stage begins; of a number beyond the last stage, that of the last."""
    return begins[min(max(stage, 1), len(begins)) - 1]
