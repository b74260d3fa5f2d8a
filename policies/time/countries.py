"""The country in which a time zone lies, from the IANA database, and the days on which it rests."""

from functools import lru_cache
from importlib.resources import files

import holidays

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    zones, rules = (_lines(name) for name in ("zone.tab", "tzdata.zi"))
    found = {zone: code for code, _, zone, *_ in (line.split("\t") for line in zones if not line.startswith("#"))}
    links = (line.split()[1:3] for line in rules if line.startswith("L "))
    return {other: found[zone] for zone, other in links if zone in found} | found


def _lines(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8").splitlines()


def country_of(zone: str) -> str | None:
    """Two-letter code of the country of a zone, as far as its public holidays are known; None for zones of no country."""
    code = _countries().get(zone)
    return code if code in holidays.list_supported_countries() else None


def weekend_of(country: str) -> tuple[str, ...]:
    """Days of the week on which a country rests, Monday first."""
    return tuple(DAYS[day] for day in sorted(holidays.country_holidays(country).weekend))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    lines = [line.split("\t") for line in _lines("iso3166.tab") if line and not line.startswith("#")]
    return {name.casefold(): code for code, name in lines} | {code.casefold(): code for code, _ in lines}


def zones_of(country: str) -> list[str]:
    """The zones of a country, called by its two letters or its English name, in the database's order; none for no country."""
    code = _names().get(country.casefold())
    lines = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return [zone for of_country, _, zone, *_ in lines if of_country == code]
