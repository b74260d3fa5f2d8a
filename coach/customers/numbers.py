"""Numbers by which a customer is known: the tax number, the telephone number, and the domain of a mail address."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from coach.customers.lexicon import lexicon

_LETTERS_AND_DIGITS = re.compile(r"[^0-9A-Z]")
_SEVERAL = re.compile(r"[/;；、,，|\n]|\s{2,}|\s或\s|\bor\b")
_EXTENSION = re.compile(r"(?:转|分机|内线|#|доб\.?|ramal|durchwahl)\s*[:：]?\s*(\d{1,6})", re.IGNORECASE)
_DASHED = re.compile(r"^(\+?\d{0,3}[- ]?\(?0?\d{2,4}\)?[- ]\d{7,8})-(\d{1,5})$")
_DOMAIN = re.compile(r"(?:@|https?://(?:www\.)?|^www\.)([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE)
_FEWEST_DIGITS = 5


class TaxNumber(NamedTuple):
    """A tax number without signs; `is_valid` where its check digit is right, None where it has none that is known."""

    digits: str
    is_valid: bool | None


class Phone(NamedTuple):
    """A telephone number: `line` as +86…, `local` its last eight digits, `extension` "" for none."""

    line: str
    local: str
    extension: str
    is_mobile: bool


@lru_cache(maxsize=4096)
def tax_number_of(told: str) -> TaxNumber | None:
    """The tax number that a text holds; None for one that has too few digits.

    A unified social credit code has 18 characters and a check digit (GB 32100-2015); the older number has 15 digits; numbers of
    the European Union begin with their country.
    """
    digits = _LETTERS_AND_DIGITS.sub("", unicodedata.normalize("NFKC", told).upper())
    if sum(each.isdigit() for each in digits) < _FEWEST_DIGITS:
        return None
    if len(digits) == 18:
        from stdnum.cn import uscc

        return TaxNumber(digits, uscc.is_valid(digits))
    if digits[:2].isalpha() and digits[:2] not in ("CN",):
        from stdnum.eu import vat

        return TaxNumber(digits, vat.is_valid(digits) or None)
    return TaxNumber(digits, None)


@lru_cache(maxsize=4096)
def phones_of(told: str, country: str = "CN") -> tuple[Phone, ...]:
    """The telephone numbers that a text holds, read as they are dialled in `country` (ISO 3166)."""
    parts = (part.strip() for part in _SEVERAL.split(unicodedata.normalize("NFKC", told)))
    return tuple(dict.fromkeys(phone for part in parts if (phone := _phone(part, country)) is not None))


def _phone(told: str, country: str) -> Phone | None:
    import phonenumbers
    from phonenumbers import PhoneNumberType, number_type

    written = _EXTENSION.sub(r" ext. \1", told)
    written = _DASHED.sub(r"\1 ext. \2", written)
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    digits = str(number.national_number)
    if len(digits) < 7:
        return None
    line = f"+{number.country_code}{digits}"
    mobile = number_type(number) == PhoneNumberType.MOBILE
    return Phone(line, digits[-8:], number.extension or "", mobile)


def domain_of(told: str) -> str | None:
    """The domain of a mail or web address that is a firm's own; None for one where anybody has an address."""
    found = _DOMAIN.search(told.strip())
    domain = found.group(1).lower().removeprefix("www.") if found else None
    return None if domain is None or domain in lexicon().free_mail else domain
