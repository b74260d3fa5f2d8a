"""Deals: how touches move them, how they die, how their owners see them."""

from sim.office.behaviour.base import ASSUMED, Parameter

_LOAN = "BPI Challenge 2012: hazard and payoff per touch, to be met by calibration"

DEALS = (
    Parameter(
        "customer_wait_days",
        "business days",
        0.8,
        2.0,
        6.0,
        "U",
        ASSUMED,
        "median wait until the customer is ready again",
        "客户再次可沟通的工作日中位数",
    ),
    Parameter(
        "customer_wait_spread",
        "1",
        0.5,
        0.8,
        1.6,
        "R2",
        "cycle: lognormal spread 0.8 (0.6 to 1.6)",
        "log spread of that wait",
        "等待的对数离散度",
    ),
    Parameter(
        "cycle_spread",
        "1",
        0.6,
        0.7154,
        1.6,
        "R2",
        "Bridge 2017; spread assumed",
        "log spread of the customer's own time",
        "客户自身节奏的对数离散度",
    ),
    Parameter(
        "stage_odds", "logit", -0.8, -0.15, 0.6, "U", ASSUMED, "odds that a touch finishes its stage", "单次接触完成阶段的基准"
    ),
    Parameter("fit_weight", "1", 0.5, 1.0, 1.5, "U", ASSUMED, "weight of fit", "匹配度权重"),
    Parameter("rival_weight", "logit", 0.0, 0.3, 0.8, "U", ASSUMED, "what a rival takes off", "竞争对手的影响"),
    Parameter("rival_loss", "1", 0.0, 0.5, 1.5, "U", ASSUMED, "faster loss with a rival", "有对手时的额外流失"),
    Parameter(
        "loss_per_failure", "share", 0.08, 0.17, 0.3, "U", _LOAN, "deals lost at a failed touch", "接触失败导致丢单的概率"
    ),
    Parameter(
        "death_rate",
        "per day",
        0.001,
        0.003,
        0.012,
        "U",
        _LOAN,
        "hazard of a silent death just after a touch",
        "刚接触后的静默流失率",
    ),
    Parameter(
        "neglect", "per day", 0.02, 0.08, 0.2, "U", _LOAN, "growth of that hazard with every idle day", "每闲置一天的流失加速"
    ),
    Parameter(
        "early_ask_cost",
        "logit",
        0.5,
        1.797,
        2.5,
        "U",
        ASSUMED,
        "asking a fortnight before the customer's own time",
        "提前两周要单的代价",
    ),
    Parameter(
        "dead_seen_share",
        "share",
        0.1,
        0.25,
        0.6,
        "U",
        ASSUMED,
        "chance that a touch shows a deal to be dead",
        "接触识别死单的概率",
    ),
    Parameter(
        "fruitless_limit",
        "touches",
        3.0,
        5.0,
        9.0,
        "U",
        ASSUMED,
        "fruitless touches until a rep gives up",
        "放弃前的无效接触次数",
    ),
    Parameter(
        "fruitless_discount",
        "1",
        0.1,
        0.3,
        0.7,
        "U",
        "prototype: chance × 0.6 per fruitless touch",
        "how reps discount fruitless cases",
        "销售对无效接触的折扣",
    ),
    Parameter(
        "touch_success", "share", 0.3, 0.5, 0.7, "U", ASSUMED, "touches a stage takes, as reps reckon", "销售预估的单次推进率"
    ),
    Parameter(
        "rep_optimism_days",
        "1",
        0.5,
        0.8,
        1.2,
        "R2",
        "46 % of forecast deals close as predicted",
        "reps' reckoning of time left",
        "销售对剩余时间的估计",
    ),
    Parameter(
        "close_date_spread_days", "d", 5.0, 15.0, 40.0, "U", ASSUMED, "doubt about the closing date", "成交日期的不确定度"
    ),
    Parameter(
        "early_fact_share", "share", 0.0, 0.25, 0.6, "U", ASSUMED, "facts learnt ahead of their stage", "提前获知的信息占比"
    ),
    Parameter("presales_share", "share", 0.1, 0.4, 0.8, "U", ASSUMED, "solutions that need presales", "需售前支持的方案占比"),
    Parameter(
        "forecast_optimism",
        "share",
        0.0,
        0.2,
        0.4,
        "U",
        "optimism +20 % (0 to 40), assumed",
        "rosiness of early amounts",
        "早期金额的乐观偏差",
    ),
    Parameter(
        "forecast_noise",
        "1",
        0.1,
        0.3,
        0.6,
        "R2",
        "43 % of teams miss by 10 % or more",
        "log error of early amounts",
        "早期金额的对数误差",
    ),
)
