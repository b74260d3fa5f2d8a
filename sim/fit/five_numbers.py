"""The five numbers that a manager knows of an office, and how far an office is from them."""

import math
from typing import NamedTuple

from sim.fit.pilot import Shown
from sim.office.scenario import Scenario

SKILL_SPREAD = 0.4  # of the win rates of people, as a share, where few deals are won


class FiveNumbers(NamedTuple):
    """What the manager knows. Win rate of the opportunities closed; cycle in days from opportunity to order and deal value in
    money, both means of deals won."""

    people: int
    leads_per_week: float
    win_rate: float
    cycle_days: float
    deal_value: float


class FoundOffice(NamedTuple):
    """A scenario with what its pilot runs show."""

    scenario: Scenario
    shown: Shown


def errors(asked: FiveNumbers, shown: Shown) -> tuple[float, float, float]:
    """Logarithms of shown over asked: win rate, cycle, deal value; 0 is exact, 0.1 about ten per cent too much."""
    return (
        math.log(shown.win_rate / asked.win_rate),
        math.log(max(shown.cycle_days, 0.01) / asked.cycle_days),
        math.log(max(shown.deal_value, 0.01) / asked.deal_value),
    )


def near(asked: FiveNumbers, shown: Shown, share: float) -> bool:
    """Whether each number is met within a share of it."""
    return max(abs(math.expm1(error)) for error in errors(asked, shown)) <= share


def doubt(shown: Shown) -> float:
    """Standard error of the numbers, as a share: of so many wins, by so many people."""
    return math.sqrt(1.0 / max(shown.wins, 1.0) + SKILL_SPREAD**2 / shown.people)
