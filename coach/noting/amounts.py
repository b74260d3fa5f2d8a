"""Amounts of money in a note, with their place, currency and range: 80万, 三十多万, $1.2M, 300k, 60 to 70 thousand."""

import re
from typing import NamedTuple

from coach.noting import numerals

DOLLARS = frozenset({"USD", "AUD", "CAD", "SGD", "HKD", "TWD", "NZD"})
"""Currencies that their own people write with a plain $."""
_CURRENCIES = (
    (r"us\$|usd|美元|美金|us dollars?", "USD"), (r"hk\$|hkd|港币|港元", "HKD"), (r"s\$|sgd|新币|新加坡元", "SGD"),
    (r"nt\$|twd|新台币|台币", "TWD"), (r"a\$|aud|澳元", "AUD"), (r"€|eur|euros?|欧元", "EUR"),
    (r"£|gbp|pounds?(?: sterling)?|英镑", "GBP"), (r"rm(?=\s?\d)|myr|ringgits?|马币|林吉特", "MYR"),
    (r"¥|￥|rmb|cny|人民币|yuan", "CNY"), (r"jpy|yen|日元", "JPY"), (r"\$|dollars?|bucks|刀", "$"),
)  # fmt: skip
_MONEY_WORD = "|".join(pattern for pattern, _ in _CURRENCIES)
_ZH_SCALE = {"百万": 1e6, "千万": 1e7, "十万": 1e5, "万": 1e4, "w": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "k": 1e3, "m": 1e6}
_EN_SCALE = {"k": 1e3, "grand": 1e3, "thousand": 1e3, "mm": 1e6, "mn": 1e6, "m": 1e6, "million": 1e6, "hundred thousand": 1e5}
_SCALE = r"百万|千万|十万|万|亿|(?:hundred thousand|thousand|million|grand|mm|mn|[kmw])(?![a-z])"
_FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ONE = rf"(?:{_FIGURES}|{numerals.ZH}|\b{numerals.EN})"
_BETWEEN = r"\s*(?:-|–|—|~|～|到|至|to|and)\s*"
_AMOUNT = re.compile(
    rf"(?P<before>{_MONEY_WORD})?\s?(?P<low>{_ONE})\s?(?P<low_more>[多来余])?(?P<low_scale>{_SCALE})?(?P<low_yuan>元|块钱|块)?"
    rf"(?:{_BETWEEN}(?:{_MONEY_WORD})?\s*(?P<high>{_ONE})\s*(?P<high_more>[多来余])?(?P<high_scale>{_SCALE})?)?"
    rf"\s*(?P<yuan>元|块钱|块)?\s*(?P<after>(?:{_MONEY_WORD})(?![a-z]))?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s*(?:[%％台吨桶套个平人次折楼层批家条米分岁届辆间所箱件级种位]|公斤|公里"
    r"|(?:days?|weeks?|wks?|months?|years?|percent|units?|pieces|lines?|times|minutes?"
    r"|hours?|am|pm|a\.m|p\.m|per\s?cent|o'clock)\b|[:/.]\d)",
    re.IGNORECASE,
)
_TIMED = re.compile(r"\s*(?:[天周月年点号日期时]|分钟|小时|礼拜|星期)")
"""What a number without scale or currency counts."""
_DATED = re.compile(r"周|期|第|礼拜|\d[:/]$|[QqFf]$")
_GOES_ON = re.compile(r"[A-Za-z]*\d")
_PAIR = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])(?=[十百千万])")
_SCALES_IN_WORDS = ("万", "亿", "thousand", "million")
_SHORTEST = 3.0


class Amount(NamedTuple):
    """An amount at `[start, end)` of a note. `high` is the number itself, or the upper end of a range; `currency`: a code,
    `$` for dollars that nobody names, None where none is said. `sure`: a currency or a scale says that it is money."""

    start: int
    end: int
    low: float
    high: float
    currency: str | None
    sure: bool


def amounts(note: str) -> list[Amount]:
    """All amounts that could be money, in order; numbers that count something else are left out."""
    found = []
    for match in _AMOUNT.finditer(note):
        told = _read(match)
        if told is not None and not _counts(note, match, told.sure) and not _is_part_of_more(note, match):
            found.append(told)
    return found


def _counts(note: str, match: re.Match, sure: bool) -> bool:
    """Whether a number counts something that is no money."""
    return bool(_COUNTED.match(note, match.end()) or (not sure and _TIMED.match(note, match.end())))


def _is_part_of_more(note: str, match: re.Match) -> bool:
    """Whether a number belongs to a date, a word or a longer number, such as 周3, 10/20 or SOC2."""
    place = match.start("low")
    before = note[max(0, place - 2) : place]
    in_word = place > 0 and note[place - 1].isascii() and note[place - 1].isalpha() and match["before"] is None
    return in_word or bool(_DATED.search(before)) or bool(_GOES_ON.match(note[match.end() :]))


def _read(match: re.Match) -> Amount | None:
    low, pair = _number(match["low"])
    if low is None:
        return None
    scale = _scale(match["low_scale"])
    high_told = match["high"]
    high, _ = (pair or low, None) if high_told is None else _number(high_told)
    if high is None:
        return None
    if high_told is not None:
        high *= _scale(match["high_scale"])
        low *= scale if match["low_scale"] else _scale(match["high_scale"] or _worded_scale(high_told)) if low < high else 1.0
        if match["high_scale"] is None and match["low_scale"] and high < low:
            high *= scale
    else:
        low, high = low * scale, high * scale
    money = match["before"] or match["after"]
    currency = None if money is None else _currency(money)
    worded = match["low"] if high_told is None else high_told
    scaled = bool(match["low_scale"] or match["high_scale"] or any(each in worded for each in _SCALES_IN_WORDS))
    sure = scaled or money is not None or match["yuan"] is not None or match["low_yuan"] is not None
    told = match.group()
    start, end = match.start() + len(told) - len(told.lstrip()), match.end() - len(told) + len(told.rstrip())
    return Amount(start, end, min(low, high), high, currency, sure) if high >= _SHORTEST else None


def _number(text: str) -> tuple[float | None, float | None]:
    """A number, and the upper one where two neighbours are said in one breath (七八十)."""
    if text[0].isdigit():
        return float(text.replace(",", "")), None
    if not text[0].isascii():
        pair = _PAIR.search(text)
        if pair is not None:
            one, other = (text[: pair.start()] + pair[place] + text[pair.end() :] for place in (1, 2))
            return numerals.of_chinese(one), numerals.of_chinese(other)
        return numerals.of_chinese(text), None
    return numerals.of_english(text), None


def _worded_scale(text: str) -> str | None:
    """The scale that the words of a number end in, for the lower end that leaves it out (eighty to ninety thousand)."""
    found = re.search(r"(万|亿|thousand|million)$", text, re.IGNORECASE)
    return None if found is None else found[1]


def _scale(text: str | None) -> float:
    if text is None:
        return 1.0
    text = text.lower()
    return _ZH_SCALE.get(text) or _EN_SCALE[text]


def _currency(text: str) -> str | None:
    return next((code for pattern, code in _CURRENCIES if re.fullmatch(pattern, text, re.IGNORECASE)), None)
