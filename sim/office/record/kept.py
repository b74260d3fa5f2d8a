"""Entries as they are counted for the day's reward and the habit programme (E2): by whom, when and on which deals.

What is counted is the record alone: whose the lead or opportunity is by the record, and what stands on it by now.
"""

import math

from policies.jit.compiled import compiled_part
from policies.record.records import LEAD_KIND, OPPORTUNITY_KIND
from policies.recording.full_day import FACTS, is_entry, is_in_time

NO_ROW = -1
NO_DEAL = -1


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
    if o.book.rows[row].kind == OPPORTUNITY_KIND:
        _count_on_deal(o, seat, row, 1)


@compiled_part
def _count_on_deal(o, seat, row, more):
    """More entries of a seat on an opportunity today, or fewer."""
    s = o.state[0]
    place = o.habits[seat].first_deal
    while place != NO_DEAL and o.entered_on[place].row != row:
        place = o.entered_on[place].next
    if place == NO_DEAL:
        if more < 0:
            return
        place = s.entered_on
        s.entered_on += 1
        o.entered_on[place].row = row
        o.entered_on[place].entries = 0
        o.entered_on[place].next = o.habits[seat].first_deal
        o.habits[seat].first_deal = place
    o.entered_on[place].entries += more


@compiled_part
def filled_today(o, seat):
    """(facts, deals): of the opportunities on which a seat made entries in time today, the facts that stand on them by now in
    sum, and their number."""
    facts = 0
    deals = 0
    place = o.habits[seat].first_deal
    while place != NO_DEAL:
        if o.entered_on[place].entries > 0:
            deals += 1
            for column in FACTS:
                if not math.isnan(o.book.values[o.entered_on[place].row, column]):
                    facts += 1
        place = o.entered_on[place].next
    return facts, deals


@compiled_part
def keep_last(o, case):
    """Remember of the entry just made on an opportunity for whom it counted, in case it is withdrawn today."""
    s = o.state[0]
    c = o.cases[case]
    c.last_seat = o.book.rows[c.row].unit
    c.last_in_time = s.entered_in_time
    c.last_day = s.day_index


@compiled_part
def take_back_last(o, case):
    """The last entry on an opportunity is withdrawn: if it was made today, it no longer counts."""
    c = o.cases[case]
    if c.last_day == o.state[0].day_index and c.last_in_time != 0:
        o.entered[c.last_seat, c.last_day] -= 1
        _count_on_deal(o, c.last_seat, c.row, -1)
