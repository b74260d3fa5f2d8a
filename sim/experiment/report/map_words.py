"""What a map comes to in words: who wins on how much of it, and towards which side of the traits."""

from collections.abc import Mapping

import numpy as np

from sim.experiment.report.both import Both, both, percent, span, value
from sim.experiment.report.reading import headline
from sim.experiment.report.texts import text
from sim.experiment.running.winmap import Axis, State, WinMap
from sim.experiment.verdict.parts import Arm

MARKS: Mapping[State, str] = {"b": "B", "a": "A", "undecided": "·"}
"""How a cell of each state is written in the terminal."""
LEAST = 0.02  # of the map, for a side to be spoken of
LEAN = 0.1  # of an axis: how far from the middle cells must lie to lean to one side


def policy_name(found: WinMap, side: Arm) -> Both:
    """The title of a policy."""
    return Both(found.policies[side].en, found.policies[side].zh)


def side_words(found: WinMap, side: State) -> Both:
    """What a cell of that state means."""
    if side == "undecided":
        return text("map.undecided")
    kind = "map.wins" if found.direction else "map.higher"
    return text(kind, policy=policy_name(found, side))


def sentence(found: WinMap) -> Both:
    """What the map comes to, in a sentence that can be repeated."""
    sides: tuple[Arm, Arm] = ("b", "a")
    told = [_told(found, side) for side in sides if found.share[side] >= LEAST]
    if not told:
        return text("map.nothing", a=policy_name(found, "a"), b=policy_name(found, "b"), metric=_metric(found))
    opened = percent(found.share["undecided"], places=0)
    rest = text("map.rest", share=opened) if found.share["undecided"] >= LEAST else text("map.all")
    return both(lambda lang: ("" if lang == "zh" else " ").join(part.of(lang) for part in (*told, rest)))


def _metric(found: WinMap) -> Both:
    return Both(found.title.en.lower(), found.title.zh)


def _told(found: WinMap, side: Arm) -> Both:
    """Where one policy wins: on what share of the map, and towards which ends of the axes."""
    where = [words for words in _lean(found, side) if words]
    share = percent(found.share[side], places=0)
    clause = text("map.toward", where=_joined(where)) if where else Both("", "")
    return text("map.side", who=side_words(found, side), share=share, where=clause)


def _joined(parts: list[Both]) -> Both:
    return Both(" and ".join(part.en for part in parts), "、".join(part.zh for part in parts))


def _lean(found: WinMap, side: str) -> list[Both | None]:
    """For each axis, towards which end the cells of a side lie; None where they lie in the middle."""
    cells = len(found.axes[0].cells)
    chosen = np.flatnonzero(np.array(found.state) == side)
    places = [chosen % cells, chosen // cells][: len(found.axes)]
    words = []
    for axis, place in zip(found.axes, places, strict=True):
        middle = (float(np.mean(place)) + 0.5) / cells - 0.5
        name = Both(axis.title.en, axis.title.zh)
        kind = None if abs(middle) < LEAN else "map.high" if middle > 0 else "map.low"
        words.append(text(kind, name=name) if kind else None)
    return words


def basis(found: WinMap) -> Both:
    """How much was simulated."""
    return text(
        "map.basis",
        offices=len(found.points),
        pairs=found.pairs,
        weeks=f"{found.weeks:g}",
        confidence=percent(found.confidence, trim=True),
        scenario=Both(found.scenario.en, found.scenario.zh),
    )


def spoken(found: WinMap, change: float) -> Both:
    """A change as the map tells it."""
    if found.measure == "points":
        return value(change, "share", signed=True, difference=True)
    return percent(change, signed=True)


def ends(found: WinMap, change: float, error: float) -> Both:
    """The interval around a change."""
    points = found.measure == "points"
    return span(change - error, change + error, "share", signed=True, difference=points)


def change_words(found: WinMap) -> Both:
    """From where to where the change goes over the map."""
    low, high = (spoken(found, float(end)) for end in (min(found.change), max(found.change)))
    return text("map.from_to", metric=_metric(found), low=low, high=high)


def axis_name(axis: Axis) -> Both:
    """The name of an axis, as a heading."""
    return headline(axis.title)


def _trait_words(axis: Axis, one: float) -> Both:
    return both(lambda lang: f"{getattr(axis.title, lang)} {value(one, axis.unit).of(lang)}")


def at_words(found: WinMap, at: list[float]) -> Both:
    """The traits of one office."""
    parts = [_trait_words(axis, one) for axis, one in zip(found.axes, at, strict=True)]
    return Both(", ".join(part.en for part in parts), "，".join(part.zh for part in parts))
