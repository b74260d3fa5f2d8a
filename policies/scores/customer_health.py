"""S4, customer health, 0 to 100, monthly green, amber or red; two red months: plan a substitute customer.

Weights from the systems list, S4; how each part is graded is ours:

    payment punctuality   30    late_payments out of payments
    need match            25    satisfaction, 0 to 10
    interaction           20    last_action_at: full up to 14 days, none from 90 on
    returns, complaints   12.5  complaints: full at none, none from 4 on
    risk events           12.5  risk_events: full at none, none from 2 on

The same number stands in the derived field `customer.health`, which rules can name; a complaint or risk event that nobody
recorded counts as none. A number needs half of the weight recorded, and the customer active. Above 75 green, below 60 red.
"""

from collections.abc import Callable

from policies.scores.about import About, Limit, listed
from policies.scores.score import DAY, Part, Score, Values, Words, falling, number, weighted

RED_BELOW, GREEN_ABOVE = 60.0, 75.0
MONTHS_OF_ALARM = 2
FIELDS = ("payments", "satisfaction", "last_action_at")
ABOUT = About(
    "S4", "customer", Words("Customer health", "客户健康度"),
    Words(
        "payment punctuality 30, need match 25, interaction 20, returns and complaints 12.5, risk events 12.5",
        "付款准时 30、需求匹配 25、互动 20、退货与投诉 12.5、风险事件 12.5",
    ),
    "points", 0.0, 100.0, "higher", Limit("above", GREEN_ABOVE),
    Limit("below", RED_BELOW, Words("two months running: plan a substitute customer", "连续两个月：规划替代客户")),
    listed("S4"),
    Words("how each part is graded, and the limits", "各部分评分标准与界限"),
)  # fmt: skip


def customer_health(values: Values, now: int) -> Score:
    """Health of one customer by its recorded fields at the instant `now` (ms)."""
    if values.get("status", "active") != "active":
        return Score("S4", None, None, (Words("no number: the customer has left", "不给数字：客户已流失"),))
    missing = [name for name in FIELDS if name not in values]
    return weighted("S4", _parts(values, now), 0.5, missing, (RED_BELOW, GREEN_ABOVE))


def _parts(values: Values, now: int) -> list[Part]:
    payments, match, last = (number(values, name) for name in FIELDS)
    late, complaints, risks = (number(values, name) or 0.0 for name in ("late_payments", "complaints", "risk_events"))
    paid = 1.0 - late / payments if payments else None
    days = None if last is None else (now - last) / DAY
    return [
        _part(
            Words("payment", "付款"), 30, paid, lambda share: share,
            Words("{:.0%} of payments in time", "{:.0%} 的账款按时支付"),
        ),
        _part(
            Words("need match", "需求匹配"), 25, match, lambda given: given / 10,
            Words("satisfaction {:g} of 10", "满意度 {:g}/10"),
        ),
        _part(
            Words("interaction", "互动"), 20, days, lambda passed: falling(passed, 14, 90),
            Words("last contact {:.0f} days ago", "最近联系在 {:.0f} 天前"),
        ),
        _part(
            Words("complaints", "投诉与退货"), 12.5, complaints, lambda count: falling(count, 0, 4),
            Words("{:g} returns or complaints", "退货或投诉 {:g} 次"),
        ),
        _part(
            Words("risk", "风险"), 12.5, risks, lambda count: falling(count, 0, 2),
            Words("{:g} risk events", "风险事件 {:g} 次"),
        ),
    ]  # fmt: skip


def _part(name: Words, weight: float, value: float | None, graded: Callable[[float], float], reason: Words) -> Part:
    if value is None:
        return Part(name, weight, None, Words(f"not recorded: {name.en}", f"未记录：{name.zh}"))
    points = weight * min(1.0, max(0.0, graded(value)))
    return Part(name, weight, points, Words(reason.en.format(value), reason.zh.format(value)))
