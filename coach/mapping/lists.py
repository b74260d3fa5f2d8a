"""Small CSV files that a firm keeps itself beside its exports: rates of currencies, and its people."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from coach.mapping.files import SEPARATORS, MappingError, decoded

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def rows_of(file: Path) -> list[tuple[int, list[str]]]:
    """Numbered rows of a CSV file, the header first, empty ones left out. Raises MappingError."""
    text = decoded(file, None)
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(SEPARATORS, key=first.count)
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=1))
    except csv.Error as error:
        raise MappingError(
            f"{file.name}: this is not a CSV file ({error}). A quotation mark may be left open: export it again.",
            f"{file.name}：不是有效的 CSV 文件（{error}）。可能有引号未闭合，请重新导出。",
        ) from None
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def cells_of(file: str, row: int, header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a row by column, without blanks at their ends. Raises MappingError where there are more or fewer."""
    if len(cells) != len(header):
        raise fault(
            file, row, header[-1], ",".join(cells), f"the row has {len(cells)} cells instead of {len(header)}; correct it",
            f"该行有 {len(cells)} 个单元格，应为 {len(header)} 个，请改正",
        )  # fmt: skip
    return dict(zip(header, (cell.strip() for cell in cells), strict=True))


def check_day(file: str, row: int, field: str, text: str) -> None:
    """Raises MappingError unless a text is a day such as 2021-03-01."""
    if _DAY.fullmatch(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            pass
        else:
            return
    raise fault(file, row, field, text, "this is no day; write it as 2021-03-01", "不是日期，请写成 2021-03-01")


def fault(file: str, row: int, field: str, found: str, en: str, zh: str) -> MappingError:
    """What is wrong with a cell, and what to do."""
    return MappingError(
        f"{file}, row {row}, {field} '{found}': {en}. Nothing was stored.",
        f"{file} 第 {row} 行，{field}“{found}”：{zh}。未存储任何内容。",
    )
