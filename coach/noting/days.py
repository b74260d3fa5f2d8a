"""Days that a note names, seen from the day on which it was made: 下周三, 月底前, next Tue, in two weeks, 10/20, the 14th.

A plain day of the week is the next one; with *next* (下) it is that of the following week, which begins on Monday; a day of
the month is the next one that comes. `10/20` is month and day unless the first number cannot be a month. What lies in the past
is read as such, so that it is not taken for what comes.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from coach.noting import numerals

_NUMBER_ZH = rf"(?:\d{{1,2}}|{numerals.ZH})"
_WEEK = r"(?:周|星期|礼拜)"
_DAYS_ZH = {each: place % 7 for place, each in enumerate("一二三四五六日123456")} | {"天": 6}
_DAYS_EN = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_DAY_EN = (
    r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_EN = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_MONTH_DAY = rf"(?P<n>\d{{1,2}}(?:st|nd|rd|th)?|{numerals.ORDINAL_EN}|{numerals.EN})(?![\w:])"
_AWAY_EN = rf"(?P<n>\d{{1,2}}|a|an|{numerals.EN})\s+(?P<unit>days?|weeks?|wks?|months?|fortnights?)"
_SPAN_EN = {"day": 1, "week": 7, "wk": 7, "month": 30, "fortnight": 14}


class Day(NamedTuple):
    """A day at `[start, end)` of a note. `rough`: a week or month was said; this is its first day or, for ends, the last."""

    start: int
    end: int
    day: date
    rough: bool = False


def days(note: str, today: date) -> list[Day]:
    """All days that a note names, in order; the longest reading of each place."""
    taken: list[Day] = []
    for pattern, reading in _READINGS:
        for match in pattern.finditer(note):
            if any(match.start() < each.end and each.start < match.end() for each in taken):
                continue
            told = reading(match, today)
            if told is not None:
                taken.append(Day(match.start(), match.end(), *told))
    return sorted(taken)


Reading = Callable[[re.Match, date], tuple[date, bool] | None]


def _sure(day: date | None) -> tuple[date, bool] | None:
    return None if day is None else (day, False)


def _number(text: str) -> int | None:
    figures = re.match(r"\d+", text)
    if figures:
        return int(figures[0])
    ordinal = numerals.order_of(text)
    value = ordinal if ordinal is not None else numerals.of_english(text) if text.isascii() else numerals.of_chinese(text)
    return None if value is None else int(value)


def _of_month(today: date, month: int, day: int, year: int | None = None) -> date | None:
    """That day of that month, the next one that comes unless the year is told."""
    try:
        found = date(year or today.year, month, day)
        return found if year or (today - found).days < 60 else date(today.year + 1, month, day)
    except ValueError:
        return None


def _month_end(today: date, months: int) -> date:
    place = today.year * 12 + today.month - 1 + months
    return date(place // 12, place % 12 + 1, monthrange(place // 12, place % 12 + 1)[1])


def _next_of_month(today: date, day: int) -> date | None:
    for months in (0, 1, 2):
        last = _month_end(today, months)
        if day <= last.day and (found := last.replace(day=day)) > today:
            return found
    return None


def _weekday(today: date, weekday: int, weeks: int | None) -> date:
    """A day of the week; `weeks`: of which week from the present one, None for the next that comes."""
    if weeks is None:
        return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta(today.weekday()) + timedelta(7 * weeks + weekday)


def _zh_near(match: re.Match, today: date):
    away = {"大后": 3, "后": 2, "明": 1, "今": 0, "昨": -1, "前": -2}[match["near"]]
    return _sure(today + timedelta(away))


def _weeks_of(told: str | None) -> int | None:
    return None if not told else {"下": 1, "上": -1, "本": 0, "这": 0}[told[0]] * len(told.rstrip("个"))


def _zh_weekday(match: re.Match, today: date):
    return _sure(_weekday(today, _DAYS_ZH[match["day"]], _weeks_of(match["which"])))


def _zh_week(match: re.Match, today: date):
    weeks = _weeks_of(match["which"])
    return None if weeks is None else (_weekday(today, 4 if match["end"] else 0, weeks), True)


def _zh_away(match: re.Match, today: date):
    number = _number(match["n"])
    if number is None:
        return None
    return _sure(today + timedelta(number * {"天": 1, "日": 1, "月": 30}.get(match["unit"], 7)))


def _zh_date(match: re.Match, today: date):
    month, day = _number(match["month"]), _number(match["n"])
    year = int(match["year"]) if match["year"] else None
    return None if month is None or day is None else _sure(_of_month(today, month, day, year))


def _zh_day_of_month(match: re.Match, today: date):
    day = _number(match["n"])
    if day is None or not 1 <= day <= 31:
        return None
    if not match["next"]:
        return _sure(_next_of_month(today, day))
    last = _month_end(today, 1)
    return _sure(last.replace(day=day) if day <= last.day else None)


def _zh_part_of_month(match: re.Match, today: date):
    months = 1 if match["next"] else 0
    if match["month"] and (month := _number(match["month"])) is not None and 1 <= month <= 12:
        months = (month - today.month) % 12
    last = _month_end(today, months)
    day = {"底": last.day, "末": last.day, "中": 15, "初": 1}[match["part"]]
    found = last.replace(day=day)
    return (found, True) if found >= today else None


def _numeric(match: re.Match, today: date):
    first, second = int(match["a"]), int(match["b"])
    month, day = (first, second) if first <= 12 else (second, first)
    return _sure(_of_month(today, month, day)) if 1 <= month <= 12 else None


def _en_near(match: re.Match, today: date):
    word = match.group().lower()
    return _sure(today + timedelta(2 if "after" in word else -1 if word == "yesterday" else 1))


def _en_weekday(match: re.Match, today: date):
    told = (match["which"] or match["later"] or "").lower()
    weekday = _DAYS_EN[match["day"][:3].lower()]
    if told.startswith("last"):
        return _sure(_weekday(today, weekday, None) - timedelta(7))
    return _sure(_weekday(today, weekday, 1 if told.startswith("next") or "next" in told else None))


def _en_away(match: re.Match, today: date):
    number = 1 if match["n"].lower() in ("a", "an", "one") else _number(match["n"])
    return None if number is None else _sure(today + timedelta(number * _SPAN_EN[match["unit"].lower().rstrip("s")]))


def _en_ago(match: re.Match, today: date):
    told = _en_away(match, today)
    return None if told is None else _sure(today - (told[0] - today))


def _en_date(match: re.Match, today: date):
    month, day = _MONTHS_EN.index(match["month"][:3].lower()) + 1, _number(match["n"])
    return None if day is None else _sure(_of_month(today, month, day))


def _en_day_of_month(match: re.Match, today: date):
    day = _number(match["n"])
    return None if day is None or not 1 <= day <= 31 else _sure(_next_of_month(today, day))


def _en_end(match: re.Match, today: date):
    later = 1 if (match["which"] or "").strip().lower() == "next" else 0
    if match["unit"].lower() in ("month", "om"):
        return _month_end(today, later), True
    return _weekday(today, 4, later), True


def _en_week(match: re.Match, today: date):
    later = -1 if match["which"].lower() == "last" else 1
    of_week = match["unit"].lower() == "week"
    return _weekday(today, 0, later) if of_week else _month_end(today, later).replace(day=1), True


def _readings() -> Iterator[tuple[re.Pattern[str], Reading]]:
    whole, plain = re.IGNORECASE, 0
    yield re.compile(rf"(?P<which>下+|上+|本|这)?(?:一)?个?{_WEEK}(?P<day>[一二三四五六日天]|[1-6](?![\d天周]))"), _zh_weekday
    yield re.compile(rf"(?P<n>{_NUMBER_ZH})个?(?P<unit>天|日|周|星期|礼拜|月)(?:之|以)?后"), _zh_away
    yield re.compile(
        rf"(?P<next>下)?(?:本|这)?个?(?:(?P<month>{_NUMBER_ZH})月(?:份)?|月)(?P<part>[底末中初])"
    ), _zh_part_of_month
    yield (
        re.compile(rf"(?:(?P<year>20\d\d)年)?(?P<month>{_NUMBER_ZH})月(?:份)?(?P<n>{_NUMBER_ZH})[号日]?"), _zh_date,
    )  # fmt: skip
    yield re.compile(
        rf"(?:(?P<next>下个?月)|(?<![月\d零〇一二三四五六七八九十百第]))(?P<n>{_NUMBER_ZH})[号日](?![线楼店])"
    ), _zh_day_of_month
    yield re.compile(r"(?P<near>大后|后|明|今|昨|前)(?:天|日|早|晚)"), _zh_near
    yield re.compile(rf"(?P<which>下+|上+|本|这)一?个?{_WEEK}(?P<end>末|五前)?"), _zh_week
    yield re.compile(r"\bday after tomorrow\b|\b(?:tomorrow|tmrw|tmr|tomorow|yesterday)\b", whole), _en_near
    yield re.compile(rf"\b{_DAY_EN}\s*,?\s*(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?![\d/])", whole), _numeric
    yield re.compile(rf"(?<![\d/$.]){_SLASH}", plain), _numeric
    yield re.compile(rf"(?:\b{_DAY_EN},?\s+)?(?<![\w:]){_MONTH_DAY}\s+(?:of\s+)?{_MONTH_EN}", whole), _en_date
    yield re.compile(rf"\b{_MONTH_EN}\.?\s+(?:the\s+)?{_MONTH_DAY}", whole), _en_date
    yield re.compile(
        rf"\b(?P<which>(?:next|last|this|coming)\s+(?:week\s+)?)?(?:on\s+)?{_DAY_EN}\.?(?P<later>\s+next week)?", whole
    ), _en_weekday
    yield re.compile(rf"\b{_AWAY_EN}\s+ago\b", whole), _en_ago
    yield re.compile(rf"\b{_AWAY_EN}\s+from (?:now|today)\b", whole), _en_away
    yield (
        re.compile(rf"\b(?:in|within|after)\s+{_AWAY_EN}(?:['’]? time)?\b", whole),
        _en_away,
    )  # fmt: skip
    yield re.compile(r"\b(?:the\s+)?end\s+of\s+(?:the\s+)?(?P<which>next|this)?\s*(?P<unit>week|month)\b", whole), _en_end
    yield re.compile(r"\b(?P<which>)EO(?P<unit>M|W)\b"), lambda match, today: (
        (_month_end(today, 0), True) if match["unit"] == "M" else (_weekday(today, 4, 0), True)
    )
    yield re.compile(r"\bthe\s+(?P<n>\d{1,2})(?:st|nd|rd|th)\b", whole), _en_day_of_month
    yield re.compile(r"\b(?P<which>next|last)\s+(?P<unit>week|month)\b", whole), _en_week


_SLASH = r"(?P<a>\d{1,2})(?:/|\.(?=\d{1,2}\s*(?:上午|下午|早|晚|\d{1,2}[:：])))(?P<b>\d{1,2})(?![\d/%万wk])"
_READINGS = tuple(_readings())
