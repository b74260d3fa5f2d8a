"""How high a rep's target is: pure functions of figures, for compiled code and for the coach alike.

Money is in whole currency units. A *pace* is what was sold with every sale fading by 1/memory each business day, so that a
steady seller of x a business day has the pace x · memory; it weighs the last quarter most and a year ago hardly at all.
"""

import math

from policies.jit.compiled import compiled

PACE_MEMORY = 60.0
"""Business days after which a sale counts 1/e in the pace."""
DAYS_A_MONTH = 30.4375
DAYS_A_QUARTER = 91.3
MONTHS_A_YEAR = 12.0
BUSINESS_DAYS_A_YEAR = 250.0
DAYS_A_YEAR = 365.25
YEARLY = 2.0 * math.pi / DAYS_A_YEAR
"""Angle of a day in the year's swing."""
LOWEST_RATCHET, HIGHEST_RATCHET = 0.7, 1.5


@compiled
def faded(pace, memory):
    """A pace one business day later, without a sale."""
    return pace * (1.0 - 1.0 / memory)


@compiled
def fixed_level(amount, days):
    """The same amount a month for everybody, over `days` calendar days."""
    return math.floor(amount * days / DAYS_A_MONTH)


@compiled
def twelfths_level(year, days):
    """As many twelfths of a year's figure as `days` calendar days have months; parts of one below a month."""
    months = max(1.0, math.floor(days / DAYS_A_MONTH + 0.5)) if days > 27.0 else days / DAYS_A_MONTH
    return math.floor(year * months / MONTHS_A_YEAR)


@compiled
def calibrated_rate(core_share, own, region, corrected, memory):
    """Money per business day in three layers (G1): the own pace carries the core share, the region's mean pace the rest, and
    both are `corrected`: for the market, the stretch and what the ratchet has come to."""
    rate = core_share * own + (1.0 - core_share) * region
    rate *= corrected / memory
    return rate


@compiled
def next_ratchet(ratchet, attainment, up, down, days):
    """What a period of `days` calendar days that ended at an attainment (share of target) makes of the next level: more after
    a beat, less after a miss, within bounds, in proportion to the length of the period in quarters."""
    change = up * max(0.0, attainment - 1.0) - down * max(0.0, 1.0 - attainment)
    weight = days / DAYS_A_QUARTER
    return min(HIGHEST_RATCHET, max(LOWEST_RATCHET, ratchet * (1.0 + weight * min(change, 1.0))))


@compiled
def season_index(amplitude, peak_day, day):
    """Demand of a day as a share of the year's average; `day` counts from 1970, the peak falls on day `peak_day` of a year."""
    return 1.0 + amplitude * math.cos(YEARLY * (day - peak_day))


@compiled
def season_step(amplitude, peak_day, start, end, memory):
    """What the season makes of a pace in a period [start, end), days from 1970: the mean index of the period as a share of the
    one that the pace remembers, which weighs the index of t days ago with exp(-t / memory), `memory` told in business days."""
    after, lag = YEARLY * (start - peak_day), YEARLY * memory * DAYS_A_YEAR / BUSINESS_DAYS_A_YEAR
    remembered = (math.cos(after) + lag * math.sin(after)) / (1.0 + lag * lag)
    ahead = (math.sin(YEARLY * (end - peak_day)) - math.sin(after)) / (YEARLY * (end - start))
    return (1.0 + amplitude * ahead) / (1.0 + amplitude * remembered)
