"""Numerals in Chinese and English words, as people write and dictate them. Sources: ordinary grammar of both languages."""

import re

ZH = "[零〇一二两俩三四五六七八九十百千万亿几]+"
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_BLOCKS = {"万": 10_000, "亿": 100_000_000}

_KNOWN = frozenset(("几", *_DIGITS, *_PLACES, *_BLOCKS))
_SMALL = (
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen")
    + ("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
    + ("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth")
)  # fmt: skip
_EN = (
    {word: float(number) for number, word in enumerate(_SMALL)}
    | {word: 20.0 + 10 * place for place, word in enumerate(_TENS)}
    | {"half a": 0.5}
)
_ORDER = {word: number for number, word in enumerate(_ORDINALS, start=1)} | {"thirtieth": 30}
_UNITS_EN = "|".join(sorted((*_SMALL, *_TENS), key=len, reverse=True))
EN = (
    rf"(?:half a million|(?:a|{_UNITS_EN})(?:[ -](?:{_UNITS_EN})\b|[ -](?:hundred|thousand|million)\b"
    rf"(?: and (?=(?:{_UNITS_EN})\b))?|(?<=and )(?:{_UNITS_EN})\b|[ -]point(?= (?:{_UNITS_EN})\b))+|(?:{_UNITS_EN})\b)"
)
"""A number in English words; multiples such as thousand are part of it."""
ORDINAL_EN = rf"(?:(?:twenty|thirty)[ -](?:{'|'.join(_ORDINALS[:9])})|{'|'.join(_ORDER)})"


def of_chinese(text: str) -> float | None:
    """The value of a numeral such as 一百二十, 两百三 or 二〇二六; None for what is none. 几 is worth 1 times its place."""
    if not text or text[0] == "几" or any(each not in _KNOWN for each in text):
        return None
    if len(text) > 1 and all(each in _DIGITS for each in text):
        return float("".join(str(_DIGITS[each]) for each in text))
    total = block = digit = 0.0
    last_place = 1.0
    for each in text:
        if each in _BLOCKS:
            total, block, digit = (total + block + digit) * _BLOCKS[each], 0.0, 0.0
            last_place = _BLOCKS[each]
        elif each in _PLACES:
            block += (digit or 1.0) * _PLACES[each]
            digit, last_place = 0.0, float(_PLACES[each])
        elif each != "几":
            digit = float(_DIGITS[each])
            last_place = 1.0 if each in "零〇" else last_place
    shortened = digit and last_place >= 100 and text[-1] in _DIGITS and text[-2] not in "零〇"
    return total + block + (digit * last_place / 10 if shortened else digit)


def of_english(text: str) -> float | None:
    """The value of a number in English words, such as two hundred fifty thousand; None for what is none."""
    words = re.findall(r"half a|[a-z]+", text.lower().replace("-", " "))
    total = block = 0.0
    decimals = ""
    behind_point = False
    for word in words:
        if word in ("a", "and"):
            block = block or (1.0 if word == "a" else 0.0)
        elif word == "point":
            behind_point = True
        elif behind_point and word in _SMALL[:10]:
            decimals += str(_SMALL.index(word))
        elif word in ("hundred", "thousand", "million"):
            block = (block or 1.0) + (float(f"0.{decimals}") if decimals else 0.0)
            decimals, behind_point = "", False
            if word == "hundred":
                block *= 100
            else:
                total, block = total + block * (1e3 if word == "thousand" else 1e6), 0.0
        elif word in _EN:
            block += _EN[word]
        else:
            return None
    return total + block + (float(f"0.{decimals}") if decimals else 0.0) if words else None


def order_of(text: str) -> int | None:
    """The place that an ordinal in English words names, such as twenty-first."""
    tens, _, rest = text.lower().replace("-", " ").rpartition(" ")
    if not tens:
        return _ORDER.get(rest)
    return None if rest not in _ORDER else int(_EN[tens]) + _ORDER[rest]
