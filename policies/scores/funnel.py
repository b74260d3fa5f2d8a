"""S11, funnel against benchmark: which share of opportunities goes on from each stage, and where it falls short most.

    conversion of a stage = went on to a later stage or were won / reached the stage and are closed or went on

Stages reached are those recorded: who was won without ever being recorded in a stage says nothing about it.
Opportunities that stand in the stage and are open do not count: what becomes of them is not known. The bottleneck is the stage
whose share lies furthest below the benchmark relative to it, if even the upper end of its 90 % Wilson interval lies below: a
gap that chance explains is none. The benchmark is the industry's (systems list, S11: technical review to negotiation 18 %
against 35 %), or for a rep the firm's own.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import Words
from policies.scores.share import wilson

FEWEST = 10
"""Opportunities with a known end below which a stage has no share."""
LEAST_GAP = 0.01
"""Share by which a stage has to fall short to be told: with thousands of opportunities chance explains less than that."""
ABOUT = About(
    "S11", "stage", Words("Funnel against benchmark", "漏斗对标"),
    Words(
        "opportunities that went on from a stage ÷ those that left it; of a rep: at the stage where most fall behind the firm",
        "从某阶段继续推进的商机 ÷ 离开该阶段的商机；销售：落后全公司最多的阶段",
    ),
    "share", 0.0, 1.0, "higher", None, Words("a bottleneck that chance does not explain", "偶然无法解释的瓶颈"), listed("S11"),
    Words("at least 10 opportunities; a gap of at least one point", "至少 10 个商机；差距至少 1 个百分点"),
)  # fmt: skip


class Way(NamedTuple):
    """How far one opportunity came: the highest stage recorded, and its status (open, won, lost or no_decision)."""

    stage: int
    status: str


class StageShare(NamedTuple):
    """One stage: `known` opportunities that left it, `went_on` of them; `share` with its interval, None when too few."""

    stage: int
    known: int
    went_on: int
    share: float | None
    low: float | None
    high: float | None
    benchmark: float | None


class Funnel(NamedTuple):
    """All stages, and the number of the bottleneck; None when no stage lies clearly below its benchmark."""

    stages: tuple[StageShare, ...]
    bottleneck: int | None
    reason: Words


def funnel(
    ways: Sequence[Way], stages: int, benchmark: Mapping[int, float] | None = None, names: Mapping[int, Words] | None = None
) -> Funnel:
    """The funnel of some opportunities; `benchmark` maps a stage (from 1) to the share that goes on, `names` to its name."""
    names = names or {}
    benchmark = benchmark or {}
    shares = tuple(_share(ways, stage, benchmark.get(stage)) for stage in range(1, stages + 1))
    behind = [(relative, each) for each in shares if (relative := _shortfall(each)) is not None]
    if behind:
        _, worst = min(behind, key=itemgetter(0))
        called = _called(worst.stage, names)
        reason = Words(
            f"{called.en} is the bottleneck: {worst.share:.0%} go on against {worst.benchmark:.0%}",
            f"{called.zh}是瓶颈：推进率 {worst.share:.0%}，基准 {worst.benchmark:.0%}",
        )
        return Funnel(shares, worst.stage, reason)
    return Funnel(shares, None, _no_bottleneck(shares, names))


def _called(stage: int, names: Mapping[int, Words]) -> Words:
    name = names.get(stage)
    return Words(f"stage {stage}", f"第 {stage} 阶段") if name is None else Words(f"stage “{name.en}”", f"“{name.zh}”阶段")


def _no_bottleneck(shares: Sequence[StageShare], names: Mapping[int, Words]) -> Words:
    known = [(each.share, each) for each in shares if each.share is not None]
    if not known:
        return Words(
            f"no number: fewer than {FEWEST} opportunities left any stage", f"不给数字：离开各阶段的商机均不足 {FEWEST} 个"
        )
    if all(each.benchmark is None for _, each in known):
        _, least = min(known, key=itemgetter(0))
        called = _called(least.stage, names)
        return Words(
            f"no benchmark was given; the fewest go on from {called.en} ({least.share:.0%})",
            f"未提供基准；{called.zh}推进率最低（{least.share:.0%}）",
        )
    return Words("no stage lies clearly below the benchmark", "没有阶段明显低于基准")


def _shortfall(stage: StageShare) -> float | None:
    """Share over benchmark, where the share clearly lies below it; None elsewhere."""
    if stage.share is None or stage.high is None or not stage.benchmark:
        return None
    falls_short = stage.high < stage.benchmark and stage.share <= stage.benchmark - LEAST_GAP
    return stage.share / stage.benchmark if falls_short else None


def _share(ways: Sequence[Way], stage: int, benchmark: float | None) -> StageShare:
    reached = [way for way in ways if way.stage >= stage]
    went_on = sum(way.stage > stage or way.status == "won" for way in reached)
    known = went_on + sum(way.stage == stage and way.status in ("lost", "no_decision") for way in reached)
    if known < FEWEST:
        return StageShare(stage, known, went_on, None, None, None, benchmark)
    low, high = wilson(went_on, known)
    return StageShare(stage, known, went_on, went_on / known, low, high, benchmark)
