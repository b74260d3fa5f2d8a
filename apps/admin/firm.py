"""The firm's time zone, its currency, and the rates of other ones."""

import tempfile
from pathlib import Path
from zoneinfo import available_timezones

from markupsafe import Markup
from pydantic import ValidationError
from sqlalchemy import Connection

from apps.admin.desk import Desk
from coach.mapping.rates import HEADER, read_rates
from coach.money import is_code
from coach.problems import CoachError
from coach.store.later_prices import priced_after
from coach.store.pricing import summed_up, waiting
from coach.store.rates import Rate, add_rates, rates_told, set_firm_currency
from coach.store.store import audited
from policies.time.countries import country_of

LATEST = 12
"""Rates of a currency that are shown."""


def draw(desk: Desk) -> Markup:
    """What holds, with forms to change it."""
    calendar = desk.store.calendar
    with desk.store.read() as connection:
        rates, unpriced = rates_told(connection), summed_up(connection, waiting(connection))
    return desk.render(
        "firm.html", calendar=calendar, zones=sorted(available_timezones()), currency=desk.store.currency, rates=rates,
        unpriced=unpriced, latest=LATEST, today=desk.day(desk.now), open_hours=_hours(calendar.hours),
        weekend=desk.say("words.comma").join(desk.say(f"days.{day}") for day in calendar.weekend),
    )  # fmt: skip


def _hours(hours: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{begin}–{end}" for begin, end in hours)


def _zone(desk: Desk) -> str:
    zone, country = desk.form.get("zone", ""), desk.form.get("country", "").upper()
    try:
        calendar = desk.store.calendar.in_zone(zone, country or country_of(zone))
    except (ValidationError, NotImplementedError):
        raise CoachError(
            f"{zone[:60]!r} with the country {country[:10] or '–'!r} is no calendar: choose a zone such as Asia/Shanghai, and "
            "write a country as two letters, such as CN.",
            f"时区“{zone[:60]}”与国家“{country[:10] or '–'}”无法组成日历：请选择如 Asia/Shanghai 的时区，"
            "国家写作两位代码，例如 CN。",
        ) from None
    desk.service.set_calendar(calendar, desk.viewer.name)
    return desk.link("firm", told="zone_set")


def _currency(desk: Desk) -> str:
    code = desk.form.get("currency", "").upper()
    if not is_code(code):
        raise CoachError("A currency is a code of three letters such as CNY.", "货币须为三个字母的代码，例如 CNY。")

    def change(connection: Connection) -> None:
        set_firm_currency(connection, code)
        audited(connection, desk.now, desk.viewer.name, "currency_set", code)

    priced_after(desk.store, change, desk.now)
    desk.service.tick()
    return desk.link("firm", told="currency_set")


def _rates(desk: Desk) -> str:
    rates = _typed(desk)

    def change(connection: Connection) -> None:
        add_rates(connection, rates)
        for currency in sorted({each.currency for each in rates}):
            days = sorted(each.day for each in rates if each.currency == currency)
            told = {"number": len(days), "first": days[0], "last": days[-1]}
            audited(connection, desk.now, desk.viewer.name, "rates_added", currency, **told)

    priced_after(desk.store, change, desk.now)
    desk.service.tick()
    return desk.link("firm", told="rates_taken")


def _typed(desk: Desk) -> list[Rate]:
    """Rates from lines as of a file, or one from the fields of the form."""
    lines, one = desk.form.get("lines", "").splitlines(), [desk.form.get(name, "") for name in HEADER]
    if not lines and not all(one):
        raise CoachError("Write a day, a currency and a rate.", "请填写日期、货币与汇率。")
    if not lines or lines[0].replace(" ", "").lower().split(",") != list(HEADER):
        lines = [",".join(HEADER), *(lines or [",".join(one)])]
    with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
        file = Path(folder) / "rates.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        rates = read_rates(file)
    if not rates:
        raise CoachError("There is no rate in these lines.", "所填内容中没有汇率。")
    return rates


DOES = {"zone": _zone, "currency": _currency, "rates": _rates}
