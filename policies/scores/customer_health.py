"""S4, customer health, 0 to 100, monthly green, amber or red; two red months: plan a substitute customer.

Weights from the systems list, S4; how each part is graded is ours:

    payment punctuality   30    custom.payments_on_time: share of invoices paid by their date
    need match            25    satisfaction, 0 to 10
    interaction           20    last_action_at: full up to 14 days, none from 90 on
    returns, complaints   12.5  custom.complaints in the last 90 days: full at none, none from 4 on
    risk events           12.5  custom.risk_events in the last 12 months: full at none, none from 2 on

A number needs half of the weight recorded, and the customer active. Above 75 green, below 60 red, as S1.
"""

from policies.scores.score import DAY, Part, Score, Values, Words, falling, number, weighted

RED_BELOW, GREEN_ABOVE = 60.0, 75.0
MONTHS_OF_ALARM = 2
FIELDS = ("custom.payments_on_time", "satisfaction", "last_action_at", "custom.complaints", "custom.risk_events")


def customer_health(values: Values, now: int) -> Score:
    """Health of one customer by its recorded fields at the instant `now` (ms)."""
    if values.get("status", "active") != "active":
        return Score("S4", None, None, (Words("no number: the customer has left", "不给数字：客户已流失"),))
    missing = [name for name in FIELDS if name not in values]
    return weighted("S4", _parts(values, now), 0.5, missing, (RED_BELOW, GREEN_ABOVE))


def _parts(values: Values, now: int) -> list[Part]:
    paid, match, last, complaints, risks = (number(values, name) for name in FIELDS)
    days = None if last is None else (now - last) / DAY
    return [
        _part(Words("payment", "付款"), 30, paid, lambda: paid, _percent(paid, "of invoices paid in time", "的账款按时支付")),
        _part(
            Words("need match", "需求匹配"), 25, match, lambda: match / 10,
            Words(f"satisfaction {match:g} of 10", f"满意度 {match:g}/10") if match is not None else None,
        ),
        _part(
            Words("interaction", "互动"), 20, days, lambda: falling(days, 14, 90),
            Words(f"last contact {days:.0f} days ago", f"最近联系在 {days:.0f} 天前") if days is not None else None,
        ),
        _part(
            Words("complaints", "投诉与退货"), 12.5, complaints, lambda: falling(complaints, 0, 4),
            Words(f"{complaints:g} returns or complaints", f"退货或投诉 {complaints:g} 次") if complaints is not None else None,
        ),
        _part(
            Words("risk", "风险"), 12.5, risks, lambda: falling(risks, 0, 2),
            Words(f"{risks:g} risk events", f"风险事件 {risks:g} 次") if risks is not None else None,
        ),
    ]  # fmt: skip


def _percent(share: float | None, en: str, zh: str) -> Words | None:
    return None if share is None else Words(f"{share:.0%} {en}", f"{share:.0%} {zh}")


def _part(name: Words, weight: float, value: float | None, graded, reason: Words | None) -> Part:
    if value is None:
        return Part(name, weight, None, Words(f"not recorded: {name.en}", f"未记录：{name.zh}"))
    return Part(name, weight, weight * min(1.0, max(0.0, graded())), reason)
