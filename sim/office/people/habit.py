"""Recording as a habit (E2): the day's task asks, doing it at once makes it a habit, and what is a habit needs no asking.

A habit grows with each day on which what belongs to it is done in the same setting, towards an asymptote: the part of the way
that is left shrinks by the same share a day of doing (Lally et al. 2010). One day left out does no harm by itself; days on
which it is not done and nobody asks wear it off. The setting is the day's task of a programme or a reward: what people do
without either is in the shares of `behaviour.recording`, and is no habit of this kind.
"""

import math

from policies.jit.compiled import compiled, compiled_part
from policies.recording.full_day import A_WEEK, FACT_COUNT, FILLED, NO_PART, TOGETHER, is_full, part_on
from sim.office.counting.tally import M, count
from sim.office.engine.draws import lognormal
from sim.office.engine.events import DRAW
from sim.office.record.kept import NO_DEAL, filled_today

NOT_JUDGED, NOT_FULL, FULL = 0, 1, 2
NO_DAY = -1
UNKNOWN = -1.0
GIVEN_UP = 0.1
"""Chance below which a reward asks nobody for anything: below it targets are given up (assumed, as there)."""
_TO_95_PERCENT = math.log(20.0)


@compiled_part
def new_habit(o, seat):
    """Whoever takes the seat brings no habit of the firm's kind, and is in no programme yet."""
    h = o.habits[seat]
    h.first_day = NO_DAY
    h.asked_on = NO_DAY
    h.strength = 0.0
    h.filling = 0.0
    h.pace = 0.0
    h.usual = UNKNOWN
    h.hope = 1.0
    _empty_day(h)


@compiled_part
def _empty_day(h):
    h.first_deal = NO_DEAL
    h.touches = 0
    h.prompt = 0


@compiled_part
def part_today(o, seat):
    """Part of the programme in which the holder of a seat is today; NO_PART outside."""
    return part_on(o.settings[0], o.state[0].day_index, o.habits[seat].first_day)


@compiled
def putting_off(settings, behaviour, entries, hope, asked, owes):
    """Factor on leaving out or putting off an entry: below 1 while the day's task is open and is paid for, or somebody asks.

    entries: in time today; hope: chance of earning the day's reward at all, by which it counts (expectancy times value: Vroom
    1964, Work and Motivation); asked: whether the programme or a colleague asks today; owes: whether something is owed on the
    case
    """
    is_open = entries < settings.entries_day
    factor = math.exp(-settings.recording_reward_day * hope / behaviour.reward_scale) if is_open else 1.0
    return factor * behaviour.skip_when_asked if owes or (asked and is_open) else factor


@compiled
def hope_of(usual, needed):
    """Chance that a day has as many touches as are needed, where it has `usual` ones in the mean (Poisson); 1 where nobody
    knows yet."""
    if usual < 0.0:
        return 1.0
    fewer, term = 0.0, math.exp(-usual)
    for number in range(int(needed)):
        fewer += term
        term *= usual / (number + 1)
    return max(0.0, 1.0 - fewer)


@compiled
def is_asked(first_day, asked_on, settings, day):
    """Whether the programme, or a colleague, asks for entries on a day."""
    return part_on(settings, day, first_day) != NO_PART or asked_on == day


@compiled_part
def fills_in(o, seat):
    """Share of the facts that nobody has to enter which the holder of a seat enters all the same: out of habit, or because the
    second part of the programme asks for them and too few stand there yet today."""
    b = o.behaviour[0]
    h = o.habits[seat]
    left_out = (1.0 - b.volunteered_share) * (1.0 - h.filling)
    facts, deals = filled_today(o, seat)
    too_few = deals == 0 or facts < o.settings[0].filled_share * deals * FACT_COUNT
    if part_today(o, seat) == FILLED and too_few:
        left_out *= b.skip_when_asked
    return 1.0 - left_out


@compiled_part
def habit_days(o):
    """The morning after: whose records of the day before were complete, what that earns, and what became a habit."""
    s = o.state[0]
    day = s.day_index - 1
    business = o.days.days[day].business != 0
    for seat in range(len(o.seats)):
        if o.seats[seat].vacant == 0:
            if business:
                _day_is_over(o, seat, day)
            _begin_programme(o, seat)
        _empty_day(o.habits[seat])
    s.entered_on = 0
    if o.settings[0].programme_days > 0.0 and o.days.days[s.day_index].business != 0:
        for seat in range(len(o.seats)):
            if o.seats[seat].vacant == 0 and part_today(o, seat) == TOGETHER:
                _help_a_colleague(o, seat, day)


@compiled_part
def _begin_programme(o, seat):
    """The first morning in a programme is its first day; where the policy has none, nobody is in one."""
    h = o.habits[seat]
    if o.settings[0].programme_days <= 0.0:
        h.first_day = NO_DAY
    elif h.first_day == NO_DAY:
        h.first_day = o.state[0].day_index


@compiled_part
def _day_is_over(o, seat, day):
    p = o.settings[0]
    b = o.behaviour[0]
    h = o.habits[seat]
    part = part_on(p, day, h.first_day)
    earned = 0.0
    if part != NO_PART or p.recording_reward_day > 0.0:
        team, before = _others(o, seat, day), _others(o, seat, day - A_WEEK)
        facts, deals = filled_today(o, seat)
        full = is_full(p, part, o.entered[seat, day], facts, deals, team, before)
        o.judged[seat, day] = FULL if full else NOT_FULL
        count(o, seat, M.record_days, 1.0)
        if full:
            earned = p.recording_reward_day
            count(o, seat, M.record_days_full, 1.0)
            count(o, seat, M.pay, earned)
    h.pace += (earned - h.pace) / b.trailing_days
    if h.touches > 0:  # a day away from work tells nothing
        h.usual = h.touches if h.usual < 0.0 else h.usual + (h.touches - h.usual) / b.trailing_days
    h.hope = hope_of(h.usual, p.entries_day) if p.recording_reward_day > 0.0 else 1.0
    _grow(o, seat, day, part)


@compiled_part
def _others(o, seat, day):
    """Entries in time of the others of a team on a day."""
    total = 0
    if day >= 0:
        for other in range(len(o.seats)):
            if other != seat and o.seats[other].team == o.seats[seat].team:
                total += o.entered[other, day]
    return total


@compiled_part
def _grow(o, seat, day, part):
    p = o.settings[0]
    b = o.behaviour[0]
    h = o.habits[seat]
    done = h.prompt / h.touches if h.touches > 0 else 0.0
    facts, deals = filled_today(o, seat)
    filled = facts / (deals * FACT_COUNT) if deals > 0 else 0.0
    days = lognormal(o.state[0].seed, DRAW.habit_days, o.seats[seat].person, 0, b.habit_days, b.habit_days_spread)
    step = 1.0 - math.exp(-_TO_95_PERCENT / days)
    paid = p.recording_reward_day > 0.0 and h.hope >= GIVEN_UP
    asked = part != NO_PART or paid or h.asked_on == day
    h.strength = after_day(b, h.strength, done, step, asked)
    h.filling = after_day(b, h.filling, filled, step, part == FILLED)


@compiled_part
def after_day(b, strength, done, step, asked):
    """Strength of a habit after a day on which a share of what belongs to it was done."""
    if asked:
        return strength + step * done * (b.habit_at_best - strength)
    return strength * (1.0 - b.habit_loss_daily * (1.0 - done))


@compiled_part
def _help_a_colleague(o, seat, day):
    """Sit down with whoever of the team entered least in time the day before, if that is less than oneself did."""
    least = -1
    for other in range(len(o.seats)):
        mate = o.seats[other]
        if other == seat or mate.vacant != 0 or mate.team != o.seats[seat].team:
            continue
        if least < 0 or o.entered[other, day] < o.entered[least, day]:
            least = other
    if least < 0 or o.entered[least, day] >= o.entered[seat, day]:
        return
    minutes = int(o.behaviour[0].help_minutes)
    o.seats[seat].training_due += minutes
    o.seats[least].training_due += minutes
    o.habits[least].asked_on = o.state[0].day_index
