"""Why an office cannot show the numbers that were asked of it: which number, for what reason, and the nearest that works."""

import math
from collections.abc import Callable

from sim.fit.five_numbers import FiveNumbers, FoundOffice
from sim.fit.pilot import Shown

CROWDED = 0.2  # leads never contacted, as a share, from which on people have more leads than they can work


class CannotReach(ValueError):
    """The numbers cannot be shown. `en` and `zh` name each number that is not met, why, and the nearest office; `nearest` is
    that office, whose own numbers can be asked for."""

    def __init__(self, asked: FiveNumbers, nearest: FoundOffice, missed: tuple[str, ...]):
        self.asked, self.nearest, self.missed = asked, nearest, missed
        shown = nearest.shown
        reasons = [REASONS[name](asked, shown) for name in missed]
        if shown.untouched > CROWDED:
            reasons.append(_crowded(asked, shown))
        closest = _closest(asked, shown)
        self.en = " ".join([*(en for en, _ in reasons), closest[0]])
        self.zh = "".join([*(zh for _, zh in reasons), closest[1]])
        super().__init__(self.en)


def _rate_too_high(asked, shown) -> tuple[str, str]:
    otherwise = 1 - shown.win_rate
    return (
        f"A win rate of {asked.win_rate:.1%} cannot be shown: even where customers agree at almost every talk, {otherwise:.0%} "
        "of the opportunities end otherwise, because a competitor is chosen or they fall silent while they wait.",
        f"无法呈现 {asked.win_rate:.1%} 的赢单率：即使客户几乎每次沟通都同意推进，仍有 {otherwise:.0%} 的商机以其他方式结束"
        "（选择了竞争对手，或在等待中沉默流失）。",
    )


def _rate_too_low(asked, shown) -> tuple[str, str]:
    return (
        f"A win rate of {asked.win_rate:.2%} cannot be shown: even where almost no talk brings a deal on, "
        f"{shown.win_rate:.2%} are won.",
        f"无法呈现 {asked.win_rate:.2%} 的赢单率：即使几乎没有沟通能推进商机，仍有 {shown.win_rate:.2%} 赢单。",
    )


def _cycle_too_short(asked, shown) -> tuple[str, str]:
    return (
        f"A cycle of {asked.cycle_days:g} days cannot be shown: even where customers answer at once, a deal takes "
        f"{shown.cycle_days:.1f} days for its talks, the desks' answers and the seller's other work.",
        f"无法呈现 {asked.cycle_days:g} 天的周期：即使客户立即回应，一单的沟通、支持部门的答复和销售的其他工作也需要 "
        f"{shown.cycle_days:.1f} 天。",
    )


def _cycle_too_long(asked, shown) -> tuple[str, str]:
    return (
        f"A cycle of {asked.cycle_days:g} days cannot be shown: customers who take twenty times the usual time buy after "
        f"{shown.cycle_days:.0f} days.",
        f"无法呈现 {asked.cycle_days:g} 天的周期：客户用时为平常的二十倍时，成交需要 {shown.cycle_days:.0f} 天。",
    )


def _value(asked, _) -> tuple[str, str]:
    return (
        f"A deal value of {asked.deal_value:,.0f} was not met: which deals are won changed it at every try.",
        f"单均金额 {asked.deal_value:,.0f} 未能达到：每次尝试赢下的单子不同，金额随之变化。",
    )


def _together(*_) -> tuple[str, str]:
    return (
        "The numbers were not met together: each try that mended one moved another.",
        "这些数字未能同时达到：每次调整一个，另一个随之变动。",
    )


def _crowded(asked, shown) -> tuple[str, str]:
    worked = asked.leads_per_week * (1 - shown.untouched)
    return (
        f"{asked.people} people contact about {worked:,.0f} leads a week at most; {shown.untouched:.0%} of "
        f"{asked.leads_per_week:,.0f} are never contacted, and deals wait.",
        f"{asked.people} 人每周最多联系约 {worked:,.0f} 条线索；{asked.leads_per_week:,.0f} 条中有 "
        f"{shown.untouched:.0%} 从未被联系，商机也在等待。",
    )


def _closest(asked, shown) -> tuple[str, str]:
    return (
        f"The nearest that works: {asked.people} people, {asked.leads_per_week:g} leads a week, {shown.win_rate:.1%} won in "
        f"{shown.cycle_days:.1f} days at {shown.deal_value:,.0f} a deal.",
        f"最接近的可行数字：{asked.people} 人、每周 {asked.leads_per_week:g} 条线索、{shown.cycle_days:.1f} 天内赢单 "
        f"{shown.win_rate:.1%}、单均 {shown.deal_value:,.0f}。",
    )


REASONS: dict[str, Callable[[FiveNumbers, Shown], tuple[str, str]]] = {
    "rate_too_high": _rate_too_high,
    "rate_too_low": _rate_too_low,
    "cycle_too_short": _cycle_too_short,
    "cycle_too_long": _cycle_too_long,
    "value": _value,
    "together": _together,
}


def missed(
    off: tuple[float, float, float], at_lowest: tuple[bool, ...], at_highest: tuple[bool, ...], near: float
) -> tuple[str, ...]:
    """Names of `REASONS` for an office that is off by `off`, logarithms of shown over asked (rate, cycle, value), and whose
    settings (ease, pace, amount) are at their limits or not; "together" where a number is off although none is at a limit."""
    rate, cycle, value = (abs(math.expm1(each)) > near for each in off)
    names = []
    if rate and off[0] < 0 and at_highest[0]:
        names.append("rate_too_high")
    if rate and off[0] > 0 and at_lowest[0]:
        names.append("rate_too_low")
    if cycle and off[1] > 0 and at_lowest[1]:
        names.append("cycle_too_short")
    if cycle and off[1] < 0 and at_highest[1]:
        names.append("cycle_too_long")
    if value and (at_lowest[2] or at_highest[2]):
        names.append("value")
    return tuple(names) or ("together",)
