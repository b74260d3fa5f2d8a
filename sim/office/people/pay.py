"""What a rep expects to be paid, and what one more sale is worth to the rep now and after the period's end.

One function serves every decision: with q the target, s what is sold so far, m what is still expected in the period and
sd its spread, expected pay = rate·(s + m + (accelerator − 1)·E[excess over q]) + bonus·P(s + m ≥ q), the excess of a normal
variable over a bound being μΦ(z) + sd·φ(z) with μ = s + m − q and z = μ/sd.
A policy states its bonus per month; a period pays its part or multiple.
"""

import math

from policies.jit.compiled import compiled_part

_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)


@compiled_part
def normal_share(z):
    """Φ(z), the share of a standard normal variable below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@compiled_part
def expected_pay(settings, bonus, sold, more, spread, target):
    """Expected variable pay of the period, in money; without a target only the commission."""
    rate = settings.commission
    pay = rate * (sold + more)
    if target <= 0.0:
        return pay
    mean = sold + more - target
    z = mean / spread
    chance = normal_share(z)
    excess = mean * chance + spread * math.exp(-0.5 * z * z) / _ROOT_TWO_PI
    pay += rate * (settings.accelerator - 1.0) * excess + bonus * chance
    if settings.cap_multiple > 0.0:
        above = sold + more - settings.cap_multiple * target
        z = above / spread
        pay -= rate * settings.accelerator * (above * normal_share(z) + spread * math.exp(-0.5 * z * z) / _ROOT_TWO_PI)
    return pay


@compiled_part
def worth_of_sale(settings, bonus, value, sold, more, spread, target):
    """Money that closing one more sale of this value in the period adds to expected pay, per unit of value."""
    with_it = expected_pay(settings, bonus, sold + value, more, spread, target)
    return (with_it - expected_pay(settings, bonus, sold, more, spread, target)) / value
