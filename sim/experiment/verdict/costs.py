"""What a policy asks of people, and what is left a month when those hours are paid for."""

import numpy as np

from sim.experiment.statistics.comparison import SumsComparison, compare_metric
from sim.experiment.statistics.samples import Arm, Layout
from sim.experiment.verdict.effects import effects, estimate, scaled
from sim.experiment.verdict.verdict import ArmLoad, Costs, Estimate, Load, MoneyPerMonth, number

MONTH_WEEKS = 365.25 / 12 / 7
HOURS = "hours_"
OVERHEAD = ("recording", "internal", "obligation")
"""Activities that neither meet nor prepare for customers: forms, searching, chasing approvals (as in S5)."""
ALERTS = "alerts_per_manager_day"


def per_month(weeks: float) -> float:
    """What turns a sum over the window into a mean month."""
    return MONTH_WEEKS / weeks


def activities(layout: Layout) -> list[str]:
    """Metrics of hours by activity."""
    return [name for name in layout.metrics if name.startswith(HOURS)]


def _overhead(layout: Layout, arm: Arm) -> np.ndarray:
    """Hours that neither meet nor prepare for customers, f8[worlds, replications]."""
    kept = [layout.metrics[HOURS + name] for name in OVERHEAD if HOURS + name in layout.metrics]
    measures = [layout.measures.index(metric.numerator) for metric in kept]
    return arm.totals[:, :, 0, measures].sum(axis=-1)


def _change(a: np.ndarray, b: np.ndarray, confidence: float, scale: float) -> Estimate:
    comparison = SumsComparison((a, np.ones_like(a)), (b, np.ones_like(b)))
    return estimate(scaled(comparison.interval("difference", confidence), scale))


def money_per_month(layout: Layout, a: Arm, b: Arm, weeks: float, hour_cost: float, confidence: float) -> MoneyPerMonth:
    """Gross margin, paid hours and what is left, b minus a, in money a month; the three are estimated on the same pairs."""
    column = layout.measures.index(layout.metrics["gross_margin"].numerator)
    margin = [arm.totals[:, :, 0, column] for arm in (a, b)]
    hours = [hour_cost * _overhead(layout, arm) for arm in (a, b)]
    net = [gain - cost for gain, cost in zip(margin, hours, strict=True)]
    parts = {"gross_margin": margin, "hours": hours, "net": net}
    scale = per_month(weeks)
    return MoneyPerMonth(**{name: _change(*arms, confidence, scale) for name, arms in parts.items()})


def costs(layout: Layout, a: Arm, b: Arm, weeks: float, hour_cost: float | None, confidence: float, seed: int) -> Costs:
    """Hours a month by activity, alerts, and money net of hours."""
    compared = {name: (layout.metrics[name], compare_metric(layout, name, a, b, seed)) for name in activities(layout)}
    hours = effects(compared, confidence, seed, per_month(weeks))
    alerts = None
    if ALERTS in layout.metrics:
        metric = layout.metrics[ALERTS]
        alerts = effects({ALERTS: (metric, compare_metric(layout, ALERTS, a, b, seed))}, confidence, seed)[ALERTS]
    return Costs(
        hours_per_month={name.removeprefix(HOURS): effect for name, effect in hours.items()},
        alerts_per_manager_day=alerts,
        hour_cost=hour_cost,
        money_per_month=None if hour_cost is None else money_per_month(layout, a, b, weeks, hour_cost, confidence),
    )


def _arm_load(layout: Layout, arm: Arm, weeks: float, seed: int) -> ArmLoad:
    def level(name: str) -> float:
        return compare_metric(layout, name, arm, arm, seed).interval("a", 0.95).value

    hours = {name.removeprefix(HOURS): number(level(name) * per_month(weeks)) for name in activities(layout)}
    alerts = number(level(ALERTS)) if ALERTS in layout.metrics else None
    return ArmLoad(hours_per_month=hours, alerts_per_manager_day=alerts, events=number(arm.events.mean()))


def load(layout: Layout, a: Arm, b: Arm, weeks: float, seed: int) -> Load:
    """The load of both arms, means per office."""
    return Load(a=_arm_load(layout, a, weeks, seed), b=_arm_load(layout, b, weeks, seed))
