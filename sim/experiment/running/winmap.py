"""Where which policy wins: the effect over one or two traits of the office, as a smooth surface with its uncertainty.

Points fill the square of the traits (Sobol's sequence, scrambled); at each, pairs of offices are run, every pair in a world of
its own, so that what nobody knows about people is part of the error. Pairs go round by round over all points: an interrupted
map has seen the whole square.

Offices of unlike size are compared by the relative change; rates by their points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from threading import Event
from typing import Literal

import numpy as np

from policies.language.policy import Policy
from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.running import executors
from sim.experiment.running.experiment import check_metric, results_folder
from sim.experiment.running.store import Store
from sim.experiment.running.subject import Subject
from sim.experiment.running.traits import Trait, with_traits
from sim.experiment.statistics.comparison import compare_sums
from sim.experiment.statistics.keyed import document_digest, seed_of
from sim.experiment.statistics.samples import ArmOutcome, Layout, stack
from sim.experiment.statistics.surface import surface
from sim.experiment.verdict.parts import Arm as Side
from sim.experiment.verdict.parts import Part, Text
from sim.office.scenario import Scenario

CELLS = 32  # along each axis
FEWEST_POINTS, FEWEST_PAIRS = 8, 2

State = Literal["a", "b", "undecided"]


class Axis(Part):
    """One trait and the values of the cells along it."""

    name: str
    title: Text
    unit: str
    low: float
    high: float
    logarithmic: bool
    today: float  # the value in the scenario
    cells: list[float]


class MapPoint(Part):
    """One office that was simulated."""

    at: list[float]  # value of each trait
    change: float  # mean of its pairs: relative change, or change in points for a rate
    error: float


class WinMap(Part):
    """Which policy wins where. A list over cells runs along the first axis first; a change is b minus a."""

    format: Literal[1] = 1
    policies: dict[Side, Text]
    names: dict[Side, str]
    scenario: Text
    metric: str
    title: Text
    direction: Literal[-1, 0, 1]
    measure: Literal["relative", "points"]
    axes: list[Axis]
    points: list[MapPoint]
    change: list[float]
    error: list[float]  # half-width of the interval that decides the state
    state: list[State]  # undecided where the interval of the cell, by itself, holds 0
    share: dict[State, float]  # of the map
    confidence: float
    pairs: int
    weeks: float
    notes: list[Text] = []  # what the window counts, and what else is to be said of it

    def to_json(self) -> str:
        """The document as indented JSON."""
        return self.model_dump_json(indent=2)


@dataclass(frozen=True)
class _Pairs:
    """Pair `index`: repetition index // points at point index % points."""

    runners: tuple[Callable[[int], tuple[ArmOutcome, ArmOutcome]], ...]

    def __call__(self, index: int) -> tuple[ArmOutcome, ArmOutcome]:
        return self.runners[index % len(self.runners)](index)


def design(points: int, axes: int, seed: int) -> np.ndarray:
    """Points that fill the square evenly, f8[points, axes] in (0, 1)."""
    from scipy.stats import qmc

    exponent = int(np.ceil(np.log2(points)))
    return qmc.Sobol(axes, rng=seed_of("map", seed)).random_base2(exponent)[:points]


def win_map(
    a: Policy,
    b: Policy,
    scenario: Scenario,
    traits: Sequence[Trait],
    *,
    weeks: float = 26,
    metric: str = "gross_margin",
    confidence: float = 0.95,
    points: int = 40,
    pairs: int = 8,
    seed: int = 1,
    resume: str | Path | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Event | None = None,
    subject_at: Callable[[Sequence[float]], Subject] | None = None,
) -> WinMap:
    """The map of policies `a` and `b` over one or two traits of `scenario`.

    points, pairs: offices tried, and pairs at each.
    progress: told the pairs done and their number. resume, cluster, threads, cancel: as for `compare`.
    subject_at: what to replicate at the values of the traits, instead of the office of `scenario`.

    Raises ExperimentError for a request that makes no sense, and Interrupted on Ctrl-C or cancel.
    """
    _check(traits, points, pairs)
    squares = design(points, len(traits), seed)
    values = [[each.at(share) for each, share in zip(traits, square, strict=True)] for square in squares]
    if subject_at is None:
        from sim.experiment.running.pairs import office_subject

        def subject_at(at):
            return office_subject(a, b, with_traits(scenario, traits, at), weeks, 1, seed)

    subjects = [subject_at(at) for at in values]
    first = subjects[0]
    check_metric(first, metric)
    if first.layout.metrics[metric].kind == "quantile":
        raise ExperimentError(f"{metric}: a map needs a sum or a rate", f"{metric}：地图只支持总量或比率类指标")
    identity = {**first.identity, "map": [f"{t.name} {t.low:g} {t.high:g}" for t in traits], "points": points}
    identity["scenario"] = document_digest(scenario) if scenario is not None else ""
    with results_folder(resume) as folder:
        store = Store(folder, identity)
        task = _Pairs(tuple(subject.runner for subject in subjects))
        with executors.cluster(cluster) if cluster else executors.threads(threads) as pool:
            done = _run(pool, task, points * pairs, store, cancel or Event(), progress or (lambda *_: None))
    changes = _changes(first.layout, metric, done, points)
    return _drawn(first, scenario, traits, squares, values, changes, metric, confidence, weeks)


def _check(traits: Sequence[Trait], points: int, pairs: int) -> None:
    if len(traits) not in (1, 2) or len({each.name for each in traits}) != len(traits):
        raise ExperimentError("a map is over one or two traits", "地图需要一个或两个不同的特征")
    if points < FEWEST_POINTS or pairs < FEWEST_PAIRS:
        raise ExperimentError(
            f"{points} points with {pairs} pairs each: at least {FEWEST_POINTS} points and {FEWEST_PAIRS} pairs",
            f"{points} 个点、每点 {pairs} 对：至少 {FEWEST_POINTS} 个点、每点 {FEWEST_PAIRS} 对",
        )


def _run(pool, task, count: int, store: Store, cancel: Event, progress) -> list:
    found = {index: pair for index in range(count) if (pair := store.load(index)) is not None}
    try:
        missing = [index for index in range(count) if index not in found]
        progress(len(found), count)
        for index, pair in executors.run(pool, task, missing, cancel.is_set):
            store.save(index, pair)
            found[index] = pair
            progress(len(found), count)
    except KeyboardInterrupt:
        raise Interrupted(store.folder, len(found), None) from None
    if len(found) < count:
        raise Interrupted(store.folder, len(found), None)
    return [found[index] for index in range(count)]


def _changes(layout: Layout, metric: str, done: Sequence, points: int) -> np.ndarray:
    """Change of the metric in each pair, f8[points, pairs]: as a share of the point's level in a, or in points for a rate.

    NaN where there were no cases.
    """
    found = []
    for point in range(points):
        a, b = (stack([pair[side] for pair in done[point::points]], 1) for side in (0, 1))
        comparison = compare_sums(layout, metric, a, b)
        changes, level = comparison.world_differences()[0], abs(comparison.statistic("a").value)
        relative = measure_of(layout.metrics[metric]) == "relative"
        found.append((changes / level if level else changes * np.nan) if relative else changes)
    return np.array(found)


def measure_of(metric) -> Literal["relative", "points"]:
    """How a change of that metric is told on a map."""
    return "points" if metric.kind == "ratio" and metric.unit == "share" else "relative"


def _drawn(first: Subject, scenario, traits, squares, values, changes, metric, confidence, weeks) -> WinMap:
    from scipy.stats import t

    usable = np.isfinite(changes).all(axis=1)
    if usable.sum() < FEWEST_POINTS:
        raise ExperimentError("too few of the offices had cases to compare", "有案例可比的团队太少")
    spec = first.layout.metrics[metric]
    middles = (np.arange(CELLS) + 0.5) / CELLS
    places = np.array([cell[::-1] for cell in product(middles, repeat=len(traits))])  # the first trait moves fastest
    found = surface(squares[usable], changes[usable], places)
    reach = t.ppf(0.5 + confidence / 2, max(usable.sum() // 3, 3))
    gain = found.mean * (spec.better or 1)
    decided = np.abs(found.mean) > reach * found.error
    state = np.where(~decided, "undecided", np.where(gain > 0, "b", "a"))
    errors = changes.std(axis=1, ddof=1) / np.sqrt(changes.shape[1])
    return WinMap(
        policies={"a": first.policies.a.title, "b": first.policies.b.title},
        names={"a": first.policies.a.name, "b": first.policies.b.name},
        scenario=first.scenario.title if scenario is None else Text(en=scenario.title.en, zh=scenario.title.zh),
        metric=metric,
        title=Text(en=spec.en, zh=spec.zh),
        direction=int(spec.better),
        measure=measure_of(spec),
        axes=[Axis(**each._asdict(), cells=[each.at(float(middle)) for middle in middles]) for each in traits],
        points=[
            MapPoint(at=at, change=float(row.mean()), error=float(error))
            for at, row, error, kept in zip(values, changes, errors, usable, strict=True)
            if kept
        ],
        change=found.mean.tolist(),
        error=(reach * found.error).tolist(),
        state=state.tolist(),
        share={side: float((state == side).mean()) for side in ("a", "b", "undecided")},
        confidence=confidence,
        pairs=int(changes.size),
        weeks=weeks,
        notes=[first.window.text, *first.notes],
    )
