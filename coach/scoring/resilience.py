"""S8 of the firm and of every unit that reps report to."""

from collections.abc import Iterator

from coach.scoring.past import Past
from coach.scoring.rows import Row, groups
from coach.winning.history import Record, standing
from policies.scores.score import number
from policies.scores.target_resilience import target_resilience


def rows(past: Past) -> list[Row]:
    """Counts of targets, no figure of any: the firm's is told to everybody, those of units to them and above."""
    cases = {record.id: list(_cases(record)) for record, _ in past.each("unit")}
    found = []
    for group in groups(past):
        own = [adjusted for unit in group.units if unit is not None for adjusted in cases.get(unit, ())]
        found.append(group.row(target_resilience(sum(own), len(own))))
    return found


def _cases(record: Record) -> Iterator[bool]:
    """For each target for which a changed need was filed, whether it was adjusted; the running one only if it was.

    What is told anew of the running period, such as what was attained by today, is no next target.
    """
    filed = adjusted = False
    running: float | None = None
    for entry in standing(record, ("target_set", "field_recorded", "adjusted")):
        if entry.event == "target_set":
            begins = number(entry.payload, "period_start_at")
            if running is not None and begins in (None, running):
                continue
            running = begins
            if filed:
                yield adjusted
            filed = adjusted = False
        elif entry.event == "adjusted":
            adjusted = adjusted or filed
        elif entry.payload.get("need_change"):
            filed = True
    if filed and adjusted:
        yield True
