"""Tables to take away, as CSV or Excel; exactly what is on the screen, so that nothing more leaves than may be seen."""

import csv
from io import BytesIO, StringIO
from typing import Any, NamedTuple

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Table(NamedTuple):
    """A table by name; `rows` are as long as `heads`."""

    name: str
    heads: list[str]
    rows: list[list[Any]]


def as_csv(table: Table) -> BytesIO:
    """UTF-8 with a byte order mark, by which Excel knows it."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.heads)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return BytesIO(text.getvalue().encode("utf-8-sig"))


def as_excel(table: Table) -> BytesIO:
    """A workbook of one sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = table.name[:31] or "-"
    sheet.append(table.heads)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table.rows:
        sheet.append([_safe(cell) for cell in row])
    for place, head in enumerate(table.heads, start=1):
        longest = max([len(str(head)), *(len(str(row[place - 1] or "")) for row in table.rows)])
        sheet.column_dimensions[get_column_letter(place)].width = min(60, 4 + longest)
    sheet.freeze_panes = "B2"
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _safe(cell: Any) -> Any:
    # What comes from a CRM must stay a text: a spreadsheet would run a formula.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
