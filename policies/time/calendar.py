"""An office's calendar: time zone, opening hours, public holidays and make-up working days.

Public holidays come from the `holidays` library. China publishes its make-up working days a year late, so a Chinese
year for which the library lists none is not published yet: it is announced (`Calendar.unpublished_years`) and plain
weekends are used for it, nothing is guessed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from policies.time.calendar_arrays import DAY_ROW, NEVER, NO_UNITS, SPAN_ROW, Days
from policies.time.countries import country_of, weekend_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


def _known_country(code: str) -> str:
    if code not in holidays.list_supported_countries():
        raise ValueError(f"no public holidays known for country {code!r} / 没有国家“{code}”的公共假日，请用两位代码")
    return code


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}, e.g. Asia/Shanghai / 未知时区“{name}”") from error
    return name


class Calendar(BaseModel):
    """When the office is open. Hours are local clock times; a day on which it opens is a business day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: Annotated[str, AfterValidator(_known_country)] = Field("CN", description="Country whose public holidays hold")
    subdivision: str | None = Field(None, description="State or province, where holidays differ within the country")
    zone: Annotated[str, AfterValidator(_known_zone)] = Field("Asia/Shanghai", description="Time zone (IANA name)")
    hours: tuple[tuple[ClockTime, ClockTime], ...] = Field(
        (("09:00", "12:00"), ("13:30", "18:00")), min_length=1, description="Opening hours of a business day"
    )
    weekend: tuple[Weekday, ...] = Field(("saturday", "sunday"), description="Days of the week on which the office is closed")
    extra_holidays: tuple[date, ...] = Field((), description="Further days on which the office is closed")
    extra_working_days: tuple[date, ...] = Field((), description="Further days on which the office is open")
    always_open: bool = Field(False, description="Open around the clock on every day")
    fiscal_year_start_month: int = Field(1, ge=1, le=12, description="Month in which the fiscal year begins")

    @model_validator(mode="after")
    def _hours_in_order(self):
        flat = [moment for span in self.hours for moment in span]
        if any(a > b for a, b in zip(flat, flat[1:], strict=False)) or any(start == end for start, end in self.hours):
            raise ValueError(f"opening hours must follow one another, found {self.hours} / 营业时间必须先后排列")
        return self

    def in_zone(self, zone: str, country: str | None = None) -> "Calendar":
        """This calendar in another zone, with public holidays and weekends of its country or of the one named.

        A zone of no country, such as UTC, leaves them as they are.
        """
        found = country or country_of(zone)
        rests = {} if found is None else {"country": found, "subdivision": None, "weekend": weekend_of(found)}
        return Calendar.model_validate(self.model_dump() | rests | {"zone": zone})

    def unpublished_years(self, first: date, last: date) -> list[int]:
        """Years between two dates whose public holidays are not published yet; plain weekends are used for them."""
        if self.always_open:
            return []
        return [year for year in range(first.year, last.year + 1) if not _published(self.country, year)]

    def days(self, first: date, last: date) -> Days:
        """Compile the days from first to last, both included, widened to whole weeks and quarters; kept in memory."""
        return _compile(self, first, last)

    def local_date(self, instant: int) -> date:
        """Local date of an instant (ms)."""
        return datetime.fromtimestamp(instant / 1000, ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> int:
        """First instant (ms) of a local day."""
        return _instant(ZoneInfo(self.zone), day, "00:00")


@lru_cache(maxsize=256)
def _published(country: str, year: int) -> bool:
    kind = getattr(holidays, holidays.country_holidays(country).__class__.__name__)
    if not kind.start_year <= year <= kind.end_year:
        return False
    if country != "CN":
        return True
    return any(day.year == year for day in holidays.country_holidays("CN", years=year).weekend_workdays)


def _instant(zone: ZoneInfo, day: date, clock: str) -> int:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    moment = datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
    return round(moment.timestamp() * 1000)


def _is_business(calendar: Calendar, day: date, free, worked) -> bool:
    """Own exceptions come before public ones, make-up days before holidays, holidays before the weekend."""
    if calendar.always_open or day in calendar.extra_working_days:
        return True
    if day in calendar.extra_holidays:
        return False
    return day in worked or (day not in free and WEEKDAYS[day.weekday()] not in calendar.weekend)


def _period_ids(calendar: Calendar, day: date) -> tuple[int, int, int]:
    return (day.toordinal() - 1) // 7, day.year * 12 + day.month - 1, _quarter_id(calendar, day)


def _mark_periods(calendar: Calendar, table: np.recarray, day_before: date) -> None:
    """First day and first day behind the period of each day; -1 where the compiled days cut the period."""
    for period, cut in zip(("week", "month", "quarter"), _period_ids(calendar, day_before), strict=True):
        ids = table[period]
        table[period + "_from"] = np.where(ids == cut, -1, np.searchsorted(ids, ids, "left"))
        table[period + "_to"] = np.where(ids == ids[-1], -1, np.searchsorted(ids, ids, "right"))


def _quarter_id(calendar: Calendar, day: date) -> int:
    return (day.year * 12 + day.month - calendar.fiscal_year_start_month) // 3


def _widened(calendar: Calendar, first: date, last: date) -> list[date]:
    """All days from first to last, widened so that the weeks, months and quarters of these are whole."""
    if last < first:
        raise ValueError(f"last day {last} lies before first day {first} / 最后一天早于第一天")
    start, end = first, last
    while _quarter_id(calendar, start - timedelta(days=1)) == _quarter_id(calendar, first):
        start -= timedelta(days=1)
    while _quarter_id(calendar, end + timedelta(days=1)) == _quarter_id(calendar, last):
        end += timedelta(days=1)
    start -= timedelta(days=start.weekday())
    end += timedelta(days=6 - end.weekday())
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _clock_change(zone: ZoneInfo, day: date) -> tuple[int, int]:
    """(ms after midnight, ms put forward) of the day's clock change; (NEVER, 0) without one."""
    low, high = _instant(zone, day, "00:00"), _instant(zone, day, "24:00")

    def offset(instant: int) -> int:
        ahead = datetime.fromtimestamp(instant / 1000, zone).utcoffset() or timedelta()
        return round(ahead.total_seconds() * 1000)

    before = offset(low - 1)
    change = offset(high - 1) - before
    if not change:
        return NEVER, 0
    start = low
    low -= 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return high - start, change


def _spans(calendar: Calendar, zone: ZoneInfo, day: date) -> list[tuple[int, int]]:
    hours = (("00:00", "24:00"),) if calendar.always_open else calendar.hours
    spans = [(_instant(zone, day, start), _instant(zone, day, end)) for start, end in hours]
    return [(start, end) for start, end in spans if end > start]


@lru_cache(maxsize=128)
def _compile(calendar: Calendar, first: date, last: date) -> Days:
    dates = _widened(calendar, first, last)
    zone = ZoneInfo(calendar.zone)
    years = [year for year in range(dates[0].year, dates[-1].year + 1) if _published(calendar.country, year)]
    public = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision, years=years) if years else {}
    worked = {day for day in getattr(public, "weekend_workdays", ()) if day.year in years}
    table = np.zeros(len(dates) + 1, DAY_ROW).view(np.recarray)
    spans: list[tuple[int, int]] = []
    for index, day in enumerate([*dates, dates[-1] + timedelta(days=1)]):
        row = table[index]
        business = index < len(dates) and _is_business(calendar, day, public, worked)
        row.midnight, row.business, row.first_span = _instant(zone, day, "00:00"), business, len(spans)
        row.change_at, row.change = _clock_change(zone, day)
        row.week, row.month, row.quarter = _period_ids(calendar, day)
        if business:
            spans += _spans(calendar, zone, day)
    table.business_before[1:] = np.cumsum(table.business)[:-1]
    _mark_periods(calendar, table, dates[0] - timedelta(days=1))
    return Days(table, _span_table(spans), np.flatnonzero(table.business).astype(np.int64), NO_UNITS)


def _span_table(spans: list[tuple[int, int]]) -> np.recarray:
    table = np.zeros(len(spans) + 1, SPAN_ROW).view(np.recarray)
    table.start[:-1] = [start for start, _ in spans]
    table.end[:-1] = [end for _, end in spans]
    table.before[1:] = np.cumsum(table.end - table.start)[:-1]
    table.start[-1] = table.end[-1] = NEVER
    return table
