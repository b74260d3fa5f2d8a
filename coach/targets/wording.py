"""Why a target is what it is, in sentences of both languages."""

from typing import NamedTuple

from coach.targets.figures import Market
from coach.targets.reckoning import Layers, Reckoned


class Reason(NamedTuple):
    """A sentence in both languages; `of_peers`: it tells a figure of all reps of the region."""

    en: str
    zh: str
    of_peers: bool = False


def reasons(reckoned: Reckoned, method: str, region: str, market: Market | None) -> list[dict[str, str | bool]]:
    """The figure of each layer, in the order in which they make the target."""
    if method == "fixed":
        told = [Reason("The policy fixes the same amount for everybody.", "制度为每人规定了相同的固定金额。")]
    elif reckoned.year is not None:
        year = _money(reckoned.year)
        told = [Reason(f"One twelfth a month of a year's plan of {year} per rep.", f"人均年度计划 {year} 按月平均分摊。")]
    elif reckoned.layers is not None:
        told = _layers(reckoned.layers, region) + _market(region, market)
    else:
        told = [Reason("The sum of those below.", "下级目标之和。")]
    return [words._asdict() for words in told]


def _layers(layers: Layers, region: str) -> list[Reason]:
    own, mean = _money(layers.own), _money(layers.region)
    core, rest = f"{layers.core_share:.0%}", f"{1.0 - layers.core_share:.0%}"
    told = [
        Reason(
            f"Sold lately: {own} a business day, which core accounts go on carrying ({core} of the target).",
            f"近期每个工作日售出 {own}，由核心客户保持（占目标 {core}）。",
        )
        if layers.own_told
        else Reason(
            f"Less than 20 business days on record: the mean of {region} stands for the own sales.",
            f"记录不足 20 个工作日，以“{region}”的平均水平代替本人业绩。",
        ),
        Reason(
            f"The mean of {region} is {mean} a business day; the long tail is to reach it ({rest} of the target).",
            f"“{region}”人均每个工作日 {mean}，长尾客户以此为准（占目标 {rest}）。",
            of_peers=True,
        ),
    ]
    if layers.market:
        told.append(Reason(f"Correction for the market: {layers.market:+.1%}.", f"市场修正：{layers.market:+.1%}。"))
    if layers.stretch != 1.0:
        told.append(Reason(f"Stretch of the policy: × {layers.stretch:.3g}.", f"制度的拉伸倍数：× {layers.stretch:.3g}。"))
    if layers.ratchet != 1.0:
        told.append(Reason(f"After the results so far: × {layers.ratchet:.3f}.", f"依据以往完成情况：× {layers.ratchet:.3f}。"))
    if layers.season != 1.0:
        times = f"× {layers.season:.3f}"
        en, zh = f"Season of the period against that of the sales told: {times}.", f"本期季节与上述业绩所处季节之比：{times}。"
        told.append(Reason(en, zh))
    days = layers.business_days
    told.append(Reason(f"{days} business days in the period.", f"本期共 {days} 个工作日。"))
    return told


def _market(region: str, market: Market | None) -> list[Reason]:
    """What a region's figures of the last twelve months are: where the baseline comes from."""
    if market is None or market.conversion is None or market.amount is None:
        return []
    en = f"{region} in the last twelve months: {market.won} of {market.decided} decided deals won ({market.conversion:.0%}), "
    zh = f"“{region}”近十二个月：{market.decided} 个已结商机赢得 {market.won} 个（{market.conversion:.0%}），"
    en += f"{_money(market.amount)} each"
    zh += f"平均每单 {_money(market.amount)}"
    if market.cycle_days is not None:
        en += f", {market.cycle_days:.0f} days from opening to signature"
        zh += f"，从创建到签约平均 {market.cycle_days:.0f} 天"
    return [Reason(f"{en}.", f"{zh}。", of_peers=True)]


def _money(amount: float) -> str:
    return f"{amount:,.0f}"
