"""Stages laid over the work in every way that a policy may: for tests of both worlds."""

from typing import Any

from hypothesis import strategies as st

from policies.record.phases import PHASE_NAMES
from policies.record.records import MAX_STAGES

MOST = MAX_STAGES
WORDS = (*PHASE_NAMES, None)


def stages_of(said, requires=()) -> list[dict[str, Any]]:
    """Stages that begin with the phases said, None where one says nothing; `requires`: what each asks for, none if short."""
    asked = (*requires, *([()] * len(said)))
    return [
        {"id": f"stage-{n}", "name": {"en": f"Stage {n}", "zh": f"阶段 {n}"}, "requires": list(asked[n - 1])}
        | ({} if phase is None else {"begins_with": phase})
        for n, phase in enumerate(said, start=1)
    ]


def first_falling(said) -> int | None:
    """The first stage (from 1) that begins with earlier work than one before it, or as the first with later than discovery."""
    reached = 0
    for number, phase in enumerate(said, start=1):
        begun = reached if phase is None else PHASE_NAMES.index(phase)
        if begun < reached or (number == 1 and begun > 0):
            return number
        reached = begun
    return None


def anything_said() -> st.SearchStrategy[list[str | None]]:
    """For one to nine stages the phase that each says, or None, in any order."""
    return st.lists(st.sampled_from(WORDS), min_size=1, max_size=MOST)


def layouts() -> st.SearchStrategy[list[str | None]]:
    """For one to nine stages the phase that each says, or None, such that a policy may say so."""

    def silenced(drawn: tuple[list[int], list[bool]]) -> list[str | None]:
        phases, said = sorted(drawn[0]), drawn[1]
        return [PHASE_NAMES[phase] if says else None for phase, says in zip([0, *phases], said, strict=False)]

    phases = st.lists(st.integers(0, len(PHASE_NAMES) - 1), max_size=MOST - 1)
    return st.tuples(phases, st.lists(st.booleans(), min_size=MOST, max_size=MOST)).map(silenced)
