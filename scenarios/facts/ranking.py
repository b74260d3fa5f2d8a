"""Facts on people: rankings are not good for all, and reps differ as much as they do in real firms."""

from collections.abc import Mapping

import numpy as np

from scenarios.facts.fact import Fact, Figure, Words, change, gap, mean, share
from scenarios.facts.mechanisms import BELIEF, LOSS, PRIDE, SILENT_DEATH, SKILL, WAITS
from scenarios.facts.offices import Run, arms
from sim.office.engine.events import STATE

NONE, PRIVATE_RANK, ANONYMOUS, NAMED = "monthly-private", "monthly-private-rank", "monthly-anonymous", "monthly-public"


def _by_group(run: Run) -> dict[str, float]:
    found = {group: run.total("revenue", group) for group in ("all", "low", "high")}
    return found | {"quits": run.total("quits"), "years": run.total("seat_years")}


def ranking(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """Sales and quits with and without rankings, from offices that share their past."""
    none, private, anonymous, named = arms("default", (NONE, PRIVATE_RANK, ANONYMOUS, NAMED), offices, 48, off, _by_group)

    def column(arm: list[dict], name: str) -> np.ndarray:
        return np.array([found[name] for found in arm])

    def answer(group: str):
        base = column(none, group)
        return column(private, group) - base, base

    quits = {
        arm: change(column(none, "quits"), column(found, "quits")) for arm, found in ((ANONYMOUS, anonymous), (NAMED, named))
    }
    return [
        Figure(
            Words("removing private ranks: mean sales", "取消私下名次后的平均销售额"),
            "relative",
            change(column(private, "all"), column(none, "all")),
            0.0,
            0.11,
        ),
        Figure(
            Words("bottom third's answer less the top third's", "后三分之一与前三分之一的反应之差"),
            "points",
            gap(answer("low"), answer("high")),
            most=0.0,
        ),
        Figure(Words("quits under anonymous ranks", "匿名排名下的离职"), "relative", quits[ANONYMOUS], 0.0),
        Figure(Words("quits under named ranks", "实名排名下的离职"), "relative", quits[NAMED], most=0.05, certain=True),
    ]


def _spread(values: np.ndarray) -> tuple[float, float]:
    """Coefficient of variation, and the share that the best fifth holds."""
    best = np.sort(values)[::-1][: max(1, len(values) // 5)]
    return float(values.std() / values.mean()), float(best.sum() / values.sum())


def _reps(run: Run) -> tuple[tuple[float, float], tuple[float, float], float, float]:
    cases = run.cases
    won = cases[(cases.state == STATE.won) & (cases.closed_at > run.since)]
    seats = len(run.office.arrays.seats)
    owners = won.owner.astype(int)
    wins = np.bincount(owners, minlength=seats).astype(float)
    revenue = np.bincount(owners, weights=won.value * (1.0 - won.discount), minlength=seats)
    return _spread(wins), _spread(revenue), run.total("periods_at_target"), run.total("periods")


def heterogeneity(offices: int, off: Mapping[str, float]) -> list[Figure]:
    """How unlike reps are over a year, at equal lead flow and in the default firm, and how many reach their target."""
    (equal,) = arms("short-cycle", (NONE,), offices, 52, off, _reps)
    (usual,) = arms("default", ("manual-routing",), offices, 52, off, _reps)
    (at_target,) = arms("default", (NONE,), offices, 52, off, _reps)
    return [
        Figure(
            Words("equal leads: spread of wins between reps", "线索均等时各销售赢单数的变异系数"),
            "ratio",
            mean([found[0][0] for found in equal]),
            0.2,
            0.4,
        ),
        Figure(
            Words("equal leads: wins of the best fifth", "线索均等时前五分之一的赢单占比"),
            "share",
            mean([found[0][1] for found in equal]),
            0.25,
            0.36,
        ),
        Figure(
            Words("by region and hand: sales of the best fifth", "按区域人工分配时前五分之一的销售占比"),
            "share",
            mean([found[1][1] for found in usual]),
            0.35,
            0.60,
        ),
        Figure(
            Words("monthly targets reached", "月度目标达成的比例"),
            "share",
            share([found[2] for found in at_target], [found[3] for found in at_target]),
            0.28,
            0.60,
        ),
    ]


RANKING = Fact(
    8,
    Words("A ranking is not good for all", "排名并非对人人都好"),
    "Barankay 2012 (removing private ranks +11 %); Ahearne et al. 2024 (quits, signs); Ashraf, Bandiera and Lee 2014",
    "predicted",
    Words("default; private, private-rank, anonymous, public", "default；仅本人、私下名次、匿名、公开"),
    (BELIEF, LOSS, PRIDE),
    (60, 100),
    ranking,
)
HETEROGENEITY = Fact(
    9,
    Words("Reps differ as much as in real firms", "销售之间的差异与真实公司相当"),
    "Ebsta and CSO benchmarks; IT bids: spread of 121 managers 0.48 logit",
    "predicted",
    Words("short-cycle and default; monthly-private, manual-routing", "short-cycle、default；monthly-private、manual-routing"),
    (SKILL, WAITS, SILENT_DEATH),
    (6, 12),
    heterogeneity,
)
