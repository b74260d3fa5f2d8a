"""Lines that the new policy must not cross: a metric may get worse by at most a share of its baseline.

A guardrail is a one-sided bound: held if even the cautious end of the change is within the limit, broken if even the kindest
end is beyond it, undecided otherwise. Undecided is no pass. A policy passes if every guardrail is held; that needs no
adjustment for several guardrails (intersection-union test: Berger 1982).
"""

from collections.abc import Iterable

import numpy as np

from policies.language.sections import Guardrail
from sim.experiment.problems import ExperimentError
from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import Arm, Layout
from sim.experiment.verdict.verdict import GuardrailResult, Text, number


def check_guardrails(layout: Layout, guardrails: Iterable[Guardrail]) -> None:
    """ExperimentError if a guardrail names a metric that does not exist or has no bad direction."""
    allowed = [name for name, metric in layout.metrics.items() if metric.better]
    for guardrail in guardrails:
        if guardrail.metric not in allowed:
            raise ExperimentError(
                f"guardrail on {guardrail.metric!r}: allowed are {', '.join(allowed)}",
                f"底线指标 {guardrail.metric!r}：可用的有 {'、'.join(allowed)}",
            )


def state_of(worst: float, best: float, limit: float) -> str:
    """held, broken or undecided, from the one-sided bounds of how much worse it got (both as shares of the baseline)."""
    if worst <= limit:
        return "held"
    return "broken" if best > limit else "undecided"


def check(layout: Layout, guardrail: Guardrail, a: Arm, b: Arm, confidence: float, seed: int) -> GuardrailResult:
    """The state of one guardrail; without cases or with a baseline of zero it is undecided."""
    metric = layout.metrics[guardrail.metric]
    # A two-sided interval at 2c - 1 has one-sided ends at c.
    change = compare_metric(layout, guardrail.metric, a, b, seed).interval("relative", 2.0 * confidence - 1.0)
    worse = sorted((-metric.better * change.low, -metric.better * change.high))
    known = bool(np.isfinite(worse).all())
    state = state_of(worse[1], worse[0], guardrail.worse_by_at_most) if known else "undecided"
    deciding = worse[0] if state == "broken" else worse[1]
    return GuardrailResult(
        metric=guardrail.metric,
        title=Text(en=metric.en, zh=metric.zh),
        group="all",
        measure="relative",
        side="at_least" if metric.better > 0 else "at_most",
        limit=-metric.better * guardrail.worse_by_at_most,
        value=number(change.value),
        bound=number(-metric.better * deciding),
        state=state,
    )
