"""S12, customer tiers and early warning of churn, with how often the warning proved right.

Signs, each by what is recorded:

    no contact for 60 days                      last_action_at, else since_at
    last satisfaction 6 of 10 or less           satisfaction
    a third of the payments late, or more       late_payments / payments, of at least 2
    a complaint in the last 90 days             complaints now against 90 days ago
    a new risk event in the last 90 days        risk_events, likewise
    no order for twice as long as usual         orders, on at least 3 days

    value = customers that left within 90 days / looks in the past at customers with as many signs

Looks lie 90 days apart, counted back from 90 days ago, so that no customer's departure counts twice. Two signs are a warning.
Its hit rate stands beside the rate of all customers; both need ten looks. Tiers are those of an ABC analysis by revenue: A
brings the first 70 % of it, B the next 20 %, C the rest. The idea is the source's (systems list, S12), signs and limits ours.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import AMBER, DAY, GREEN, RED, Score, Values, Words, number
from policies.scores.share import share_of

AHEAD_DAYS = 90
WARNED_FROM = 2
MOST_SIGNS = 3
FEWEST = 10
IDLE_DAYS, DISSATISFIED, LATE_SHARE, USUAL_TIMES = 60, 6.0, 1 / 3, 2.0
TIERS = (("A", 0.70), ("B", 0.90), ("C", 1.0))
ABOUT = About(
    "S12", "customer", Words("Customer tiers and early warning of churn", "客户分级与流失预警"),
    Words(
        "customers that left within 90 days ÷ looks in the past at customers with as many signs (no contact, dissatisfied, "
        "late payments, complaint, risk event, no order); two signs warn",
        "90 天内流失的客户 ÷ 过去信号数相同的观察次数（未联系、不满意、逾期付款、投诉、风险事件、未下单）；两个信号即预警",
    ),
    "share", 0.0, 1.0, "lower", None,
    Words("two signs or more", "出现两个及以上信号"), listed("S12"),
    Words("the signs and their limits; tiers by 70 % and 90 % of revenue", "信号及其界限；按收入的 70% 与 90% 分级"),
)  # fmt: skip


class PastLook(NamedTuple):
    """A look at a customer in the past: how many signs there were, and whether the customer left within 90 days."""

    signs: int
    left: bool


def signs_of(values: Values, before: Values, orders: Sequence[float], now: float) -> list[Words]:
    """The signs of one active customer at `now` (ms); `before`: fields 90 days earlier, `orders`: instants of orders so far."""
    found = []
    last, since, match = (number(values, name) for name in ("last_action_at", "since_at", "satisfaction"))
    if last is not None and now - last >= IDLE_DAYS * DAY:
        days = (now - last) / DAY
        found.append(Words(f"no contact for {days:.0f} days", f"{days:.0f} 天未联系"))
    elif last is None and since is not None and now - since >= IDLE_DAYS * DAY:
        days = (now - since) / DAY
        found.append(
            Words(f"no contact recorded in {days:.0f} days as a customer", f"成为客户 {days:.0f} 天以来没有联系记录")
        )
    if match is not None and match <= DISSATISFIED:
        found.append(Words(f"last satisfaction {match:g} of 10", f"最近满意度 {match:g}/10"))
    payments, late = number(values, "payments") or 0.0, number(values, "late_payments") or 0.0
    if payments >= 2 and late / payments >= LATE_SHARE:
        found.append(Words(f"{late:g} of {payments:g} payments late", f"{payments:g} 次付款中 {late:g} 次逾期"))
    for name, en, zh in (("complaints", "complaint", "投诉"), ("risk_events", "risk event", "风险事件")):
        new = (number(values, name) or 0.0) - (number(before, name) or 0.0)
        if new > 0:
            found.append(Words(f"{new:g} new {en} in 90 days", f"90 天内新增{zh} {new:g} 次"))
    orders = _days_apart(orders)
    gaps = [later - earlier for earlier, later in zip(orders, orders[1:], strict=False)]
    if len(gaps) >= 2 and now - orders[-1] > USUAL_TIMES * sum(gaps) / len(gaps):
        days, usual = (now - orders[-1]) / DAY, sum(gaps) / len(gaps) / DAY
        found.append(
            Words(f"no order for {days:.0f} days, usually every {usual:.0f}", f"{days:.0f} 天未下单，通常每 {usual:.0f} 天")
        )
    return found


def _days_apart(orders: Sequence[float]) -> list[float]:
    """Instants of orders in rising order, those within a day of one counted with it."""
    found: list[float] = []
    for each in orders:
        if not found or each - found[-1] >= DAY:
            found.append(each)
    return found


def churn_warning(signs: Sequence[Words], tier: str | None, past: Iterable[PastLook]) -> Score:
    """The warning for one active customer, and the share that left with as many signs in the past."""
    looks = list(past)
    count = min(len(signs), MOST_SIGNS)
    like = [look.left for look in looks if min(look.signs, MOST_SIGNS) == count]
    reasons = [*signs] if signs else [Words("no sign", "没有信号")]
    if tier is not None:
        reasons.append(Words(f"tier {tier} by revenue", f"按收入为 {tier} 级"))
    colour = RED if count >= WARNED_FROM else AMBER if count else GREEN
    if len(like) < FEWEST:
        reasons.append(
            Words(
                f"no share: only {len(like)} looks in the past had as many signs; {FEWEST} are needed",
                f"不给比例：过去信号数相同的观察仅 {len(like)} 次，至少需要 {FEWEST} 次",
            )
        )
        return Score("S12", None, colour, tuple(reasons))
    share = share_of(sum(like), len(like))
    times = Words(f"{count} or more", f"{count} 个及以上") if count == MOST_SIGNS else Words(f"{count}", f"{count} 个")
    reasons.append(
        Words(
            f"with {times.en} signs {share.part} of {share.whole} left within {AHEAD_DAYS} days",
            f"信号为{times.zh}时，{share.whole} 次中有 {share.part} 次在 {AHEAD_DAYS} 天内流失",
        )
    )
    return Score("S12", share.value, colour, tuple(reasons), (), (share.low, share.high), share.whole)


def hit_rate(past: Iterable[PastLook]) -> Words:
    """How often the warning proved right, and what it is held against."""
    looks = list(past)
    warned = [look.left for look in looks if look.signs >= WARNED_FROM]
    if len(warned) < FEWEST or len(looks) < FEWEST:
        return Words(
            f"The warning cannot be judged yet: {len(warned)} of {len(looks)} looks in the past were warnings; "
            f"{FEWEST} are needed",
            f"预警尚无法评判：过去 {len(looks)} 次观察中仅 {len(warned)} 次预警，至少需要 {FEWEST} 次",
        )
    hits, base = share_of(sum(warned), len(warned)), share_of(sum(look.left for look in looks), len(looks))
    missed = base.part - hits.part
    return Words(
        f"Of {hits.whole} warnings in the past {hits.part} came true within {AHEAD_DAYS} days ({hits.value:.0%}, 90 % interval "
        f"{hits.low:.0%}–{hits.high:.0%}); of all {base.whole} looks {base.value:.0%} ended so, {missed} without a warning",
        f"过去 {hits.whole} 次预警中有 {hits.part} 次在 {AHEAD_DAYS} 天内应验（{hits.value:.0%}，"
        f"90% 区间 {hits.low:.0%}–{hits.high:.0%}）；"
        f"全部 {base.whole} 次观察的比例为 {base.value:.0%}，其中 {missed} 次未曾预警",
    )


def tiers(revenue: dict[str, float]) -> dict[str, str]:
    """Tier by customer, from the revenue of each: A for those who bring the first 70 %, B up to 90 %, C the rest."""
    whole = sum(amount for amount in revenue.values() if amount > 0)
    found, before = {}, 0.0
    for name, amount in sorted(revenue.items(), key=lambda each: (-each[1], each[0])):
        reached = before / whole if whole > 0 else 1.0
        found[name] = next((tier for tier, until in TIERS if reached < until), "C") if amount > 0 else "C"
        before += max(amount, 0.0)
    return found
