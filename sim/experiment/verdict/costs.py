"""What a policy asks of people, and what is left a month when those hours are paid for."""

from collections.abc import Mapping

import numpy as np

from sim.experiment.statistics.comparison import SumsComparison, compare_metric
from sim.experiment.statistics.samples import Arm, Layout
from sim.experiment.verdict.effects import at_scale, estimate, scaled, together
from sim.experiment.verdict.verdict import ArmLoad, Costs, Effect, Estimate, Load, MoneyPerMonth, number

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


def money_per_month(
    layout: Layout, margin: Effect, a: Arm, b: Arm, weeks: float, hour_cost: float, confidence: float
) -> MoneyPerMonth:
    """Gross margin, paid hours and what is left, b minus a, in money a month; the three are estimated on the same pairs.

    The margin is the reading of that metric, whatever family it was read in; hours and what is left are two questions more,
    whose intervals hold together.
    """
    column = layout.measures.index(layout.metrics["gross_margin"].numerator)
    hours = hour_cost * _overhead(layout, a), hour_cost * _overhead(layout, b)
    net = a.totals[:, :, 0, column] - hours[0], b.totals[:, :, 0, column] - hours[1]
    scale, each = per_month(weeks), together(confidence, 2)
    monthly = at_scale(margin, scale)
    return MoneyPerMonth(
        gross_margin=Estimate(value=monthly.difference, low=monthly.low, high=monthly.high),
        hours=_change(*hours, each, scale),
        net=_change(*net, each, scale),
    )


def costs(
    layout: Layout, metrics: Mapping[str, Effect], a: Arm, b: Arm, weeks: float, hour_cost: float | None, confidence: float
) -> Costs:
    """Hours a month by activity and alerts, as the metrics tell them, and money net of hours."""
    money = None
    if hour_cost is not None:
        money = money_per_month(layout, metrics["gross_margin"], a, b, weeks, hour_cost, confidence)
    return Costs(
        hours_per_month={name.removeprefix(HOURS): at_scale(metrics[name], per_month(weeks)) for name in activities(layout)},
        alerts_per_manager_day=metrics.get(ALERTS),
        hour_cost=hour_cost,
        money_per_month=money,
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
