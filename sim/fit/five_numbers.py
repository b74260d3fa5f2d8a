"""An office from five numbers that a manager knows: people, leads a week, win rate, sales cycle, deal value.

The first two are settings. The other three are results: how often a deal is won depends on how busy people are, which deals are
won depends on what they look at. So the settings behind them are searched until small pilot runs of the office show what was
asked for. The runs share their draws, so that the search sees the settings' effect and not the luck of a run.
"""

import contextlib
import math
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from policies.language.policy import Policy
from sim.office.counting.outcomes import MEASURE_NAMES
from sim.office.office import Office
from sim.office.scenario import Deals, Leads, People, Scenario, Words

PEOPLE_PER_TEAM = 8
TEAMS_PER_REGION = 4
REPS_PER_DESK_STAFF = {"presales": 12, "legal": 25, "delivery": 6, "finance": 50}  # as in the default office
SHORTEST_WARMUP_WEEKS = 13
CYCLES_OF_WARMUP = 3  # after so many cycles the pipeline has its usual age
PILOT_WEEKS = 39
REPS_PER_PILOT = 60  # a small office is run several times, until so many reps have been seen
STEP = 0.25  # of a setting, on its own scale, to see its effect: well above what rounding to whole touches hides
MOST_PILOTS = 60
LIMITS = ([-3.0, -2.0, -2.0], [3.0, 2.0, 2.0])
TOLERANCE = {"win_rate": 0.02, "cycle_days": 0.1, "deal_value": 0.1}  # points of the rate, shares of the others


class FiveNumbers(NamedTuple):
    """What the manager knows. Cycle in days from opportunity to order and deal value in money, both means of deals won."""

    people: int
    leads_per_week: float
    win_rate: float
    cycle_days: float
    deal_value: float


class Shown(NamedTuple):
    """What pilot runs of an office show."""

    win_rate: float
    cycle_days: float
    deal_value: float


class FoundOffice(NamedTuple):
    """A scenario with what its pilot runs show."""

    scenario: Scenario
    shown: Shown


class CannotReach(ValueError):
    """No office shows the numbers asked for; `en` and `zh` say what the nearest one shows."""

    def __init__(self, asked: FiveNumbers, shown: Shown):
        en = (
            f"no office with {asked.people} people and {asked.leads_per_week:g} leads a week shows these numbers; the "
            f"nearest shows a win rate of {shown.win_rate:.1%}, a cycle of {shown.cycle_days:.0f} days and "
            f"{shown.deal_value:,.0f} a deal"
        )
        zh = (
            f"没有一个 {asked.people} 人、每周 {asked.leads_per_week:g} 条线索的团队能呈现这些数字；最接近的团队赢单率 "
            f"{shown.win_rate:.1%}、周期 {shown.cycle_days:.0f} 天、单均 {shown.deal_value:,.0f}"
        )
        super().__init__(en)
        self.en = en
        self.zh = zh


def first_guess(asked: FiveNumbers, name: str) -> Scenario:
    """The office before the search: size and flow as asked, desks in proportion, the rest as usual."""
    teams = max(1, round(asked.people / PEOPLE_PER_TEAM))
    staff = {desk: max(1, round(asked.people / reps)) for desk, reps in REPS_PER_DESK_STAFF.items()}
    warmup = max(SHORTEST_WARMUP_WEEKS, math.ceil(CYCLES_OF_WARMUP * asked.cycle_days / 7))
    flow, rate, days = f"{asked.leads_per_week:g}", f"{asked.win_rate:.0%}", f"{asked.cycle_days:g}"
    return Scenario(
        name=name,
        title=Words(
            en=f"{asked.people} reps, {flow} leads a week, {rate} won in {days} days",
            zh=f"{asked.people} 名销售，每周 {flow} 条线索，赢单率 {rate}，周期 {days} 天",
        ),
        summary=Words(en="Made from five numbers by pilot runs.", zh="由五个数字经试运行生成。"),
        warmup_weeks=min(warmup, 260),
        people=People(reps=asked.people, teams=teams, regions=max(1, round(teams / TEAMS_PER_REGION)), **staff),
        leads=Leads(per_week=asked.leads_per_week),
        deals=Deals(amount=asked.deal_value, cycle_days=asked.cycle_days, win_rate=asked.win_rate),
    )


def with_settings(scenario: Scenario, settings: np.ndarray) -> Scenario:
    """The scenario with the three settings of the search, f8[3]: shift of the odds per touch (logit), logarithms of the factors
    on cycle and amount."""
    odds, cycle, amount = settings
    base = scenario.deals
    deals = base.model_copy(
        update={
            "stage_shift": round(float(odds), 4),
            "cycle_days": round(base.cycle_days * math.exp(cycle), 2),
            "amount": round(base.amount * math.exp(amount), 2),
        }
    )
    return scenario.model_copy(update={"deals": deals})


def pilot(scenario: Scenario, policy: Policy, seed: int) -> Shown:
    """What the office shows over a window, pooled over as many runs as a small office needs."""
    runs = max(1, math.ceil(REPS_PER_PILOT / scenario.people.reps))
    sums = np.zeros(len(MEASURE_NAMES))
    for run in range(runs):
        office = Office.start(scenario, policy, seed=seed + run)
        office.run_until(scenario.policy_at)
        office.mark()
        office.run_until(scenario.calendar.midnight(scenario.policy_date + timedelta(weeks=PILOT_WEEKS)))
        sums += office.outcomes().totals[0]
    total = dict(zip(MEASURE_NAMES, sums, strict=True))
    wins = max(total["wins"], 0.5)  # without a win the search still needs a direction
    return Shown(wins / max(total["opportunities_closed"], 1.0), total["cycle_days"] / wins, total["revenue"] / wins)


def misses(asked: FiveNumbers, shown: Shown) -> np.ndarray:
    """How far off the office is, f8[3]: logit of the win rate, logarithms of cycle and deal value; 0 is exact."""
    share = min(max(shown.win_rate, 1e-3), 1 - 1e-3)
    return np.array(
        [
            math.log(share / (1 - share)) - math.log(asked.win_rate / (1 - asked.win_rate)),
            math.log(max(shown.cycle_days, 0.1) / asked.cycle_days),
            math.log(max(shown.deal_value, 1.0) / asked.deal_value),
        ]
    )


def near_enough(asked: FiveNumbers, shown: Shown) -> bool:
    """Whether the office shows the numbers, within `TOLERANCE`."""
    return (
        abs(shown.win_rate - asked.win_rate) <= TOLERANCE["win_rate"]
        and abs(shown.cycle_days / asked.cycle_days - 1) <= TOLERANCE["cycle_days"]
        and abs(shown.deal_value / asked.deal_value - 1) <= TOLERANCE["deal_value"]
    )


class _Enough(Exception):  # noqa: N818 -- it ends the search early and is no error
    pass


class _Search:
    """Pilots on the way to an office; each is run once and remembered."""

    def __init__(self, asked: FiveNumbers, guess: Scenario, policy: Policy, seed: int, progress: Callable[[int, int], None]):
        self.asked, self.guess, self.policy, self.seed, self.progress = asked, guess, policy, seed, progress
        self.tried: dict[bytes, tuple[np.ndarray, FoundOffice]] = {}

    def off(self, settings: np.ndarray) -> np.ndarray:
        """How far off the office with these settings is; raises _Enough when it is near or no pilots are left."""
        key = settings.tobytes()
        if key not in self.tried:
            scenario = with_settings(self.guess, settings)
            found = FoundOffice(scenario, pilot(scenario, self.policy, self.seed))
            self.tried[key] = misses(self.asked, found.shown), found
            self.progress(len(self.tried), MOST_PILOTS)
            if near_enough(self.asked, found.shown) or len(self.tried) >= MOST_PILOTS:
                raise _Enough
        return self.tried[key][0]

    def slopes(self, settings: np.ndarray) -> np.ndarray:
        """Change of the misses with each setting, f8[3, 3]."""
        here = self.off(settings)
        return np.column_stack([(self.off(settings + STEP * unit) - here) / STEP for unit in np.eye(3)])

    def best(self) -> FoundOffice:
        """The nearest office so far."""
        return min(self.tried.values(), key=lambda each: float(each[0] @ each[0]))[1]


def _untold(pilots: int, most: int) -> None:
    """Progress that nobody asked for."""


def find_office(
    asked: FiveNumbers,
    policy: Policy,
    *,
    name: str = "mine",
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> FoundOffice:
    """A scenario whose office shows the five numbers under the policy in force.

    `progress` is told the pilots done and the most there can be. Raises CannotReach when no office shows the numbers.
    """
    search = _Search(asked, first_guess(asked, name), policy, seed, progress or _untold)
    with contextlib.suppress(_Enough):
        least_squares(search.off, np.zeros(3), jac=search.slopes, bounds=LIMITS, xtol=1e-3, ftol=1e-3)
    found = search.best()
    if not near_enough(asked, found.shown):
        raise CannotReach(asked, found.shown)
    return found
