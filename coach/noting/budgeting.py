"""The customer's budget in a note: the amount that words for it point to, and none where they deny it.

Every amount is weighed by the words around it: words for a budget, a limit or money that was set aside speak for it; words
for what was spent before, for prices, quotes and thresholds of approval speak against it. The heaviest is taken; a range is
worth its upper end, 三十多万 its lower.
"""

import re
from typing import NamedTuple

from coach.noting.amounts import Amount, amounts

LEAST = BASE = 1.0
"""What an amount weighs by itself: of an amount that nothing speaks against, most notes mean what may be spent."""
_FROM_HERE = 1000.0
_LONGEST_CUE = 24


class _Cue(NamedTuple):
    weight: float
    pattern: re.Pattern[str]
    before: int  # how far the amount may begin behind the words
    after: int  # how far the amount may end ahead of the words


def _cue(weight: float, before: int, after: int, *patterns: str) -> _Cue:
    return _Cue(weight, re.compile("|".join(patterns), re.IGNORECASE), before, after)


_CUES = (
    _cue(3.0, 14, 8, "预算|经费|拨款|资金(?:有|是)?"),
    _cue(
        2.0, 7, 4,
        "封顶|上限|控制在|最多(?:能|可以)?(?:出|花|给)?|能拿出|拿得出|只有|总共批了|批了"
        "|不超过|不低于|不高于|以内|愿意(?:花|出)|打算花|要花|准备花|计划投|投入|出得起"
        "|(?:钱|款)(?:只|还)?有|总共|卡死在|能动的(?:就|只有)?|手头(?:有|就)?|只给|能接受"
        "|盘子|更新要|改造要|项目要|专项|愿意出|掏得出|肯花|心理价(?:位)?|以下|就(?:给"
        "|有)|到位",
    ),
    _cue(4.0, 9, 2, "其中|我们这(?:块|部分)|占|留给", r"\bearmarked\b"),
    _cue(4.0, 4, 14, r"\b(?:earmarked|set aside) for\b|\bfor (?:this|us|our part)\b"),
    _cue(
        3.0, 40, 24,
        r"\bbudget(?:ed|s)?\b|\bring[- ]?fenced\b|\bin the (?:pot|kitty|plan)\b|\bset aside\b"
        r"|\bearmarked\b|\ballocated\b|\bfunding\b|\bspend(?:ing)? cap\b|\b(?:in|from) the grant\b",
    ),
    _cue(
        2.0, 34, 16,
        r"\b(?:can|could|will|want(?:s)? to|expects? to|willing to|plans? to|ready to"
        r"|going to) (?:pay|spend|invest|go up to|go to)\b|\bspend\b"
        r"|\bup to\b|\bmax(?:imum)?\b|\btops\b|\bno more than\b|\bnot more than\b|\bhard limit\b|\bcap(?:ped)?\b|\bapproved\b"
        r"|\bgo up to\b|\bhave about\b|\bhas about\b|\bprepared to\b|\brelease\b|\bfor this\b"
        r"|\bto spend\b|\brange\b|\bceiling(?: of)?\b|\bstretch to\b|\bnot a penny more\b"
        r"|\bto play with\b|\bput aside\b|\blimit(?: is)?\b",
    ),
    _cue(-4.0, 12, 2, "去年|前年|上个?月|上次|之前(?!要)|以前花|花了|买过|旧|原来花|节省|省了"),
    _cue(
        -4.0, 7, 6,
        "报价|报了|要价|单价|每(?:台|吨|个|桶|套|平米|平)|运费|降了?|便宜|低了?|贵了?"
        "|罚|定金|押金|首付|月薪|注册资本|营业额|产值|超过[^，。]{0,8}都|赔|返利|差价"
        "|减了|权限|一直欠|欠|赔了|亏|罚款|返点|赚|销售额|年产|规模|融资|合同额|尾款"
        "|货款欠|投资建",
    ),
    _cue(
        -4.0, 30, 12,
        r"\bspent\b|\bcost them\b|\bpaid\b|\bago\b|\blast (?:year|month|quarter)\b|\bsaved?\b"
        r"|\bback in \d{4}|\braised\b|\bheadcount\b|\brevenue\b|\bturnover\b|\bARR\b|\bMRR\b",
    ),
    _cue(
        -4.0, 16, 10,
        r"\bquoted?\b(?! as)|\bquotation\b|\b(?:anything|everything|orders?) (?:above"
        r"|over|below)\b|\babove\b|\bundercut\b|\bcheaper\b|\bper (?:unit|seat|piece|ton)\b"
        r"|\bdiscount\b|\bpenalty\b|\bdeposit\b|\bprice(?:d)?\b(?! ceiling| limit)|\bsigns? (?:\w+ )?(?:up to"
        r"|under|below|over|above|anything)\b|\bunder\b|\bworth\b|\bowes?\b|\binvoice"
        r"|\bcosts?\b|\bfee\b",
    ),
)  # fmt: skip
_STOPS = re.compile(r"[。；;!！?？\n]|(?<!approx)(?<!\best)\.(?=\s|$)")
_CUT = re.compile(r"\bfrom\s*$|从\s*$", re.IGNORECASE)
_OF_OTHERS = re.compile(r"[,，]\s*\w")
"""A comma and a subject of its own: what speaks against an amount there speaks of another (…, KSB quoted lower)."""
_ALONE = re.compile(r"\s*(?:大概|大约|约|~|around|about|approx\.?)?\s*$", re.IGNORECASE)


class Budget(NamedTuple):
    """An amount, and the words that say that it is the budget."""

    amount: Amount
    start: int
    end: int


def budget_in(note: str) -> Budget | None:
    """What a note says of the customer's budget; None where it says nothing or that there is none."""
    told = amounts(note)
    weighed = [(*_weight(note, each, told), each) for each in told if each.sure or _is_beside(note, each)]
    weighed = [each for each in weighed if each[0] >= LEAST]
    if weighed:
        weight, start, end, amount = max(weighed, key=lambda each: (each[0], each[3].start))
        return Budget(amount, start, end)
    alone = [each for each in told if each.sure and _stands_alone(note, each)]
    return Budget(alone[0], alone[0].start, alone[0].end) if len(told) == 1 and alone else None


def _is_beside(note: str, amount: Amount) -> bool:
    """A number without currency or scale that stands right behind the word budget."""
    return amount.high >= 1000 and bool(re.search(r"(?:预算|budget)\D{0,8}$", note[: amount.start], re.IGNORECASE))


def _weight(note: str, amount: Amount, others: list[Amount]) -> tuple[float, int, int]:
    """How much speaks for an amount, and from where to where the words and the amount reach."""
    first = max((each.end for each in others if each.end <= amount.start), default=0)
    last = min((each.start for each in others if each.start >= amount.end), default=len(note))
    weight, start, end = BASE if amount.sure and amount.high >= _FROM_HERE else 0.0, amount.start, amount.end
    for cue in _CUES:
        near = max(0, amount.start - cue.before - _LONGEST_CUE), amount.end + cue.after + _LONGEST_CUE
        for match in cue.pattern.finditer(note, *near):
            between = _between(note, match, amount)
            reach = cue.before if match.start() < amount.start else cue.after
            other = match.start() < first if match.start() < amount.start else match.end() > last
            behind = match.start() > amount.start and cue.weight < 0 and _OF_OTHERS.search(between or "")
            if between is None or len(between) > reach or other or behind:
                continue
            weight += cue.weight
            if cue.weight > 0:
                start, end = min(start, match.start()), max(end, match.end())
            break
    return weight, start, end


def _between(note: str, match: re.Match, amount: Amount) -> str | None:
    """What stands between words and an amount; None across the end of a sentence."""
    between = note[match.end() : amount.start] if match.start() < amount.start else note[amount.end : match.start()]
    return None if _STOPS.search(between) else between


def _stands_alone(note: str, amount: Amount) -> bool:
    """Whether a sentence says nothing but an amount."""
    before = re.split(r"[。；;!！?？\n，,]|\.\s", note[: amount.start])[-1]
    behind = re.split(r"[。；;!！?？\n，,]|\.(?:\s|$)", note[amount.end :])[0]
    return bool(_ALONE.fullmatch(before)) and not behind.strip()
