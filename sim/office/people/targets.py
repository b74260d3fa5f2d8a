"""Targets: how high, from when to when, who sees them, and what they pay at the end.

Cadence is read only to know when periods end, visibility only to decide who sees what; everything else follows from
pay, pace and pride. How high a target is, is said by `policies.targets` for the office and the live coach alike.
"""

import math

from policies.engine.settings import LEVEL_METHODS
from policies.jit.compiled import compiled_part
from policies.pay.earned import earned_pay
from policies.record.records import EVENT, UNIT
from policies.support.promise import FINANCE
from policies.targets.level import calibrated_rate, faded, fixed_level, next_ratchet, season_step, twelfths_level
from policies.time.calendar_arrays import business_days_between, period_end
from sim.office.cases.portfolio import NOBODY
from sim.office.counting.tally import M, count
from sim.office.engine.events import DAY, TASK
from sim.office.engine.ledger import record_done, record_event, record_field
from sim.office.people.desks import FINANCE_TURN, ask_desk
from sim.office.people.managers import add_task
from sim.office.people.pay_period import pay_begins, pay_bonus, pays_with_targets

VISITS, QUOTES, UPSELLS = 0, 1, 2
ASK_MANAGER, ASK_DIRECTOR = 0, 1
NO_CADENCE = 0
ANNUAL_TWELFTHS, FIXED = LEVEL_METHODS.index("annual_twelfths"), LEVEL_METHODS.index("fixed")
NOT_SHOWN, PRIVATE, PUBLIC, ANONYMOUS = 0, 1, 2, 3


@compiled_part
def count_unit(o, seat, what):
    """One more weekly action of a rep: an effective visit, a tailored quote or an upsell; recorded."""
    r = o.seats[seat]
    if what == VISITS:
        r.visits += 1.0
        _record_count(o, seat, UNIT.effective_visits, r.visits)
    elif what == QUOTES:
        r.quotes += 1.0
        _record_count(o, seat, UNIT.tailored_quotes, r.quotes)
    else:
        r.upsells += 1.0
        _record_count(o, seat, UNIT.upsells, r.upsells)


@compiled_part
def _record_count(o, seat, column, value):
    now = o.state[0].now
    unit = o.seats[seat].unit
    record_event(o, unit, EVENT.counted, now, unit)
    record_field(o, unit, EVENT.counted, now, unit, column, value)
    record_done(o, unit)


@compiled_part
def new_week(o):
    """Weekly action units start at zero again; what was reached is counted."""
    now = o.state[0].now
    p = o.settings[0]
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if p.action_visits + p.action_quotes + p.action_upsells > 0.0 and r.vacant == 0:
            met = r.visits >= p.action_visits and r.quotes >= p.action_quotes and r.upsells >= p.action_upsells
            count(o, seat, M.action_unit_weeks, 1.0)
            count(o, seat, M.action_units_met, 1.0 if met else 0.0)
        r.visits = 0.0
        r.quotes = 0.0
        r.upsells = 0.0
        record_event(o, r.unit, EVENT.counted, now, NOBODY)
        record_field(o, r.unit, EVENT.counted, now, NOBODY, UNIT.effective_visits, 0.0)
        record_field(o, r.unit, EVENT.counted, now, NOBODY, UNIT.tailored_quotes, 0.0)
        record_field(o, r.unit, EVENT.counted, now, NOBODY, UNIT.upsells, 0.0)
        record_done(o, r.unit)


@compiled_part
def begin_period(o, start):
    """Set the period's bounds and everybody's target; units above add up exactly to the reps'."""
    s = o.state[0]
    cadence = int(o.settings[0].cadence)
    s.period_start = start
    s.period_end = start
    if cadence == NO_CADENCE:
        pay_begins(o, start)
        return
    s.period_end = period_end(o.days, cadence - 1, start)
    for unit in range(len(o.units)):
        o.units[unit].target = 0.0
        o.units[unit].attained = 0.0
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        r.attained = 0.0
        r.hope = r.trailing / o.behaviour[0].trailing_days * business_days_between(o.days, start, s.period_end)
        r.target = target_of(o, seat) if r.vacant == 0 else 0.0
        unit = r.head
        while unit >= 0:
            o.units[unit].target += r.target
            unit = o.units[unit].parent
    for unit in range(len(o.units)):
        _record_target(o, unit)
    if pays_with_targets(o) or s.pay_cadence != int(o.settings[0].pay_cadence) or s.pay_end <= s.pay_start:
        pay_begins(o, start)


@compiled_part
def target_of(o, seat):
    """Target of a rep for the running period, in whole money.

    Calibrated: own pace of the last months for the core share and the region's mean for the rest, corrected for the market
    within its bounds, times season and business days of the period. Twelfths: the same slice of the year whatever the season.
    """
    s = o.state[0]
    p = o.settings[0]
    r = o.seats[seat]
    method = int(p.level_method)
    days = (s.period_end - s.period_start) / DAY
    if method == FIXED:
        return fixed_level(p.fixed_target, days)
    if method == ANNUAL_TWELFTHS:
        return twelfths_level(o.firm[0].expected_rate * o.firm[0].business_days_a_year * p.stretch, days)
    corrected = (1.0 + o.market[r.region]) * p.stretch * r.ratchet
    rate = calibrated_rate(p.core_share, r.trailing, _region_mean(o, r.region), corrected, o.behaviour[0].trailing_days)
    if p.seasonal != 0.0:
        f = o.firm[0]
        start, end = s.period_start / DAY, s.period_end / DAY
        rate *= season_step(f.sales_amplitude, f.sales_peak_day, start, end, o.behaviour[0].trailing_days)
    return math.floor(rate * business_days_between(o.days, s.period_start, s.period_end))


@compiled_part
def _region_mean(o, region):
    total = 0.0
    members = 0
    for seat in range(len(o.seats)):
        if o.seats[seat].region == region and o.seats[seat].vacant == 0:
            total += o.seats[seat].trailing
            members += 1
    return total / max(members, 1)


@compiled_part
def _record_target(o, unit):
    s = o.state[0]
    u = o.units[unit]
    record_event(o, u.row, EVENT.target_set, s.now, NOBODY)
    record_field(o, u.row, EVENT.target_set, s.now, NOBODY, UNIT.target, u.target)
    record_field(o, u.row, EVENT.target_set, s.now, NOBODY, UNIT.attained, 0.0)
    record_field(o, u.row, EVENT.target_set, s.now, NOBODY, UNIT.period_start_at, float(s.period_start))
    record_field(o, u.row, EVENT.target_set, s.now, NOBODY, UNIT.period_end_at, float(s.period_end))
    record_done(o, u.row)


@compiled_part
def close_period(o):
    """Pay, count attainment, and move next period's level: more up after a beat than down after a miss."""
    s = o.state[0]
    p = o.settings[0]
    days = (s.period_end - s.period_start) / DAY
    bonus = pay_bonus(o)
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0 or r.target <= 0.0:
            continue
        attainment = r.attained / r.target
        count(o, seat, M.target, r.target)
        count(o, seat, M.attained, r.attained)
        count(o, seat, M.periods, 1.0)
        count(o, seat, M.periods_at_target, 1.0 if r.attained >= r.target else 0.0)
        if pays_with_targets(o):
            count(o, seat, M.pay, earned_pay(p, bonus, r.attained - r.withheld, r.target) - r.earned_before)
        if s.counting != 0 and s.heat_column < o.attainment.shape[1]:
            o.attainment[seat, s.heat_column] = attainment
        r.ratchet = next_ratchet(r.ratchet, attainment, p.ratchet_up, p.ratchet_down, days)
    if s.counting != 0:
        s.heat_column += 1


@compiled_part
def board_shown(o):
    """Who sees a ranking compares it with the rank they believed they held; a loss weighs more than a gain.

    Ranks are made from attainment over target, known to the record. A public board adds names, hence pride: what being seen
    is worth enters where a rep values one more sale, not here.
    """
    s = o.state[0]
    b = o.behaviour[0]
    shown = int(o.settings[0].visibility)
    if s.period_end <= s.period_start or shown in (NOT_SHOWN, PRIVATE):
        return
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0 or r.target <= 0.0:
            continue
        below, rank = _standing(o, seat)
        surprise = below - r.belief
        felt = surprise if surprise > 0.0 else b.loss_aversion * surprise
        r.mood = min(0.5, max(-0.5, r.mood + b.rank_mood * felt))
        r.learned += b.belief_learning * (below - r.learned)
        r.belief = (1.0 - b.overconfident_share) * r.learned + b.overconfident_share * b.overconfident_level
        r.seen = below if shown == PUBLIC else 0.0
        record_event(o, r.unit, EVENT.ranked, s.now, NOBODY)
        record_field(o, r.unit, EVENT.ranked, s.now, NOBODY, UNIT.rank, rank)
        record_done(o, r.unit)


@compiled_part
def _standing(o, seat):
    """Share of the other reps that stand below, and the rank counted from 1."""
    r = o.seats[seat]
    mine = r.attained / r.target
    below = 0.0
    above = 0.0
    for other in range(len(o.seats)):
        q = o.seats[other]
        if other == seat or q.vacant != 0 or q.target <= 0.0:
            continue
        theirs = q.attained / q.target
        if theirs < mine:
            below += 1.0
        elif theirs > mine:
            above += 1.0
        else:
            below += 0.5
            above += 0.5
    return below / max(below + above, 1.0), math.floor(above) + 1.0


@compiled_part
def elasticity_window(o):
    """On the window's business day a rep who falls behind may ask for an adjustment, where evidence is asked for with that of a
    changed customer need, which is then filed; it goes to whoever has to approve it."""
    s = o.state[0]
    p = o.settings[0]
    if p.elasticity_day <= 0.0 or s.period_end <= s.period_start or s.business_day_of_month != int(p.elasticity_day):
        return
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant != 0 or r.target <= 0.0 or r.adjustments >= p.elasticity_per_quarter:
            continue
        if p.elasticity_evidence != 0.0 and r.need_change == 0:
            continue
        left = (s.period_end - s.now) / (s.period_end - s.period_start)
        if r.attained + r.hope * left >= o.behaviour[0].adjustment_threshold * r.target:
            continue
        if r.need_change != 0:
            record_event(o, r.unit, EVENT.field_recorded, s.now, r.unit)
            record_field(o, r.unit, EVENT.field_recorded, s.now, r.unit, UNIT.need_change, 1.0)
            record_done(o, r.unit)
        ask_for_adjustment(o, seat, ASK_MANAGER)


@compiled_part
def ask_for_adjustment(o, seat, after):
    """Put an adjustment before the next who has to approve it: the manager, the director, finance; granted when nobody is
    left."""
    s = o.state[0]
    p = o.settings[0]
    r = o.seats[seat]
    if after <= ASK_MANAGER and p.approved_by_manager != 0.0:
        add_task(o, r.team, TASK.adjustment, r.unit, -1, seat, -1, s.now, float(ASK_MANAGER))
    elif after <= ASK_DIRECTOR and p.approved_by_director != 0.0:
        add_task(o, len(o.managers) - 1, TASK.adjustment, r.unit, -1, seat, -1, s.now, float(ASK_DIRECTOR))
    elif p.approved_by_finance == 0.0:
        adjust_target(o, seat)
    elif r.vacant == 0 and r.first_case >= 0:
        ask_desk(o, FINANCE, r.first_case, NOBODY, seat, FINANCE_TURN + int(r.adjustments))


@compiled_part
def adjust_target(o, seat):
    """Whoever had to has agreed: the running target is lowered, for the rep and every unit above, and recorded."""
    s = o.state[0]
    r = o.seats[seat]
    if r.vacant != 0 or r.target <= 0.0 or r.adjustments >= o.settings[0].elasticity_per_quarter:
        return
    cut = math.floor(r.target * o.behaviour[0].adjustment_cut)
    r.target -= cut
    r.adjustments += 1.0
    r.need_change = 0
    count(o, seat, M.adjustments, 1.0)
    unit = r.head
    while unit >= 0:
        u = o.units[unit]
        u.target -= cut
        record_event(o, u.row, EVENT.adjusted, s.now, NOBODY)
        record_field(o, u.row, EVENT.adjusted, s.now, NOBODY, UNIT.target, u.target)
        if u.row == r.unit:
            record_field(o, u.row, EVENT.adjusted, s.now, NOBODY, UNIT.adjustments, r.adjustments)
        record_done(o, u.row)
        unit = u.parent


@compiled_part
def paces_fade(o):
    """Each business morning: every rep's pace of sales fades towards what is newly sold."""
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        r.trailing = faded(r.trailing, o.behaviour[0].trailing_days)
        r.coached *= o.behaviour[0].coaching_kept_daily
        r.mood *= o.behaviour[0].mood_kept_daily
        r.alerts = 0.0
