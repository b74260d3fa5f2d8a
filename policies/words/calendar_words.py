"""Calendars of units in plain words."""

from collections.abc import Iterator

from policies.language.calendars import UnitCalendar
from policies.language.policy import Policy
from policies.words.rule_words import joined
from policies.words.vocabulary import PARTS, WEEKDAYS


def calendar_words(policy: Policy, language: str) -> list[str]:
    """One sentence for each unit that goes by another calendar than the unit above it."""
    return [_sentence(name, told, language) for name, told in policy.calendars.items()]


def calendar_differences(old: Policy, new: Policy, language: str) -> Iterator[str]:
    """One sentence for each unit of which the new policy tells the calendar otherwise, or no longer."""
    for name, told in new.calendars.items():
        if old.calendars.get(name) != told:
            yield _sentence(name, told, language)
    for name in old.calendars:
        if name not in new.calendars:
            yield PARTS["calendar_dropped"][language == "zh"].format(unit=name)


def _sentence(unit: str, told: UnitCalendar, language: str) -> str:
    index = ("en", "zh").index(language)
    written = {
        "zone": told.zone, "country": told.country,
        "hours": None if told.hours is None else joined([f"{start}–{end}" for start, end in told.hours], "comma", language),
        "weekend": _days(told.weekend, language),
        "extra_holidays": _dates(told.extra_holidays, language),
        "extra_working_days": _dates(told.extra_working_days, language),
    }  # fmt: skip
    parts = [PARTS[f"calendar_{name}"][index].format(value) for name, value in written.items() if value is not None]
    said = joined(parts or [PARTS["calendar_same"][index]], "semicolon", language)
    return PARTS["calendar"][index].format(unit=unit, parts=said)


def _days(told: tuple[str, ...] | None, language: str) -> str | None:
    if told is None:
        return None
    return joined([WEEKDAYS[day][language == "zh"] for day in told], "comma", language) or PARTS["none"][language == "zh"]


def _dates(told: tuple | None, language: str) -> str | None:
    if told is None:
        return None
    return joined([day.isoformat() for day in told], "comma", language) or PARTS["none"][language == "zh"]
