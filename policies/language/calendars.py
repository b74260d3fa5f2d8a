"""Calendars of units (teams, regions, stores): what of the firm's calendar is otherwise there, inherited by the units below."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError, WithJsonSchema

from policies.documents.errors import Fault, as_validation_error
from policies.language.quantities import Section, described
from policies.time.calendar import WEEKDAYS, Calendar
from policies.time.countries import weekend_of

_ALLOWED = {"zone": "@zone", "country": "@country", "hours": "@hours", "weekend": "@weekdays"}
_DATES = {"type": "array", "items": {"type": "string", "format": "date"}}


def _fits(name: str) -> BeforeValidator:
    """What a calendar takes in a field of this name, or nothing."""

    def read(written: Any) -> Any:
        if written is None:
            return None
        try:
            return getattr(Calendar.model_validate({name: written}), name)
        except ValidationError:
            allowed = _ALLOWED.get(name, "@dates")
            raise as_validation_error([Fault("not_in_calendar", found=written, allowed=(allowed,), about=name)]) from None

    return BeforeValidator(read)


def _part(name: str, en: str, zh: str) -> Any:
    return described(None, name, en, zh, exclude_if=lambda told: told is None)


_Hours = tuple[tuple[str, str], ...]


class UnitCalendar(Section):
    """What is otherwise at a unit than at the one above it; what is left out is as there."""

    zone: Annotated[str | None, _fits("zone")] = _part("zone", "time zone, such as Europe/Berlin", "时区，例如 Europe/Berlin")
    country: Annotated[str | None, _fits("country")] = _part(
        "country", "country whose public holidays and weekends hold, by its two letters; that of the zone where a zone is told",
        "适用其公共假期与周末的国家（两位代码）；写了时区时默认为时区所在国家",
    )  # fmt: skip
    hours: Annotated[_Hours | None, _fits("hours")] = _part(
        "hours", "opening hours of a business day", "工作日的营业时间"
    )
    weekend: Annotated[
        tuple[str, ...] | None, _fits("weekend"),
        WithJsonSchema({"type": "array", "items": {"enum": list(WEEKDAYS)}}),
    ] = _part("weekend", "days of the week on which it is closed", "每周休息日")  # fmt: skip
    extra_holidays: Annotated[tuple[date, ...] | None, _fits("extra_holidays"), WithJsonSchema(_DATES)] = _part(
        "dates", "further days on which it is closed", "额外休息日"
    )
    extra_working_days: Annotated[tuple[date, ...] | None, _fits("extra_working_days"), WithJsonSchema(_DATES)] = _part(
        "dates", "further days on which it is open", "额外工作日"
    )

    def over(self, above: Calendar) -> Calendar:
        """The calendar of a unit below one of that calendar."""
        told = self.model_dump(exclude_none=True)
        if self.zone is not None:
            above = above.in_zone(self.zone, self.country)
        elif self.country is not None:
            told = {"subdivision": None, "weekend": weekend_of(self.country)} | told
        return Calendar.model_validate(above.model_dump() | told)


def calendar_of_unit(firm: Calendar, own: Mapping[str, UnitCalendar], line: Iterable[str]) -> Calendar:
    """The calendar of a unit; `line`: the unit and those above it, from below."""
    found = firm
    for name in list(line)[::-1]:
        if name in own:
            found = own[name].over(found)
    return found
