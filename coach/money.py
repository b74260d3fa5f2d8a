"""Money with its currency. A number is an amount in the firm's currency, a text such as '100 EUR' one in a currency of its own.

Texts are what sources tell. The store turns them into the firm's currency by its dated rates; every sum is over numbers.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from policies.record.records import FIELDS

CURRENCY = "currency"
"""Name under which a payload states the currency of all its amounts that do not state their own."""
ORIGINAL = "original."
"""Before the name of a field of money: the amount as it was told, where that was in another currency than the firm's."""


class _OfKinds(dict[str, frozenset[str]]):
    def __missing__(self, _kind: str) -> frozenset[str]:
        return frozenset()


MONEY = _OfKinds(
    {kind: frozenset(field.name for field in fields if field.type == "money") for kind, fields in FIELDS.items()}
)
"""Fields that may be told in a currency of their own, by built-in kind; those that a policy declares are in the firm's."""
_CODE = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) ?([A-Z]{3})")


class Amount(NamedTuple):
    """A number of units of a currency."""

    number: float
    currency: str


def is_code(text: str) -> bool:
    """Whether a text has the form of a currency code (ISO 4217). One that no rate is known of is never turned into money."""
    return _CODE.fullmatch(text) is not None


def text_of(number: float, currency: str) -> str:
    """An amount as a text; `amount_of` gives back the same number."""
    return f"{repr(float(number)).removesuffix('.0')} {currency}"


def amount_of(text: str) -> Amount | None:
    """The amount that a text states; None where it states none."""
    found = _AMOUNT.fullmatch(text.strip())
    return None if found is None or not math.isfinite(float(found[1])) else Amount(float(found[1]), found[2])


def amounts_in(kind: str, payload: Mapping[str, Any]) -> dict[str, Amount]:
    """The amounts of a payload that state a currency, by field."""
    if MONEY[kind].isdisjoint(payload):
        return {}
    found = {}
    for name in MONEY[kind] & payload.keys():
        if isinstance(payload[name], str) and (amount := amount_of(payload[name])) is not None:
            found[name] = amount
    return found


def in_own(kind: str, payload: dict[str, Any], currency: str | None) -> dict[str, Any]:
    """The payload with amounts in a currency as numbers."""
    if MONEY[kind].isdisjoint(payload):
        return payload
    own = {name: amount.number for name, amount in amounts_in(kind, payload).items() if amount.currency == currency}
    return payload | own if own else payload


def in_currency(words: str, currency: str | None) -> str:
    """A number in words with the firm's currency behind it, where that is known."""
    return words if currency is None else f"{words} {currency}"


def as_told(values: Mapping[str, Any], name: str) -> Any:
    """The value of a field as its source told it."""
    return values.get(ORIGINAL + name, values.get(name))
