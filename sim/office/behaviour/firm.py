"""The firm's side: managers, support desks, customers after the sale."""

from sim.office.behaviour.base import ASSUMED, Parameter

_CHURN = "Ascarza 2016; Becker 2020 (signs)"

FIRM_SIDE = (
    Parameter("manager_hours_day", "h", 6.0, 7.5, 9.0, "U", ASSUMED, "a manager's working day", "经理每日工时"),
    Parameter(
        "manager_team_share",
        "share",
        0.2,
        0.32,
        0.5,
        "R2",
        "Rapp: 32 % of a manager's time goes to the team",
        "part of it for the team",
        "用于团队的时间占比",
    ),
    Parameter(
        "alert_life_days", "d", 1.0, 3.0, 7.0, "U", ASSUMED, "days after which an unread alert is dropped", "未读提醒的保留天数"
    ),
    Parameter("notice_minutes", "min", 1.0, 2.0, 5.0, "U", ASSUMED, "minutes to read a notice", "阅读提醒的时长"),
    Parameter(
        "digest_share",
        "share",
        0.1,
        0.4,
        0.8,
        "U",
        ASSUMED,
        "reading a notice in a digest, against reading it by itself",
        "汇总阅读提醒的相对时长",
    ),
    Parameter("todo_minutes", "min", 3.0, 8.0, 20.0, "U", ASSUMED, "minutes of a manager's to-do", "经理待办的时长"),
    Parameter("escalation_minutes", "min", 10.0, 20.0, 45.0, "U", ASSUMED, "minutes of an escalation", "升级处理的时长"),
    Parameter("discount_minutes", "min", 2.0, 6.0, 15.0, "U", ASSUMED, "minutes to decide a discount", "折扣审批的时长"),
    Parameter(
        "adjustment_minutes",
        "min",
        10.0,
        20.0,
        45.0,
        "U",
        ASSUMED,
        "minutes to decide a target adjustment",
        "目标调整审批的时长",
    ),
    Parameter("assign_minutes", "min", 1.0, 4.0, 10.0, "U", ASSUMED, "minutes to assign a lead by hand", "人工分配线索的时长"),
    Parameter("coaching_block_minutes", "min", 30.0, 45.0, 60.0, "U", ASSUMED, "one coaching talk", "单次辅导时长"),
    Parameter(
        "manager_skill_spread",
        "1",
        0.05,
        0.2,
        0.4,
        "R",
        "Lazear, Shaw & Stanton: spread of managers is the target",
        "spread between managers",
        "经理能力差异",
    ),
    Parameter("manager_joint_odds", "logit", 0.1, 0.4, 0.8, "U", ASSUMED, "what a manager at the table adds", "经理参与的增益"),
    Parameter(
        "manager_pressure", "1", 0.3, 1.0, 2.0, "U", ASSUMED, "how far a manager's word moves a case up", "经理催办的优先级推力"
    ),
    Parameter("discount_granted", "share", 0.5, 0.8, 1.0, "U", ASSUMED, "discounts that managers grant", "折扣获批率"),
    Parameter("presales_minutes", "min", 60.0, 150.0, 400.0, "U", ASSUMED, "work of a presales request", "售前请求工时"),
    Parameter("legal_minutes", "min", 20.0, 60.0, 180.0, "U", ASSUMED, "work of a contract review", "合同审核工时"),
    Parameter("delivery_minutes", "min", 120.0, 480.0, 1500.0, "U", ASSUMED, "work of a delivery", "交付工时"),
    Parameter("finance_minutes", "min", 10.0, 30.0, 90.0, "U", ASSUMED, "work of a finance request", "财务请求工时"),
    Parameter("desk_spread", "1", 0.3, 0.6, 1.0, "U", ASSUMED, "log spread of desk work", "支持工时的对数离散度"),
    Parameter(
        "delivery_expected_days", "d", 3.0, 10.0, 30.0, "U", ASSUMED, "delivery that a customer expects", "客户预期的交付天数"
    ),
    Parameter(
        "satisfaction_base", "0–10", 6.5, 7.6, 8.5, "U", ASSUMED, "satisfaction of an ordinary delivery", "普通交付的满意度"
    ),
    Parameter("satisfaction_fit", "1", 0.3, 0.8, 1.5, "U", ASSUMED, "weight of fit", "匹配度对满意度的影响"),
    Parameter(
        "satisfaction_rush",
        "1",
        0.0,
        0.5,
        1.5,
        "R",
        "Arkes & Cunha (sign): rushed sales fit worse",
        "cost of a rushed sale",
        "催单对满意度的影响",
    ),
    Parameter("satisfaction_wait", "per week", 0.1, 0.4, 1.0, "U", ASSUMED, "cost of a late week", "延迟一周的影响"),
    Parameter("satisfaction_spread", "1", 0.5, 1.0, 1.5, "U", ASSUMED, "spread of tempers", "满意度离散度"),
    Parameter("survey_share", "share", 0.1, 0.3, 0.6, "U", ASSUMED, "customers who answer a survey", "满意度调查回收率"),
    Parameter("service_gain", "1", 0.2, 0.6, 1.5, "U", _CHURN, "what a service visit adds", "服务拜访的增益"),
    Parameter("need_again_days", "d", 60.0, 150.0, 400.0, "U", ASSUMED, "median days to the next need", "再次需求的天数中位数"),
    Parameter("need_again_spread", "1", 0.3, 0.6, 1.0, "U", ASSUMED, "log spread of that", "再次需求的对数离散度"),
    Parameter(
        "repurchase_base", "logit", -0.5, 0.5, 1.5, "U", ASSUMED, "odds of returning at satisfaction 7", "满意度 7 时的复购倾向"
    ),
    Parameter(
        "repurchase_satisfaction",
        "logit",
        0.2,
        0.5,
        1.0,
        "U",
        ASSUMED,
        "weight of satisfaction in returning",
        "满意度对复购的影响",
    ),
    Parameter("repurchase_service", "logit", 0.0, 0.2, 0.5, "U", _CHURN, "weight of service in returning", "服务对复购的影响"),
    Parameter(
        "payment_days", "d", 20.0, 45.0, 90.0, "U", ASSUMED, "mean days from delivery to payment", "交付至付款的平均天数"
    ),
    Parameter(
        "late_payment_share",
        "share",
        0.05,
        0.2,
        0.4,
        "U",
        ASSUMED,
        "late payments at satisfaction 7",
        "满意度 7 时的逾期付款占比",
    ),
    Parameter(
        "complaint_share", "share", 0.02, 0.08, 0.2, "U", ASSUMED, "complaints at satisfaction 7", "满意度 7 时的投诉占比"
    ),
    Parameter(
        "trouble_satisfaction",
        "logit",
        0.1,
        0.4,
        0.9,
        "U",
        ASSUMED,
        "how much more often a point less content pays late or complains",
        "满意度每降一分对逾期与投诉的影响",
    ),
    Parameter(
        "expense_value_share",
        "share",
        0.002,
        0.01,
        0.03,
        "U",
        ASSUMED,
        "an expense, as a share of the deal",
        "单次费用占成交额的比例",
    ),
    Parameter("expense_odds", "logit", 0.0, 0.15, 0.4, "U", ASSUMED, "what money adds to a visit", "费用对拜访成功的增益"),
    Parameter(
        "adjustment_threshold",
        "share",
        0.5,
        0.8,
        1.0,
        "U",
        ASSUMED,
        "expected attainment below which an adjustment is asked",
        "申请目标调整的预期完成率",
    ),
    Parameter("adjustment_cut", "share", 0.05, 0.15, 0.3, "U", ASSUMED, "cut of an agreed adjustment", "获批的目标下调幅度"),
)
