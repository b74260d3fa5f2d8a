"""A file of dated rates: what one unit of a currency was worth in the firm's from a day on."""

import math
import re
from pathlib import Path

from coach.mapping.files import MappingError
from coach.mapping.lists import cells_of, check_day, fault, rows_of
from coach.money import is_code
from coach.store.rates import Rate

HEADER = ("date", "currency", "rate")
LARGEST = 1e9
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_rates(path: str | Path) -> list[Rate]:
    """The rates of a CSV file. MappingError with file, row, field and remedy for the first thing that is wrong."""
    file = Path(path).expanduser()
    rows = rows_of(file)
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if sorted(header) != sorted(HEADER):
        found = ", ".join(header) or "–"
        raise MappingError(
            f"{file.name}, row 1: a file of rates has the columns date, currency, rate and no other; there are {found}. The "
            "rate is what one unit of the currency is worth in the firm's.",
            f"{file.name} 第 1 行：汇率文件须有且仅有 date、currency、rate 三列；现有：{found}。"
            "rate 是一单位该货币折合企业货币的数额。",
        )
    rates: list[Rate] = []
    seen: dict[tuple[str, str], int] = {}
    for row, cells in rows[1:]:
        each = _rate(file.name, row, header, cells)
        first = seen.setdefault((each.currency, each.day), row)
        if first != row:
            raise fault(
                file.name, row, "date", each.day, f"{each.currency} has a rate of this day already, in row {first}; keep one",
                f"{each.currency} 在第 {first} 行已有当日汇率，请只保留一个",
            )  # fmt: skip
        rates.append(each)
    return rates


def _rate(file: str, row: int, header: list[str], cells: list[str]) -> Rate:
    told = cells_of(file, row, header, cells)
    check_day(file, row, "date", told["date"])
    if not is_code(told["currency"]):
        raise fault(
            file, row, "currency", told["currency"], "this is no code of a currency; write three capitals such as EUR",
            "不是货币代码，请写三个大写字母，例如 EUR",
        )  # fmt: skip
    rate = float(told["rate"]) if _NUMBER.fullmatch(told["rate"]) else math.nan
    if not 0 < rate <= LARGEST:
        raise fault(
            file, row, "rate", told["rate"], "a rate is a number above zero; write it with a point, such as 7.85",
            "汇率须为大于零的数，小数点写作“.”，例如 7.85",
        )  # fmt: skip
    return Rate(told["date"], told["currency"], rate, file, row)
