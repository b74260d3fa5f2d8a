"""A verdict with every part filled in, made from a formula instead of an office, for tests of whatever shows verdicts."""

import numpy as np

from sim.experiment.verdict.verdict import (
    ArmLoad,
    AttainmentMap,
    Band,
    ByArm,
    Costs,
    Driver,
    Drivers,
    Effect,
    Estimate,
    Funnel,
    Groups,
    GuardrailResult,
    LeftOutRule,
    Load,
    Look,
    MoneyPerMonth,
    Policies,
    PolicyCard,
    Profile,
    ScenarioCard,
    Series,
    Settings,
    Text,
    Verdict,
    Window,
)
from tests.experiment.overturn_example import overturn

# name: English, Chinese, unit, direction, baseline, relative change, relative half-width
METRICS = {
    "gross_margin": ("Gross margin", "毛利", "money", 1, 18_640_000, 0.043, 0.017),
    "revenue": ("Revenue", "收入", "money", 1, 52_300_000, 0.031, 0.018),
    "discounts": ("Discounts given", "让利金额", "money", -1, 3_910_000, 0.062, 0.041),
    "wins": ("Deals won", "成交数", "count", 1, 612.4, 0.051, 0.019),
    "win_rate": ("Win rate", "赢单率", "share", 1, 0.2143, 0.022, 0.020),
    "lead_to_opportunity": ("Leads that become opportunities", "线索转商机率", "share", 1, 0.318, 0.009, 0.014),
    "response_median": ("Response time, median", "响应时间（中位数）", "minutes", -1, 94.0, -0.121, 0.060),
    "response_p90": ("Response time, 90th percentile", "响应时间（90 分位）", "minutes", -1, 2310.0, -0.082, 0.095),
    "leads_never_touched": ("Leads never touched", "从未接触的线索占比", "share", -1, 0.083, -0.051, 0.049),
    "cycle_days": ("Sales cycle", "成交周期", "days", -1, 47.3, -0.036, 0.012),
    "stalled_share": ("Stalled opportunities", "停滞商机占比", "share", -1, 0.271, 0.004, 0.031),
    "attainment": ("Attainment", "目标达成率", "share", 1, 0.934, -0.018, 0.014),
    "forecast_error": ("Forecast error", "预测误差", "share", -1, 0.187, 0.058, 0.064),
    "selling_entropy": ("Time lost to internal work", "内耗工时占比", "share", -1, 0.291, 0.061, 0.024),
    "alerts_per_manager_day": ("Alerts per manager and day", "每位经理每天的提醒数", "count", -1, 7.2, 0.48, 0.07),
    "turnover": ("Turnover a year", "年离职率", "share", -1, 0.192, 0.052, 0.083),
    "satisfaction": ("Customer satisfaction", "客户满意度", "count", 1, 7.84, -0.011, 0.009),
    "repurchase": ("Repurchase rate", "复购率", "share", 1, 0.243, -0.008, 0.022),
    "margin_of_cohort": ("Margin of the leads that arrived", "同批线索毛利", "money", 1, 17_950_000, 0.036, 0.018),
}
HOURS = {
    "first_touch": ("First touch", "首次接触", 410, 22, 9),
    "discovery": ("Discovery", "需求挖掘", 1180, 34, 21),
    "demo": ("Demonstration", "演示", 960, -12, 18),
    "visit": ("Visit", "拜访", 1320, 61, 30),
    "quote": ("Quote", "报价", 540, 18, 11),
    "negotiation": ("Negotiation", "谈判", 620, 44, 16),
    "service": ("Service", "客户服务", 480, -39, 14),
    "recording": ("Recording", "录入", 890, 96, 20),
    "internal": ("Internal asking", "内部沟通", 730, 41, 17),
    "training": ("Training", "培训", 260, -9, 8),
}
GROUPS = {"low": (0.094, 0.041), "middle": (0.047, 0.029), "high": (-0.031, 0.024), "hires": (0.021, 0.078)}
UNITS = {"North": (0.052, 0.034), "South": (0.044, 0.036), "East": (0.029, 0.033), "West": (0.049, 0.038)}
SENTENCE = Text(
    en="Moving from “Monthly private targets” to “Weekly public targets” raises gross margin by 4.3 % (with 95 % confidence "
    "+2.6 to +6.0 %). It is better in about 98 % of plausible worlds (89 to 100 %). It is worse for the third of reps that "
    "sold most margin before the change (3.1 % less). It breaks the guardrail on alerts per manager and day.",
    zh="从“月度目标，不公开”改为“周目标，公开”，毛利提高 4.3%（95% 置信区间 +2.6 至 +6.0%）。在约 98% 的合理情形中"
    "更好（89% 至 100%）。变差的是：变更前毛利靠前三分之一的销售（少 3.1%）。触及底线：每位经理每天的提醒数。",
)
FUNNEL = (("Leads", "线索"), ("Registered", "已登记"), ("Assigned", "已分配"), ("Contacted", "已接触"),
          ("Opportunities", "商机"), ("Quoted", "已报价"), ("Negotiated", "谈判中"), ("Won", "成交"))  # fmt: skip


def estimate(value: float, half: float) -> Estimate:
    """A value with a symmetric interval."""
    return Estimate(value=value, low=value - half, high=value + half)


def effect(en: str, zh: str, unit: str, direction: int, base: float, change: float, half: float) -> Effect:
    """An effect from its relative change and the half-width of that; it is called where its interval leaves out zero."""
    decided = abs(change) > half
    words = {0: ("higher", "lower"), 1: ("better", "worse"), -1: ("worse", "better")}[direction]
    good = change * (direction or 1) > 0
    share = 0.5 + (0.5 if good else -0.5) * min(abs(change) / (abs(half) * 1.6), 0.96)
    return Effect(
        title=Text(en=en, zh=zh),
        unit=unit,
        direction=direction,
        baseline=estimate(base, abs(base) * 0.02),
        variant=estimate(base * (1 + change), abs(base) * 0.021),
        difference=base * change,
        low=base * (change - half),
        high=base * (change + half),
        relative=estimate(change, half),
        better_share_of_worlds=Estimate(value=share, low=max(share - 0.09, 0), high=min(share + 0.07, 1)),
        p_adjusted=0.003 if decided else 0.4,
        call=words[change < 0] if decided else "unclear",
    )


def band(mean: np.ndarray, half: float) -> Band:
    """A band of constant relative width."""
    return Band(mean=mean.tolist(), low=(mean * (1 - half)).tolist(), high=(mean * (1 + half)).tolist())


def series(en: str, zh: str, unit: str, level: float, lift: float, weeks: int) -> Series:
    """A weekly quantity with a wave, higher in b by `lift`, growing over the first weeks."""
    week = np.arange(weeks)
    a = level * (1 + 0.11 * np.sin(week * 2 * np.pi / 4.33) + 0.04 * np.cos(week * 1.7))
    b = level * (1 + 0.05 * np.cos(week * 1.3)) * (1 + lift * (1 - np.exp(-week / 4)))
    difference = b - a
    half = level * 0.05
    around = Band(mean=difference.tolist(), low=(difference - half).tolist(), high=(difference + half).tolist())
    return Series(title=Text(en=en, zh=zh), unit=unit, a=band(a, 0.05), b=band(b, 0.05), difference=around)


def groups() -> Groups:
    """The primary metric by group."""
    named = {name: effect("Gross margin", "毛利", "money", 1, 4_600_000, *row) for name, row in GROUPS.items()}
    units = {name: effect("Gross margin", "毛利", "money", 1, 4_600_000, *row) for name, row in UNITS.items()}
    return Groups(**named, units=units)


def costs() -> Costs:
    """Hours by activity, alerts, and what both cost."""
    hours = {
        name: effect(en, zh, "hours", 0, base, change / base, half / base)
        for name, (en, zh, base, change, half) in HOURS.items()
    }
    return Costs(
        hours_per_month=hours,
        alerts_per_manager_day=effect("Alerts per manager and day", "每位经理每天的提醒数", "count", -1, 7.2, 0.48, 0.07),
        hour_cost=120.0,
        money_per_month=MoneyPerMonth(
            gross_margin=estimate(133_600, 52_800), hours=estimate(16_440, 3_200), net=estimate(117_160, 53_000)
        ),
    )


def drivers() -> Drivers:
    """Two behaviours that the difference follows, one of which can turn its sign."""
    one = Driver(
        name="deadline_pull", title=Text(en="Pull to the deadline", zh="截止期拉力"), unit="share", correlation=-0.61,
        p_adjusted=0.001, low=0.1, high=0.9, overturned="above", turning_point=0.74, source="Oyer 1998", status="U",
    )  # fmt: skip
    two = Driver(
        name="goal_gradient", title=Text(en="Effort close to the goal", zh="临近目标的加力"), unit="share", correlation=0.44,
        p_adjusted=0.012, low=0.05, high=0.4, overturned=None, turning_point=None, source="Kivetz 2006", status="R",
    )  # fmt: skip
    return Drivers(named=[one, two], tested=38, null_correlation=0.31)


def guardrails() -> list[GuardrailResult]:
    """One guardrail of each state."""
    rows = (
        ("turnover", "Turnover a year", "年离职率", "all", "relative", "at_most", 0.10, 0.052, 0.124, "undecided"),
        ("gross_margin", "Gross margin", "毛利", "high", "relative", "at_least", -0.05, -0.031, -0.051, "undecided"),
        ("satisfaction", "Customer satisfaction", "客户满意度", "all", "relative", "at_least", -0.03, -0.011, -0.019, "held"),
        (
            "alerts_per_manager_day",
            "Alerts per manager and day",
            "每位经理每天的提醒数",
            "all",
            "level",
            "at_most",
            10.0,
            10.66,
            10.2,
            "broken",
        ),
    )
    return [
        GuardrailResult(metric=metric, title=Text(en=en, zh=zh), group=group, measure=measure, side=side, limit=limit,
                        value=value, bound=bound, state=state)
        for metric, en, zh, group, measure, side, limit, value, bound, state in rows
    ]  # fmt: skip


def profile() -> Profile:
    """Wins rushing to the end of the period in a, less so in b; new leads even."""
    share = np.linspace(0, 1, 20)
    rush = 1 + 3.2 * np.exp(-(1 - share) / 0.08)
    mild = 1 + 1.1 * np.exp(-(1 - share) / 0.1)
    even = (1 + 0.03 * np.sin(9 * share)) / 20
    return Profile(
        wins=ByArm(a=(rush / rush.sum()).tolist(), b=(mild / mild.sum()).tolist()),
        new_leads=ByArm(a=even.tolist(), b=even.tolist()),
    )


def attainment(people: int = 50) -> AttainmentMap:
    """Monthly targets in a, weekly ones in b; the last person has none."""
    draw = np.random.default_rng(7)
    skill = np.linspace(0.72, 1.18, people)[:, None]

    def cells(periods, noise):
        rows = np.clip(skill + draw.normal(0, noise, (people, periods)), 0.1, 1.9).round(3).tolist()
        rows[-1] = [None] * periods
        return rows

    return AttainmentMap(a=cells(6, 0.14), b=cells(26, 0.22))


def funnel() -> Funnel:
    """Counts from lead to win."""
    a = [2870, 2690, 2655, 2410, 913, 802, 741, 612]
    b = [2870, 2702, 2668, 2455, 921, 822, 770, 644]
    return Funnel(steps=[en.lower() for en, _ in FUNNEL], titles=[Text(en=en, zh=zh) for en, zh in FUNNEL], a=a, b=b)


def load() -> Load:
    """Hours and alerts of both arms."""
    before = {name: float(row[2]) for name, row in HOURS.items()}
    after = {name: float(row[2] + row[3]) for name, row in HOURS.items()}
    return Load(
        a=ArmLoad(hours_per_month=before, alerts_per_manager_day=7.2, events=412_000),
        b=ArmLoad(hours_per_month=after, alerts_per_manager_day=10.66, events=431_000),
    )


def policies() -> Policies:
    """Today's and the proposed policy; one rule of the latter cannot be rehearsed."""
    left_out = LeftOutRule(
        rule="ask-for-photo",
        reason=Text(
            en="it reads custom.shelf_photo, which the office does not record",
            zh="它读取 custom.shelf_photo，团队不记录该字段",
        ),
    )
    return Policies(
        a=PolicyCard(
            name="monthly-private",
            title=Text(en="Monthly private targets", zh="月度目标，不公开"),
            digest="3f9a12c4",
            cannot_rehearse=[],
        ),
        b=PolicyCard(
            name="weekly-public",
            title=Text(en="Weekly public targets", zh="周目标，公开"),
            digest="b81c77e0",
            cannot_rehearse=[left_out],
        ),
    )


def example(**changes) -> Verdict:
    """The example verdict; `changes` replace whole parts of it."""
    weeks = 26
    parts = {
        "sentence": SENTENCE,
        "policies": policies(),
        "scenario": ScenarioCard(
            name="default", title=Text(en="Default office, 50 reps", zh="默认团队，50 名销售"), digest="77d0e1ab"
        ),
        "window": Window(
            start="2026-03-02", end="2026-08-31", weeks=weeks, common_period_end=True, runoff_weeks=13,
            text=Text(en="2 March to 30 August 2026", zh="2026 年 3 月 2 日至 8 月 30 日"),
        ),
        "settings": Settings(
            weeks=weeks, precision=0.01, confidence=0.95, replications_per_world=4, max_pairs=2000, worlds=None, seed=20261
        ),
        "metric": "gross_margin",
        "pairs": 320,
        "worlds": 80,
        "stopped": "precision",
        "looks": [Look(worlds=n, half_width=186_400 * (80 / n) ** 0.5 * 0.98, target=186_400) for n in (30, 40, 52, 66, 80)],
        "metrics": {name: effect(*row) for name, row in METRICS.items()},
        "differences_by_world": np.random.default_rng(3).normal(801_500, 690_000, 80).round().tolist(),
        "groups": groups(),
        "costs": costs(),
        "drivers": drivers(),
        "overturn": overturn(),
        "guardrails": guardrails(),
        "series": {
            "gross_margin": series("Gross margin a week", "每周毛利", "money", 717_000, 0.05, weeks),
            "wins": series("Deals won a week", "每周成交数", "count", 23.5, 0.05, weeks),
            "discounts": series("Discounts given a week", "每周让利", "money", 150_000, 0.06, weeks),
            "alerts": series("Alerts a week", "每周提醒数", "count", 180, 0.48, weeks),
        },
        "funnel": funnel(),
        "profile": profile(),
        "attainment": attainment(),
        "load": load(),
        "notes": [Text(en="Public holidays of 2026 come from the published calendar.", zh="2026 年节假日取自已公布的日历。")],
    }  # fmt: skip
    return Verdict(**(parts | changes))
