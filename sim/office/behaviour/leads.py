"""Leads: arrival, interest, registration."""

from sim.office.behaviour.base import ASSUMED, Parameter

_AUDIT = "HBR audit of 2,241 firms (2011): 37 % answer within 1 h, 23 % never; spread assumed"
_BANK = "UCI bank marketing: success by attempt 50/76/88 %, from unequal reach"
_LOAN = "BPI Challenge 2012: 3.6 attempts on average"

LEADS = (
    Parameter(
        "arrival_dispersion",
        "1",
        0.02,
        0.15,
        0.4,
        "U",
        ASSUMED,
        "variance of a source's demand from day to day, as a share of its square, beyond chance",
        "各来源日需求超出偶然的方差（与均值平方之比）",
    ),
    Parameter(
        "interest_hours",
        "h",
        0.4,
        1.977,
        8.0,
        "U",
        ASSUMED,
        "median time constant of a lead's interest",
        "线索兴趣的时间常数中位数",
    ),
    Parameter(
        "interest_spread", "1", 1.5, 2.429, 3.0, "U", ASSUMED, "log spread of interest between leads", "线索兴趣的对数离散度"
    ),
    Parameter(
        "reach_spread", "logit", 0.8, 1.798, 2.6, "C", _BANK, "how unequally leads can be reached", "线索可联系程度的差异"
    ),
    Parameter("fit_spread", "logit", 0.3, 0.6, 1.0, "U", ASSUMED, "how unequally our offer fits", "需求匹配度的差异"),
    Parameter(
        "price_response",
        "logit/10 %",
        0.3,
        1.3,
        2.0,
        "U",
        ASSUMED,
        "what a tenth off adds to a closing",
        "让利一成对成交的影响",
    ),
    Parameter(
        "price_response_spread", "1", 0.2, 0.5, 0.9, "U", ASSUMED, "log spread of price sensitivity", "价格敏感度的对数离散度"
    ),
    Parameter(
        "rival_share", "share", 0.2, 0.4, 0.6, "U", ASSUMED, "customers with a rival at the table", "有竞争对手的客户占比"
    ),
    Parameter(
        "value_sigma",
        "1",
        0.7,
        1.0,
        1.5,
        "C",
        "it_bids 1.2, marketstar 0.57",
        "log spread of deal value",
        "成交金额的对数离散度",
    ),
    Parameter(
        "leak_hours",
        "h",
        24.0,
        60.0,
        200.0,
        "U",
        ASSUMED,
        "time constant of losing an unentered lead",
        "未登记线索的流失时间常数",
    ),
    Parameter(
        "registration_hours", "h", 2.0, 17.0, 40.0, "R2", _AUDIT, "median delay of manual registration", "人工登记延迟中位数"
    ),
    Parameter("registration_sigma", "1", 0.5, 1.2, 2.3, "U", _AUDIT, "log spread of that delay", "登记延迟的对数离散度"),
    Parameter(
        "capture_minutes_automatic", "min", 0.1, 1.0, 5.0, "U", ASSUMED, "delay of automatic capture", "自动获取线索的延迟"
    ),
    Parameter("capture_minutes_spot", "min", 1.0, 3.0, 10.0, "U", ASSUMED, "delay of filing on the spot", "现场建档的延迟"),
    Parameter("tag_error", "share", 0.0, 0.15, 0.4, "U", ASSUMED, "industry tags that are wrong", "行业标签错误率"),
    Parameter("budget_noise", "1", 0.2, 0.5, 1.0, "U", ASSUMED, "log error of the recorded budget tier", "预算档的对数误差"),
    Parameter(
        "withdrawal_told",
        "share",
        0.0,
        0.1,
        1.0,
        "U",
        ASSUMED,
        "customers who say that they no longer wait",
        "主动告知放弃的客户占比",
    ),
    Parameter(
        "attempt_gap_hours",
        "h",
        1.5,
        6.0,
        15.0,
        "U",
        ASSUMED,
        "median working hours between attempts",
        "两次联系间隔的工作小时中位数",
    ),
    Parameter(
        "give_up_share",
        "share",
        0.03,
        0.1,
        0.3,
        "C",
        _LOAN,
        "chance of giving up after a failed attempt",
        "联系失败后放弃的概率",
    ),
    Parameter(
        "qualify_odds", "logit", -0.5, 0.8, 1.5, "U", ASSUMED, "odds that an engaged lead suits", "有效线索符合条件的基准"
    ),
    Parameter(
        "lead_life_days",
        "d",
        7.0,
        21.0,
        60.0,
        "U",
        ASSUMED,
        "days after which an unconverted lead is closed",
        "未转化线索的保留天数",
    ),
    Parameter(
        "perceived_freshness_hours",
        "h",
        24.0,
        96.0,
        400.0,
        "U",
        ASSUMED,
        "how fast reps discount old leads",
        "销售对旧线索的折扣速度",
    ),
)
