"""How a guess is told to people: the words, and of every column what it was taken for."""

from collections.abc import Mapping as Words
from typing import NamedTuple

from coach.guessing.guess import Guess
from coach.guessing.sources import Raw
from coach.mapping.document import Mapping, Table
from policies.language.quantities import Text

SHOWN_ROWS = 20
"""Deals that are shown as they would be read."""


def _words(told: Words[str, tuple[str, str]]) -> dict[str, Text]:
    return {name: Text(en=en, zh=zh) for name, (en, zh) in told.items()}


CONCEPTS = _words({
    "id": ("id", "编号"),
    "title": ("title", "标题"),
    "customer": ("customer", "客户"),
    "owner": ("owner", "负责人"),
    "amount": ("amount", "金额"),
    "currency": ("currency", "币种"),
    "created": ("created", "创建时间"),
    "closed": ("closed", "结束时间"),
    "won_at": ("won on", "赢单时间"),
    "lost_at": ("lost on", "输单时间"),
    "expected": ("expected closing", "预计成交日期"),
    "stage": ("stage", "阶段"),
    "status": ("state", "状态"),
    "won": ("whether it is won", "是否赢单"),
    "source": ("source", "来源"),
    "product": ("product", "产品"),
    "lost_reason": ("reason of a loss", "输单原因"),
})  # fmt: skip
"""What a column of the deals can be, in the order in which people are told."""
DEAL = _words({
    "deal": ("deal", "商机"),
    "owner": ("owner", "负责人"),
    "amount": ("amount", "金额"),
    "created": ("created", "创建"),
    "state": ("state", "状态"),
    "closed": ("closed", "结束"),
})  # fmt: skip
"""What is shown of a deal as it would be read."""
STATES = _words({"open": ("open", "进行中"), "won": ("won", "赢单"), "lost": ("lost", "输单")})
ROLES = _words({
    "deals": ("deals", "商机"),
    "steps": ("changes of stage", "阶段变更"),
    "activities": ("activities", "活动记录"),
    "leads": ("leads", "线索"),
    "users": ("names of owners", "负责人姓名"),
    "others": ("records", "记录"),
})  # fmt: skip
"""What a table is taken for."""


class Meaning(NamedTuple):
    """A column of the deals: its concept, its name, and some of its values."""

    concept: str
    column: str
    examples: tuple[str, ...]


def meanings(found: Guess, raw: list[Raw], examples: int = 1) -> list[Meaning]:
    """The columns of the deals with their concepts, as many different values of each as are asked for."""
    deals = found.mapping.tables[0]
    cells = {str(name): column for one in raw if _holds(deals, one) for name, column in one.cells.items()}
    told = []
    for concept in CONCEPTS:
        if concept in found.columns:
            name = found.columns[concept]
            values = (str(text) for text in dict.fromkeys(cells.get(name, ())) if text)
            told.append(Meaning(concept, name, tuple(text for _, text in zip(range(examples), values, strict=False))))
    return told


def table_titles(mapping: Mapping) -> dict[str, Text]:
    """What the tables of a mapping are called, by name: what they are, unless several are the same."""
    kinds = [_kind(table) for table in mapping.tables]
    return {
        table.name: ROLES[kind] if kinds.count(kind) == 1 else Text(en=table.name, zh=table.name)
        for table, kind in zip(mapping.tables, kinds, strict=True)
    }


def roles(mapping: Mapping, raw: list[Raw]) -> list[str | None]:
    """For each table what the mapping takes it for, as in `ROLES`; None where it makes nothing of it."""
    return [_role(mapping, each) for each in raw]


def _role(mapping: Mapping, raw: Raw) -> str | None:
    table = next((each for each in mapping.tables if _holds(each, raw)), None)
    if table is not None:
        return _kind(table)
    users = mapping.users
    is_users = users is not None and raw.is_one_of(users.files) and users.sheet in (None, raw.sheet)
    return "users" if is_users else None


def _holds(table: Table, raw: Raw) -> bool:
    return raw.is_one_of(table.patterns) and table.sheet in (None, raw.sheet)


def _kind(table: Table) -> str:
    if table.kind == "opportunity":
        return "deals"
    if table.kind == "lead":
        return "leads"
    if table.kind is not None or table.kind_column is not None:
        return "others"
    return "steps" if any(spec.event == "advanced" for spec in table.events) else "activities"
