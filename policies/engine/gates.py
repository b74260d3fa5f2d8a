"""Gates: may this step be taken now? Facts that arrive from another system are never refused and never come here."""

import numpy as np

from policies.engine.compile import NO_CONDITION, SHADOW
from policies.engine.conditions import holds, leaves_alone
from policies.engine.firing import journal
from policies.jit.compiled import compiled
from policies.record.derived import derive
from policies.record.records import EVENT, GATES, RECORD_KINDS, SLOTS, column

ALLOWED = -1
REQUIREMENT = -2
STAGE = -3
ADVANCE = GATES.index("advance")
SIGN = GATES.index("sign")
START = GATES.index("start")
COMPLETE = GATES.index("complete")
_BUILT_IN = len(RECORD_KINDS)

_REQUIRED = np.array([column(kind, "required") for kind in SLOTS])


@compiled
def refusal(book, rules, days, row, gate, now):
    """Position of the first live rule that refuses a step (gate code) on a record now.

    ALLOWED (-1) if none does; REQUIREMENT (-2) if no rule does but a required field is not yet recorded (advance and sign
    only; of declared kinds start and complete). Appends `refused` to the firings, with the gate as argument and, for a
    requirement, the bit mask of the columns that are missing as value; for a rule in shadow that would refuse `shadow_fired`.
    """
    place = book.rows[row]
    group = rules.groups[place.kind]
    for member in range(group.gate_from, group.gate_to):
        position = rules.members[member]
        rule = rules.rules[position]
        if rule.gate != gate or leaves_alone(rule, rules.exempt, position, place.unit):
            continue
        if rule.derived:
            derive(book.values, row, rule.kind, days, now, rules.begins, rules.signals)
        if not holds(book.values, row, rule, rules.ops):
            continue
        if rule.mode != SHADOW:
            return np.int64(position)
        journal(book.firings, book.counts, position, row, EVENT.shadow_fired, gate, 0.0, 0.0, now, now, now)
    required = book.values[row, _REQUIRED[place.kind]]
    asks = gate in (ADVANCE, SIGN) if place.kind < _BUILT_IN else gate in (START, COMPLETE)
    return np.int64(REQUIREMENT if asks and required > 0.0 else ALLOWED)


@compiled
def stage_mask(settings, stage):
    """Columns that must be recorded to leave a stage, as a bit mask."""
    return settings.required[stage - 1]


@compiled
def skips(stage, wanted):
    """Whether a step from one stage to another passes over one in between; back to an earlier one is no step forward."""
    return wanted > stage + 1


@compiled
def missing_for_stage(values, row, settings, stage):
    """Columns that leaving this stage requires and the record of an opportunity lacks, as a bit mask."""
    return absent(values, row, stage_mask(settings, stage))


@compiled
def absent(values, row, asked):
    """Those of the asked columns (a bit mask) that a record lacks, as a bit mask."""
    missing = 0
    column = 0
    while asked >> column != 0:
        if asked >> column & 1 != 0 and np.isnan(values[row, column]):
            missing |= 1 << column
        column += 1
    return missing


@compiled
def lacking(book, rules, settings, row, answer, stage, gate):
    """Columns that must be recorded before the step that a gate answered with `answer` is asked for again, as a bit mask.

    For a rule those that its condition wants recorded and that are not there; 0 when recording alone does not lift it.
    """
    if answer >= 0:
        return absent(book.values, row, rules.rules[answer].asks)
    if answer == REQUIREMENT:
        return np.int64(book.values[row, _REQUIRED[book.rows[row].kind]])
    if answer != STAGE:
        return np.int64(0)
    asked = np.int64(0)
    if unmet(book, rules, row, stage, gate):
        asked = np.int64(absent(book.values, row, asked_by_conditions(rules, stage, gate)))
    return np.int64(missing_for_stage(book.values, row, settings, stage) | asked)


@compiled
def unmet(book, rules, row, stage, gate):
    """Whether what must hold to leave a stage does not hold for an opportunity, or, of an advance, what must hold to enter the
    next one."""
    stages = rules.stages
    if stage < 1 or stage > stages.shape[0]:
        return False
    leaving = stages[stage - 1, 0]
    if leaving != NO_CONDITION and not holds(book.values, row, rules.conditions[leaving], rules.ops):
        return True
    entering = stages[stage, 1] if gate == ADVANCE and stage < stages.shape[0] else NO_CONDITION
    return entering != NO_CONDITION and not holds(book.values, row, rules.conditions[entering], rules.ops)


@compiled
def asked_by_conditions(rules, stage, gate):
    """Columns that the conditions of leaving a stage, and of an advance those of entering the next, want recorded, as a bit
    mask."""
    asked = rules.stages[stage - 1, 2]
    return asked | rules.stages[stage, 3] if gate == ADVANCE and stage < rules.stages.shape[0] else asked
