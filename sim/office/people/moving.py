"""Resources that move between units when progress diverges (G9): reviewed by pace, decided by a manager, obeyed until the
period ends.

What moves, and between whom, `policies.targets.moves` says for office and coach alike. A move of leads sends so many a week of
those that routing would give to the one unit to the best placed of the other; a move of presales hours lets requests of the
other take the places of the first's in the desk's queue, for so many hours of work a week.
"""

import numpy as np

from policies.jit.compiled import compiled_part
from policies.record.derived import share_elapsed
from policies.record.records import LEAD, LEAD_KIND, LEVELS, REQUEST, REQUEST_KIND, UNIT
from policies.routing.choosing import choose
from policies.support.promise import PRESALES
from policies.targets.moves import (
    LATELY_MS,
    RESOURCES,
    WEEKS,
    giver_for,
    hours_moved,
    leads_moved,
    more_may_go,
    pace_of,
)
from sim.office.engine.events import TASK
from sim.office.people.managers import add_task

NOBODY = -1
LEADS, PRESALES_HOURS = RESOURCES.index("leads"), RESOURCES.index("presales_hours")
UNDECIDED = 0
TEAM = LEVELS.index("team")
EVERY_DAY, EVERY_WEEK = 1, 2


@compiled_part
def review_moves(o, new_week):
    """Managers go through what could move, if the policy has them do so today; each proposal waits for one to decide it."""
    reviewed = int(o.settings[0].moves_reviewed)
    if reviewed == EVERY_DAY or (reviewed == EVERY_WEEK and new_week):
        _propose(o, LEADS)
        if o.settings[0].moves_presales_hours > 0.0:
            _propose(o, PRESALES_HOURS)


@compiled_part
def _propose(o, resource):
    s = o.state[0]
    p = o.settings[0]
    _describe(o, resource)
    for taker in range(len(o.units)):
        giver = giver_for(o.standings, taker, p.moves_behind, p.moves_gives_from)
        if giver < 0:
            continue
        if resource == LEADS:
            weekly = _got_lately(o, giver, LEAD_KIND) / WEEKS
            amount = leads_moved(o.standings[taker].pace, p.moves_leads_share, weekly)
        else:
            amount = hours_moved(p.moves_presales_hours, _got_lately(o, giver, REQUEST_KIND))
        if amount > 0.0:
            m = o.moves[s.moves]
            m.resource = resource
            m.giver = giver
            m.taker = taker
            m.amount = amount
            m.start_at = s.period_start
            m.proposed_at = s.now
            m.made_at = UNDECIDED
            m.gone = 0.0
            add_task(o, _who_decides(o, taker), TASK.move, o.units[taker].row, s.moves, NOBODY, -1, s.now, 0.0)
            s.moves += 1


@compiled_part
def _describe(o, resource):
    """How units stand by their record, and which of them are part of a move of the resource in the running period."""
    now = o.state[0].now
    for unit in range(len(o.units)):
        row = o.units[unit].row
        start, end = o.book.values[row, UNIT.period_start_at], o.book.values[row, UNIT.period_end_at]
        runs = start <= now and now < end
        elapsed = share_elapsed(o.days, np.int64(start), np.int64(end), now) if runs else np.nan
        about = o.standings[unit]
        about.parent = o.units[unit].parent
        about.pace = pace_of(o.book.values[row, UNIT.attained], o.book.values[row, UNIT.target], elapsed)
        about.free = 1
    for number in range(o.state[0].moves):
        m = o.moves[number]
        if m.resource == resource and m.start_at == o.state[0].period_start:
            o.standings[m.giver].free = 0
            o.standings[m.taker].free = 0


@compiled_part
def _got_lately(o, unit, kind):
    """Leads on record of a unit that were registered lately, or its requests to presales."""
    now = o.state[0].now
    number = 0.0
    for row in range(o.book.counts[0].rows):
        about = o.book.rows[row]
        if about.kind != kind or about.unit < 0 or not is_below(o, about.unit, unit):
            continue
        if kind == LEAD_KIND:
            at = o.book.values[row, LEAD.registered_at]
        elif o.book.values[row, REQUEST.desk] == PRESALES:
            at = o.book.values[row, REQUEST.requested_at]
        else:
            continue
        if now - LATELY_MS <= at and at <= now:
            number += 1.0
    return number


@compiled_part
def is_below(o, unit, above):
    """Whether a unit is another one or stands below it."""
    while unit >= 0 and unit != above:
        unit = o.units[unit].parent
    return unit >= 0


@compiled_part
def _who_decides(o, taker):
    """The manager of the unit above both where that is a team and the policy asks no other; else the director."""
    above = o.units[taker].parent
    if o.settings[0].moves_by_director != 0.0 or o.units[above].level != TEAM:
        return len(o.managers) - 1
    return above - len(o.seats)


@compiled_part
def decide_move(o, number):
    """A manager has gone through a proposal: it holds from now on, unless its period is over."""
    s = o.state[0]
    if _runs(o, number):
        o.moves[number].made_at = s.now


@compiled_part
def _runs(o, number):
    s = o.state[0]
    return o.moves[number].start_at == s.period_start and s.now < s.period_end


@compiled_part
def _move_of(o, resource, unit, gives):
    """The move decided first of a resource away from a unit, or to it, of which more may go; -1 for none."""
    found = NOBODY
    for number in range(o.state[0].moves):
        m = o.moves[number]
        if m.resource != resource or m.made_at == UNDECIDED or not _runs(o, number):
            continue
        mine, other = (m.giver, m.taker) if gives else (m.taker, m.giver)
        if not is_below(o, unit, mine) or is_below(o, unit, other):
            continue
        more = more_may_go(m.amount, m.gone, m.made_at, o.state[0].now)
        if more and (found < 0 or m.made_at < o.moves[found].made_at):
            found = number
    return found


@compiled_part
def sent_elsewhere(o, seat, row, barred):
    """Who gets the lead that routing would give to a seat: the best placed of the unit to which a manager moved leads of that
    seat's unit, if anybody there has room."""
    number = _move_of(o, LEADS, o.seats[seat].unit, True)
    if number < 0:
        return seat
    m = o.moves[number]
    for other in range(len(o.seats)):
        if not is_below(o, o.seats[other].unit, m.taker):
            o.candidates[other].present = 0
    theirs = barred if barred >= 0 and is_below(o, o.seats[barred].unit, m.taker) else NOBODY
    p = o.settings[0]
    place = choose(
        int(p.routing_method), o.candidates, o.book.values[row, LEAD.region], p.lead_cap, o.state[0].in_turn - 1, theirs
    )
    if place < 0:
        return seat
    m.gone += 1.0
    return place


@compiled_part
def comes_first(o, number):
    """A request that has just been queued at presales changes places with the first that waits of the unit from which hours
    were moved to its own, if that one is ahead of it."""
    q = o.requests[number]
    if q.desk != PRESALES or q.owner < 0:
        return
    move = _move_of(o, PRESALES_HOURS, o.seats[q.owner].unit, False)
    if move < 0:
        return
    m = o.moves[move]
    before = NOBODY
    other = o.desks[q.desk].first
    while other != number and not _gives_way(o, other, m.giver, m.taker):
        before = other
        other = o.requests[other].next
    if other != number:
        m.gone += q.work / 60.0
        _exchange(o, before, other, number)


@compiled_part
def _gives_way(o, number, giver, taker):
    seat = o.requests[number].owner
    return seat >= 0 and is_below(o, o.seats[seat].unit, giver) and not is_below(o, o.seats[seat].unit, taker)


@compiled_part
def _exchange(o, before, first, second):
    """Two requests of a queue change places; `before` stands right ahead of the first, -1 for none."""
    d = o.desks[o.requests[first].desk]
    ahead = first
    while o.requests[ahead].next != second:
        ahead = o.requests[ahead].next
    after = o.requests[second].next
    o.requests[second].next = first if ahead == first else o.requests[first].next
    o.requests[first].next = after
    if ahead != first:
        o.requests[ahead].next = first
    if before >= 0:
        o.requests[before].next = second
    else:
        d.first = second
    if d.last == second:
        d.last = first
