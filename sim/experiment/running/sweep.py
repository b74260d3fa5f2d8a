"""One or two settings of a policy over a range: each value against the policy as it stands, on the same draws.

All intervals of a sweep hold together with the confidence asked for, because the best of many values looks good by luck alone
(Bonferroni: each is made with 1 − (1 − confidence) ÷ number of values).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

from policies.documents.loader import edited
from policies.language.policy import Policy
from sim.experiment.running.experiment import Progress, compare
from sim.experiment.verdict.effects import adjusted, together
from sim.experiment.verdict.verdict import Effect, Text
from sim.office.scenario import Scenario


class Point(NamedTuple):
    """One combination of values: the effect on the primary metric of setting them, and how long it took to know."""

    values: Mapping[str, str]  # by path, as written in a policy
    effect: Effect
    pairs: int
    worlds: int
    stopped: str
    notes: tuple[Text, ...] = ()  # what its window counts, and what else is to be said of it


def grid(policy: Policy, over: Mapping[str, Sequence[str]]) -> list[tuple[dict[str, str], Policy]]:
    """Every combination of values with the policy that it makes. PolicyError for a setting or value that does not exist."""
    combinations = [dict(zip(over, values, strict=True)) for values in product(*over.values())]
    return [(values, edited(policy, values)) for values in combinations]


def sweep(
    policy: Policy,
    scenario: Scenario,
    over: Mapping[str, Sequence[str]],
    *,
    metric: str,
    confidence: float,
    folder: Path,
    progress: Callable[[int, int, Progress], None],
    **question,
) -> list[Point]:
    """The effect of each combination of values on the metric.

    over: values to try by path of the setting, one or two paths.
    folder: where results are kept; a sweep that was interrupted goes on from there.
    progress: told the point, the number of points and the progress of its comparison.
    question: see `compare`. Raises what `compare` and `edited` raise.
    """
    points = grid(policy, over)
    each = together(confidence, len(points))
    found = []
    for place, (values, variant) in enumerate(points):
        verdict = compare(
            policy,
            variant,
            scenario,
            metric=metric,
            confidence=each,
            resume=folder / f"point-{place:03d}",
            overturn=False,
            progress=partial(progress, place, len(points)),
            **question,
        )
        effect = verdict.metrics[metric]
        if effect.p_adjusted is not None:
            effect = effect.model_copy(update={"p_adjusted": adjusted(effect.p_adjusted, len(points))})
        found.append(
            Point(values, effect, verdict.pairs, verdict.worlds, verdict.stopped, (verdict.window.text, *verdict.notes))
        )
    return found
