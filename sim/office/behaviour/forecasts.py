"""What a high forecast earns, who puts down another amount than the own estimate, and what is seen of customers outside.

Nothing here acts where managers give nothing by forecast (`deals.joint_calls_week` of the scenario) and no rule reads S2.
"""

from sim.office.behaviour.base import ASSUMED, Parameter

_LIES = "Fischbacher & Föllmi-Heusi 2013: 39 % stay honest where a lie pays and cannot be seen, 20 % lie to the full"
_TRUTH = "Abeler, Nosenzo & Raymond 2019, 90 experiments: people forgo about three quarters of what lies could earn (sign)"

FORECASTS = (
    Parameter(
        "joint_call_minutes", "min", 30.0, 60.0, 120.0, "U", ASSUMED, "a manager's time for a deal that is joined",
        "经理参与一个商机的时长",
    ),
    Parameter(
        "padding_share", "share", 0.2, 0.61, 0.8, "R2", _LIES, "reps who put down another amount where it pays",
        "有利可图时会虚报金额的销售占比",
    ),
    Parameter(
        "padding_unease", "commissions", 0.02, 0.1, 0.5, "U", _TRUTH,
        "unease at an amount e times the own estimate, in commissions of the deal",
        "所报金额为自估 e 倍时的不安（以该单提成计）",
    ),
    Parameter(
        "padding_most", "multiple", 1.5, 3.0, 5.0, "U", ASSUMED, "largest amount that passes, against the own estimate",
        "所报金额相对自估的最大倍数",
    ),
    Parameter(
        "frozen_written_off", "share", 0.2, 0.5, 1.0, "U", ASSUMED, "part of a frozen commission that a rep counts as lost",
        "销售视为损失的被冻结提成比例",
    ),
    Parameter(
        "outside_demand", "number", 0.5, 2.0, 6.0, "U", ASSUMED,
        "tenders and job adverts seen of a customer who may still buy a deal of the usual size",
        "仍可能购买的一般规模客户的招标与招聘数",
    ),
    Parameter(
        "outside_without", "share", 0.1, 0.4, 0.8, "U", ASSUMED, "the same of a customer who will not buy, as a share of it",
        "不会购买的客户的招标与招聘数所占比例",
    ),
    Parameter(
        "outside_size", "1", 0.0, 0.5, 1.0, "U", ASSUMED, "how far customers of larger deals show more (power of the value)",
        "金额越大外部信号越多的程度（幂）",
    ),
    Parameter(
        "outside_looked_days", "d", 7.0, 30.0, 60.0, "U", ASSUMED, "days between two looks at a customer outside",
        "两次查询客户外部信号的间隔天数",
    ),
)  # fmt: skip
