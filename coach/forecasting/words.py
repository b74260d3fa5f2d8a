"""A forecast and a backtest in sentences, in both languages."""

from coach.forecasting.backtest import OFFICE, Backtest, day
from coach.forecasting.forecast import Expected, Forecast
from coach.money import in_currency
from policies.scores.score import Words

USUAL = 80
"""The interval that sentences tell, per cent."""


def sentences(found: Forecast) -> list[Words]:
    """What is to be expected, what one must know of it, by which method, and how good that method was."""
    return [*expectation(found), *worth_of_method(found)]


def expectation(found: Forecast) -> list[Words]:
    """Wins to be expected and, where there are amounts, what they are worth; and what else one must know."""
    worth = [] if found.all_revenue is None else [_worth(found.all_revenue, found.currency)]
    return [_whole(found), *worth, *found.remarks]


def ends_before(last: int, asked: int, zone: str) -> Words | None:
    """That a record ends on an earlier day than was asked for (instants in ms), so that its end counts instead; else None."""
    end, wanted = (day(at, zone) for at in (last, asked))
    if end >= wanted:
        return None
    return Words(
        f"The record ends on {end}; {wanted} lies behind that, so everything is told as of the record's end.",
        f"记录止于 {end}，{wanted} 在其之后：一切以记录的结尾为准。",
    )


def _whole(found: Forecast) -> Words:
    low, high = found.all_wins.intervals[USUAL]
    weeks, begin = len(found.wins), found.begins[0]
    return Words(
        f"In the {weeks} weeks from {begin} on, {found.all_wins.mean:,.0f} wins are to be expected; {low:,.0f} to {high:,.0f} "
        f"in four of five cases. {found.opened:,} opportunities are open.",
        f"自 {begin} 起的 {weeks} 周内，预计赢单 {found.all_wins.mean:,.0f} 个；"
        f"五分之四的情况下为 {low:,.0f} 至 {high:,.0f} 个。"
        f"目前在途商机 {found.opened:,} 个。",
    )


def _worth(revenue: Expected, currency: str | None) -> Words:
    low, high = revenue.intervals[USUAL]
    mean, least, most = (in_currency(f"{each:,.0f}", currency) for each in (revenue.mean, low, high))
    return Words(
        f"They are worth {mean}; {least} to {most} in four of five cases. A win without an amount counts as nothing.",
        f"金额合计约 {mean}；五分之四的情况下为 {least} 至 {most}。没有金额的赢单按零计。",
    )


def worth_of_method(found: Forecast) -> list[Words]:
    """Which method it is, and how that one did on the past."""
    tried, name = found.tried, found.shown.words
    if tried is None:
        return [
            Words(
                f"Foretold by {name.en}. The record has too few weeks or wins to try it on the past: its worth is unknown.",
                f"预测方法：{name.zh}。记录的周数或赢单太少，无法用过去检验，效果未知。",
            )
        ]
    error = tried.crps(OFFICE)
    office = [] if error is None else [_of_office(error)]
    if found.shown.name == OFFICE and found.shown.words != tried.own.words:
        asked = Words(
            f"Told by {name.en}, since no other method can say what a policy does.",
            f"由{name.zh}给出：其他方法无法说明制度的作用。",
        )
        return [asked, *office, *coverage(tried, OFFICE)]
    return [verdict(tried), *([] if tried.own.name == OFFICE else office), *coverage(tried, found.shown.name)]


def _of_office(error: float) -> Words:
    return Words(
        f"The firm's office, run on from then, had an error of {error:.2f} wins a week on the firm's past.",
        f"从当时继续运行的公司模拟团队，用本企业的过去检验，误差为每周 {error:.2f} 单。",
    )


def verdict(tried: Backtest) -> Words:
    """Whether the product's own forecast or the best naive one foretold the firm's past better."""
    method, best, at = tried.own.words, tried.best_naive, len(tried.origins)
    own = tried.crps(tried.own.name)
    if own is None or best is None:
        return Words("Nothing could be tried on the past.", "无法用过去检验。")
    naive = tried.naive[best.name]
    if tried.own_is_better:
        return Words(
            f"Foretold by {method.en}. On the firm's own past ({at} origins) the error was {own:.2f} wins a week (CRPS); "
            f"the best naive method, {best.words.en}, had {naive:.2f}.",
            f"预测方法：{method.zh}。用本企业的过去检验（{at} 个起点），误差为每周 {own:.2f} 单（CRPS）；"
            f"最好的简单方法“{best.words.zh}”为 {naive:.2f}。",
        )
    return Words(
        f"On the firm's own past ({at} origins) a naive method was better: {best.words.en}, with an error of {naive:.2f} wins "
        f"a week (CRPS), against {own:.2f} of {method.en}. It is the one to go by, and a forecast shows it.",
        f"用本企业的过去检验（{at} 个起点），简单方法更好：“{best.words.zh}”误差为每周 {naive:.2f} 单（CRPS），"
        f"“{method.zh}”为 {own:.2f}。请以前者为准，预测也采用它。",
    )


def coverage(tried: Backtest, name: str) -> list[Words]:
    """Which share of weeks lay within the interval of a method, and by how much it was off on the whole."""
    measures = tried.measures(name)
    if measures is None:
        return []
    inside, off = measures.coverage[USUAL], measures.bias
    return [
        Words(
            f"Of the {measures.weeks} weeks foretold that are over, {inside:.0%} lay within their {USUAL} % interval; "
            f"on average it told {off:+.1f} wins a week too many (+) or too few (-).",
            f"在已过去的 {measures.weeks} 个预测周中，{inside:.0%} 落在 {USUAL}% 区间内；"
            f"平均每周多报（+）或少报（-）{off:+.1f} 单。",
        )
    ]
