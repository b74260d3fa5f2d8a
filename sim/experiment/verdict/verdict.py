"""The verdict of a comparison: one typed document, and its JSON is what every page, table and terminal shows.

A number that does not exist (a rate without cases, a change relative to zero) is null, never 0. Arm `a` is the policy in force,
arm `b` the one that is tried; a difference is always b minus a. Intervals have the confidence named in `settings.confidence`
unless a field says otherwise; those of effects that are read together hold together at that confidence.
"""

import math
from typing import Literal

from sim.experiment.overturn.parts import Overturn
from sim.experiment.verdict.calls import Call
from sim.experiment.verdict.parts import Estimate, Number, Part, Text

Stopped = Literal["precision", "max-pairs", "worlds", "interrupted"]


def number(value: float) -> Number:
    """The value as JSON can hold it: null where there is none."""
    value = float(value)
    return value if math.isfinite(value) else None


class Effect(Part):
    """What changing from a to b does to one metric."""

    title: Text
    unit: str
    direction: Literal[-1, 0, 1]  # +1 more is better, -1 less is better, 0 neither
    baseline: Estimate  # arm a
    variant: Estimate  # arm b
    difference: Number
    low: Number
    high: Number
    relative: Estimate  # difference as a share of the baseline; its ends lie on the same side of zero as low and high
    confidence: Number = None  # of low, high and the ends of relative; higher than asked for where questions are read together
    better_share_of_worlds: Estimate  # for a metric of direction 0: share of worlds in which b is higher
    p_adjusted: Number  # Bonferroni-adjusted within its family; the primary metric is a family of its own
    call: Call  # says better, worse, higher or lower exactly where zero lies outside low to high


class Groups(Part):
    """Effects on the primary metric by group; the rep groups were fixed in the warm-up, before the arms part."""

    low: Effect | None
    middle: Effect | None
    high: Effect | None
    hires: Effect | None
    units: dict[str, Effect]


class MoneyPerMonth(Part):
    """What b brings in a month over a, in the scenario's currency."""

    gross_margin: Estimate  # as the metric of that name tells it
    hours: Estimate  # cost of the extra hours that neither meet nor prepare for customers; holds together with `net`
    net: Estimate  # gross margin less those hours


class Costs(Part):
    """What b asks of people beyond a."""

    hours_per_month: dict[str, Effect]  # by activity; the effect is in hours a month for the whole office
    alerts_per_manager_day: Effect | None
    hour_cost: Number  # money an hour, as the scenario says; null when it says nothing
    money_per_month: MoneyPerMonth | None


class Driver(Part):
    """A behaviour parameter that the difference follows from world to world."""

    name: str
    title: Text
    unit: str
    correlation: float  # Spearman's, of the parameter with the worlds' mean difference
    p_adjusted: float  # against the permutation null of the largest correlation over all parameters
    low: float  # the parameter's range over the worlds
    high: float
    overturned: Literal["above", "below"] | None  # on which side of `turning_point` the sign of the difference changes
    turning_point: Number
    source: str
    status: str


class Drivers(Part):
    """Named drivers, strongest first, and the null they had to beat."""

    named: list[Driver]
    tested: int  # parameters that vary between worlds
    null_correlation: Number  # the largest correlation that chance alone passes with probability 1 - confidence


class GuardrailResult(Part):
    """A line that b must not cross. Undecided is no pass."""

    metric: str
    title: Text
    group: str
    measure: Literal["difference", "relative", "level"]
    side: Literal["at_least", "at_most"]
    limit: float
    value: Number
    bound: Number  # the one-sided confidence bound that decides
    state: Literal["held", "broken", "undecided"]


class Band(Part):
    """Weekly means with the ends of their intervals, one entry a week."""

    mean: list[Number]
    low: list[Number]
    high: list[Number]


class Series(Part):
    """One weekly quantity in both arms."""

    title: Text
    unit: str
    a: Band
    b: Band
    difference: Band


class ByArm(Part):
    """The same list in both arms."""

    a: list[Number]
    b: list[Number]


class Funnel(Part):
    """Mean counts per office and window, from the first step to the last."""

    steps: list[str]
    titles: list[Text]
    a: list[Number]
    b: list[Number]


class Profile(Part):
    """Shares of wins and of new leads by twentieths of the period elapsed; without effect of the deadline all are 0.05."""

    wins: ByArm
    new_leads: ByArm


class AttainmentMap(Part):
    """Mean attained ÷ target, [person][period]; null where there was no target. Persons in the order of the office's seats."""

    a: list[list[Number]]
    b: list[list[Number]]


class ArmLoad(Part):
    """What one arm puts on people, means per office."""

    hours_per_month: dict[str, Number]  # by activity
    alerts_per_manager_day: Number
    events: Number  # changes of state simulated in the window


class Load(Part):
    """The load of both arms."""

    a: ArmLoad
    b: ArmLoad


class LeftOutRule(Part):
    """A rule that runs live but cannot be rehearsed."""

    rule: str
    reason: Text


class PolicyCard(Part):
    """Which policy an arm ran."""

    name: str
    title: Text
    digest: str  # of the document, after `extends`
    cannot_rehearse: list[LeftOutRule]


class Policies(Part):
    """The policies of the two arms, and what `b` says otherwise than `a`, a sentence each."""

    a: PolicyCard
    b: PolicyCard
    differences: list[Text] = []


class ScenarioCard(Part):
    """Which office was simulated."""

    name: str
    title: Text
    digest: str


class Window(Part):
    """The time that counts. Instants are ISO 8601 dates of local midnight; `end` is the first day that no longer counts."""

    start: str
    end: str
    weeks: float
    common_period_end: bool  # whether the periods of both policies end at `end`
    runoff_weeks: float
    text: Text


class Settings(Part):
    """What was asked."""

    weeks: float
    precision: float
    confidence: float
    replications_per_world: int
    max_pairs: int
    worlds: int | None  # a fixed number of worlds, instead of a precision
    seed: int


class Look(Part):
    """One look at the primary metric: when the half-width falls to the target, the run stops."""

    worlds: int
    half_width: Number
    target: Number


class Verdict(Part):
    """How much better, how sure, in which worlds, for whom it is worse, what would overturn it, and what it costs."""

    format: Literal[1] = 1
    sentence: Text
    policies: Policies
    scenario: ScenarioCard
    window: Window
    settings: Settings
    metric: str
    pairs: int
    worlds: int
    stopped: Stopped
    looks: list[Look]
    metrics: dict[str, Effect]
    differences_by_world: list[Number]  # primary metric, b minus a as simulated in each world, noise within worlds included
    groups: Groups
    costs: Costs
    drivers: Drivers
    overturn: Overturn | None  # null below 60 worlds, too few to tell, and where it was not asked for
    guardrails: list[GuardrailResult]
    series: dict[str, Series]
    funnel: Funnel
    profile: Profile
    attainment: AttainmentMap
    load: Load
    notes: list[Text]

    def to_json(self) -> str:
        """The document as indented JSON."""
        return self.model_dump_json(indent=2)
