"""In which currency amounts are, and which one is the firm's: by headings, a column of currencies, the cells, the language."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from coach.guessing.columns import Column
from coach.guessing.doubts import Doubt, choice, doubt
from coach.guessing.sources import Raw
from coach.mapping import parsing
from coach.mapping.currencies import code_in, marks_in, meant_by, stated_in

_USUAL = {"zh": "CNY", "ja": "JPY", "ko": "KRW", "ru": "RUB", "de": "EUR", "pt": "BRL", "es": "EUR"}
"""What a sign of several meanings stands for, and which of several currencies is the firm's, by the language of a table."""
_ABOVE = re.compile(r"(?:币种|货币|单位|currency|währung|moeda|moneda|валюта)\s*[:：]\s*(\S+)", re.IGNORECASE)
_MOST = 0.8
"""Share of amounts in one currency that makes it the firm's."""
_MOST_CHOICES = 8
FIRM = "currency"


class Money(NamedTuple):
    """`told`: by column of amounts what its heading says; `stated`: how many amounts state which currency; `firm`: the firm's,
    None where nothing says it."""

    told: dict[str, str]
    stated: Counter[str]
    firm: str | None
    doubts: list[Doubt]


def money_of(raw: Raw, columns: Mapping[str, Column], answers: Mapping[str, str], language: str | None) -> Money:
    """What a table says of the currencies of its amounts."""
    usual = answers.get(FIRM) or _USUAL.get(language or "")
    amounts = [columns[concept] for concept in ("amount", "actual") if concept in columns]
    above = _ABOVE.search(raw.above)
    told, stated = {}, Counter[str]()
    for column in amounts:
        meant = stated_in(column.name) or (stated_in(above[1]) if above else ())
        code = usual if usual in meant else meant[0] if len(meant) == 1 else None
        if code is not None:
            told[column.name] = code
        stated += _stated(raw.cells, column, columns.get("currency"), code, usual)
    firm, doubts = _firm(stated, answers.get(FIRM), usual)
    return Money(told, stated, firm, doubts)


def _stated(
    cells: pd.DataFrame, column: Column, named: Column | None, of_heading: str | None, usual: str | None
) -> Counter[str]:
    """How many amounts of a column state which currency."""
    found: Counter[str] = Counter()
    numbers = parsing.numbers(cells[column.name], column.decimal)
    texts = cells[column.name][numbers.notna()]
    if of_heading is not None:
        return Counter({of_heading: len(texts)} if len(texts) else {})
    if named is not None:
        for text, rows in cells[named.name][texts.index].value_counts().items():
            found.update({code: int(rows)} if (code := code_in(str(text), usual)) else {})
        return found
    for text, rows in texts.value_counts().items():
        found.update({code: int(rows) for mark in marks_in(str(text)) if (code := meant_by(mark, usual)) is not None})
    return found


def _firm(stated: Counter[str], answer: str | None, usual: str | None) -> tuple[str | None, list[Doubt]]:
    if answer is not None or len(stated) < 2:
        return answer or next(iter(stated), None), []
    code, most = stated.most_common(1)[0]
    clear = most >= _MOST * stated.total()
    chosen = usual if usual in stated and not clear else code
    choices = [choice(each) for each, _ in stated.most_common(_MOST_CHOICES)]
    en = "Amounts are in several currencies. Which one is the firm's, in which sums are told?"
    zh = "金额使用多种货币。合计以哪种货币（企业的货币）计？"
    return chosen, [doubt(FIRM, en, zh, choices, chosen or code, decisive=not clear and usual not in stated)]
