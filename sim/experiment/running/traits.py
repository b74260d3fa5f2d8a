"""Traits of an office that a map can vary: deal size, leads per rep, win rate, cycle, size of office or team, and all behaviour
parameters by name."""

import math
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from pydantic import ValidationError

from sim.experiment.problems import ExperimentError
from sim.experiment.verdict.parts import Text
from sim.office.behaviour import BY_NAME
from sim.office.scenario import Scenario

FACTOR = 3.0  # a range that nobody gave goes from a third of the scenario's value to three times it
DESKS = ("presales", "legal", "delivery", "finance")


class Trait(NamedTuple):
    """One axis of a map, from `low` to `high`; `logarithmic` where equal steps are equal factors."""

    name: str
    title: Text
    unit: str
    low: float
    high: float
    logarithmic: bool
    today: float  # the value in the scenario itself

    def at(self, share: float) -> float:
        """The value at a share of the way from low to high."""
        if self.logarithmic:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def share(self, value: float) -> float:
        """How far along the way a value lies; the inverse of `at`."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def _sized(document: dict, value: float) -> None:
    """So many reps, with the same leads per rep, team size and desks in proportion."""
    people = document["people"]
    factor = round(value) / people["reps"]
    people["reps"] = round(value)
    for name in ("teams", *DESKS):
        people[name] = max(1, round(people[name] * factor))
    people["regions"] = min(people["regions"], people["teams"])
    document["leads"]["per_week"] *= factor


def _in_teams(document: dict, value: float) -> None:
    people = document["people"]
    people["teams"] = min(max(1, round(people["reps"] / value)), people["reps"])
    people["regions"] = min(people["regions"], people["teams"])


def _with_leads(document: dict, value: float) -> None:
    document["leads"]["per_week"] = value * document["people"]["reps"]


def _winning(document: dict, value: float) -> None:
    """The odds of a touch move as far as the odds of winning that the reps reckon with: around the middle, the office's own win
    rate then follows one to one."""
    deals = document["deals"]
    before, after = (math.log(share / (1 - share)) for share in (deals["win_rate"], value))
    deals["stage_shift"] = min(max(deals["stage_shift"] + (after - before), -3.0), 3.0)
    deals["win_rate"] = value


def _paced(document: dict, value: float) -> None:
    """All that customers take time for is longer or shorter by the same factor: their own date, waits, patience."""
    deals = document["deals"]
    factor = value / deals["cycle_days"]
    deals["cycle_days"] = value
    deals["wait_factor"] *= factor
    deals["patience"] *= factor


def _of_deals(name: str) -> Callable[[dict, float], None]:
    return lambda document, value: document["deals"].__setitem__(name, value)


class _Kind(NamedTuple):
    en: str
    zh: str
    unit: str
    today: Callable[[Scenario], float]
    put: Callable[[dict, float], None]
    most: float = math.inf


KINDS: Mapping[str, _Kind] = {  # in the order in which they are put into a scenario
    "reps": _Kind("sales reps", "销售人数", "", lambda s: s.people.reps, _sized, 2000),
    "team_size": _Kind("reps per team", "每队销售人数", "", lambda s: s.people.reps / s.people.teams, _in_teams),
    "leads_per_rep": _Kind(
        "leads per rep and week", "每人每周线索数", "", lambda s: s.leads.per_week / s.people.reps, _with_leads
    ),
    "deal_size": _Kind("median deal size", "单均金额（中位数）", "money", lambda s: s.deals.amount, _of_deals("amount")),
    "win_rate": _Kind("win rate, as reps reckon", "赢单率（销售经验值）", "share", lambda s: s.deals.win_rate, _winning, 0.8),
    "cycle_days": _Kind("sales cycle", "成交周期", "days", lambda s: s.deals.cycle_days, _paced),
}


def trait(name: str, scenario: Scenario, ends: tuple[float, float] | None = None) -> Trait:
    """The trait of that name over a range: the one given, else a third to three times what the scenario has, or a behaviour
    parameter's own range.

    ExperimentError for a name that is neither, and for a range that is none.
    """
    if name in KINDS:
        kind = KINDS[name]
        today = float(kind.today(scenario))
        low, high = ends or (today / FACTOR, min(today * FACTOR, kind.most))
        made = Trait(name, Text(en=kind.en, zh=kind.zh), kind.unit, low, high, True, today)
    elif name in BY_NAME:
        parameter = BY_NAME[name]
        low, high = ends or (parameter.low, parameter.high)
        today = scenario.behaviour.get(name, parameter.central)
        made = Trait(name, Text(en=parameter.en, zh=parameter.zh), parameter.unit, low, high, False, today)
    else:
        raise _unknown(name)
    if not made.low < made.high or (made.logarithmic and made.low <= 0):
        raise ExperimentError(
            f"{name}: {made.low:g} to {made.high:g} is no range; allowed are rising values"
            + (" above 0" if made.logarithmic else ""),
            f"{name}：{made.low:g} 至 {made.high:g} 不是有效范围；应由小到大" + ("且大于 0" if made.logarithmic else ""),
        )
    return made


def _unknown(name: str) -> ExperimentError:
    near = get_close_matches(name, [*KINDS, *BY_NAME], n=1)
    en, zh = (f"; nearest is {near[0]}", f"；最接近的是 {near[0]}") if near else ("", "")
    return ExperimentError(
        f"trait {name!r} is unknown{en}; allowed are {', '.join(KINDS)} and every behaviour parameter",
        f"未知特征 {name!r}{zh}；可用的有 {'、'.join(KINDS)} 以及任一行为参数",
    )


def with_traits(scenario: Scenario, traits: Sequence[Trait], values: Sequence[float]) -> Scenario:
    """The scenario with these values; ExperimentError where there can be no such office."""
    document = scenario.model_dump()
    wanted = {each.name: float(value) for each, value in zip(traits, values, strict=True)}
    for name, kind in KINDS.items():
        if name in wanted:
            kind.put(document, wanted[name])
    document["behaviour"] |= {name: value for name, value in wanted.items() if name not in KINDS}
    try:
        return Scenario.model_validate(document)
    except ValidationError:
        said = ", ".join(f"{name} {value:g}" for name, value in wanted.items())
        raise ExperimentError(f"there is no office with {said}", f"不存在这样的团队：{said}") from None
