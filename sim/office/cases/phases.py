"""The work that a deal takes, and the stages by which a policy names it.

Five phases of work lie between the first conversation and the signature: discovery, solution, proof, negotiation, contract.
They take what they take, whatever they are called: a policy's stages, few or many, are names laid evenly over them. The record
follows from the true phase through these names.
"""

from policies.jit.compiled import compiled_part

PHASES = 5


@compiled_part
def stage_of(o, phase):
    """The stage (from 1) that a deal in a phase (from 1) has reached: the last phase is the last stage."""
    stages = int(o.settings[0].stage_count)
    if phase >= PHASES:
        return stages
    return 1 + (phase - 1) * stages // PHASES


@compiled_part
def phase_of(o, stage):
    """The furthest phase that a recorded stage speaks of."""
    phase = 1
    while phase < PHASES and stage_of(o, phase + 1) <= stage:
        phase += 1
    return phase
