"""Tables as they lie in a folder: CSV (also gz, GBK, UTF-8 with BOM), Excel sheets or Parquet, every cell as text."""

import csv
import fnmatch
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Set
from datetime import datetime, time
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from coach.mapping.document import Mapping, Table
from coach.mapping.reports import filled_down, is_apart, still_grouped, usual_width
from coach.problems import CoachError
from policies.documents.errors import nearest_name

EXCEL = (".xlsx", ".xlsm")
PARQUET = ".parquet"
MOST_BYTES = 2_000_000_000
MOST_ABOVE = 20
"""Rows in which the header is looked for: reports have titles above it."""
SEPARATORS = (",", ";", "\t", "|")
GZIP = b"\x1f\x8b"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), *((mark, "utf-16") for mark in UTF16))
ENCODINGS = ("gb18030", "cp1252", "cp1251")
SAMPLE_BYTES = 200_000
POSITION = re.compile(r"^(.+)#(\d+)$")
"""How a mapping names the second of two columns with one name: Amount#2."""
_EXACT = 1e15


class MappingError(CoachError):
    """The files do not fit the mapping; nothing was brought in."""


class Sheet(NamedTuple):
    """One table as read: texts by column, with file and row of each; `uneven` lists rows that do not have as many cells as the
    header: (file, row, cells found, cells of the header). `below`: files whose header is not their first row, with that row.
    `formulas`: cells of a workbook that hold a formula and no value: (file, row, column). `apart`: rows that are no records."""

    cells: pd.DataFrame
    file: pd.Series
    row: pd.Series
    uneven: list[tuple[str, int, int, int]]
    below: list[tuple[str, int]]
    formulas: list[tuple[str, int, str]]
    apart: pd.Series


def read_table(folder: Path, mapping: Mapping, table: Table) -> Sheet | None:
    """The table of a mapping from a folder or a workbook; None for an optional one that is absent. Raises MappingError."""
    sheets = [
        _checked(file, grid, table, mapping)
        for file in _files(folder, table)
        if (grid := _grid(file, mapping, table)) is not None
    ]
    if not sheets:
        if table.optional:
            return None
        wanted = ", ".join(table.patterns)
        raise MappingError(
            f"{folder}: there is no file for the table '{table.name}' ({wanted}). Put it there, or name it in the mapping "
            "under `files`.",
            f"{folder}：没有数据表“{table.name}”的文件（{wanted}）。请放入该文件，或在映射的 `files` 中写明文件名。",
        )
    return Sheet(
        pd.concat([sheet.cells for sheet in sheets], ignore_index=True),
        pd.concat([sheet.file for sheet in sheets], ignore_index=True),
        pd.concat([sheet.row for sheet in sheets], ignore_index=True),
        [each for sheet in sheets for each in sheet.uneven],
        [each for sheet in sheets for each in sheet.below],
        [each for sheet in sheets for each in sheet.formulas],
        pd.concat([sheet.apart for sheet in sheets], ignore_index=True),
    )


def _files(folder: Path, table: Table) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise MappingError(f"There is no folder {folder}.", f"没有文件夹 {folder}。")
    names = sorted(path for path in folder.iterdir() if path.is_file())
    for pattern in table.patterns:
        found = [path for path in names if fnmatch.fnmatchcase(path.name.lower(), pattern.lower())]
        if found:
            return found
    return [path for path in names if path.suffix.lower() in EXCEL and not path.name.startswith("~$")]


def _grid(file: Path, mapping: Mapping, table: Table) -> list[list[str]] | None:
    """Rows of texts; None for a workbook without that sheet."""
    if file.suffix.lower() in EXCEL:
        return _workbook_rows(file, table)
    if file.suffix.lower() == PARQUET:
        return parquet_rows(file)
    text = decoded(file, mapping.encoding)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, mapping, table), strict=True))
    except csv.Error as error:
        raise MappingError(
            f"{file.name}: this is not a CSV file ({error}). A quotation mark may be left open: export the table again.",
            f"{file.name}：不是有效的 CSV 文件（{error}）。可能有引号未闭合，请重新导出。",
        ) from None


def parquet_rows(file: Path) -> list[list[str]]:
    """The header and the rows of a Parquet file, as texts. Raises MappingError."""
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(file)
    except (OSError, pyarrow.ArrowException) as error:
        raise MappingError(
            f"{file.name}: this is not a Parquet file ({error}). Write it again.",
            f"{file.name}：不是有效的 Parquet 文件（{error}）。请重新导出。",
        ) from None
    columns = [[cell_text(cell) for cell in column.to_pylist()] for column in table.columns]
    return [table.column_names, *map(list, zip(*columns, strict=True))]


def _separator(text: str, mapping: Mapping, table: Table) -> str:
    """That of the mapping, unless another one alone parts the columns that the mapping names."""
    lines = text.splitlines()[:MOST_ABOVE]
    named = [_own_name(name) for name in columns_of(mapping, table)]

    def parts(separator: str) -> bool:
        return any(set(named) <= {cell.strip().strip('"') for cell in line.split(separator)} for line in lines)

    others = [each for each in SEPARATORS if each != mapping.separator and parts(each)]
    return mapping.separator if parts(mapping.separator) or not others else others[0]


def raw_bytes(file: Path) -> bytes:
    """What a file holds, unpacked where it is packed by gzip. Raises MappingError."""
    try:
        data = file.read_bytes()
        if data[:2] != GZIP:
            return data
        with gzip.open(io.BytesIO(data)) as stream:
            return stream.read(MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise MappingError(
            f"{file.name}: cannot be read ({error}). Is it whole? Copy or export it again.",
            f"{file.name}：无法读取（{error}）。文件是否完整？请重新复制或导出。",
        ) from None


def encoding_of(data: bytes) -> str:
    """In what a text is written that is not UTF-8: Chinese, Western or Cyrillic."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:SAMPLE_BYTES], cp_isolation=[*ENCODINGS]).best()
    return ENCODINGS[0] if found is None else found.encoding


def decoded(file: Path, encoding: str | None) -> str:
    """The text of a file. UTF-8 shows itself, also where another `encoding` is expected: other texts are not valid in it."""
    data = raw_bytes(file)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    is_wide = encoding is not None and encoding.lower().startswith(("utf-16", "utf-32"))
    for tried in [marked] if marked else [encoding] if is_wide else ["utf-8-sig", encoding]:
        try:
            return data.decode(encoding_of(data) if tried is None else tried)
        except (UnicodeDecodeError, LookupError):
            continue
    raise MappingError(
        f"{file.name}: the characters are neither UTF-8 nor GB18030 (GBK). Name their encoding in the mapping, under "
        "`encoding`.",
        f"{file.name}：字符编码既不是 UTF-8 也不是 GB18030（GBK）。请在映射的 `encoding` 中写明编码。",
    )


def opened_workbook(file: Path):
    """An Excel workbook, to be closed. Raises MappingError."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(file, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        raise MappingError(
            f"{file.name}: this is not an Excel workbook ({error}). Save it again as .xlsx.",
            f"{file.name}：不是有效的 Excel 工作簿（{error}）。请另存为 .xlsx。",
        ) from None


def _workbook_rows(file: Path, table: Table) -> list[list[str]] | None:
    book = opened_workbook(file)
    try:
        name = _sheet_name(book.sheetnames, file, table)
        if name is None:
            return None
        rows = [[cell_text(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
    finally:
        book.close()
    width = max((place + 1 for row in rows[:MOST_ABOVE] for place, cell in enumerate(row) if cell), default=0)
    # Excel hands out rectangles: blank cells behind the header are no cells.
    return [row[:width] + [cell for cell in row[width:] if cell] for row in rows]


def _sheet_name(sheets: list[str], file: Path, table: Table) -> str | None:
    names = {name.lower(): name for name in sheets}
    its_own = file.stem.lower() == table.name and len(names) == 1 and table.sheet is None
    return sheets[0] if its_own else names.get((table.sheet or table.name).lower())


def _formulas(file: Path, table: Table, header: list[str]) -> list[tuple[str, int, str]]:
    """Cells with a formula whose value the workbook does not hold: it was written by a program and never calculated."""
    from openpyxl import load_workbook

    values, written = (load_workbook(file, read_only=True, data_only=which) for which in (True, False))
    try:
        name = _sheet_name(values.sheetnames, file, table)
        rows = zip(values[name].iter_rows(values_only=True), written[name].iter_rows(values_only=True), strict=True)
        return [
            (file.name, number, column)
            for number, (row, sources) in enumerate(rows, start=1)
            for column, value, source in zip(header, row, sources, strict=False)
            if value is None and isinstance(source, str) and source.startswith("=")
        ]
    finally:
        values.close()
        written.close()


def cell_text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        # A date is a midnight to Excel.
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if hasattr(cell, "isoformat"):
        return cell.isoformat()
    if isinstance(cell, (int, float)) and abs(cell) >= _EXACT:
        # Excel keeps 15 digits: an id that is longer has zeros for the rest, and must not pass for the real one.
        return f"{cell:.5E}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _checked(file: Path, grid: list[list[str]], table: Table, mapping: Mapping) -> Sheet:
    lines = _in_lines(grid, table)
    named = [name for name in columns_of(mapping, table) if name not in lines]
    top = _header_row(grid, named)
    header = [name.strip() for name in grid[top]] if grid else []
    for name in named:
        if header.count(name) > 1:
            raise MappingError(
                f"{file.name}: the column '{name}' is there {header.count(name)} times. Write {name}#1 in the mapping for the "
                f"first, {name}#2 for the second.",
                f"{file.name}：列“{name}”出现了 {header.count(name)} 次。请在映射中以 {name}#1、{name}#2 表示第一、第二列。",
            )
    header = numbered(header)
    for name in named:
        if name not in header:
            raise _no_column(file, name, header)
    below = [(file.name, top + 1)] if top else []
    rows = ((number, _within(row, len(header))) for number, row in enumerate(grid[top + 1 :], start=top + 2))
    body = [(number, row) for number, row in rows if any(row)]
    uneven = [(file.name, number, len(row), len(header)) for number, row in body if len(row) != len(header)]
    even = [place for place, (_, row) in enumerate(body) if len(row) == len(header)]
    usual, missing = usual_width([row for _, row in body]), frozenset(mapping.missing)
    told = zip(*(body[place][1] for place in even), strict=True) if even else ([] for _ in header)
    cells = pd.DataFrame({name: _cleaned(column, missing) for name, column in zip(header, told, strict=True)}, dtype=object)
    if table.grouped:
        grouped = still_grouped([row for _, row in body], header, table.grouped)
        filled = filled_down([row for _, row in body], header, grouped)
        for name in grouped:
            cells[name] = pd.Series(_cleaned([filled[place][name] for place in even], missing), dtype=object)
    numbers = pd.Series([body[place][0] for place in even], dtype="int64")
    apart = pd.Series([is_apart(body[place][1], usual) for place in even], dtype=bool)
    formulas = _formulas(file, table, header) if file.suffix.lower() in EXCEL else []
    return Sheet(cells, pd.Series(file.name, index=cells.index, dtype=object), numbers, uneven, below, formulas, apart)


def _cleaned(cells: Iterable[str], missing: Set[str]) -> list[str]:
    """Cells without blanks at their ends; those that mean nothing are empty, and a text that comes again is kept once."""
    told: dict[str, str] = {}
    for cell in cells:
        if cell not in told:
            text = cell.strip()
            told[cell] = "" if text in missing else text
    return [told[cell] for cell in cells]


def _in_lines(grid: list[list[str]], table: Table) -> list[str]:
    """Columns of a grouped report that stand in lines above their rows, and in no header."""
    upper = {cell.strip() for row in grid[:MOST_ABOVE] for cell in row}
    return [name for name in table.grouped if name not in upper]


def _within(row: list[str], width: int) -> list[str]:
    """A row without blank cells behind the last column: some programs end every line with a separator."""
    return row[:width] if len(row) > width and not any(row[width:]) else row


def _own_name(name: str) -> str:
    found = POSITION.match(name)
    return found.group(1) if found else name


def _header_row(grid: list[list[str]], named: list[str]) -> int:
    """The first of the rows at the top that holds every column which the mapping names; the first row if none does."""
    wanted = {_own_name(name) for name in named}
    tops = (place for place, row in enumerate(grid[:MOST_ABOVE]) if wanted <= {cell.strip() for cell in row})
    return next(tops, 0)


def numbered(header: list[str]) -> list[str]:
    """Columns of one name, told apart by their order: Amount#1, Amount#2."""
    seen: Counter[str] = Counter()
    names = []
    for name in header:
        seen[name] += 1
        names.append(f"{name}#{seen[name]}" if header.count(name) > 1 else name)
    return names


def missing_column(sheet: Sheet, name: str) -> MappingError:
    """What to tell where a table does not have a column."""
    return _no_column(Path(sheet.file.iloc[0] if len(sheet.file) else "?"), name, [str(each) for each in sheet.cells.columns])


def _no_column(file: Path, name: str, header: list[str]) -> MappingError:
    near = nearest_name(name, header)
    there = ", ".join(header[:40]) or "–"
    hint = (f" Is it '{near}'?", f"是否为“{near}”？") if near else ("", "")
    return MappingError(
        f"{file.name}, row 1: there is no column '{name}'; there are {there}.{hint[0]} Correct the name in the mapping, or "
        "export the table with that column.",
        f"{file.name} 第 1 行：没有列“{name}”；现有：{there}。{hint[1]}请在映射中改正列名，或导出时包含该列。",
    )


def looked_up(mapping: Mapping, table: Table) -> list[str]:
    """Columns of this table by which others look its records up, each once."""
    choices = [choice for each in mapping.tables for spec in each.events for choice in spec.record]
    return list(dict.fromkeys(each.find.where for each in choices if each.find and each.find.table == table.name))


def columns_of(mapping: Mapping, table: Table) -> list[str]:
    """Every column of this table that the mapping names, each once."""
    names = [*looked_up(mapping, table), *table.ids, table.kind_column]
    names += [name for rule in table.set_aside for name in rule.when]
    for spec in table.events:
        names += [spec.event_column, spec.kind_column, spec.unit, spec.key, spec.voids, *spec.when]
        for instant in (spec.at, spec.recorded_at):
            names += [instant.column, instant.plus] if instant is not None else []
        for value in spec.payload.values():
            names += [value.column, value.currency.column if value.currency is not None else None]
        for choice in spec.record:
            names += [choice.id, choice.find.equals if choice.find else None, *choice.when]
    return list(dict.fromkeys(name for name in names if name is not None))
