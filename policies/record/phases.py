"""The work that a deal takes, and the stages by which a policy names it.

Five phases of work lie between the first conversation and the signature: discovery, solution, proof, negotiation, contract.
They take what they take, whatever they are called: a policy's stages are names laid evenly over them.
"""

PHASES = 5


def stage_at(phase: int, stages: int) -> int:
    """The stage (from 1) of so many that a deal in a phase (from 1) has reached: the last phase is the last stage."""
    if phase >= PHASES:
        return stages
    return 1 + (phase - 1) * stages // PHASES


def phase_at(stage: int, stages: int) -> int:
    """The furthest phase that a recorded stage of so many speaks of."""
    phase = 1
    while phase < PHASES and stage_at(phase + 1, stages) <= stage:
        phase += 1
    return phase
