"""A customer as far as it can be compared with others."""

from typing import NamedTuple

from coach.customers.names import Name, name_of
from coach.customers.numbers import Phone, TaxNumber, domain_of, phones_of, tax_number_of


class Described(NamedTuple):
    """What is known of a customer: its name taken apart, and its numbers."""

    name: Name | None
    tax_number: TaxNumber | None = None
    phones: tuple[Phone, ...] = ()
    domain: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to compare."""
        return self.name is None and self.tax_number is None and not self.phones and self.domain is None


def described(name: str = "", tax_number: str = "", phone: str = "", address: str = "", *, country: str = "CN") -> Described:
    """A description from texts as they were typed; `address` is a mail or web address, `country` where phones are dialled."""
    return Described(name_of(name), tax_number_of(tax_number), phones_of(phone, country), domain_of(address))
