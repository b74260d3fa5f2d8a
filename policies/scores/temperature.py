"""S6, customer-perceived temperature: the net promoter score, and what bad reviews name.

    NPS = share of 9 and 10 − share of 0 to 6, times 100, of the latest answer of each customer in 90 days   (Reichheld, 2003)
    named = bad reviews of the last 30 days that name a slow response or a poor match / bad reviews with words

Healthy from an NPS of 42, an alarm where more than 35 % of a month's bad reviews name one of the two (systems list, S6). A bad
review is one of 1 or 2 stars of 5, or without stars one whose answer is 0 to 6. Words are found by the lists below. The number
needs ten answers, the share five bad reviews; these limits and the lists are ours.
"""

import re
from collections.abc import Sequence

from policies.scores.about import About, Limit, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words
from policies.scores.share import share_of

HEALTHY_FROM, ALARM_ABOVE = 42.0, 0.35
FEWEST_ANSWERS, FEWEST_BAD = 10, 5
ANSWER_DAYS, REVIEW_DAYS = 90, 30
PROMOTER_FROM, DETRACTOR_TO, BAD_STARS_TO = 9.0, 6.0, 2.0
_SLOW = (
    r"(?<!not )(?<!n't )(?<!n’t )(?<!never )(?<!not too )(?<!not very )(?<!not so )\bslow(?:ly|er|est)?\b",
    r"took (?:\w+ )?(?:days|weeks)", r"no (?:reply|answer|response)\b(?! (?:is |was )?(?:needed|necessary|required))",
    r"never (?:replied|answered|called back)", r"late (?:reply|answer)", r"kept (?:us )?waiting",
    r"wait(?:ed)? (?:for )?(?:days|weeks)", r"unanswered", r"hard to reach",
    r"(?<![慢快不])慢(?![慢走性])|迟(?:迟|到|缓)|(?:来|到|回|答|复|货|付|理|送|发|交)得?[太很较又]?[迟晚]",
    r"拖(?:了|着|到|延|沓|得|很久|太久|这么久|拉(?!机|力))|一拖再拖|[老总在]是?拖(?!拉机|车|把|鞋|地|板)",
    r"(?:回复|答复|响应|交货|交付|发货|到货|送货|服务|处理|维修)[总经又]?[是常]?(?:延迟|推迟|延误)",
    r"(?:延迟|推迟|延误)了?(?:回复|答复|响应|交货|交付|发货|到货|送货|处理|维修|\w{1,3}[天周月])",
    r"没人(?:回|接|理|管)|不回(?![来去头])|没回(?![来去头])|等了|等半天|半天[才都也没不]|联系不上|(?<!不是)不及时|催了",
)  # fmt: skip
_GOODS = "".join(f"(?<!{other})" for other in ("价格", "报价", "价钱", "条件", "条款", "时间", "付款", "发票", "金额", "态度"))
"""What does not suit is not the goods or the answer."""
_UNFIT = (
    r"not (?:what|as) (?:we|I|was)", r"(?:does|did)(?:n't| not) (?:fit|match|suit|meet)", r"wrong (?:model|size|product|spec)",
    r"poor (?:fit|match)", r"mismatch", r"unsuitable|not suitable", r"too (?:big|small|complex) for",
    rf"{_GOODS}(?:不合适|不适合|不匹配|不符|不对)|型号错|规格错|装不上|用不上|不是我们(?:要|想)|答非所问|对不上",
)  # fmt: skip
NAMED = {
    Words("slow response", "响应慢"): re.compile("|".join(_SLOW), re.IGNORECASE),
    Words("poor match", "匹配差"): re.compile("|".join(_UNFIT), re.IGNORECASE),
}
ABOUT = About(
    "S6", "firm", Words("Customer-perceived temperature", "客户感知温度"),
    Words(
        "share of 9 and 10 − share of 0 to 6, × 100, of each customer's latest answer in 90 days; beside it the share of the "
        "month's bad reviews that name a slow response or a poor match",
        "90 天内各客户最近一次回答中，9、10 分的比例 − 0 至 6 分的比例，× 100；另列当月差评中提到响应慢或匹配差的比例",
    ),
    "points", -100.0, 100.0, "higher", Limit("from", HEALTHY_FROM),
    Words(
        "more than 35 % of a month's bad reviews name a slow response or a poor match",
        "当月超过 35% 的差评提到响应慢或匹配差",
    ),
    listed("S6"),
    Words("which words name them; at least 10 answers and 5 bad reviews", "如何从文字识别；至少 10 个回答、5 条差评"),
)  # fmt: skip


def temperature(answers: Sequence[float], reviews: Sequence[str]) -> Score:
    """The temperature from the latest answers of customers (0 to 10) and the texts of bad reviews."""
    reasons, alarmed = _reviews(reviews)
    if len(answers) < FEWEST_ANSWERS:
        few = Words(
            f"no number: {len(answers)} customers answered in {ANSWER_DAYS} days; {FEWEST_ANSWERS} are needed",
            f"不给数字：{ANSWER_DAYS} 天内仅 {len(answers)} 个客户作答，至少需要 {FEWEST_ANSWERS} 个",
        )
        return Score("S6", None, RED if alarmed else None, (few, *reasons))
    promoters, detractors = sum(each >= PROMOTER_FROM for each in answers), sum(each <= DETRACTOR_TO for each in answers)
    value = sum(map(promotes, answers)) / len(answers)
    colour = RED if alarmed else GREEN if value >= HEALTHY_FROM else AMBER
    told = Words(
        f"{promoters} of {len(answers)} customers would recommend us (9 or 10), {detractors} would not (0 to 6)",
        f"{len(answers)} 个客户中 {promoters} 个愿意推荐（9、10 分），{detractors} 个不愿意（0 至 6 分）",
    )
    return Score("S6", value, colour, (told, *reasons), (), None, len(answers))


def promotes(answer: float) -> float:
    """What one answer adds to the mean: 100 of who would recommend us, -100 of who would not, 0 of others."""
    return 100.0 if answer >= PROMOTER_FROM else -100.0 if answer <= DETRACTOR_TO else 0.0


def named_in(text: str) -> list[Words]:
    """Which of the two a review names."""
    return [name for name, pattern in NAMED.items() if pattern.search(text)]


def _reviews(reviews: Sequence[str]) -> tuple[list[Words], bool]:
    if not reviews:
        return [Words(f"no bad review in {REVIEW_DAYS} days", f"{REVIEW_DAYS} 天内没有差评")], False
    named = [named_in(text) for text in reviews]
    some = sum(bool(each) for each in named)
    found = [
        Words(
            f"{some} of {len(reviews)} bad reviews of the last {REVIEW_DAYS} days name a slow response or a poor match",
            f"近 {REVIEW_DAYS} 天 {len(reviews)} 条差评中有 {some} 条提到响应慢或匹配差",
        )
    ]
    for name in NAMED:
        if times := sum(name in each for each in named):
            found.append(Words(f"{name.en}: {times}", f"{name.zh}：{times} 条"))
    if len(reviews) < FEWEST_BAD:
        return found, False
    return found, share_of(some, len(reviews)).value > ALARM_ABOVE
