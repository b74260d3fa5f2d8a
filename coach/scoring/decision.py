"""S14 of open opportunities that have notes of meetings."""

from coach.scoring.past import Past
from coach.scoring.rows import Row, row_of
from coach.winning.history import Record, standing
from policies.record.records import ACTOR_EVENTS
from policies.scores.decision_chain import decision_chain

NOTE = "custom.note"
"""What was noted of a meeting, in the payload of any event of an opportunity."""


def rows(past: Past) -> list[Row]:
    """Who decides, by the notes of each open deal."""
    found = []
    for record, values in past.open():
        if notes := _notes(record):
            recorded = values.get("decision_maker")
            score = decision_chain(notes, recorded if isinstance(recorded, str) else None)
            found.append(row_of(past, record, score))
    return found


def _notes(record: Record) -> list[str]:
    """In the order of the meetings, each once: a record that is passed on anew repeats its note."""
    told = sorted(standing(record, ACTOR_EVENTS), key=lambda each: each.acted_at)
    return list(dict.fromkeys(note for each in told if isinstance(note := each.payload.get(NOTE), str)))
