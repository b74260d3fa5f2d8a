"""A fitted office beside the record that it was made of, number by number."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from coach.describing.description import Description, Measured, Row, Section
from coach.describing.estimates import Interval, quantile, rate, share
from coach.describing.rhythm import around_trend, month_end, weekly
from coach.fitting.firm import Told
from coach.fitting.habits import by_owner, crowding_told, delay_told, spread_between, spread_told
from coach.fitting.untold import untold
from coach.plain import plain
from policies.scores.score import Words
from sim.experiment.report.both import Both
from sim.fit.firm import Fitted
from sim.fit.lifetimes import LOST, OPEN, WON, Lives, bands, hazards

TITLE = Both("The office beside the record", "模拟公司与记录对照")
BANDS, FEWEST_IN_A_BAND = 6, 10
QUANTILES = (0.25, 0.5, 0.75, 0.9)
RECORD, OFFICE = Words("record", "记录"), Words("office", "模拟公司")
ABOUT = Words("number", "数字")


class Pair(NamedTuple):
    """A number of the record with its interval and the cases behind it, and the office's."""

    label: Words
    told: Interval
    cases: int
    shown: float

    @property
    def inside(self) -> bool | None:
        """Whether the office's number lies in the record's interval; None where the record tells none."""
        if self.told.low is None or self.told.high is None:
            return None
        return self.told.low <= self.shown <= self.told.high


def made(told: Told, fitted: Fitted) -> dict[str, list[Pair]]:
    """The numbers that the office was made to show."""
    seen = fitted.followed
    return {
        "win_rates": _rates(told, seen, WON),
        "loss_rates": _rates(told, seen, LOST),
        "level": _level(told, fitted),
        "closed_won": _closed_won(told, seen),
        "amount": _amount(told, fitted),
        "people": _people(told, fitted),
        "delay": _delay(told, fitted),
    }


def foretold(told: Told, fitted: Fitted) -> dict[str, list[Pair]]:
    """The numbers that follow by themselves, and test the office."""
    return {
        "win_days": _win_days(told, fitted.followed),
        "variation": _variation(told, fitted),
        "month_end": _month_end(told, fitted),
    }


def compare(told: Told, fitted: Fitted) -> Description:
    """Both, as a page tells them."""
    shown, tests = made(told, fitted), foretold(told, fitted)
    sections = (
        _section("made", Words("What the office was made to show", "拟合所依据的数字"), shown, untold(told)),
        _section("foretold", Words("What it foretells by itself", "由模型自行得出的数字"), tests, ()),
    )
    return Description(told.last, told.spans.zone, told.spans.currency, told.first, told.last, sections)


TITLES = {
    "win_rates": (Words("Won within a day, of those open, by age", "按账龄：在途商机一天内赢单的比例"), "share"),
    "loss_rates": (Words("Lost within a day, of those open, by age", "按账龄：在途商机一天内丢单的比例"), "share"),
    "level": (Words("Opportunities a week", "每周商机数"), "count"),
    "closed_won": (Words("Won, of those closed", "已关闭商机的赢单率"), "share"),
    "amount": (Words("Median amount of a deal won", "赢单金额中位数"), "count"),
    "people": (Words("Spread between people of the share won, beyond luck", "人员之间赢单率的差异（扣除偶然）"), "share"),
    "delay": (Words("Days from an action to its entry, mean", "动作到录入的平均天数"), "days"),
    "month_end": (
        Words(
            "Last three days of a month, against its other days (nobody's target moves new opportunities)",
            "月末三天相对当月其他日子（新商机不受任何人的目标影响）",
        ),
        "ratio",
    ),
    "win_days": (Words("Days from the opening to the order", "从立项到成交的天数"), "days"),
    "variation": (Words("Variance ÷ mean of a week's number, around the trend", "每周数量的方差÷均值（扣除趋势）"), "ratio"),
}


def _section(name: str, title: Words, pairs: Mapping[str, Sequence[Pair]], unsaid: tuple[Words, ...]) -> Section:
    measured = [_measured(key, each) for key, each in pairs.items() if each]
    held = [pair.inside for each in pairs.values() for pair in each if pair.inside is not None]
    found = Words(
        f"{sum(held)} of {len(held)} numbers of the office lie inside the 95 % interval of the record's",
        f"模拟公司的 {len(held)} 个数字中有 {sum(held)} 个位于记录的 95% 区间内",
    )
    findings = [found] if held else []
    strayed = [TITLES[key][0] for key, each in pairs.items() if _mostly_outside(each)]
    if strayed:
        findings.append(
            Words(
                "this office does not show the firm's: " + "; ".join(each.en for each in strayed),
                "模拟公司未能呈现：" + "；".join(each.zh for each in strayed),
            )
        )
    return Section(name, title, tuple(findings), tuple(measured), unsaid)


def _mostly_outside(pairs: Sequence[Pair]) -> bool:
    held = [pair.inside for pair in pairs if pair.inside is not None]
    return bool(held) and sum(held) < len(held) / 2


def _measured(name: str, pairs: Sequence[Pair]) -> Measured:
    title, unit = TITLES[name]
    rows: list[Row] = []
    for label, told, cases, shown in pairs:
        rows.append(Row(Words(f"{label.en}, {RECORD.en}", f"{label.zh}，{RECORD.zh}"), cases, *told))
        rows.append(Row(Words(f"{label.en}, {OFFICE.en}", f"{label.zh}，{OFFICE.zh}"), cases, shown, None, None))
    return Measured(name, title, ABOUT, unit, "bars", tuple(rows))


def _rates(told: Told, seen: Lives, end: int) -> list[Pair]:
    lives: Lives = told.firm.lives
    edges = bands(lives.days[lives.ended == end], BANDS, FEWEST_IN_A_BAND, told.firm.exact_to)
    known, shown = (hazards(each, end, edges) for each in (lives, seen))
    return [
        Pair(_ages(low, high), _within_a_day(rate(int(ends), lived)), int(ends), -math.expm1(-float(shown_rate)))
        for (low, high), ends, lived, shown_rate in zip(pairwise(edges), known.ends, known.lived, shown.rates, strict=True)
    ]


def _within_a_day(found: Interval) -> Interval:
    """The share that ends within a day at a rate a day."""
    return Interval(*(None if each is None else -math.expm1(-each) for each in found))


def _ages(low: float, high: float) -> Words:
    return Words(f"{plain(low, 3)} to {plain(high, 3)} days", f"{plain(low, 3)} 至 {plain(high, 3)} 天")


def _level(told: Told, fitted: Fitted) -> list[Pair]:
    """Of the office, in an ordinary week: holidays make some less."""
    counts = weekly(told.spans.deals["start"], told.spans)
    label = Words("opened", "新商机")
    mean = Interval(told.firm.per_week, None, None)
    return [Pair(label, mean, int(counts.sum()), float(fitted.seen.opened.mean()) / fitted.load)]


def _closed_won(told: Told, seen: Lives) -> list[Pair]:
    (won, closed), (shown, of) = (
        (int((lives.ended == WON).sum()), int((lives.ended != OPEN).sum())) for lives in (told.firm.lives, seen)
    )
    return [Pair(Words("won", "赢单"), share(won, closed), closed, shown / max(of, 1))]


def _amount(told: Told, fitted: Fitted) -> list[Pair]:
    if not (told.amounts_told and len(fitted.seen.prices)):
        return []
    deals = told.spans.deals
    amounts = deals.loc[deals["outcome"] == "won", "amount"].dropna().to_numpy()
    label = Words("deals won", "赢单")
    return [Pair(label, quantile(amounts, 0.5), len(amounts), float(np.median(fitted.seen.prices)))]


def _win_days(told: Told, seen: Lives) -> list[Pair]:
    took, shown = (lives.days[lives.ended == WON] for lives in (told.firm.lives, seen))
    if not len(shown):
        return []
    return [
        Pair(
            Words(f"{part:.0%} of the wins by", f"{part:.0%} 的赢单用时不超过"),
            quantile(took, part),
            len(took),
            float(np.quantile(shown, part)),
        )
        for part in QUANTILES
    ]


def _variation(told: Told, fitted: Fitted) -> list[Pair]:
    """Over the same weeks. Of the office, what they would vary at the record's own mean: beyond chance, variance grows with the
    square."""
    deals = told.spans.deals
    won = deals[(deals["outcome"] == "won") & deals["dated"]]
    pairs = []
    flows = (
        (Words("opportunities", "新商机"), deals["start"], fitted.seen.opened),
        (Words("wins", "赢单"), won["end"], fitted.seen.wins),
    )
    for label, instants, shown in flows:
        counts = weekly(instants, told.spans)[-np.shape(shown)[-1] :]
        shown = np.atleast_2d(shown)[:, -len(counts) :]
        mean = max(float(np.mean(shown)), 1e-9)
        own = float(np.mean([around_trend(run).value or 0.0 for run in shown]))
        pairs.append(Pair(label, around_trend(counts), int(counts.sum()), 1.0 + (own - 1.0) * float(counts.mean()) / mean))
    return pairs


def _people(told: Told, fitted: Fitted) -> list[Pair]:
    spread = spread_told(told.spans)
    shown = spread_between(*fitted.seen.by_seat.T)
    if spread.value is None or shown is None:
        return []
    return [Pair(Words("standard deviation", "标准差"), spread, len(by_owner(told.spans)[0]), shown)]


def _delay(told: Told, fitted: Fitted) -> list[Pair]:
    delay = delay_told(told.spans)
    entries = len(told.spans.delays)
    return [] if delay.value is None else [Pair(Words("entries", "记录"), delay, entries, fitted.seen.entry_lag)]


def _month_end(told: Told, fitted: Fitted) -> list[Pair]:
    seen, deals = fitted.seen, told.spans.deals
    days = pd.date_range(seen.first, periods=len(seen.won_on), freq="D")
    wins, opened = crowding_told(told.spans)
    won = int(((deals["outcome"] == "won") & deals["dated"]).sum())
    flows = (
        (Words("wins", "赢单"), wins, won, seen.won_on),
        (Words("opportunities", "新商机"), opened, len(deals), seen.opened_on),
    )
    pairs = []
    for label, known, cases, daily in flows:
        shown = None if known.value is None else month_end(pd.Series(daily.astype(float), index=days)).value
        if shown is not None:
            pairs.append(Pair(label, known, cases, shown))
    return pairs
