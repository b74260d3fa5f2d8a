"""S15, risk of the present quote: the share of like customers who did not buy at a like offer.

    lost or ended without a decision / like customers whose quote has an end                        (systems list, S15)

What is alike is ours. An offer is its amount and its discount; customers are alike by industry. The nearest circle that holds
at least ten other customers counts, each customer once, with the quote that went out last of those that have an end:

    1  same industry, amount up to twice or half, discount within 5 points
    2  same industry, amount up to four times or a quarter, discount within 10 points
    3  any industry, as 1
    4  any industry, as 2

A discount that is not recorded is compared with none that is. Where even the widest circle holds fewer, there is no number.
Red where even the lower end of the interval lies above the share of all quotes, green where the upper end lies below it.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from policies.scores.about import About, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words
from policies.scores.share import share_of

FEWEST_TRIED = 20
FEWEST = 10
"""Other customers that a circle must hold."""
ABOUT = About(
    "S15", "opportunity", Words("Risk of the present quote", "当前报价的风险"),
    Words(
        "customers whose like quote was lost or ended without a decision ÷ like customers whose quote has an end; alike: "
        "industry, amount, discount; at least 10 customers",
        "相似报价丢单或无决定的客户 ÷ 相似报价已有结果的客户；相似：行业、金额、折扣；至少 10 个客户",
    ),
    "share", 0.0, 1.0, "lower", None, None, listed("S15"),
    Words("what is alike; red and green against the share of all quotes", "何为相似；红绿以全部报价的比例为准"),
)  # fmt: skip


class Offer(NamedTuple):
    """A quote as it was recorded: its customer, and what it is compared by. None for what is not recorded."""

    customer: str
    industry: float | None
    amount: float
    discount: float | None


class Ended(NamedTuple):
    """A quote that has an end: when it went out and when that end was (ms), and whether the customer bought."""

    offer: Offer
    sent: int
    at: int
    bought: bool


class Circle(NamedTuple):
    """How near a quote must be to count as alike."""

    same_industry: bool
    times: float
    points: float
    words: Words


_WIDE, _NARROW = (4.0, 0.10), (2.0, 0.05)
CIRCLES = (
    Circle(True, *_NARROW, Words("same industry, amount up to twice or half", "同行业、金额在一半至两倍之间")),
    Circle(True, *_WIDE, Words("same industry, amount up to four times or a quarter", "同行业、金额在四分之一至四倍之间")),
    Circle(False, *_NARROW, Words("any industry, amount up to twice or half", "不限行业、金额在一半至两倍之间")),
    Circle(False, *_WIDE, Words("any industry, amount up to four times or a quarter", "不限行业、金额在四分之一至四倍之间")),
)


class History:
    """Quotes that have an end, each customer once with the one that went out last, in order of amount and by industry."""

    def __init__(self, past: Iterable[Ended]):
        latest = {each.offer.customer: each for each in sorted(past, key=lambda each: each.sent)}
        self.all = sorted(latest.values(), key=lambda each: each.offer.amount)
        self.lost = sum(not each.bought for each in self.all)
        self._own = latest
        self._by_industry: dict[float | None, list[Ended]] = {}
        for each in self.all:
            self._by_industry.setdefault(each.offer.industry, []).append(each)

    def own(self, customer: str) -> Ended | None:
        """The latest quote of a customer."""
        return self._own.get(customer)

    def within(self, offer: Offer, circle: Circle) -> list[Ended]:
        """Quotes to other customers that lie within a circle of an offer."""
        told = self._by_industry.get(offer.industry, []) if circle.same_industry else self.all
        first = bisect_left(told, offer.amount / circle.times * (1 - 1e-9), key=lambda each: each.offer.amount)
        last = bisect_right(told, offer.amount * circle.times * (1 + 1e-9), key=lambda each: each.offer.amount)
        return [
            each for each in told[first:last] if each.offer.customer != offer.customer and is_alike(offer, each.offer, circle)
        ]


def quote_risk(offer: Offer, history: History) -> Score:
    """Risk of one quote from the quotes that have an end; 0 to 1, lower is better. Amounts are above zero."""
    known = [circle for circle in CIRCLES if offer.industry is not None or not circle.same_industry]
    like: list[Ended] = []
    for circle in known:
        like = history.within(offer, circle)
        if len(like) >= FEWEST:
            return _told(offer, circle, like, history)
    reason = Words(
        f"no number: only {len(like)} customers had a like quote that has an end; {FEWEST} are needed",
        f"不给数字：相似报价已有结果的客户仅 {len(like)} 个，至少需要 {FEWEST} 个",
    )
    return Score("S15", None, None, (reason,), _missing(offer))


def tried(later: Iterable[Ended], history: History) -> Words:
    """How well the risk foretold quotes that were made after everything in the history: against the share of all there.

    By the mean squared distance of risk and outcome (Brier, 1950); quotes without a number do not count.
    """
    risks = [(risk, not each.bought) for each in later if (risk := quote_risk(each.offer, history).value) is not None]
    if len(risks) < FEWEST_TRIED:
        return Words(
            f"How well it foretells is not known yet: {len(risks)} later quotes have an end; {FEWEST_TRIED} are needed",
            f"预测效果尚不可知：此后已有结果的报价仅 {len(risks)} 个，至少需要 {FEWEST_TRIED} 个",
        )
    base = history.lost / len(history.all)
    own, plain = (sum((risk - lost) ** 2 for risk, lost in told) for told in (risks, [(base, lost) for _, lost in risks]))
    better = own < plain
    return Words(
        f"Tried on the {len(risks)} latest quotes, from what was known before them: it foretold them "
        + ("better than the share of all quotes" if better else "no better than the share of all quotes"),
        f"以最近 {len(risks)} 个报价检验（只用此前所知）：" + ("优于全部报价的比例" if better else "并不优于全部报价的比例"),
    )


def is_alike(one: Offer, other: Offer, circle: Circle) -> bool:
    """Whether two quotes lie within a circle of each other."""
    if circle.same_industry and one.industry != other.industry:
        return False
    if (one.discount is None) != (other.discount is None):
        return False
    apart = 0.0 if one.discount is None or other.discount is None else abs(one.discount - other.discount)
    return abs(math.log(one.amount / other.amount)) <= math.log(circle.times) + 1e-12 and apart <= circle.points + 1e-12


def _told(offer: Offer, circle: Circle, like: list[Ended], history: History) -> Score:
    risk = share_of(sum(not each.bought for each in like), len(like))
    own = history.own(offer.customer)
    others = len(history.all) - (own is not None)
    base = (history.lost - (own is not None and not own.bought)) / others
    colour = RED if risk.low > base else GREEN if risk.high < base else AMBER
    near = Words("", "")
    if offer.discount is not None:
        points = f"{circle.points * 100:.0f}"
        near = Words(f", discount within {points} points", f"、折扣相差不超过 {points} 个百分点")
    reasons = (
        Words(
            f"{risk.part} of {risk.whole} like customers did not buy ({circle.words.en}{near.en})",
            f"{risk.whole} 个相似客户中有 {risk.part} 个未成交（{circle.words.zh}{near.zh}）",
        ),
        Words(
            f"of all {others} other customers with a quote that has an end, {base:.0%} did not buy",
            f"其他报价已有结果的客户共 {others} 个，其中 {base:.0%} 未成交",
        ),
    )
    return Score("S15", risk.value, colour, reasons, _missing(offer), (risk.low, risk.high), risk.whole)


def _missing(offer: Offer) -> tuple[str, ...]:
    told = {"industry": offer.industry, "discount": offer.discount}
    return tuple(name for name, value in told.items() if value is None)
