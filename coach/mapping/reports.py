"""Rows of a report that are no records: sums, headings of groups, notes; and what they say of the rows below them.

A report that a CRM or a spreadsheet has grouped tells the owner or the stage once for several rows: in the first of them, or in
a line of its own such as `Owner: Ann Lee (12 records)`.
"""

import re
from collections.abc import Sequence

LEAST_COLUMNS = 4
"""Tables with fewer columns have no such rows."""
_WORDS = (
    "(?:sub|grand )?totals?|sum|count|average|total general|total geral|recuento|suma|soma|contagem|"
    "zwischensumme|gesamtsumme|gesamtergebnis|teilergebnis|gesamt|summe|ergebnis|anzahl|"
    "小计|合计|总计|共计|汇总|总和|计数|平均值?|итого|итог|всего|промежуточный итог|общий итог|количество|среднее"
)
_SUM = re.compile(rf"(?:.{{0,60}}[\s:：]|[^\s]{{0,20}}(?=[小合总共汇]))?(?:{_WORDS})\s*(?:[:：(（].*)?", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_NUMBER = re.compile(r"\W{0,3}[^\W\d]{0,3}\W{0,3}\d[\d.,\s'’]*\s*[%)]?\s*[^\W\d]{0,3}\W?")
_HEADING = re.compile(r"(?P<name>[^:：]{1,60}?)\s*[:：]\s*(?P<value>.*?)\s*(?:[(（]\s*\d[^)）]*[)）])?")


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """How many filled cells half of the rows have at least."""
    filled = sorted(sum(map(bool, row)) for row in rows)
    return filled[len(filled) // 2] if filled else 0


def is_apart(row: Sequence[str], usual: int) -> bool:
    """Whether a row is a sum of others, or a single cell among rows of several. `usual`: filled cells of most rows."""
    filled = [cell for cell in row if cell]
    if not LEAST_COLUMNS <= usual > len(filled) > 0:
        return False
    return len(filled) == 1 or is_sum(filled)


def is_sum(filled: Sequence[str]) -> bool:
    """Whether filled cells are a sum: one says so, and beside numbers there is at most the name of a group."""
    said = others = 0
    for cell in filled:
        if _SUM.fullmatch(cell):
            said += 1
        elif _DATE.search(cell) or not _NUMBER.fullmatch(cell):
            others += 1
            if others > 1:
                return False
    return said > 0


def heading_of(row: Sequence[str]) -> tuple[str, str] | None:
    """Name and value of a group that a line such as `Owner: Ann Lee (12 records)` begins."""
    filled = [cell for cell in row if cell]
    found = _HEADING.fullmatch(filled[0]) if len(filled) == 1 else None
    return None if found is None else (found["name"].strip(), found["value"])


def own_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names of groups that lines of their own begin, with records below; a note at the end begins none."""
    usual, found = usual_width(rows), dict[str, None]()
    waiting: list[str] = []
    for row in rows:
        if not is_apart(row, usual):
            found |= dict.fromkeys(waiting)
            waiting = []
        elif (heading := heading_of(row)) is not None:
            waiting.append(heading[0])
    return list(found)


def once_told(rows: Sequence[Sequence[str]]) -> list[int]:
    """Places of the leading columns that are filled in the first row of each group alone: merged cells, or a grouped report."""
    usual = usual_width(rows)
    records = [row for row in rows if not is_apart(row, usual)]
    found: list[int] = []
    for place in range(max(map(len, records), default=0)):
        if not _told_once([[row[each] for each in (*found, place)] for row in records]):
            break
        found.append(place)
    return found


def _told_once(rows: list[list[str]]) -> bool:
    """Whether the last of some columns is blank in many rows, and filled wherever one before it or its own value changes."""
    if len(rows) < LEAST_COLUMNS or not rows[0][-1]:
        return False
    return sum(not row[-1] for row in rows) >= 0.3 * len(rows) and not _told_again(rows)


def _told_again(rows: list[list[str]]) -> bool:
    """Whether the last of some columns is told more than once within what those before it tell once: blanks are blanks then."""
    told: set[str] = set()
    for row in rows:
        if any(row[:-1]):
            told = set()
            if not row[-1]:
                return True
        if row[-1] in told:
            return True
        told |= {row[-1]} - {""}
    return False


def still_grouped(rows: Sequence[Sequence[str]], header: Sequence[str], names: Sequence[str]) -> list[str]:
    """Those of the grouped columns that are still told once for several rows, and not in every row as a list tells them."""
    usual = usual_width(rows)
    records = [row for row in rows if len(row) == len(header) and not is_apart(row, usual)]
    found: list[str] = []
    for name in names:
        places = [header.index(each) for each in (*found, name) if each in header]
        if name not in header or not _told_again([[row[place] for place in places] for row in records]):
            found.append(name)
    return found


def filled_down(rows: Sequence[Sequence[str]], header: Sequence[str], names: Sequence[str]) -> list[dict[str, str]]:
    """For every row what the grouped columns of these names say: its own cell, that above it, or the line that begins its
    group."""
    usual, now, told = usual_width(rows), dict.fromkeys(names, ""), []
    places = {name: header.index(name) for name in names if name in header}
    for row in rows:
        if is_apart(row, usual):
            heading = heading_of(row)
            if heading is not None and heading[0] in now:
                now[heading[0]] = heading[1]
        else:
            now |= {name: row[place] for name, place in places.items() if place < len(row) and row[place]}
        told.append(dict(now))
    return told
