"""The list of people that a firm keeps: how exports spell them, to which unit they belong, when they came and left."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from coach.mapping.files import MappingError
from coach.mapping.lists import cells_of, check_day, fault, rows_of

HEADER = ("name", "spellings", "unit", "joined", "left")
BETWEEN = "|"
"""Stands between two spellings in a cell."""


class Person(NamedTuple):
    """One line of the list. `unit`: the one above; `joined`: first day, `left`: last day, both as 2021-03-01."""

    name: str
    spellings: tuple[str, ...]
    unit: str | None
    joined: str | None
    left: str | None
    row: int


class PeopleList(NamedTuple):
    """All of them, and the instant (ms) at which the list was so."""

    file: str
    people: tuple[Person, ...]
    at: int


def plain(name: str) -> str:
    """What two spellings of a name have in common: neither case nor blanks tell people apart."""
    return " ".join(name.split()).casefold()


def read_people(path: Path, at: int) -> PeopleList:
    """The people of a CSV file. MappingError with file, row, field and remedy for the first thing that is wrong."""
    rows = rows_of(path)
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if "name" not in header or not set(header) <= set(HEADER) or len(set(header)) < len(header):
        found = ", ".join(header) or "–"
        raise MappingError(
            f"{path.name}, row 1: a list of people has the column name and any of spellings, unit, joined, left, each once; "
            f"there are {found}. Nothing was stored.",
            f"{path.name} 第 1 行：人员名单须有 name 列，可有 spellings、unit、joined、left，每列一次；现有：{found}。"
            "未存储任何内容。",
        )
    people: list[Person] = []
    whose: dict[str, int] = {}
    for row, cells in rows[1:]:
        each = _person(path.name, row, cells_of(path.name, row, header, cells))
        for spelling in dict.fromkeys(map(plain, (each.name, *each.spellings))):
            first = whose.setdefault(spelling, row)
            if first != row:
                raise fault(
                    path.name, row, "name", each.name, f"'{spelling}' stands for somebody already, in row {first}; keep one",
                    f"“{spelling}”已在第 {first} 行代表他人，请只保留一处",
                )  # fmt: skip
        people.append(each)
    _check_tree(path.name, people)
    return PeopleList(path.name, tuple(people), at)


def _person(file: str, row: int, told: dict[str, str]) -> Person:
    if not told["name"]:
        raise fault(file, row, "name", "", "a person has a name; fill it in", "须填写姓名")
    joined, left = told.get("joined") or None, told.get("left") or None
    for field, day in (("joined", joined), ("left", left)):
        if day is not None:
            check_day(file, row, field, day)
    if joined is not None and left is not None and left < joined:
        raise fault(
            file, row, "left", left, f"the last day lies before the first ({joined}); correct one of them",
            f"最后一天早于入职日（{joined}），请改正其一",
        )  # fmt: skip
    spellings = tuple(spelling.strip() for spelling in told.get("spellings", "").split(BETWEEN) if spelling.strip())
    return Person(told["name"], spellings, told.get("unit") or None, joined, left, row)


def _check_tree(file: str, people: Iterable[Person]) -> None:
    above = {plain(spelling): each for each in people for spelling in (each.name, *each.spellings)}
    for person in above.values():
        seen: set[str] = set()
        each: Person | None = person
        while each is not None and each.unit is not None:
            if each.name in seen:
                raise fault(
                    file, person.row, "unit", person.unit or "", "the units above lead back to this one; correct one of them",
                    "上级单位形成循环，请改正其一",
                )  # fmt: skip
            seen.add(each.name)
            each = above.get(plain(each.unit))


def heights(people: Iterable[Person]) -> dict[str, int]:
    """How many steps lie between each name, those of units included, and the lowest below it."""
    above = {each.name: each.unit for each in people}
    found = dict.fromkeys([*above, *(unit for unit in above.values() if unit is not None)], 0)
    for name in above:
        height, unit = 0, above[name]
        while unit is not None:
            height += 1
            found[unit] = max(found[unit], height)
            unit = above.get(unit)
    return found
