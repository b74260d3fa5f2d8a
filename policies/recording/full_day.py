"""When a day's records are complete, and which part of the habit programme it belongs to (E2).

An entry is a conversation, an attempt, a document that somebody puts on an own lead or opportunity. It is in time when it is
recorded within the policy's hours of what it tells. A programme has three parts of equal length, one after the other: entering
in time, filling in what was learnt, bringing colleagues along.
"""

from policies.jit.compiled import compiled
from policies.record.records import EVENT, OPPORTUNITY
from policies.recording.parts import PART_COUNT

ENTRIES = (EVENT.attempt, EVENT.first_contact, EVENT.contact, EVENT.document)
FACTS = (OPPORTUNITY.decision_maker, OPPORTUNITY.budget, OPPORTUNITY.competitor)
"""What a conversation may teach about an opportunity, and nobody has to enter."""
FACT_COUNT = len(FACTS)
FACT_NAMES = tuple(OPPORTUNITY._fields[column] for column in FACTS)
NO_PART, IN_TIME, FILLED, TOGETHER = range(-1, PART_COUNT)
A_WEEK = 7
"""Days between two days that are compared: the same day of the week."""
HOUR_MS = 3_600_000


@compiled
def part_on(settings, day, first):
    """Part of the programme in which a day lies, days counted from anywhere; NO_PART outside, or where `first` is negative."""
    length = int(settings.programme_days)
    past = day - first
    if length <= 0 or first < 0 or past < 0 or past >= length:
        return NO_PART
    return past * PART_COUNT // length


@compiled
def is_entry(event):
    """Whether a kind of event is an entry."""
    return event == EVENT.attempt or event == EVENT.first_contact or event == EVENT.contact or event == EVENT.document


@compiled
def is_in_time(settings, acted_at, recorded_at):
    """Whether an entry was recorded (ms) within the policy's hours of what it tells (ms)."""
    return recorded_at - acted_at <= settings.entry_within_hours * HOUR_MS


@compiled
def is_full(settings, part, entries, filled, deals, team, team_before):
    """Whether a day's records are complete in a part of the programme, or outside it.

    entries: entries in time; always at least the policy's number is asked
    filled, deals: of the opportunities with such an entry, the facts that stand on them at the end of the day in sum, and
    their number, each counted once however many entries it has
    team, team_before: entries in time of the others of the team together, on this day and a week before
    """
    if entries < settings.entries_day:
        return False
    if part == FILLED:
        return filled >= settings.filled_share * deals * FACT_COUNT
    if part == TOGETHER:
        return team > team_before
    return True

