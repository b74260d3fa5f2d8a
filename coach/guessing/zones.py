"""In which time zone an export was written: by the language of its headings and values, and by its currency."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from coach.guessing.columns import Column
from coach.guessing.doubts import Doubt, choice, doubt
from coach.guessing.headings import headings, plain
from coach.guessing.sources import Raw
from policies.time.countries import zones_of

UTC = "UTC"
_OF_LANGUAGE = {
    "zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "ru": "Europe/Moscow", "de": "Europe/Berlin",
    "pt": "America/Sao_Paulo", "es": "Europe/Madrid",
}  # fmt: skip
_OF_CURRENCY = {
    "CNY": "Asia/Shanghai", "HKD": "Asia/Hong_Kong", "TWD": "Asia/Taipei", "JPY": "Asia/Tokyo", "KRW": "Asia/Seoul",
    "SGD": "Asia/Singapore", "INR": "Asia/Kolkata", "THB": "Asia/Bangkok", "VND": "Asia/Ho_Chi_Minh",
    "MYR": "Asia/Kuala_Lumpur",
    "PHP": "Asia/Manila", "AED": "Asia/Dubai", "SAR": "Asia/Riyadh", "ILS": "Asia/Jerusalem", "TRY": "Europe/Istanbul",
    "EUR": "Europe/Berlin", "GBP": "Europe/London", "CHF": "Europe/Zurich", "PLN": "Europe/Warsaw", "CZK": "Europe/Prague",
    "HUF": "Europe/Budapest", "RON": "Europe/Bucharest", "BGN": "Europe/Sofia", "SEK": "Europe/Stockholm",
    "NOK": "Europe/Oslo", "DKK": "Europe/Copenhagen", "RUB": "Europe/Moscow", "UAH": "Europe/Kyiv", "BRL": "America/Sao_Paulo",
    "ARS": "America/Argentina/Buenos_Aires", "MXN": "America/Mexico_City", "COP": "America/Bogota", "PEN": "America/Lima",
    "CLP": "America/Santiago", "UYU": "America/Montevideo", "ZAR": "Africa/Johannesburg", "NGN": "Africa/Lagos",
    "KES": "Africa/Nairobi", "EGP": "Africa/Cairo", "MAD": "Africa/Casablanca", "NZD": "Pacific/Auckland",
}  # fmt: skip
"""The zone in which most business in a currency is done; those of several zones (USD, AUD, CAD) are not here."""
_WITHIN = {
    "zh": ("CNY", "HKD", "TWD", "SGD"), "de": ("EUR", "CHF"), "es": ("EUR", "MXN", "ARS", "COP", "PEN", "CLP", "UYU"),
    "pt": ("BRL",), "ru": ("RUB", "UAH"),
}  # fmt: skip
"""Currencies that tell where a language is spoken; another one may be that of customers elsewhere."""
OTHERS = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/Sao_Paulo",
    "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Singapore", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Australia/Sydney", "UTC",
)  # fmt: skip
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
_WAREHOUSE = ("fivetran ", "airbyte ", "sdc ", "dlt ")
"""How tools that load a warehouse begin the names of their own columns; the clock times beside them are UTC."""
_COUNTRIES = {
    "中国": "CN", "china": "CN", "deutschland": "DE", "brasil": "BR", "espana": "ES", "россия": "RU", "usa": "US",
    "united states of america": "US", "uk": "GB", "united kingdom": "GB", "great britain": "GB", "mexico": "MX",
}  # fmt: skip
_MOST = 0.8
"""Share of the rows that name one country."""
_SAMPLE = 2000


def zone_of(tables: list[Raw], columns: Iterable[Column], language: str | None, firm: str | None) -> tuple[str, Doubt]:
    """The zone, with the question. It is decisive where clock times stand in the `columns` of the deals and nothing tells the
    zone. `firm`: the firm's currency."""
    if any(_of_warehouse(raw) for raw in tables):
        return UTC, _which(UTC, [UTC], decisive=False)
    likely = _by_currency(language, firm)
    if likely is not None:
        return likely, _which(likely, [likely], decisive=False)
    zones = _by_country(tables)
    chosen = zones[0] if zones else UTC
    clocks = any(_has_clock(raw.cells[column.name]) for raw in tables for column in columns if column.name in raw.cells)
    return chosen, _which(chosen, zones, decisive=len(zones) != 1 and clocks)


def _by_currency(language: str | None, firm: str | None) -> str | None:
    """The zone of a language, in the part of the world that the currency tells."""
    if language is None:
        return _OF_CURRENCY.get(firm or "")
    if language == "pt" and firm == "EUR":
        return "Europe/Lisbon"
    return _OF_CURRENCY[firm] if firm in _WITHIN.get(language, ()) else _OF_LANGUAGE[language]


def _of_warehouse(raw: Raw) -> bool:
    return any(plain(str(name)).startswith(_WAREHOUSE) for name in raw.cells.columns)


def _by_country(tables: list[Raw]) -> list[str]:
    """The zones of the country that nearly all rows of a table name."""
    known = headings()["none"]["country"]
    for raw in tables:
        for name in raw.cells.columns:
            if plain(str(name)) in known:
                texts = raw.cells[name][raw.cells[name] != ""]
                shares = texts.map(plain).value_counts(normalize=True)
                if len(shares) and shares.iloc[0] >= _MOST:
                    told = str(shares.index[0])
                    zones = zones_of(_COUNTRIES.get(told, told))
                    usual = [zone for zone in zones if zone in (*_OF_CURRENCY.values(), *_OF_LANGUAGE.values())]
                    return usual[:1] or zones
    return []


def _has_clock(texts: pd.Series) -> bool:
    """Whether a column has clock times without an offset, other than midnights."""
    some = texts[texts != ""].head(_SAMPLE)
    told = some[some.str.contains(_CLOCK) & ~some.str.contains(_OFFSET)]
    return bool((~told.str.contains(r"\b0{1,2}:00(?::00(?:\.0+)?)?$")).any())


def _which(chosen: str, likely: list[str], *, decisive: bool) -> Doubt:
    names = list(dict.fromkeys((*likely, *(() if decisive else (chosen,)), *OTHERS)))
    return doubt(
        "zone", "In which time zone are clock times without an offset?", "没有注明时区的时间属于哪个时区？",
        [choice(name) for name in names], chosen, decisive=decisive,
    )  # fmt: skip


def settled_zone(answers: Mapping[str, str], found: tuple[str, Doubt]) -> tuple[str, Doubt]:
    """The same where a person said it: the question stays, answered."""
    if "zone" not in answers:
        return found
    return answers["zone"], _which(answers["zone"], [answers["zone"]], decisive=False)
