"""The firm's currency, and the dated rates by which amounts in other ones are turned into it.

A rate is what one unit of another currency is worth in the firm's, from its day on until the next one. What was turned into the
firm's currency stays as it was: a rate that is corrected later holds for what comes in from then on.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from coach.problems import CoachError
from coach.store import tables
from coach.store.settings import set_setting, setting

CURRENCY = "currency"
"""Setting: code of the firm's currency; missing where nobody said it."""
FOREIGN = "foreign_currencies"
"""Setting: codes of the other currencies in which amounts were ever told."""
_RATES = "rates/"


class Rate(NamedTuple):
    """One line of a file of rates; `day` as 2021-03-01."""

    day: str
    currency: str
    rate: float
    file: str
    row: int


class Added(NamedTuple):
    """How many rates are new, how many stand instead of another one, and how many were there."""

    new: int
    changed: int
    same: int


def firm_currency(connection: Connection) -> str | None:
    """The currency that sums are in."""
    return setting(connection, CURRENCY)


def set_firm_currency(connection: Connection, code: str) -> None:
    """Say which currency the firm's is. CoachError where amounts were already taken in another one."""
    known = firm_currency(connection)
    if known == code:
        return
    if known is not None and connection.scalar(select(tables.event.c.sequence).limit(1)) is not None:
        raise CoachError(
            f"The amounts of this store are in {known}: under another name they would be wrong. Import into a new store with "
            f"`currency: {code}` in the mapping.",
            f"该存储的金额以 {known} 计，改名会使其出错。请在映射中写明 `currency: {code}` 并导入新的存储。",
        )
    if known is not None:
        connection.execute(delete(tables.setting).where(tables.setting.c.name.startswith(_RATES, autoescape=True)))
    set_setting(connection, CURRENCY, code)


def add_rates(connection: Connection, rates: Sequence[Rate]) -> Added:
    """Keep rates. CoachError, and nothing is kept, where the firm's currency is not known or has a rate itself."""
    own = firm_currency(connection)
    for each in rates:
        if own is None:
            raise CoachError(
                f"{each.file}: rates are in the firm's currency, and nobody said which that is: write `currency: CNY` into the "
                "mapping, or rehearse store currency STORE CNY.",
                f"{each.file}：汇率以企业的货币计，但尚未说明是哪种货币：请在映射中写明 `currency: CNY`，"
                "或运行 rehearse store currency STORE CNY。",
            )
        if each.currency == own:
            raise CoachError(
                f"{each.file}, row {each.row}, currency '{own}': this is the firm's own currency; take the row out.",
                f"{each.file} 第 {each.row} 行，currency“{own}”：这是企业自己的货币，请删去该行。",
            )
    found: Counter[str] = Counter()
    for currency in sorted({each.currency for each in rates}):
        known = dict(setting(connection, _RATES + currency, []))
        told = {each.day: each.rate for each in rates if each.currency == currency}
        found.update("new" if day not in known else "same" if known[day] == rate else "changed" for day, rate in told.items())
        set_setting(connection, _RATES + currency, sorted((known | told).items()))
    return Added(found["new"], found["changed"], found["same"])


def rates_told(connection: Connection) -> dict[str, list[tuple[str, float]]]:
    """All rates of other currencies by their code, (day, rate) in order."""
    names = select(tables.setting.c.name).where(tables.setting.c.name.startswith(_RATES, autoescape=True))
    codes = sorted(name.removeprefix(_RATES) for name in connection.scalars(names))
    return {code: [(day, rate) for day, rate in setting(connection, _RATES + code)] for code in codes}


class Rates:
    """The rates of a store, read as they are needed."""

    def __init__(self, connection: Connection):
        self._connection = connection
        self._known: dict[str, tuple[list[str], list[float]]] = {}

    def at(self, currency: str, day: str) -> float | None:
        """The rate in force on a day: the latest dated on or before it."""
        if currency not in self._known:
            lines = setting(self._connection, _RATES + currency, [])
            self._known[currency] = [each[0] for each in lines], [each[1] for each in lines]
        days, rates = self._known[currency]
        place = bisect_right(days, day)
        return rates[place - 1] if place else None
