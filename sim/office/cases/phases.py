"""Phases of the work and the stages of the policy in force; the record follows from the true phase through these names."""

from policies.jit.compiled import compiled_part
from policies.record.phases import PHASES


@compiled_part
def stage_of(o, c):
    """The stage (from 1) that the record of a deal is to say: that of its phase; once the customer has agreed, the last one."""
    settings = o.settings[0]
    return int(settings.stage_count) if c.agreed != 0 else settings.stage_at[c.stage - 1]


@compiled_part
def record_phase(o, c):
    """An entry was made: the phase that the record knows of is the true one, or the furthest before whose stage it says."""
    while c.recorded_phase < c.stage and o.settings[0].stage_at[c.recorded_phase] <= c.recorded_stage:
        c.recorded_phase += 1


__all__ = ["PHASES", "record_phase", "stage_of"]
