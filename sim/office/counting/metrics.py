"""Metrics: the ratios, sums and quantiles in which an experiment compares two arms, with their units and words."""

from typing import NamedTuple

QUANTILES = {"response_median": 0.5, "response_p90": 0.9}


class Metric(NamedTuple):
    """Numerator measure ÷ denominator measure (1 if None); `better` is +1, -1 or 0."""

    name: str
    numerator: str
    denominator: str | None
    unit: str
    better: int
    en: str
    zh: str

    @property
    def kind(self) -> str:
        """sum, ratio or quantile."""
        if self.name in QUANTILES:
            return "quantile"
        return "sum" if self.denominator is None else "ratio"


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

# fmt: off
_RATES_AND_SUMS = (
    ("gross_margin", "gross_margin", None, "money", 1, "Gross margin", "毛利"),
    ("revenue", "revenue", None, "money", 1, "Revenue", "收入"),
    ("discounts", "discounts", "list_revenue", "share", -1, "Discounts given", "折扣率"),
    ("wins", "wins", None, "deals", 1, "Deals won", "成交单数"),
    ("win_rate", "wins", "opportunities_closed", "share", 1, "Win rate", "赢单率"),
    ("lead_to_opportunity", "leads_converted", "leads", "share", 1, "Leads that become opportunities", "线索转商机率"),
    ("response_median", "response_minutes", None, "minutes", -1, "Response time, median", "响应时间中位数"),
    ("response_p90", "response_minutes", None, "minutes", -1, "Response time, 90th percentile", "响应时间 90 分位"),
    ("leads_never_touched", "leads_never_touched", "leads_due", "share", -1, "Leads never touched", "从未跟进的线索"),
    ("cycle_days", "cycle_days", "wins", "days", -1, "Sales cycle of deals won", "成交周期"),
    ("stalled_share", "stalled_at_end", "open_at_end", "share", -1, "Open deals without action for 15 days", "停滞商机占比"),
    ("frozen_share", "frozen_at_end", "open_at_end", "share", 0, "Open deals frozen", "冻结商机占比"),
    ("wins_lost_to_freeze", "wins_lost_to_freeze", None, "deals", -1, "Wins lost to freezing", "因冻结损失的成交"),
    ("attainment", "attained", "target", "share", 1, "Attainment", "目标完成率"),
    ("reps_at_target", "periods_at_target", "periods", "share", 1, "Reps at target", "达标人次占比"),
    ("forecast_error", "forecast_error", "forecast_amount", "share", -1, "Forecast error of deals won", "预测误差"),
    ("recorded_share", "updates_recorded", "updates", "share", 1, "Work that is recorded", "工作录入率"),
    ("full_days", "record_days_full", "record_days", "share", 1, "Days with complete records", "记录完整的天数占比"),
    ("entry_lag_days", "entry_lag_days", "updates_recorded", "days", -1, "Lag of entries", "录入延迟"),
    ("selling_entropy", "hours_lost", "hours_worked", "share", -1, "Selling-energy entropy (S5)", "销售能量熵（S5）"),
    ("alerts_per_manager_day", "alerts", "manager_days", "alerts", -1, "Alerts per manager and day", "每位经理每日提醒数"),
    ("alerts_acted_on", "alerts_acted", "alerts", "share", 1, "Alerts acted on", "提醒处理率"),
    ("escalation_wait_hours", "escalation_wait_hours", "escalations", "hours", -1, "Wait of escalations", "升级等待时长"),
    ("turnover", "quits", "seat_years", "per year", -1, "Turnover", "年离职率"),
    ("satisfaction", "satisfaction", "surveys", "0–10", 1, "Customer satisfaction", "客户满意度"),
    ("repurchase", "repurchases", "needs_again", "share", 1, "Repurchase", "复购率"),
    ("high_ticket_share", "high_ticket_revenue", "revenue", "share", 0, "Revenue from large deals", "大单收入占比"),
    ("variable_pay", "pay", None, "money", 0, "Variable pay", "浮动薪酬"),
    ("refusals", "refusals", None, "refusals", 0, "Steps refused by a gate", "流程拦截次数"),
    ("action_units_met", "action_units_met", "action_unit_weeks", "share", 1, "Weekly action units met", "周动作达成率"),
    ("support_late", "support_late", "support_requests", "share", -1, "Support answers later than promised", "支持超时率"),
    ("margin_of_cohort", "cohort_margin", None, "money", 1, "Margin of the window's leads, run off",
     "窗口期线索毛利（含收尾）"),
    ("margin_of_open", "margin_of_open", None, "money", 1, "Margin of what was under way at the change",
     "切换时已在途业务的毛利"),
    ("wins_of_open", "wins_of_open", None, "deals", 1, "Deals won of what was under way at the change",
     "切换时已在途业务的成交单数"),
    ("first_payment_days", "first_payment_days", "first_payments", "days", -1, "Contract to first payment",
     "签约至首笔回款"),
    ("receivable_days", "receivable_money_days", "money_invoiced", "days", -1, "Receivable days", "应收账款天数"),
    ("late_milestones", "milestones_late", "milestones_done", "share", -1, "Milestones later than the contract has them",
     "里程碑逾期率"),
    ("rework", "steps_reworked", "steps_done", "share", -1, "Steps done again because begun too early", "提前开工导致的返工率"),
    ("project_days", "project_days", "projects_done", "days", -1, "Length of projects", "项目周期"),
    ("promise_accuracy", "promises_kept", "promises_due", "share", 1, "Dates of delivery that are kept", "交期承诺达成率"),
    ("load", "hours_cases", "hours_worked", "share", 0, "Time on cases", "用于商机的工时占比"),
)
# fmt: on
_HOURS = tuple(
    (f"hours_{activity}", f"hours_{activity}", None, "hours", 0, f"Hours: {en}", f"工时：{zh}")
    for activity, (en, zh) in _ACTIVITY_WORDS.items()
)
METRICS: dict[str, Metric] = {row[0]: Metric(*row) for row in _RATES_AND_SUMS + _HOURS}
