"""Words in both languages at once, and numbers as each language writes them."""

import math
from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup, escape

LANGUAGES = ("en", "zh")
MINUS = "\N{MINUS SIGN}"
MONEY_UNITS = frozenset({"money", "CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD"})
SHARE_UNITS = frozenset({"share", "rate", "%", "percent"})

UNIT_WORDS = {
    "minutes": (" min", " 分钟"),
    "hours": (" h", " 小时"),
    "hours/month": (" h", " 小时"),
    "days": (" d", " 天"),
}


class Both(NamedTuple):
    """The same words in English and Chinese; in a template it prints both, and the page shows one."""

    en: str
    zh: str

    def __html__(self) -> Markup:
        if self.en == self.zh:
            return escape(self.en)
        return Markup('<span class="en" lang="en">{}</span><span class="zh" lang="zh-CN">{}</span>').format(self.en, self.zh)

    def fill(self, /, **values) -> "Both":
        """Both texts with their placeholders filled; a value that is itself in both languages is taken in the right one."""
        return both(lambda lang: self.of(lang).format(**{name: in_language(value, lang) for name, value in values.items()}))

    def of(self, lang: str) -> str:
        """The text in one language."""
        return self.zh if lang == "zh" else self.en


def in_language(value, lang: str):
    """The part of `value` in one language; a value without languages as it is."""
    return getattr(value, lang) if hasattr(value, "en") and hasattr(value, "zh") else value


def both(make: Callable[[str], str]) -> Both:
    """What `make(lang)` says in each language."""
    return Both(*(make(lang) for lang in LANGUAGES))


def value(number: float | None, unit: str, *, signed: bool = False, difference: bool = False) -> Both:
    """A number with its unit, three significant digits; "–" where there is none.

    A difference of shares is told in percentage points. `signed` puts a plus before what is above zero.
    """
    return both(lambda lang: _value(number, unit, lang, signed, difference))


def percent(share: float | None, *, signed: bool = False) -> Both:
    """A share as a percentage, never as points."""
    return value(share, "share", signed=signed)


def span(low: float | None, high: float | None, unit: str, *, signed: bool = False, difference: bool = False) -> Both:
    """An interval in words: "1 to 3"."""
    ends = [value(end, unit, signed=signed, difference=difference) for end in (low, high)]
    return Both(f"{ends[0].en} to {ends[1].en}", f"{ends[0].zh} 至 {ends[1].zh}")


def _value(number, unit, lang, signed, difference) -> str:
    if number is None or not math.isfinite(number):
        return "–"
    if unit in SHARE_UNITS:
        points = (" points", " 个百分点")[lang == "zh"] if difference else "%"
        digits, after = _digits(abs(number) * 100, most=1), points
    elif unit in MONEY_UNITS:
        digits, after = _money(abs(number), lang)
    else:
        digits, after = _digits(abs(number)), UNIT_WORDS.get(unit, ("", ""))[lang == "zh"]
    return _sign(number, digits, signed) + digits + after


def _sign(number, digits, signed) -> str:
    if not any(figure in "123456789" for figure in digits):
        return ""
    if number < 0:
        return MINUS
    return "+" if signed else ""


def _money(amount, lang) -> tuple[str, str]:
    """Digits and the words behind them: thousands and millions in English, 万 and 亿 in Chinese."""
    scales = ((1e8, " 亿"), (1e4, " 万")) if lang == "zh" else ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
    for scale, word in scales:
        if amount >= 0.9995 * scale:
            return _digits(amount / scale), word
    return _digits(amount, most=0 if amount >= 10 else 2), ""


def _digits(amount, most: int = 2) -> str:
    """Three significant digits, at most `most` behind the point, thousands in groups."""
    if amount == 0:
        return "0"
    whole = math.floor(math.log10(amount)) + 1
    return f"{amount:,.{min(max(3 - whole, 0), most)}f}"
