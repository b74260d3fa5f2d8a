"""What amount a rep puts down: another than the own estimate where that pays more than it costs.

Where managers join the deals of the largest forecasts, a larger amount may bring the manager to the table; where commission is
frozen on deals whose forecast stands alone, a smaller one may keep the deal out of sight. Both are weighed by the same sum.
"""

import math

from policies.jit.compiled import compiled_part
from sim.office.cases.joint_calls import chance_at
from sim.office.people.pay import normal_share

STEP = 0.1  # of the logarithm of the factor


@compiled_part
def padded(o, case, estimate):
    """Factor on the own estimate that the rep puts down.

    Maximises w(Q(g)δ − F·H(g)·p·l) − u·g² over g, the logarithm of the factor: w the weight of pay now, Q the chance that the
    forecast is among those that the manager joins, as the least that was joined of late lets the rep think, δ what the manager
    adds to the chance p of a win, F how often commission is frozen of deals of a high forecast, H the chance that this one is
    high beside the others, l the part of a frozen commission that the rep counts as lost, u the unease. In commissions of the
    deal.
    """
    c = o.cases[case]
    if o.firm[0].joint_calls_week <= 0.0 or c.owner < 0 or o.seats[c.owner].pads == 0:
        return 1.0
    b = o.behaviour[0]
    chance = chance_at(o, c.stage)
    more = chance * b.manager_joint_odds * (1.0 - b.touch_success)
    weight = o.seats[c.owner].pay_weight_now
    steps = int(math.log(b.padding_most) / STEP)
    best = 0.0
    best_worth = -1e300
    for step in range(-steps, steps + 1):
        g = STEP * step
        told = estimate * math.exp(g)
        earned = more * _joined(o, c, told) - _frozen(o, c, told) * chance * b.frozen_written_off
        worth = weight * earned - b.padding_unease * g * g
        if worth > best_worth + 1e-12:
            best = g
            best_worth = worth
    return math.exp(best)


@compiled_part
def _joined(o, c, told):
    """Chance that the manager joins a deal of which so much is told."""
    least = o.managers[o.seats[c.owner].team].least_joined
    if least <= 0.0:
        return 0.0
    return normal_share(math.log(told * chance_at(o, c.stage) / least) / o.behaviour[0].forecast_noise)


@compiled_part
def _frozen(o, c, told):
    """Chance that commission is frozen: reps know how much of it is, and more of it where they have little contact."""
    s = o.state[0]
    if s.middle_forecast <= 0.0:
        return 0.0
    often = s.frozen_of_active if c.active_contact != 0 else s.frozen_of_high
    return often * normal_share(math.log(told / s.middle_forecast) / o.behaviour[0].forecast_noise)
