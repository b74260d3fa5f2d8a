"""The tables of an export as they lie in a folder or a file of CSV, Excel and Parquet, every cell as text."""

import csv
import fnmatch
import glob
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from coach.mapping import reports
from coach.mapping.archives import is_table
from coach.mapping.files import (
    ENCODINGS,
    EXCEL,
    MOST_ABOVE,
    PARQUET,
    SEPARATORS,
    UTF16,
    MappingError,
    cell_text,
    decoded,
    encoding_of,
    numbered,
    opened_workbook,
    parquet_rows,
    raw_bytes,
)

_DIGITS = re.compile(r"\d+")


class Raw(NamedTuple):
    """A table whose meaning is not known. `cells` are texts, blank cells empty; `encoding` is None where it tells itself.

    `grouped`: columns that a report tells once for several rows; here they are filled. `above`: what stands above the header.
    """

    name: str
    file: str
    sheet: str | None
    cells: pd.DataFrame
    separator: str
    encoding: str | None
    grouped: tuple[str, ...] = ()
    above: str = ""

    @property
    def pattern(self) -> str:
        """The file's name with its numbers left open: the next export has another date in its name."""
        return _DIGITS.sub("*", glob.escape(self.file))

    def is_one_of(self, patterns: Iterable[str]) -> bool:
        """Whether the file's name fits one of these patterns, as the files of a mapping do."""
        return any(fnmatch.fnmatchcase(self.file.lower(), pattern.lower()) for pattern in patterns)


def tables(folder: Path) -> list[Raw]:
    """Every table of a folder or a file. Raises MappingError for what cannot be read, and where there is no table."""
    if not folder.exists():
        raise MappingError(f"There is no folder {folder}.", f"没有文件夹 {folder}。")
    files = [folder] if folder.is_file() else sorted(each for each in folder.iterdir() if each.is_file())
    found = [table for file in files if is_table(file.name) for table in _tables_of(file)]
    if not found:
        raise MappingError(
            f"{folder}: there is no table in it. Export your CRM's deals as CSV or Excel, and put the files there.",
            f"{folder}：其中没有数据表。请从 CRM 导出商机（CSV 或 Excel），并放入其中。",
        )
    return found


def _tables_of(file: Path) -> Iterator[Raw]:
    name = file.name.lower().removesuffix(".gz").rpartition(".")[0]
    if file.suffix.lower() in EXCEL:
        yield from _sheets(file, name)
        return
    if file.suffix.lower() == PARQUET:
        yield from _table(name, file.name, None, parquet_rows(file))
        return
    text, encoding = _text(file)
    separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        rows = []
    yield from _table(name, file.name, None, rows, separator, encoding)


def _sheets(file: Path, name: str) -> Iterator[Raw]:
    book = opened_workbook(file)
    try:
        for sheet in book.sheetnames:
            rows = [[cell_text(cell) for cell in row] for row in book[sheet].iter_rows(values_only=True)]
            yield from _table(sheet if len(book.sheetnames) > 1 else name, file.name, sheet, rows)
    finally:
        book.close()


def _text(file: Path) -> tuple[str, str | None]:
    """The text of a file, and its encoding where a smaller file might not tell it by itself: Western ones look like GBK."""
    text = decoded(file, None)
    data = raw_bytes(file)
    with suppress(UnicodeDecodeError):
        data.decode("utf-8-sig")
        return text, None
    encoding = ENCODINGS[0] if data[:2] in UTF16 else encoding_of(data)
    return text, None if encoding == ENCODINGS[0] else encoding


def _separator(text: str) -> str:
    """The one that parts most lines into the same number of cells, more than one."""
    lines = [line for line in text.splitlines()[: 5 * MOST_ABOVE] if line.strip()]

    def fit(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(SEPARATORS, key=fit)


def _table(
    name: str, file: str, sheet: str | None, rows: list[list[str]], separator: str = ",", encoding: str | None = None
) -> Iterator[Raw]:
    """The table below its header: the first of the upper rows whose cells are all named, and as many as most rows have. Rows
    that are no records are left out."""
    rows = [[cell.strip() for cell in row] for row in rows]
    filled = [sum(map(bool, row)) for row in rows[: 5 * MOST_ABOVE]]
    if not filled or max(filled) < 2:
        return
    wide = sorted(filled)[len(filled) // 2]
    top = next((place for place, number in enumerate(filled[:MOST_ABOVE]) if number >= max(2, wide)), 0)
    header = rows[top]
    while header and not header[-1]:
        header = header[:-1]
    header = numbered(header)
    body = [row[: len(header)] + [""] * (len(header) - len(row)) for row in rows[top + 1 :] if any(row)]
    usual = reports.usual_width(body)
    records = [not reports.is_apart(row, usual) for row in body]
    if not any(records):
        return
    lines = [each for each in reports.own_lines(body) if each not in header]
    grouped = [*(header[place] for place in reports.once_told(body)), *lines]
    cells = pd.DataFrame(body, columns=header, dtype=object)
    if grouped:
        cells[grouped] = pd.DataFrame(reports.filled_down(body, header, grouped), columns=grouped, dtype=object)
    above = " ".join(cell for row in rows[:top] for cell in row if cell)
    yield Raw(name, file, sheet, cells[records].reset_index(drop=True), separator, encoding, tuple(grouped), above)


def document_of(raw: Raw, name: str, row_id: str | list[str]) -> dict[str, Any]:
    """What a mapping says of where a table lies."""
    told: dict[str, Any] = {"name": name, "files": [raw.pattern], "id": row_id}
    if raw.sheet is not None:
        told["sheet"] = raw.sheet
    return told | ({"grouped": list(raw.grouped)} if raw.grouped else {})


def joined(tables: list[Raw]) -> list[Raw]:
    """The tables, those with one heading in files of one kind of name as one: deals_2023.csv and deals_2024.csv."""
    found: dict[tuple, list[Raw]] = {}
    for raw in tables:
        own = (raw.pattern, raw.sheet, tuple(raw.cells.columns), raw.separator, raw.encoding, raw.grouped)
        found.setdefault(own, []).append(raw)
    return [
        some[0] if len(some) == 1 else some[0]._replace(cells=pd.concat([each.cells for each in some], ignore_index=True))
        for some in found.values()
    ]
