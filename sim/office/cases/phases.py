"""Phases of the work and the stages of the policy in force; the record follows from the true phase through these names."""

from policies.jit.compiled import compiled_part
from policies.record import phases
from policies.record.phases import PHASES

_stage_at = compiled_part(phases.stage_at)


@compiled_part
def stage_of(o, phase):
    """The stage (from 1) that a deal in a phase (from 1) has reached."""
    return _stage_at(phase, int(o.settings[0].stage_count))


@compiled_part
def phase_of(o, stage):
    """The furthest phase that a recorded stage speaks of; `policies.record.phases.phase_at`, compiled."""
    phase = 1
    while phase < PHASES and stage_of(o, phase + 1) <= stage:
        phase += 1
    return phase


__all__ = ["PHASES", "phase_of", "stage_of"]
