"""A file of dated rates: what one unit of a currency was worth in the firm's from a day on."""

import csv
import io
import math
import re
from datetime import date
from pathlib import Path

from coach.mapping.files import SEPARATORS, MappingError, decoded
from coach.money import is_code
from coach.store.rates import Rate

HEADER = ("date", "currency", "rate")
LARGEST = 1e9
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_rates(path: str | Path) -> list[Rate]:
    """The rates of a CSV file. MappingError with file, row, field and remedy for the first thing that is wrong."""
    file = Path(path).expanduser()
    try:
        rows = _rows(decoded(file, None))
    except csv.Error as error:
        raise MappingError(
            f"{file.name}: this is not a CSV file ({error}). A quotation mark may be left open: export it again.",
            f"{file.name}：不是有效的 CSV 文件（{error}）。可能有引号未闭合，请重新导出。",
        ) from None
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
            raise _fault(
                file.name, row, "date", each.day, f"{each.currency} has a rate of this day already, in row {first}; keep one",
                f"{each.currency} 在第 {first} 行已有当日汇率，请只保留一个",
            )  # fmt: skip
        rates.append(each)
    return rates


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(SEPARATORS, key=first.count)
    rows = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=1)
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def _rate(file: str, row: int, header: list[str], cells: list[str]) -> Rate:
    if len(cells) != len(header):
        raise _fault(
            file, row, "rate", ",".join(cells), f"the row has {len(cells)} cells instead of 3; correct it",
            f"该行有 {len(cells)} 个单元格，应为 3 个，请改正",
        )  # fmt: skip
    told = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    if not _is_day(told["date"]):
        raise _fault(file, row, "date", told["date"], "this is no day; write it as 2021-03-01", "不是日期，请写成 2021-03-01")
    if not is_code(told["currency"]):
        raise _fault(
            file, row, "currency", told["currency"], "this is no code of a currency; write three capitals such as EUR",
            "不是货币代码，请写三个大写字母，例如 EUR",
        )  # fmt: skip
    rate = float(told["rate"]) if _NUMBER.fullmatch(told["rate"]) else math.nan
    if not 0 < rate <= LARGEST:
        raise _fault(
            file, row, "rate", told["rate"], "a rate is a number above zero; write it with a point, such as 7.85",
            "汇率须为大于零的数，小数点写作“.”，例如 7.85",
        )  # fmt: skip
    return Rate(told["date"], told["currency"], rate, file, row)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fault(file: str, row: int, field: str, found: str, en: str, zh: str) -> MappingError:
    return MappingError(
        f"{file}, row {row}, {field} '{found}': {en}. Nothing was stored.",
        f"{file} 第 {row} 行，{field}“{found}”：{zh}。未存储任何内容。",
    )
