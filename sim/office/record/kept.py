"""Entries as they are counted for the day's reward and the habit programme (E2): by whom, when and how much stood on the deal.

What is counted is the record alone: whose the lead or opportunity is by the record, and what stands on it.
"""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import LEAD_KIND, OPPORTUNITY_KIND
from policies.recording.full_day import FACTS, is_entry, is_in_time

NO_ROW = -1


@compiled_part
def entry_begins(o, row, event, acted_at):
    """Something is recorded: if it is an entry, it is counted when it is complete with what it carries."""
    s = o.state[0]
    kind = o.book.rows[row].kind
    if is_entry(event) and kind in (LEAD_KIND, OPPORTUNITY_KIND):
        s.entered_row = row
        s.entered_in_time = 1 if is_in_time(o.settings[0], acted_at, s.now) else 0


@compiled_part
def entry_ends(o, row):
    """The event on a record is complete: an entry in time counts for whom the record belongs to."""
    s = o.state[0]
    if s.entered_row != row:
        return
    s.entered_row = NO_ROW
    seat = o.book.rows[row].unit
    if seat < 0 or seat >= len(o.seats) or s.entered_in_time == 0:
        s.entered_in_time = 0
        return
    o.entered[seat, s.day_index] += 1
    s.entered_filled = 0
    if o.book.rows[row].kind == OPPORTUNITY_KIND:
        for column in FACTS:
            if not math.isnan(o.book.values[row, column]):
                s.entered_filled += 1
        o.habits[seat].deals += 1
        o.habits[seat].filled += s.entered_filled


@compiled_part
def keep_last(o, case):
    """Remember of the entry just made on an opportunity what it counted for, in case it is withdrawn today."""
    s = o.state[0]
    c = o.cases[case]
    c.last_seat = o.book.rows[c.row].unit
    c.last_in_time = s.entered_in_time
    c.last_filled = s.entered_filled
    c.last_day = s.day_index


@compiled_part
def take_back_last(o, case):
    """The last entry on an opportunity is withdrawn: if it was made today, it no longer counts."""
    c = o.cases[case]
    if c.last_day == o.state[0].day_index and c.last_in_time != 0:
        o.entered[c.last_seat, c.last_day] -= 1
        o.habits[c.last_seat].deals -= 1
        o.habits[c.last_seat].filled -= c.last_filled
