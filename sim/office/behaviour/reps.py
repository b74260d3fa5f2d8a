"""Reps: time, effort, skill, pride, leaving."""

from sim.office.behaviour.base import ASSUMED, Parameter

_CALLS = "UCI bank marketing: successful calls, median 449 s, with preparation"
_SPREAD = "it_bids: 121 managers, SD of the win rate 0.48 logit after adjustment"
_RAMP = "5 months to full productivity (3 to 9); 1 − e^(−t/2.2 months) assumed"
_RANK = "Barankay 2012; Ashraf, Bandiera & Lee 2014 (signs only)"
_TURNOVER = "Ebsta, Bridge: 20 to 36 % a year is the target, the base rate is free"

REPS = (
    Parameter(
        "minutes_first_touch",
        "min",
        6.0,
        12.0,
        25.0,
        "C",
        _CALLS,
        "median minutes of an attempt on a lead",
        "线索首次联系时长中位数",
    ),
    Parameter(
        "minutes_discovery", "min", 25.0, 45.0, 90.0, "U", ASSUMED, "median minutes of a discovery talk", "需求沟通时长中位数"
    ),
    Parameter(
        "minutes_demo", "min", 30.0, 60.0, 120.0, "U", ASSUMED, "median minutes of a demonstration", "方案演示时长中位数"
    ),
    Parameter(
        "minutes_visit",
        "min",
        45.0,
        90.0,
        180.0,
        "U",
        ASSUMED,
        "median minutes of a visit with its way",
        "拜访（含路程）时长中位数",
    ),
    Parameter("minutes_quote", "min", 25.0, 50.0, 100.0, "U", ASSUMED, "median minutes of a quote", "报价时长中位数"),
    Parameter(
        "minutes_negotiation", "min", 30.0, 60.0, 120.0, "U", ASSUMED, "median minutes of a negotiation", "谈判时长中位数"
    ),
    Parameter(
        "minutes_service", "min", 20.0, 45.0, 90.0, "U", ASSUMED, "median minutes of a service visit", "服务拜访时长中位数"
    ),
    Parameter(
        "touch_spread",
        "1",
        0.3,
        0.5,
        0.93,
        "C",
        "UCI bank marketing: 0.93 for all calls",
        "log spread of a touch",
        "单次接触时长的对数离散度",
    ),
    Parameter(
        "search_share",
        "share",
        0.1,
        0.35,
        0.8,
        "R2",
        "45 % of selling time goes into finding information",
        "search per minute of touch",
        "每分钟接触所需的查找时间",
    ),
    Parameter(
        "block_minutes", "min", 20.0, 40.0, 60.0, "U", ASSUMED, "block of prospecting or reporting", "拓客或汇报的时间块"
    ),
    Parameter(
        "prospect_success",
        "per block",
        0.01,
        0.04,
        0.1,
        "U",
        ASSUMED,
        "leads per block of prospecting",
        "每个拓客时段获得的线索",
    ),
    Parameter(
        "prospect_worth", "1", 0.1, 0.35, 1.0, "U", ASSUMED, "worth of prospecting against the usual minute", "拓客相对价值"
    ),
    Parameter(
        "service_worth",
        "1",
        0.1,
        0.5,
        1.5,
        "U",
        ASSUMED,
        "worth of a service visit against the usual minute",
        "服务拜访相对价值",
    ),
    Parameter(
        "effort_elasticity",
        "1",
        0.1,
        0.3,
        0.5,
        "U",
        "prototype: incentive to the power 0.3",
        "effort against its incentive",
        "努力对激励的弹性",
    ),
    Parameter("effort_least", "1", 0.5, 0.7, 0.9, "U", ASSUMED, "least effort", "最低努力程度"),
    Parameter("effort_most", "1", 1.1, 1.35, 1.6, "U", ASSUMED, "most effort a body sustains", "最高可持续努力"),
    Parameter(
        "reference_commission",
        "share",
        0.02,
        0.03,
        0.04,
        "U",
        ASSUMED,
        "commission at which effort is one",
        "努力为 1 时的佣金率",
    ),
    Parameter("patience_month", "share", 0.6, 0.85, 0.98, "U", ASSUMED, "worth of pay a month later", "一个月后收入的折现"),
    Parameter(
        "chance_kept", "share", 0.3, 0.6, 0.9, "U", ASSUMED, "chance left after a refused closing", "被拒后保留的成交机会"
    ),
    Parameter(
        "discount_hassle",
        "1",
        0.0,
        0.15,
        0.6,
        "U",
        "prototype: in base-commission units",
        "hassle of discounting",
        "让利的麻烦成本",
    ),
    Parameter("discount_step", "share", 0.01, 0.02, 0.05, "U", ASSUMED, "step in which discounts are given", "折扣档位"),
    Parameter("skill_spread", "logit", 0.2, 0.4, 0.6, "C", _SPREAD, "spread of skill between reps", "销售能力差异"),
    Parameter("affinity_weight", "logit", 0.0, 0.2, 0.5, "U", ASSUMED, "how much a rep's industries matter", "行业专长的影响"),
    Parameter("temper_spread", "1", 0.1, 0.3, 0.6, "U", ASSUMED, "spread of diligence", "勤勉差异"),
    Parameter("temper_weight", "1", 0.0, 0.15, 0.4, "U", ASSUMED, "diligence in effort", "勤勉对努力的影响"),
    Parameter("ramp_gap", "logit", 0.5, 1.2, 2.0, "R2", _RAMP, "what a newcomer lacks", "新人能力缺口"),
    Parameter("ramp_months", "months", 1.2, 2.2, 4.0, "R2", _RAMP, "time constant of learning", "学习时间常数"),
    Parameter(
        "coaching_gain",
        "logit",
        0.05,
        0.2,
        0.4,
        "U",
        "Sales Executive Council: at most +8 % is the target",
        "most that coaching adds",
        "辅导的最大增益",
    ),
    Parameter("coaching_dose_hours", "h", 1.0, 3.0, 6.0, "U", ASSUMED, "hours at which coaching saturates", "辅导饱和时长"),
    Parameter(
        "coaching_kept_daily", "share", 0.95, 0.97, 0.99, "U", ASSUMED, "coaching kept a business day later", "辅导效果的日留存"
    ),
    Parameter("rank_mood", "1", 0.0, 0.03, 0.1, "U", _RANK, "mood per surprise in rank", "排名落差对情绪的影响"),
    Parameter("loss_aversion", "1", 1.5, 3.0, 4.0, "U", _RANK, "weight of a bad surprise", "坏消息的权重"),
    Parameter(
        "belief_learning", "share", 0.02, 0.1, 0.3, "U", ASSUMED, "learning of the own rank per board", "对自身排名的学习速度"
    ),
    Parameter(
        "overconfident_share",
        "share",
        0.0,
        0.35,
        0.6,
        "U",
        "prototype: 0.35",
        "part of the belief that is wishful",
        "自信偏差占比",
    ),
    Parameter("overconfident_level", "share", 0.5, 0.7, 0.9, "U", "prototype: 0.70", "wished rank", "自认排名"),
    Parameter("mood_kept_daily", "share", 0.8, 0.92, 0.98, "U", ASSUMED, "mood kept a business day later", "情绪的日留存"),
    Parameter(
        "pride_money_month",
        "money/month",
        0.0,
        250.0,
        800.0,
        "U",
        ASSUMED,
        "what top against bottom of a named board is worth",
        "公开榜首相对榜尾的价值",
    ),
    Parameter("pride_in_rank", "1", 0.0, 0.3, 0.8, "U", ASSUMED, "named rank in staying", "公开排名对留任的影响"),
    Parameter("quit_rate", "per year", 0.1, 0.25, 0.45, "U", _TURNOVER, "hazard of leaving at par", "基准离职率"),
    Parameter("quit_pay", "1", 0.5, 2.0, 4.0, "U", ASSUMED, "pay gap in leaving", "薪酬差距对离职的影响"),
    Parameter("quit_mood", "1", 0.0, 1.5, 4.0, "U", ASSUMED, "mood in leaving", "情绪对离职的影响"),
    Parameter(
        "newcomer_pace",
        "share",
        0.2,
        0.4,
        0.7,
        "U",
        ASSUMED,
        "a newcomer's first target against a veteran's",
        "新人首期目标比例",
    ),
    Parameter("hire_days", "d", 14.0, 40.0, 90.0, "U", ASSUMED, "median days until a seat is filled", "补员天数中位数"),
    Parameter(
        "absence_rate", "per day", 0.005, 0.015, 0.03, "U", ASSUMED, "chance of an absence that begins today", "每日缺勤概率"
    ),
    Parameter("absence_days", "d", 1.0, 2.0, 5.0, "U", ASSUMED, "mean further days of an absence", "缺勤平均天数"),
    Parameter("trailing_days", "business days", 30.0, 60.0, 120.0, "U", ASSUMED, "memory of the own pace", "业绩记忆窗口"),
    Parameter("notice_read_share", "share", 0.4, 0.8, 1.0, "U", ASSUMED, "notices heeded when few", "提醒较少时的响应率"),
    Parameter(
        "notice_tolerance",
        "per day",
        3.0,
        10.0,
        30.0,
        "U",
        ASSUMED,
        "notices a day at which heed falls to a third",
        "提醒疲劳阈值",
    ),
    Parameter(
        "notice_pressure", "1", 0.1, 0.4, 1.0, "U", ASSUMED, "how far a notice moves a case up the list", "提醒的优先级推力"
    ),
    Parameter(
        "action_unit_pressure",
        "1",
        0.0,
        0.3,
        1.0,
        "U",
        ASSUMED,
        "how far a missing action unit moves a case up",
        "动作指标的优先级推力",
    ),
)
