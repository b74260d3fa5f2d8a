"""The period over which bonus and accelerator are reckoned: that of the targets, or one of its own.

Where it is one of its own, its target is what the running targets ask for on each of its business days.
"""

from policies.jit.compiled import compiled_part
from policies.pay.earned import earned_pay, months_of
from policies.time.calendar_arrays import business_days_between, period_end
from sim.office.counting.tally import M, count
from sim.office.engine.events import DAY


@compiled_part
def pays_with_targets(o):
    """Whether bonus and accelerator are reckoned over the period of the targets."""
    return o.settings[0].pay_cadence == o.settings[0].cadence


@compiled_part
def pay_begins(o, start):
    """Begin what is paid on anew: with the targets' period that has just begun, or with a period of its own.

    Without targets nothing can be beaten, and with no period nothing is reckoned: the pay period is empty then.
    """
    s = o.state[0]
    p = o.settings[0]
    s.pay_cadence = int(p.pay_cadence)
    if pays_with_targets(o):
        s.pay_start = s.period_start
        s.pay_end = s.period_end
    else:
        s.pay_start = start
        s.pay_end = start
        if p.cadence > 0.0 and p.pay_cadence > 0.0:
            s.pay_end = period_end(o.days, int(p.pay_cadence) - 1, start)
    days = business_days_between(o.days, s.pay_start, s.pay_end)
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        r.paid_on = 0.0
        r.pay_target = 0.0
        r.earned_before = 0.0
        r.withheld = 0.0
        r.pay_hope = r.trailing / o.behaviour[0].trailing_days * days


@compiled_part
def pay_morning(o, midnight):
    """A pay period of its own that has ended is paid, and the next one begins."""
    s = o.state[0]
    if pays_with_targets(o) or s.pay_end <= s.pay_start or midnight < s.pay_end:
        return
    bonus = pay_bonus(o)
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant == 0 and r.pay_target > 0.0:
            count(o, seat, M.pay, earned_pay(o.settings[0], bonus, r.paid_on, r.pay_target) - r.earned_before)
    pay_begins(o, midnight)


@compiled_part
def pay_accrues(o):
    """Each business morning the day's part of the running target counts towards that of the pay period."""
    for seat in range(len(o.seats)):
        o.seats[seat].pay_target += _target_a_day(o, seat)


@compiled_part
def _target_a_day(o, seat):
    s = o.state[0]
    days = business_days_between(o.days, s.period_start, s.period_end)
    return o.seats[seat].target / days if days > 0 else 0.0


@compiled_part
def target_of_pay(o, seat):
    """Target of the pay period as a rep sees it: the days that are over as they were, the others as the present target asks."""
    s = o.state[0]
    r = o.seats[seat]
    if pays_with_targets(o):
        return r.target
    tomorrow = o.days.days[s.day_index + 1].midnight
    return r.pay_target + _target_a_day(o, seat) * business_days_between(o.days, tomorrow, max(tomorrow, s.pay_end))


@compiled_part
def hope_of_pay(o, seat):
    """What a rep expects to sell in the pay period, from the own pace."""
    r = o.seats[seat]
    return r.hope if pays_with_targets(o) else r.pay_hope


@compiled_part
def pay_bonus(o):
    """Bonus at target for the pay period: the monthly bonus times the period's whole months, or its part of one."""
    s = o.state[0]
    return o.settings[0].bonus * months_of((s.pay_end - s.pay_start) / DAY)


@compiled_part
def _share_elapsed(o):
    """Part of the pay period's business days whose midnight lies before today's; 0 without a period."""
    s = o.state[0]
    if s.pay_end <= s.pay_start:
        return 0.0
    today = o.days.days[s.day_index].midnight
    whole = business_days_between(o.days, s.pay_start, s.pay_end)
    return min(1.0, business_days_between(o.days, s.pay_start, today) / max(whole, 1))


@compiled_part
def _earned_to_date(o, seat, share):
    """Pay of the running period for what was sold so far, against that part of target and bonus, in money."""
    r = o.seats[seat]
    target = r.target * share if pays_with_targets(o) else r.pay_target
    if share <= 0.0 or r.vacant != 0 or target <= 0.0:
        return 0.0
    return earned_pay(o.settings[0], pay_bonus(o) * share, r.paid_on, target)


@compiled_part
def keep_pay_to_date(o):
    """The window begins in a running period: what was earned in it before is no pay of the window."""
    share = _share_elapsed(o)
    for seat in range(len(o.seats)):
        o.seats[seat].earned_before = _earned_to_date(o, seat, share)


@compiled_part
def count_pay_to_date(o):
    """The window ends in a running period: what was earned in it so far is pay of the window."""
    share = _share_elapsed(o)
    if share <= 0.0:
        return
    for seat in range(len(o.seats)):
        r = o.seats[seat]
        if r.vacant == 0 and r.target > 0.0:
            count(o, seat, M.pay, _earned_to_date(o, seat, share) - r.earned_before)
