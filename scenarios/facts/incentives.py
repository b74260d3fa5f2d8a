"""Facts on incentives: for whom shorter periods pay, and what steep accelerators cost."""

from collections.abc import Mapping

import numpy as np

from scenarios.facts.fact import Fact, Figure, Words, change, gap
from scenarios.facts.mechanisms import DISCOUNT, EFFORT, PAY_DAY, SKILL
from scenarios.facts.offices import Run, arms

STRICT = 0.99


def _sold(run: Run) -> dict[str, float]:
    found = {group: run.total("revenue", group) for group in ("all", "low", "middle", "high")}
    return found | {"big": run.total("high_ticket_revenue"), "discounts": run.total("discounts")}


def _column(arm: list[dict], name: str) -> np.ndarray:
    return np.array([found[name] for found in arm])


def crossover(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Revenue under daily and weekly against monthly quotas, by thirds of the reps that were fixed in the warm-up."""
    monthly, weekly, daily = arms("counter", ("counter-monthly", "counter-weekly", "counter-daily"), offices, 13, off, _sold)

    def third(arm: list[dict], group: str):
        return change(_column(monthly, group), _column(arm, group), STRICT)

    def between(group: str):
        base = _column(monthly, group)
        return gap((_column(weekly, group), base), (_column(daily, group), base), STRICT)

    big = gap((_column(daily, "big"), _column(daily, "all")), (_column(monthly, "big"), _column(monthly, "all")), STRICT)
    return [
        Figure(
            Words("daily: revenue of the bottom third", "日定额：后三分之一的销售额"),
            "relative",
            third(daily, "low"),
            0.0,
            certain=True,
        ),
        Figure(
            Words("daily: revenue of the top third", "日定额：前三分之一的销售额"),
            "relative",
            third(daily, "high"),
            most=0.0,
            certain=True,
        ),
        Figure(Words("daily: share of large sales", "日定额：大单占比"), "points", big, most=0.0, certain=True),
        Figure(Words("weekly less daily, bottom third", "周定额减日定额，后三分之一"), "points", between("low"), most=0.0),
        Figure(Words("weekly less daily, top third", "周定额减日定额，前三分之一"), "points", between("high"), 0.0),
        Figure(
            Words("weekly: revenue of the bottom third", "周定额：后三分之一的销售额"),
            "relative",
            third(weekly, "low"),
            reported=True,
        ),
        Figure(
            Words("weekly: revenue of the top third", "周定额：前三分之一的销售额"),
            "relative",
            third(weekly, "high"),
            reported=True,
        ),
    ]


def gaming(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Discounts as a share of revenue under a steep accelerator, less the same under linear pay."""
    linear, steep = arms("default", ("linear-pay", "accelerator-pay"), offices, 52, off, _sold)
    under_steep, under_linear = ((_column(arm, "discounts"), _column(arm, "all")) for arm in (steep, linear))
    return [
        Figure(
            Words("discounts under steep pay, less those under linear pay", "高倍提成与线性提成的折扣率之差"),
            "points",
            gap(under_steep, under_linear),
            0.04,
            0.10,
        )
    ]


CROSSOVER = Fact(
    5,
    Words("Daily quotas lift weak reps and lower strong ones", "日定额利于弱者、不利于强者"),
    "Chung, Narayandas and Chang 2021, Swedish chain, about 350 reps (signs)",
    "predicted",
    Words("counter; commission that doubles above one quota for all", "counter；人人同一定额、超额提成翻倍"),
    (EFFORT, SKILL),
    (16, 32),
    crossover,
)
GAMING = Fact(
    6,
    Words("Steep accelerators are paid for in discounts", "高倍提成的代价是折扣"),
    "Larkin 2014: 6–8 % of revenue; accepted 4–10 points",
    "predicted",
    Words("default; accelerator-pay against linear-pay", "default；accelerator-pay 对比 linear-pay"),
    (DISCOUNT, PAY_DAY, EFFORT),
    (6, 12),
    gaming,
)
