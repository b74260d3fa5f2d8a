"""What would overturn a verdict, as the verdict tells it: how much each assumption matters, and where the other policy wins."""

from typing import Literal

from sim.experiment.verdict.parts import Arm, Estimate, Number, Part, Text


class Influence(Part):
    """How much of the spread of the difference between worlds comes from one parameter, as a surrogate has it."""

    name: str
    title: Text
    unit: str
    first: Estimate  # Sobol's first-order index: share of the variance that goes with this parameter alone
    total: Estimate  # Sobol's total index: that share with everything it does together with others
    effect: float  # Morris: mean size of the change of the difference over a step, per full range, in the metric's unit
    interplay: float  # Morris: standard deviation of those changes; large beside `effect` where others or the place matter


class Surrogate(Part):
    """A formula fitted to the worlds' differences, and what it says; nothing where it predicts unseen worlds too badly."""

    r2: Number  # share of the variance of the difference that it predicts in worlds it was not fitted to
    ceiling: Number  # the most that r2 could be, given the luck within each world
    bound: float  # below this r2 nothing is said
    influences: list[Influence]  # by total index, largest first


class Condition(Part):
    """One end of a region: the parameter is below or above a value."""

    name: str
    title: Text
    unit: str
    side: Literal["below", "above"]
    value: float


class Region(Part):
    """Conditions under which one policy wins, checked on worlds that had no part in finding them."""

    favours: Arm
    conditions: list[Condition]
    text: Text
    gain: Estimate  # mean advantage of the favoured policy in the held-out worlds inside, in the metric's unit; one-sided low
    density: float  # share of the held-out worlds inside in which it wins
    coverage: float  # share of all worlds in which it wins that lie inside
    worlds: int  # held-out worlds inside
    base: float  # share of all worlds in which it wins
    p: float  # chance that the search finds as much where nothing is to be found


class Overturn(Part):
    """What would overturn the verdict, beyond its drivers."""

    parameters: int  # parameters that vary between worlds
    surrogate: Surrogate
    regions: list[Region]
