"""For whom: effects on the primary metric by group of reps and by unit.

Rep groups are thirds fixed by the office in the warm-up, before the arms part. Thirds made from the outcome itself show effects
where there are none: whoever was lucky in one arm stands in its top third.
"""

from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import Arm, Layout
from sim.experiment.verdict.effects import effects, has_cases
from sim.experiment.verdict.verdict import Effect, Groups

REP_GROUPS = ("low", "middle", "high", "hires")
STAND_IN = "gross_margin"  # told by group when the primary metric is a quantile of the whole office


def group_metric(layout: Layout, metric: str) -> str:
    """The metric that groups are compared on."""
    return STAND_IN if layout.metrics[metric].kind == "quantile" else metric


def group_effects(layout: Layout, metric: str, a: Arm, b: Arm, units: tuple[str, ...], confidence: float, seed: int) -> Groups:
    """Effects by rep group and by unit, each a family of its own, whose intervals hold together.

    `units` names the rows after the groups, in order.
    """
    name = group_metric(layout, metric)

    def family(rows: dict[str, int]) -> dict[str, Effect]:
        compared = {label: compare_metric(layout, name, a, b, seed, row) for label, row in rows.items()}
        asked = {label: (layout.metrics[name], one) for label, one in compared.items() if has_cases(one)}
        return effects(asked, confidence, seed)

    reps = family({group: layout.groups.index(group) for group in REP_GROUPS})
    first = len(layout.groups)
    return Groups(
        **{group: reps.get(group) for group in REP_GROUPS},
        units=family({unit: first + place for place, unit in enumerate(units)}),
    )
