"""Mechanisms of the office that facts rest on, and the values that switch each of them off."""

from scenarios.facts.fact import Mechanism, Words

INTEREST = Mechanism(
    Words("interest that runs down from the moment a lead shows up", "线索出现后兴趣随时间消退"), {"interest_hours": 1e9}
)
REACH = Mechanism(Words("leads that differ in how easily they are reached", "线索可联系程度各不相同"), {"reach_spread": 0.0})
OWN_TIME = Mechanism(
    Words("customers who sign least readily before their own time", "客户在自身节奏之前不易签约"), {"early_ask_cost": 0.0}
)
PAY_DAY = Mechanism(
    Words("pay that counts for less a period later", "推迟一期的收入打折扣"), {"patience_month": 1.0, "holding_share": 0.0}
)
DISCOUNT = Mechanism(Words("customers who answer to a discount", "客户对折扣有反应"), {"price_response": 0.0})
EFFORT = Mechanism(
    Words("effort that follows what the next sale pays", "努力程度随下一单的收入变化"), {"effort_elasticity": 0.0}
)
SILENT_DEATH = Mechanism(Words("deals that die and nobody says so", "商机已死而无人明说"), {"death_rate": 0.0})
WAITS = Mechanism(
    Words("customers who differ in how long they take", "客户决策快慢不一"), {"customer_wait_spread": 0.0, "cycle_spread": 0.0}
)
LATE_ENTRY = Mechanism(
    Words("entries that come late or never", "记录滞后或缺失"), {"prompt_share": 1.0, "recorded_at_best": 1.0}
)
BELIEF = Mechanism(Words("reps who think their rank better than it is", "销售高估自己的名次"), {"overconfident_share": 0.0})
LOSS = Mechanism(Words("a bad surprise that weighs more than a good one", "坏消息比好消息更伤人"), {"loss_aversion": 1.0})
PRIDE = Mechanism(
    Words("a wish to be seen at the top of a named board", "在实名榜上被看见的愿望"),
    {"pride_in_rank": 0.0, "pride_money_month": 0.0},
)
SKILL = Mechanism(Words("reps who differ in skill", "销售能力各不相同"), {"skill_spread": 0.0, "affinity_weight": 0.0})
