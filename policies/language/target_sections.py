"""What a manager can decide about targets: how high, how often, who sees them, and what moves when progress diverges."""

from typing import Annotated, Literal

from pydantic import Field

from policies.language.acting import DECIDED_AT_ANY_TIME, NO_BUDGET, RANKS_ALIKE
from policies.language.quantities import Section, Share, described

Cadence = Literal["none", "daily", "weekly", "monthly", "quarterly"]
Approver = Literal["manager", "director", "finance"]


class Level(Section):
    """How high targets are and how they come about (G1)."""

    method: Literal["calibrated", "annual_twelfths", "fixed"] = described(
        "calibrated",
        "method",
        "calibrated from what was sold lately, one annual figure divided by 12, or fixed",
        "按近期业绩校准、年度目标除以 12，或固定值",
    )
    stretch: Share = described(
        1.0, "multiple", "target as a multiple of what the method gives", "目标相对测算值的倍数", ge=0.1, le=3
    )
    fixed_target: float = described(
        0.0,
        "money per rep and month",
        "target per rep and month when the method is fixed",
        "固定方式下每人每月目标",
        ge=0,
        le=1e9,
    )
    market_correction: Share = described(
        0.0, "share", "correction for the market, at most 15 % either way", "市场修正，最多上下 15%", ge=-0.15, le=0.15
    )
    market_by_region: dict[str, Annotated[Share, Field(ge=-0.15, le=0.15)]] = described(
        dict,
        "share by region",
        "correction for the market of single regions, by name, instead of the general one",
        "单个区域的市场修正（按区域名），替代统一修正",
    )
    core_share: Share = described(
        0.5, "share", "part of the target carried by core accounts", "核心客户承担的目标比例", ge=0, le=1
    )
    seasonal: bool = described(True, "yes or no", "targets follow the season of the past year", "目标随上一年的季节波动")


class Ratchet(Section):
    """How the next target follows the last result."""

    up: Share = described(0.0, "share", "part of a beat added to the next target", "超额部分计入下期目标的比例", ge=0, le=1)
    down: Share = described(
        0.0, "share", "part of a miss taken off the next target", "缺口部分从下期目标扣减的比例", ge=0, le=1
    )


class ActionUnits(Section):
    """Countable actions asked of each rep per week (G2); 0 for none."""

    effective_visits: int = described(
        0, "per week", "visits with needs, solution and a dated next step on record", "每周有效拜访次数", ge=0, le=60
    )
    tailored_quotes: int = described(0, "per week", "quotes made for one customer", "每周定制报价数", ge=0, le=60)
    upsells: int = described(0, "per week", "further sales to existing customers", "每周老客户增购数", ge=0, le=60)


class Elasticity(Section):
    """When and how often a target may be adjusted (G6)."""

    day: int = described(5, "business day", "business day of the month on which to ask", "每月可申请调整的工作日", ge=1, le=20)
    per_quarter: int = described(
        0, "per quarter", "adjustments allowed per quarter; 0 for none", "每季度可调整次数，0 为不可", ge=0, le=3
    )
    evidence: Literal["need_change", "none"] = described(
        "need_change",
        "field",
        "what must be on file: a changed customer need, or nothing",
        "所需证据：客户需求变化，或无需证据",
    )
    approved_by: tuple[Approver, ...] = described(
        ("director", "finance"), "roles", "who must approve an adjustment", "调整须经谁批准"
    )


class Moves(Section):
    """What moves between two units under the same one when their progress diverges, and who decides it (G9)."""

    reviewed: Literal["day", "week"] | None = described(
        None,
        "period",
        "how often managers go through what could move: every day or every week; null for no fixed time",
        "经理多久审阅一次可调配的资源：每日或每周，null 为不定期",
        acts=DECIDED_AT_ANY_TIME,
    )
    behind: Share = described(
        0.8, "share of pace", "below which share of its pace a unit is helped", "低于进度的多少时予以支援", ge=0, le=1
    )
    gives_from: Share = described(
        1.0, "share of pace", "from which share of its pace on a unit gives", "达到进度的多少时可以支援他人", ge=1, le=3
    )
    leads_share: Share = described(
        0.25,
        "share",
        "most of the leads a week of the unit that gives; 0 for none",
        "支援方每周线索中最多可调出的比例，0 为不调配",
        ge=0,
        le=1,
    )
    presales_hours: float = described(
        0.0,
        "hours per week",
        "presales work a week in which the unit behind comes before the one that gives; 0 for none",
        "每周有多少小时的售前工作由落后单位先于支援方，0 为不调配",
        ge=0,
        le=400,
    )
    budget_share: Share = described(
        0.0,
        "share",
        "most of the expenses granted a week to the unit that gives; 0 for none",
        "支援方每周获批费用中最多可调出的比例，0 为不调配",
        ge=0,
        le=1,
        acts=NO_BUDGET,
    )
    decided_by: Literal["manager", "director"] = described(
        "manager",
        "who",
        "who decides a move: the manager of the unit above both, or the director",
        "由谁决定调配：双方上级单位的经理，或总监",
    )


class Targets(Section):
    """What is asked of reps, how often, and who sees it (G1–G4, G6, G9)."""

    cadence: Cadence = described("monthly", "period", "how long a target runs", "目标周期")
    visibility: Literal["none", "private", "public", "anonymous", "private_rank"] = described(
        "private",
        "audience",
        "who sees attainment: nobody, only oneself, everybody, everybody without names, or only oneself and the own rank",
        "谁能看到完成情况：无人、仅本人、所有人、匿名排名，或仅本人及其名次",
        acts=RANKS_ALIKE,
    )
    level: Level = described(Level, "section", "how high targets are", "目标水平")
    ratchet: Ratchet = described(Ratchet, "section", "how the next target follows the last result", "目标棘轮")
    action_units: ActionUnits = described(ActionUnits, "section", "actions asked per week", "每周行动单位")
    elasticity: Elasticity = described(Elasticity, "section", "when a target may be adjusted", "目标弹性窗口")
    moves: Moves = described(Moves, "section", "what moves between units by their progress", "进度分化时单位之间的资源调配")
