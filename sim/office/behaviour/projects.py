"""Projects after the sale: what is forgotten, what comes late, and what has to be done again where nobody stops it."""

from sim.office.behaviour.base import ASSUMED, Parameter

# fmt: off
PROJECTS = (
    Parameter(
        "project_asked_share", "share", 0.3, 0.6, 0.95, "U", ASSUMED,
        "deliveries after which the customer is asked at once to accept", "交付当日即请客户验收的占比",
    ),
    Parameter(
        "project_look_days", "d", 7.0, 21.0, 60.0, "U", ASSUMED,
        "mean days until somebody looks at a project by himself", "有人主动查看项目的平均间隔",
    ),
    Parameter(
        "project_accept_days", "d", 2.0, 10.0, 30.0, "U", ASSUMED,
        "mean days that a customer takes to accept once asked", "客户收到请求后的平均验收天数",
    ),
    Parameter(
        "project_forgotten_share", "share", 0.02, 0.2, 0.5, "U", ASSUMED,
        "documents that are not handed in with the work", "未随工作一并提交的交付物占比",
    ),
    Parameter(
        "project_objection_share", "share", 0.02, 0.15, 0.4, "U", ASSUMED,
        "acceptances and confirmations that ask for changes", "验收或确认时提出修改的占比",
    ),
    Parameter(
        "project_again_share", "share", 0.1, 0.3, 0.7, "U", ASSUMED,
        "part of the work that a change costs", "修改占原工作量的比例",
    ),
    Parameter(
        "project_hasty_share", "share", 0.2, 0.5, 0.95, "U", ASSUMED,
        "steps begun before those before them are confirmed, where nobody stops it", "无人拦截时前序未确认即开工的占比",
    ),
    Parameter(
        "project_by_date_share", "share", 0.05, 0.3, 0.7, "U", ASSUMED,
        "invoices sent on the contract's date whether accepted or not", "不论验收与否按合同日期开票的占比",
    ),
    Parameter(
        "project_told_share", "share", 0.2, 0.5, 0.9, "U", ASSUMED,
        "acceptances of which finance hears at once; of the others at the month's end",
        "验收后财务当即获知的占比（其余月末才知）",
    ),
    Parameter(
        "project_dispute_days", "d", 3.0, 14.0, 40.0, "U", ASSUMED,
        "days that a disputed invoice takes to be put right", "争议发票的更正天数",
    ),
    Parameter(
        "project_reminded_share", "share", 0.3, 0.5, 0.9, "U", ASSUMED,
        "what is left of a customer's wait after a reminder", "提醒后客户剩余等待的比例",
    ),
    Parameter(
        "project_pay_late_days", "d", 3.0, 15.0, 45.0, "U", ASSUMED,
        "mean days by which customers pay after the term", "客户超过账期的平均付款天数",
    ),
    Parameter(
        "project_entry_days", "d", 0.1, 1.0, 4.0, "U", ASSUMED,
        "mean lag of entering a delivery or an acceptance", "交付与验收的平均录入延迟",
    ),
    Parameter(
        "project_work_spread", "1", 0.1, 0.4, 0.8, "U", ASSUMED,
        "log spread of the work on a step", "步骤工作量的对数离散度",
    ),
    Parameter(
        "project_confirm_minutes", "min", 10.0, 40.0, 120.0, "U", ASSUMED,
        "median minutes of a confirmation", "一次确认的时长中位数",
    ),
    Parameter(
        "project_invoice_minutes", "min", 10.0, 30.0, 90.0, "U", ASSUMED,
        "open minutes until an invoice that is known of is out", "已获知的发票开出所需工作分钟",
    ),
    Parameter(
        "project_file_minutes", "min", 10.0, 45.0, 180.0, "U", ASSUMED,
        "median minutes of handing in a document", "补交一份交付物的时长中位数",
    ),
)
PRODUCTION = (
    Parameter(
        "later_week_odds", "logit/week", 0.02, 0.1, 0.4, "U", ASSUMED,
        "odds that a later delivery than wanted costs, a week", "交期每晚一周降低的赢单对数几率",
    ),
)
# fmt: on
