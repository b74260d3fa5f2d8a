"""Words in both languages at once, and numbers as each language writes them."""

import math
from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup, escape

from sim.experiment.verdict.digits import digits, places_apart

LANGUAGES = ("en", "zh")
MINUS = "\N{MINUS SIGN}"
MONEY_UNITS = frozenset({"money", "CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD"})
SHARE_UNITS = frozenset({"share", "rate", "%", "percent"})

UNIT_WORDS = {
    "": ("", ""),
    "1": ("", ""),
    "count": ("", ""),
    "number": ("", ""),
    "deals": ("", ""),
    "leads": ("", ""),
    "alerts": ("", ""),
    "refusals": ("", ""),
    "min": ("\xa0min", "\xa0分钟"),
    "minutes": ("\xa0min", "\xa0分钟"),
    "h": ("\xa0h", "\xa0小时"),
    "hours": ("\xa0h", "\xa0小时"),
    "d": ("\xa0d", "\xa0天"),
    "days": ("\xa0d", "\xa0天"),
    "business days": ("\xa0business days", "\xa0个工作日"),
    "months": ("\xa0months", "\xa0个月"),
    "touches": ("\xa0touches", "\xa0次接触"),
    "per day": ("\xa0a day", "\xa0/天"),
    "per week": ("\xa0a week", "\xa0/周"),
    "per year": ("\xa0a year", "\xa0/年"),
    "per block": ("\xa0per block", "\xa0/堵点"),
    "per field": ("\xa0per field", "\xa0/字段"),
    "logit": ("\xa0log-odds", "\xa0对数几率"),
    "logit/week": ("\xa0log-odds per week", "\xa0对数几率 /周"),
    "logit/10 %": ("\xa0log-odds per 10%", "\xa0对数几率 /10%"),
    "0–10": ("", ""),
    "multiple": ("\xa0times", "\xa0倍"),
    "commissions": ("\xa0commissions", "\xa0份提成"),
    "money/day": ("\xa0a day", "\xa0/天"),
    "money/month": ("\xa0a month", "\xa0/月"),
}
POINTS = ("\xa0points", "\xa0个百分点")


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


def value(
    number: float | None,
    unit: str,
    *,
    signed: bool = False,
    difference: bool = False,
    trim: bool = False,
    places: int | None = None,
    apart: float | None = None,
) -> Both:
    """A number with its unit, three significant digits; "–" where there is none. A number that is not zero never reads as zero.

    A difference of shares is told in percentage points. `signed` puts a plus before what is above zero, `trim` drops zeros
    behind the point (for round numbers that somebody chose), `places` fixes the digits behind the point, `apart` is a limit on
    whose side the number is to be read as well.
    """

    def words(lang: str) -> str:
        written, after = _parts(number, unit, lang, signed, difference, trim, places, apart)
        return written + after

    return both(words)


def percent(share: float | None, *, signed: bool = False, trim: bool = False, places: int | None = None) -> Both:
    """A share as a percentage, never as points."""
    return value(share, "share", signed=signed, trim=trim, places=places)


def span(low: float | None, high: float | None, unit: str, **how) -> Both:
    """An interval in words, "1 to 3"; a unit of more than a sign is said once. `how` as for `value`."""
    how = {"signed": False, "difference": False, "trim": False, "places": None} | how

    def words(lang: str) -> str:
        (first, unit_of_first), (last, unit_of_last) = (_parts(end, unit, lang, **how) for end in (low, high))
        once = unit_of_first == unit_of_last and unit_of_last != "%" and unit not in MONEY_UNITS
        return f"{first}{'' if once else unit_of_first}{' 至 ' if lang == 'zh' else ' to '}{last}{unit_of_last}"

    return both(words)


def _parts(number, unit, lang, signed, difference, trim, places, apart=None) -> tuple[str, str]:
    """The digits with their sign, and the words behind them."""
    if number is None or not math.isfinite(number):
        return "–", ""
    scale, after, most = _scale(abs(number), unit, lang, difference)
    size = abs(number) / scale
    written = _digits(size, most) if places is None else f"{size:,.{places}f}"
    if apart is not None and math.isfinite(apart):
        shown = len(written.partition(".")[2])
        written = f"{size:,.{places_apart(number / scale, apart / scale, shown)}f}"
    if trim and "." in written and "e" not in written:
        written = written.rstrip("0").rstrip(".")
    return _sign(number, written, signed) + written, after


def _scale(size, unit, lang, difference) -> tuple[float, str, int]:
    """What a size is divided by, the words behind it, and the most digits behind its point."""
    if unit in SHARE_UNITS:
        return 0.01, POINTS[lang == "zh"] if difference else "%", 1 if size >= 0.001 else 2
    if unit in MONEY_UNITS:
        return _money_scale(size, lang)
    return 1.0, UNIT_WORDS.get(unit, (f"\xa0{unit}",) * 2)[lang == "zh"], 2


def _sign(number, written, signed) -> str:
    if not any(figure in "123456789" for figure in written):
        return ""
    if number < 0:
        return MINUS
    return "+" if signed else ""


def _money_scale(amount, lang) -> tuple[float, str, int]:
    """Thousands and millions in English, 万 and 亿 in Chinese."""
    scales = ((1e8, "\xa0亿"), (1e4, "\xa0万")) if lang == "zh" else ((1e9, "\xa0bn"), (1e6, "\xa0M"), (1e3, "\xa0k"))
    for scale, word in scales:
        if amount >= 0.9995 * scale:
            return scale, word, 2
    return 1.0, "", 0 if amount >= 10 else 2


def _digits(amount, most: int = 2) -> str:
    """Three significant digits, at most `most` behind the point unless there would be none, thousands in groups."""
    if amount == 0:
        return "0"
    whole = math.floor(math.log10(amount)) + 1
    return digits(amount, min(max(3 - whole, 0), most))
