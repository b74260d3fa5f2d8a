"""Which currency an amount of a table is in: as its own column says, as its cell says, or else as the mapping says."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from coach.money import is_code, text_of

SIGNS: dict[str, tuple[str, ...]] = {
    "US$": ("USD",), "HK$": ("HKD",), "NT$": ("TWD",), "MX$": ("MXN",), "NZ$": ("NZD",), "R$": ("BRL",), "A$": ("AUD",),
    "C$": ("CAD",), "S$": ("SGD",),
    "人民币": ("CNY",), "美元": ("USD",), "美金": ("USD",), "欧元": ("EUR",), "英镑": ("GBP",), "港币": ("HKD",),
    "港元": ("HKD",), "日元": ("JPY",), "新台币": ("TWD",),
    "¥": ("CNY", "JPY"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"),
    "元": ("CNY", "TWD", "HKD"),
    "RMB": ("CNY",), "€": ("EUR",), "£": ("GBP",), "₩": ("KRW",), "₫": ("VND",), "₹": ("INR",), "฿": ("THB",), "₽": ("RUB",),
    "₺": ("TRY",), "руб": ("RUB",), "zł": ("PLN",), "Kč": ("CZK",),
}  # fmt: skip
"""Signs that stand with amounts, and the currencies that they stand for."""
NAMES = {
    "YUAN": "CNY", "RENMINBI": "CNY", "EURO": "EUR", "US DOLLAR": "USD", "U.S. DOLLAR": "USD",
    "POUND STERLING": "GBP", "BRITISH POUND": "GBP", "REAL": "BRL", "РУБЛЬ": "RUB", "INDIAN RUPEE": "INR",
}  # fmt: skip
"""What a column of currencies calls them."""
_NAMED = re.compile(r"\b(?:" + "|".join(re.escape(name) for name in NAMES if name != "REAL") + r")s?\b", re.IGNORECASE)
CODES = frozenset({
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD",
    "HUF", "IDR", "ILS", "INR", "JPY", "KES", "KRW", "KZT", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP",
    "PKR", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "UYU", "VND", "ZAR",
})  # fmt: skip
"""Codes that a heading may hold: any other three letters in it are a word."""
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])")
_SIGN = re.compile("|".join(re.escape(sign) for sign in SIGNS))
_MARK = re.compile(rf"\b[A-Z]{{3}}\b|{_SIGN.pattern}")


class Found(NamedTuple):
    """Amounts with their currencies: texts such as '100 EUR', numbers where nothing says a currency, None for none.

    `unknown` and `unclear`: rows whose currency cannot be told, by what the column of currencies holds and by the cell itself.
    `signs`: signs of several meanings that were taken for the firm's own currency, because the cells hold no other.
    """

    values: list[str | float | None]
    unknown: pd.Series
    unclear: pd.Series
    signs: frozenset[str]


def with_currencies(cells: pd.Series, numbers: pd.Series, named: pd.Series | None, usual: str | None) -> Found:
    """`numbers` were read from `cells`; `named` are the cells of the column of currencies, `usual` is what the mapping says."""
    marks = _each(cells.where(numbers.notna(), ""), marks_in)
    only = _only_sign(marks) if usual is None else None
    said = pd.Series("", index=cells.index, dtype=object) if named is None else _each(named, lambda text: code_in(text, usual))
    codes = [
        _settled(name, mark, usual, only) if number == number else ""
        for name, mark, number in zip(said, marks, numbers, strict=True)
    ]
    known = numbers.notna()
    unknown = known & said.isna()
    unclear = known & ~unknown & pd.Series([code is None for code in codes], index=cells.index)
    values = [
        None if number != number or code is None else text_of(number, code) if code else number
        for number, code in zip(numbers.tolist(), codes, strict=True)
    ]
    return Found(values, unknown, unclear, frozenset() if only is None or not known.any() else frozenset([only]))


def _each(texts: pd.Series, function) -> pd.Series:
    told = {text: function(text) for text in texts.unique()}
    return pd.Series([told[text] for text in texts], index=texts.index, dtype=object)


def stated_in(heading: str) -> tuple[str, ...]:
    """The currencies that a heading may mean, such as `Amount (EUR)` and 金额（元）: several for $; none where it says none."""
    text = unicodedata.normalize("NFKC", heading)
    codes = dict.fromkeys(word.upper() for word in _WORD.findall(text) if word.upper() in CODES)
    if codes:
        return tuple(codes) if len(codes) == 1 else ()
    named = _NAMED.search(text)
    if named is not None:
        return (NAMES[named[0].upper().removesuffix("S")],)
    return next((codes for sign, codes in SIGNS.items() if sign in text), ())


def without_currency(heading: str) -> str:
    """A heading without what it says of currencies."""
    text = _WORD.sub(lambda word: " " if word[0].upper() in CODES else word[0], unicodedata.normalize("NFKC", heading))
    return _SIGN.sub(" ", _NAMED.sub(" ", text))


def marks_in(text: str) -> tuple[str, ...]:
    """Codes and signs of currencies in a cell."""
    return tuple(dict.fromkeys(_MARK.findall(unicodedata.normalize("NFKC", text))))


def code_in(text: str, usual: str | None) -> str | None:
    """The code that a cell of a column of currencies says; empty for an empty one, None where it says none that is known."""
    written = unicodedata.normalize("NFKC", text).strip().upper()
    if not written:
        return ""
    if written in NAMES:
        return NAMES[written]
    found = meant_by(written, usual)
    inside = [] if found else list(dict.fromkeys(mark for mark in marks_in(written) if is_code(mark)))
    return inside[0] if len(inside) == 1 else found  # USD - U.S. Dollar


def meant_by(mark: str, usual: str | None) -> str | None:
    """The currency that a code or sign stands for; None where it may stand for several, none of them the usual one."""
    several = SIGNS.get(mark, (mark,) if is_code(mark) else ())
    return usual if usual in several else several[0] if len(several) == 1 else None


def _only_sign(marks: Iterable[tuple[str, ...]]) -> str | None:
    """The sign of several meanings that is the only mark of all cells, so that they are one money whatever it means."""
    found = {mark for some in marks for mark in some}
    return next(iter(found)) if len(found) == 1 and meant_by(next(iter(found)), None) is None else None


def _settled(said: str | None, marks: tuple[str, ...], usual: str | None, only: str | None) -> str | None:
    """The code of a row; empty where nothing says it, None where it cannot be told or its cells contradict each other."""
    if said is None:
        return None
    if said:
        return said if all(said in SIGNS.get(mark, (mark,)) for mark in marks) else None
    if only is not None:
        return ""
    meant = {meant_by(mark, usual) for mark in marks}
    if len(meant) == 2 and None in meant:  # USD $100
        code = next(each for each in meant if each is not None)
        return code if all(code in SIGNS.get(mark, (mark,)) for mark in marks) else None
    if not meant:
        return usual or ""
    return meant.pop() if len(meant) == 1 else None
