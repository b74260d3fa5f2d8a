"""What a record is called where people read of it: by its name or customer, or else by what they recognise it by.

Ids of systems are never shown as names. A unit goes by its title where it was given one, or else by its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from coach.money import ORIGINAL, in_currency
from coach.store import tables
from coach.store.kinds import kinds_among
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of
from coach.store.views import kept_values
from policies.record.fields import Kind
from policies.words.kind_words import bare, kind_words

_NAMES = ("custom.name", "custom.title", "name", "customer")
UNIT_TITLE = "custom.title"
"""Field of a unit: what people call it now."""
_BEGUN = {"lead": "registered_at", "opportunity": "opened_at", "customer": "since_at", "request": "requested_at"}
_KINDS = {
    "lead": ("Lead", "线索"), "opportunity": ("Deal", "商机"), "customer": ("Customer", "客户"), "request": ("Request", "请求"),
}  # fmt: skip
_OF_DAY = {"en": "{kind} of {day}", "zh": "{day}的{kind}"}
_SINCE = {"en": "{kind} since {day}", "zh": "{day}起的{kind}"}
_CHUNK = 400


def record_name(kind: str, identifier: str, values: Mapping[str, Any], zone: str, currency: str | None) -> dict[str, str]:
    """What a record is called, in "en" and "zh"; `values` as they are kept. `currency`: the firm's."""
    named = (UNIT_TITLE,) if kind == "unit" else _NAMES
    name = next((values[each] for each in named if _is_name(values.get(each))), identifier if kind == "unit" else None)
    if name is not None:
        return {"en": name, "zh": name}
    more = _known_by(values, currency)
    return {
        language: _begun(kind, values, zone, language) + "".join(f"{comma}{each}" for each in more)
        for language, comma in (("en", ", "), ("zh", "，"))
    }


def told_apart(kind: str, identifier: str, values: Mapping[str, Any], zone: str, currency: str | None) -> dict[str, str]:
    """What a record is called in a list: a deal that goes by its customer, who may have many, by its day and worth as well."""
    called = record_name(kind, identifier, values, zone, currency)
    if kind != "opportunity" or called["en"] != values.get("customer"):
        return called
    own = {name: value for name, value in values.items() if name not in _NAMES}
    deal = record_name(kind, identifier, own, zone, currency)
    return {"en": f"{called['en']} ({deal['en']})", "zh": f"{called['zh']}（{deal['zh']}）"}


def titles(connection: Connection, rows: Iterable[int], name=record_name) -> dict[int, dict[str, str]]:
    """What the records in some rows of the store are called; `name`: `record_name` or, in a list of them, `told_apart`."""
    wanted, columns = sorted(set(rows)), tables.record.c
    if not wanted:
        return {}
    zone, currency, values = calendar_of(connection).zone, firm_currency(connection), kept_values(connection, wanted)
    found = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(columns.row, columns.kind, columns.id).where(columns.row.in_(wanted[start : start + _CHUNK]))
        about = connection.execute(query).all()
        kinds = kinds_among(connection, (kind for _, kind, _ in about))
        for row, kind, identifier in about:
            found[row] = name(kinds[kind], identifier, values[row], zone, currency)
    return found


def _is_name(value: Any) -> bool:
    """Whether a text is what somebody is called, and no number of another system."""
    return isinstance(value, str) and any(letter.isalpha() for letter in value)


def _known_by(values: Mapping[str, Any], currency: str | None) -> list[str]:
    if isinstance(amount := values.get("amount"), float):
        return [in_currency(f"{amount:,.0f}", currency)]
    if isinstance(told := values.get(f"{ORIGINAL}amount"), str):
        return [told]
    return [owner] if isinstance(owner := values.get("owner"), str) else []


def _begun(kind: str, values: Mapping[str, Any], zone: str, language: str) -> str:
    if isinstance(kind, Kind) and kind.declared:
        word, instant = bare(kind_words(kind, language)), values.get("registered_at")
        word = word[:1].upper() + word[1:]
    else:
        word, instant = _KINDS[kind][language == "zh"], values.get(_BEGUN[kind])
    if instant is None:
        return word
    local = datetime.fromtimestamp(instant / 1000, ZoneInfo(zone))
    day = f"{local.year} 年 {local.month} 月 {local.day} 日" if language == "zh" else f"{local.day} {local:%b %Y}"
    return (_SINCE if kind == "customer" else _OF_DAY)[language].format(kind=word, day=day)
