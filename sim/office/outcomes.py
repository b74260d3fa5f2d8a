"""Outcomes: what an experiment compares, from the sums that were counted while the office ran."""

from typing import NamedTuple

import numpy as np

from policies.records import OPPORTUNITY
from sim.office.events import ACTIVITIES, DAY, HOUR, STATE
from sim.office.leads import OUTBOUND
from sim.office.tally import BIN_HIGH, BIN_LOW, BINS, FIRST_TEAM, GROUPS, HISTOGRAMS, MEASURES, WEEKLY, M

STALLED_DAYS = 15
UNTOUCHED_DAYS = 7
HISTOGRAM_EDGES = BIN_LOW * (BIN_HIGH / BIN_LOW) ** (np.arange(BINS + 1) / BINS)
"""Edges of the waiting-time histograms, minutes, log-spaced, shape (BINS + 1,)."""

FUNNEL = (
    "leads",
    "leads_touched",
    "opportunities",
    "solution_match",
    "value_proof",
    "negotiation",
    "contract_delivery",
    "wins",
)


class Metric(NamedTuple):
    """Numerator measure ÷ denominator measure (1 if None); `better` is +1, -1 or 0; kind is sum, ratio or quantile."""

    name: str
    numerator: str
    denominator: str | None
    unit: str
    better: int
    kind: str
    en: str
    zh: str


def _metrics() -> dict[str, Metric]:
    rows = [
        ("gross_margin", "gross_margin", None, "money", 1, "sum", "Gross margin", "毛利"),
        ("revenue", "revenue", None, "money", 1, "sum", "Revenue", "收入"),
        ("discounts", "discounts", "list_revenue", "share", -1, "ratio", "Discounts given", "折扣率"),
        ("wins", "wins", None, "deals", 1, "sum", "Deals won", "成交单数"),
        ("win_rate", "wins", "opportunities_closed", "share", 1, "ratio", "Win rate", "赢单率"),
        (
            "lead_to_opportunity",
            "leads_converted",
            "leads",
            "share",
            1,
            "ratio",
            "Leads that become opportunities",
            "线索转商机率",
        ),
        ("response_median", "response_minutes", None, "minutes", -1, "quantile", "Response time, median", "响应时间中位数"),
        (
            "response_p90",
            "response_minutes",
            None,
            "minutes",
            -1,
            "quantile",
            "Response time, 90th percentile",
            "响应时间 90 分位",
        ),
        (
            "leads_never_touched",
            "leads_never_touched",
            "leads_due",
            "share",
            -1,
            "ratio",
            "Leads never touched",
            "从未跟进的线索",
        ),
        ("cycle_days", "cycle_days", "wins", "days", -1, "ratio", "Sales cycle of deals won", "成交周期"),
        (
            "stalled_share",
            "stalled_at_end",
            "open_at_end",
            "share",
            -1,
            "ratio",
            "Open deals without action for 15 days",
            "停滞商机占比",
        ),
        ("frozen_share", "frozen_at_end", "open_at_end", "share", 0, "ratio", "Open deals frozen", "冻结商机占比"),
        ("wins_lost_to_freeze", "wins_lost_to_freeze", None, "deals", -1, "sum", "Wins lost to freezing", "因冻结损失的成交"),
        ("attainment", "attained", "target", "share", 1, "ratio", "Attainment", "目标完成率"),
        ("reps_at_target", "periods_at_target", "periods", "share", 1, "ratio", "Reps at target", "达标人次占比"),
        (
            "forecast_error",
            "forecast_error",
            "forecast_amount",
            "share",
            -1,
            "ratio",
            "Forecast error of deals won",
            "预测误差",
        ),
        ("recorded_share", "updates_recorded", "updates", "share", 1, "ratio", "Work that is recorded", "工作录入率"),
        ("entry_lag_days", "entry_lag_days", "updates_recorded", "days", -1, "ratio", "Lag of entries", "录入延迟"),
        (
            "selling_entropy",
            "hours_lost",
            "hours_worked",
            "share",
            -1,
            "ratio",
            "Selling-energy entropy (S5)",
            "销售能量熵（S5）",
        ),
        (
            "alerts_per_manager_day",
            "alerts",
            "manager_days",
            "alerts",
            -1,
            "ratio",
            "Alerts per manager and day",
            "每位经理每日提醒数",
        ),
        ("alerts_acted_on", "alerts_acted", "alerts", "share", 1, "ratio", "Alerts acted on", "提醒处理率"),
        (
            "escalation_wait_hours",
            "escalation_wait_hours",
            "escalations",
            "hours",
            -1,
            "ratio",
            "Wait of escalations",
            "升级等待时长",
        ),
        ("turnover", "quits", "seat_years", "per year", -1, "ratio", "Turnover", "年离职率"),
        ("satisfaction", "satisfaction", "surveys", "0–10", 1, "ratio", "Customer satisfaction", "客户满意度"),
        ("repurchase", "repurchases", "needs_again", "share", 1, "ratio", "Repurchase", "复购率"),
        (
            "high_ticket_share",
            "high_ticket_revenue",
            "revenue",
            "share",
            0,
            "ratio",
            "Revenue from large deals",
            "大单收入占比",
        ),
        ("variable_pay", "pay", None, "money", -1, "sum", "Variable pay", "浮动薪酬"),
        ("refusals", "refusals", None, "refusals", 0, "sum", "Steps refused by a gate", "流程拦截次数"),
        (
            "action_units_met",
            "action_units_met",
            "action_unit_weeks",
            "share",
            1,
            "ratio",
            "Weekly action units met",
            "周动作达成率",
        ),
        (
            "support_late",
            "support_late",
            "support_requests",
            "share",
            -1,
            "ratio",
            "Support answers later than promised",
            "支持超时率",
        ),
        (
            "margin_of_cohort",
            "cohort_margin",
            None,
            "money",
            1,
            "sum",
            "Margin of the window's leads, run off",
            "窗口期线索毛利（含收尾）",
        ),
        ("load", "hours_cases", "hours_worked", "share", 0, "ratio", "Time on cases", "用于商机的工时占比"),
    ]
    rows += [
        (f"hours_{activity}", f"hours_{activity}", None, "hours", 0, "sum", f"Hours: {en}", f"工时：{zh}")
        for activity, (en, zh) in _ACTIVITY_WORDS.items()
    ]
    return {row[0]: Metric(*row) for row in rows}


_ACTIVITY_WORDS = {
    "first_touch": ("first touches", "首次联系"),
    "discovery": ("discovery", "需求沟通"),
    "demo": ("demonstrations", "方案演示"),
    "visit": ("visits", "拜访"),
    "quote": ("quotes", "报价"),
    "negotiation": ("negotiation", "谈判"),
    "service": ("service", "服务"),
    "recording": ("recording", "录入"),
    "internal": ("searching and asking", "查找与内部沟通"),
    "prospecting": ("prospecting", "拓客"),
    "training": ("being coached", "接受辅导"),
    "obligation": ("what rules ask for", "规则要求"),
    "slack": ("slack", "闲置"),
}
_LOST = ("recording", "internal", "obligation", "slack")
_ON_CASES = ("first_touch", "discovery", "demo", "visit", "quote", "negotiation")
_AT_THE_END = ("leads_never_touched", "leads_due", "hours_lost", "hours_worked", "hours_cases")

MEASURE_NAMES: tuple[str, ...] = (*MEASURES, *_AT_THE_END)
METRICS: dict[str, Metric] = _metrics()
QUANTILES = {"response_median": 0.5, "response_p90": 0.9}


class Outcomes(NamedTuple):
    """What one arm of one pair gave; G groups and teams, M measures, W weeks."""

    totals: np.ndarray  # f8[G, M], rows GROUPS then teams, columns MEASURE_NAMES
    weekly: np.ndarray  # f8[W, len(WEEKLY)]
    histogram: np.ndarray  # f8[len(HISTOGRAMS), BINS], counts between HISTOGRAM_EDGES
    profile: np.ndarray  # f8[2, PROFILE_BINS], wins and new leads by share of the period elapsed
    attainment: np.ndarray  # f8[reps, periods], NaN where there was no target
    funnel: np.ndarray  # f8[8], see FUNNEL
    events: int


def outcomes_of(office) -> Outcomes:
    """Outcomes of an office counted from `mark` to now, or to `close`; the cohort's margin as far as it has come in."""
    o = office.arrays
    s = o.state[0]
    end = int(s.end_at) if s.end_at else int(s.now)
    totals = np.zeros((len(o.totals), len(MEASURE_NAMES)))
    totals[:, : len(MEASURES)] = o.totals
    _add_hours(o, totals)
    _add_open_deals(o, totals)
    _add_untouched(o, totals, int(s.marked_at), end)
    totals[0, M.cohort_margin], totals[0, M.cohort_wins] = o.cohort
    weeks = max(1, -(-(end - int(s.marked_at)) // (7 * DAY)))
    return Outcomes(
        totals,
        o.weekly[:weeks].copy(),
        o.histogram.copy(),
        o.profile.copy(),
        o.attainment[:, : int(s.heat_column)].copy(),
        _funnel(o),
        int(s.events),
    )


def _rows_of_seats(o) -> np.ndarray:
    """Rows of the totals that each seat counts in, shape (seats, 3)."""
    return np.column_stack([np.zeros(len(o.seats), int), o.seats.group.astype(int), FIRST_TEAM + o.seats.team.astype(int)])


def _spread(o, totals: np.ndarray, column: int, by_seat: np.ndarray) -> None:
    for rows in _rows_of_seats(o).T:
        np.add.at(totals[:, column], rows, by_seat)


def _add_hours(o, totals: np.ndarray) -> None:
    hours = o.hours / HOUR
    for number, activity in enumerate(ACTIVITIES):
        _spread(o, totals, MEASURE_NAMES.index(f"hours_{activity}"), hours[:, number])
    columns = {"hours_lost": _LOST, "hours_worked": ACTIVITIES, "hours_cases": _ON_CASES}
    for name, activities in columns.items():
        _spread(
            o, totals, MEASURE_NAMES.index(name), hours[:, [ACTIVITIES.index(activity) for activity in activities]].sum(axis=1)
        )


def _add_open_deals(o, totals: np.ndarray) -> None:
    """Recorded state of the pipeline at this instant, and what of it freezing has cost, by the usual chances."""
    now = int(o.state[0].now)
    cases = o.cases[: int(o.state[0].cases)]
    values = o.book.values
    is_open = (cases.state == STATE.open) & (cases.owner >= 0)
    rows = cases.row[is_open]
    owners = cases.owner[is_open].astype(int)
    counted = {
        "open_at_end": np.ones(len(rows)),
        "stalled_at_end": (now - np.nan_to_num(values[rows, OPPORTUNITY.last_action_at])) > STALLED_DAYS * DAY,
        "frozen_at_end": values[rows, OPPORTUNITY.frozen] == 1.0,
        "open_value_at_end": np.nan_to_num(values[rows, OPPORTUNITY.amount]),
    }
    for name, amount in counted.items():
        _spread(o, totals, MEASURE_NAMES.index(name), np.bincount(owners, amount, len(o.seats)))


def _add_untouched(o, totals: np.ndarray, start: int, end: int) -> None:
    """Leads of the window that had a week and were never touched; nobody's group."""
    cases = o.cases[: int(o.state[0].cases)]
    due = (cases.arrived_at >= start) & (cases.arrived_at < end - UNTOUCHED_DAYS * DAY) & (cases.customer_slot < 0)
    totals[0, MEASURE_NAMES.index("leads_due")] = due.sum()
    totals[0, MEASURE_NAMES.index("leads_never_touched")] = (due & (cases.first_touch_at == 0)).sum()


def _funnel(o) -> np.ndarray:
    """Leads that came in during the window by how far they got, counts, see FUNNEL; reps' own leads are not among them."""
    cases = o.cases[: int(o.state[0].cases)]
    came_in = (cases.cohort == 1) & (cases.source < OUTBOUND)
    cases = cases[came_in & (cases.arrived_at >= int(o.state[0].marked_at))]
    furthest = np.where(cases.opened_at > 0, cases.stage, 0)
    won = cases.state == STATE.won
    return np.array(
        [len(cases), (cases.first_touch_at > 0).sum(), *((furthest >= stage).sum() for stage in range(1, 6)), won.sum()], float
    )


__all__ = [
    "FUNNEL",
    "GROUPS",
    "HISTOGRAMS",
    "HISTOGRAM_EDGES",
    "MEASURE_NAMES",
    "METRICS",
    "QUANTILES",
    "WEEKLY",
    "Metric",
    "Outcomes",
    "outcomes_of",
]
