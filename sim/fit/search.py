"""An office from five numbers that a manager knows: people, leads a week, win rate, sales cycle, deal value.

The first two are settings. The other three are results: how often a deal is won depends on how busy people are, which deals are
won depends on what they look at, how long a deal takes depends on both. So the settings behind them are searched until pilot
runs of the office show what was asked for: first on a small office of the same load, with few wins, then on the whole one with
many. The runs share their draws, so that the search sees the settings' effect and not the luck of a run.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from policies.language.policy import Policy
from sim.fit.five_numbers import FiveNumbers, FoundOffice, doubt, errors, near
from sim.fit.pilot import Shown, desks_for, pilot
from sim.fit.unreachable import CannotReach, missed
from sim.office.cases.phases import PHASES
from sim.office.scenario import Deals, Leads, People, Scenario, Words

PEOPLE_PER_TEAM = 8
TEAMS_PER_REGION = 4
REPS_PER_DESK_STAFF = {"presales": 12, "legal": 25, "delivery": 6, "finance": 50}  # as in the default office
DESK_LOAD = 0.6  # at most, so that a deal waits for desks hours and not weeks
SHORTEST_WARMUP_WEEKS = 13
CYCLES_OF_WARMUP = 3  # after so many cycles the pipeline has its usual age
USUAL_CYCLE_DAYS = 40.0  # that the office shows at a pace of 1
USUAL_WIN_RATE, USUAL_VALUE = 0.25, 1.6  # then; the second as a multiple of the median deal
EASE_SLOPE = 0.6
REPS_PER_PILOT = 12
EASY = 0.5  # from this ease on customers are more patient too: talks are not what loses deals there
PATIENCE_PER_EASE = 1.0
SHORTEST_OWN_TIME = 1.01  # d, the least that a scenario takes


class Stage(NamedTuple):
    """How exact one part of the search is."""

    wins: float
    """Deals won that a pilot counts."""
    people: int
    """Different reps whose deals it counts: skill differs more than luck."""
    seconds: float
    """Of one core, that a pilot takes at most, about."""
    near: float
    """Largest error of a number, as a share, with which the part is done."""
    pilots: int


ROUGH = Stage(wins=300, people=100, seconds=4.0, near=0.08, pilots=12)
EXACT = Stage(wins=2000, people=500, seconds=40.0, near=0.025, pilots=4)
MOST_PILOTS = ROUGH.pilots + EXACT.pilots
HOPELESS = 0.3  # error of a number after the rough part, as a share, that the exact part would not mend
ACCEPTED = 0.06  # largest error of a number, as a share, of an office that is handed out


class Settings(NamedTuple):
    """What the search moves."""

    ease: float
    """Of a talk to bring a deal on, logit."""
    pace: float
    """Logarithm of the factor on all that customers take time for."""
    amount: float
    """Logarithm of the factor on the deal value."""


LOWEST, HIGHEST = Settings(-3.0, math.log(0.005), -3.0), Settings(3.0, math.log(20.0), 3.0)


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
        deals=Deals(amount=asked.deal_value, win_rate=asked.win_rate),
    )


def with_settings(scenario: Scenario, settings: Settings) -> Scenario:
    """The scenario with what the search moves: odds of a talk, customers' times, deal value."""
    pace = math.exp(settings.pace)
    patience = pace * math.exp(PATIENCE_PER_EASE * max(0.0, settings.ease - EASY))
    changes = {
        "stage_shift": round(settings.ease, 4),
        "wait_factor": _rounded(pace),
        "patience": _rounded(patience),
        "cycle_days": max(SHORTEST_OWN_TIME, _rounded(Deals().cycle_days * pace)),
        "amount": _rounded(scenario.deals.amount * math.exp(settings.amount)),
    }
    return scenario.model_copy(update={"deals": scenario.deals.model_copy(update=changes)})


def _rounded(value: float) -> float:
    """Four figures, so that a scenario reads well."""
    return float(f"{value:.4g}")


def phase_odds(win_rate: float) -> float:
    """Logit of the chance that one phase of work is won, were all phases alike.

    Of a touch that succeeds with odds o and fails with the loss l of a failure, a phase is won with odds o/l: what is added to
    the logit of a touch is added to the logit of a phase.
    """
    share = min(max(win_rate, 1e-6), 1.0 - 1e-6) ** (1.0 / PHASES)
    return math.log(share / (1.0 - share))


def limits(settings: Settings) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Which settings (ease, pace, amount) are at their lowest, and which at their highest."""
    at_lowest = tuple(each <= low for each, low in zip(settings, LOWEST, strict=True))
    return at_lowest, tuple(each >= high for each, high in zip(settings, HIGHEST, strict=True))


class _Slope:
    """How much a result moves with its setting: as usual at first, then as the last two pilots show it."""

    def __init__(self, usual: float):
        self.value = usual
        self.last: tuple[float, float] | None = None

    def step(self, setting: float, result: float, wanted: float) -> float:
        """The next setting."""
        if self.last is not None and abs(setting - self.last[0]) > 0.03:
            seen = (result - self.last[1]) / (setting - self.last[0])
            self.value = min(max(seen, 0.35), 1.5)
        self.last = setting, result
        return setting + min(max((wanted - result) / self.value, -2.0), 2.0)


class _Search:
    """Pilots on the way to an office."""

    def __init__(self, asked: FiveNumbers, policy: Policy, name: str, seed: int, progress, cancelled):
        self.asked, self.policy, self.seed = asked, policy, seed
        self.progress, self.cancelled = progress, cancelled
        self.whole = first_guess(asked, name)
        reps = min(asked.people, REPS_PER_PILOT)
        flow = asked.leads_per_week * reps / asked.people
        self.small = first_guess(asked._replace(people=reps, leads_per_week=flow), name)
        self.ease, self.pace = _Slope(EASE_SLOPE), _Slope(1.0)
        ease = (phase_odds(asked.win_rate) - phase_odds(USUAL_WIN_RATE)) / EASE_SLOPE
        self.settings = _inside(ease, math.log(asked.cycle_days / USUAL_CYCLE_DAYS), -math.log(USUAL_VALUE))
        self.desk_hours = (0.0,) * len(REPS_PER_DESK_STAFF)
        self.converted: float | None = None
        self.pilots = 0

    def found(self, office: Scenario, stage: Stage) -> FoundOffice:
        """An office with the present settings and what its pilot shows."""
        staff = desks_for(
            office, {desk: getattr(office.people, desk) for desk in REPS_PER_DESK_STAFF}, self.desk_hours, DESK_LOAD
        )
        office = office.model_copy(update={"people": office.people.model_copy(update=staff)})
        office = with_settings(office, self.settings)
        if self.converted:
            deals = office.deals.model_copy(update={"lead_to_opportunity": _rounded(self.converted)})
            office = office.model_copy(update={"deals": deals})
        shown = pilot(
            office,
            self.policy,
            self.seed,
            wins=stage.wins,
            people=stage.people,
            seconds=stage.seconds,
            cancelled=self.cancelled,
        )
        self.pilots += 1
        self.progress(self.pilots, MOST_PILOTS)
        self.converted = _within(shown.converted, 0.002, 0.9)
        self.desk_hours = tuple(map(max, self.desk_hours, shown.desk_hours))
        return FoundOffice(office, shown)

    def move(self, shown: Shown) -> bool:
        """Take the settings that the pilot's errors ask for; False when they are at their limits already."""
        asked, now = self.asked, self.settings
        ease = self.ease.step(now.ease, phase_odds(shown.win_rate), phase_odds(asked.win_rate))
        pace = self.pace.step(now.pace, math.log(max(shown.cycle_days, 0.01)), math.log(asked.cycle_days))
        amount = now.amount - errors(asked, shown)[2]
        self.settings = _inside(ease, pace, amount)
        return self.settings != now

    def run(self, office: Scenario, stage: Stage) -> FoundOffice:
        """Pilots of an office until one is near; the nearest."""
        tried: list[tuple[float, int, FoundOffice, Settings]] = []
        for _ in range(stage.pilots):
            settings, found = self.settings, self.found(office, stage)
            tried.append((_distance(self.asked, found.shown), len(tried), found, settings))
            if near(self.asked, found.shown, max(stage.near, 0.7 * doubt(found.shown))) or not self.move(found.shown):
                break
        *_, found, self.settings = min(tried)
        return found

    def at_the_end(self, found: FoundOffice, allowed: float) -> None:
        """Raise CannotReach, with what is missed and why, unless every number is met within `allowed`."""
        if not near(self.asked, found.shown, allowed):
            names = missed(errors(self.asked, found.shown), *limits(self.settings), allowed)
            raise CannotReach(self.asked, found, names)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _inside(*settings: float) -> Settings:
    return Settings(*map(_within, settings, LOWEST, HIGHEST))


def _distance(asked: FiveNumbers, shown: Shown) -> float:
    return math.hypot(*errors(asked, shown))


def _untold(pilots: int, most: int) -> None:
    """Progress that nobody asked for."""


def find_office(
    asked: FiveNumbers,
    policy: Policy,
    *,
    name: str = "mine",
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> FoundOffice:
    """A scenario whose office shows the five numbers under the policy in force.

    `progress` is told the pilots done and the most there can be. Raises CannotReach, which names the number, the reason and the
    nearest office, when the numbers cannot be shown; InterruptedError when cancelled.
    """
    search = _Search(asked, policy, name, seed, progress or _untold, cancelled)
    search.at_the_end(search.run(search.small, ROUGH), HOPELESS)
    found = search.run(search.whole, EXACT)
    search.at_the_end(found, max(ACCEPTED, 1.5 * doubt(found.shown)))
    return found
