"""From the outcomes of the pairs to the verdict, which follows from the pairs and what was asked and from nothing else."""

import math
from collections.abc import Sequence

from policies.language.sections import Guardrail
from sim.experiment.overturn.drivers import drivers
from sim.experiment.overturn.why import overturn
from sim.experiment.running.subject import Subject
from sim.experiment.running.worlds import DRAWN_FROM, draw_world
from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import Arm
from sim.experiment.statistics.stopping import FEWEST_WORLDS
from sim.experiment.verdict.costs import costs, load
from sim.experiment.verdict.effects import effects
from sim.experiment.verdict.groups import group_effects, group_metric
from sim.experiment.verdict.guardrails import check
from sim.experiment.verdict.sentence import sentence
from sim.experiment.verdict.series import attainment, funnel, profile, series
from sim.experiment.verdict.verdict import Effect, Look, Settings, Stopped, Text, Verdict, number


def _metrics(subject: Subject, metric: str, a: Arm, b: Arm, confidence: float, seed: int) -> dict[str, Effect]:
    """The primary metric, a question of its own, and all others as one family."""
    compared = {name: (one, compare_metric(subject.layout, name, a, b, seed)) for name, one in subject.layout.metrics.items()}
    primary = {metric: compared.pop(metric)}
    return effects(primary, confidence, seed) | effects(compared, confidence, seed)


def _notes(subject: Subject, metric: str, settings: Settings, worlds: int) -> list[Text]:
    notes = list(subject.notes)
    if subject.parameters:
        notes.append(DRAWN_FROM)
    if worlds < FEWEST_WORLDS:
        notes.append(
            Text(
                en=f"Only {worlds} worlds were tried; below {FEWEST_WORLDS} the intervals are rough.",
                zh=f"只试验了 {worlds} 个情形；少于 {FEWEST_WORLDS} 个时，区间较粗略。",
            )
        )
    stand_in = group_metric(subject.layout, metric)
    if stand_in != metric:
        one = subject.layout.metrics[stand_in]
        notes.append(Text(en=f"Groups are compared on {one.en}.", zh=f"各群体按{one.zh}比较。"))
    if settings.worlds is None and settings.replications_per_world * FEWEST_WORLDS > settings.max_pairs:
        notes.append(
            Text(en="The limit on pairs leaves no room for a look before the end.", zh="对数上限过小，中途无法检查精度。")
        )
    return notes


def verdict(
    subject: Subject,
    settings: Settings,
    metric: str,
    guardrails: Sequence[Guardrail],
    arms: tuple[Arm, Arm],
    looks: Sequence[Look],
    stopped: Stopped,
    with_overturn: bool = True,
) -> Verdict:
    """The verdict on whole worlds of finished pairs, [worlds, replications, ...] in index order; `with_overturn` says whether
    to look for what would overturn it, which takes seconds."""
    a, b = arms
    layout, confidence, seed, weeks = subject.layout, settings.confidence, settings.seed, subject.window.weeks
    metrics = _metrics(subject, metric, a, b, confidence, seed)
    groups = group_effects(layout, metric, a, b, subject.units, confidence, seed)
    lines = [check(layout, guardrail, a, b, confidence, seed) for guardrail in guardrails]
    by_world = compare_metric(layout, metric, a, b, seed).world_differences()
    worlds = [draw_world(seed, world, subject.parameters) for world in range(a.worlds)]
    driven = drivers(subject.parameters, worlds, by_world[0], confidence, seed)
    turned = None
    if with_overturn:
        turned = overturn(subject.parameters, worlds, by_world, metrics[metric], subject.policies, confidence, seed)
    titles = subject.policies.a.title, subject.policies.b.title
    return Verdict(
        sentence=sentence(metrics[metric], *titles, a.worlds, confidence, groups, lines, driven, turned),
        policies=subject.policies,
        scenario=subject.scenario,
        window=subject.window,
        settings=settings,
        metric=metric,
        pairs=a.worlds * settings.replications_per_world,
        worlds=a.worlds,
        stopped=stopped,
        looks=list(looks),
        metrics=metrics,
        differences_by_world=[number(value) for value in by_world[0]],
        groups=groups,
        costs=costs(layout, metrics, a, b, weeks, subject.hour_cost, confidence),
        drivers=driven,
        overturn=turned,
        guardrails=lines,
        series=series(layout, a, b, math.ceil(weeks), confidence),
        funnel=funnel(layout, a, b),
        profile=profile(a, b),
        attainment=attainment(a, b),
        load=load(layout, a, b, weeks, seed),
        notes=_notes(subject, metric, settings, a.worlds),
    )
