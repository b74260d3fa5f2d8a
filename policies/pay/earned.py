"""What a period's sales earn a rep: commission, faster above target and up to a cap, and a bonus at target.

A policy states its bonus and base pay per month; a period pays its part or multiple.
"""

import math

from policies.jit.compiled import compiled
from policies.targets.level import DAYS_A_MONTH


@compiled
def months_of(days):
    """Months for which a period of so many calendar days pays: whole ones, or its part of one."""
    months = days / DAYS_A_MONTH
    return math.floor(months + 0.5) if months > 0.9 else months


@compiled
def earned_pay(settings, bonus, sold, target):
    """Variable pay at the end of a period for what was sold, in money; without a target only the commission."""
    rate = settings.commission
    if target <= 0.0:
        return rate * sold
    counted = sold if settings.cap_multiple <= 0.0 else min(sold, settings.cap_multiple * target)
    pay = rate * (counted + (settings.accelerator - 1.0) * max(0.0, counted - target))
    return pay + (bonus if sold >= target else 0.0)
