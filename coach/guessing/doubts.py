"""What a guess is not sure of: questions with their answers, of which one is taken until a person says otherwise."""

from typing import NamedTuple

from policies.language.quantities import Text


class Choice(NamedTuple):
    """An answer: what is kept of it, and how it is told."""

    value: str
    label: Text


class Doubt(NamedTuple):
    """A question. `chosen` is the answer that stands; `decisive`: another answer would change what is counted, and nothing in
    the files says which is right."""

    key: str
    question: Text
    choices: tuple[Choice, ...]
    chosen: str
    decisive: bool


def choice(value: str, en: str = "", zh: str = "") -> Choice:
    """An answer that is told as it is kept, unless given other words."""
    return Choice(value, Text(en=en or value, zh=zh or en or value))


def doubt(key: str, en: str, zh: str, choices: list[Choice], chosen: str, *, decisive: bool = False) -> Doubt:
    """A question in both languages."""
    return Doubt(key, Text(en=en, zh=zh), tuple(choices), chosen, decisive)


_COLUMNS = {
    "created": ("Which column says when a deal was created?", "哪一列是商机的创建时间？"),
    "closed": ("Which column says when a deal was closed?", "哪一列是商机的结束时间？"),
    "amount": ("Which column says what a deal is worth?", "哪一列是商机的金额？"),
    "owner": ("Which column says whose a deal is?", "哪一列是商机的负责人？"),
}
ASKED = tuple(_COLUMNS)
"""Concepts whose column is asked for where it is in doubt."""


def which_column(concept: str, names: list[str], *, missing: bool) -> Doubt:
    """Which column has a concept: the first of the names stands; with `missing` none does, and it matters."""
    choices = [*([choice("", "none", "没有")] if missing else []), *map(choice, names)]
    return doubt(f"column.{concept}", *_COLUMNS[concept], choices, choices[0].value, decisive=missing)


def which_order(example: str, chosen: str, *, decisive: bool) -> Doubt:
    """Whether the day or the month comes first in dates."""
    en, zh = f"Which comes first in a date such as {example}?", f"像 {example} 这样的日期，哪个在前？"
    choices = [choice("day", "the day", "日"), choice("month", "the month", "月")]
    return doubt("day_or_month", en, zh, choices, chosen, decisive=decisive)


def which_is_won(column: str, values: list[str], chosen: str, *, decisive: bool) -> Doubt:
    """Which value of a column means that a deal is won."""
    en, zh = f"Which value of '{column}' means that a deal is won?", f"“{column}”的哪个值表示赢单？"
    return doubt("won", en, zh, [choice("", "none of them", "都不是"), *map(choice, values)], chosen, decisive=decisive)


TIMES = ("1", "1000", "10000", "1000000")
"""Units in which amounts may be told."""


def which_times(chosen: str) -> Doubt:
    """In which unit amounts are, where a line above the table says one."""
    labels = (("one", "元"), ("a thousand", "千元"), ("ten thousand", "万元"), ("a million", "百万元"))
    choices = [choice(value, en, zh) for value, (en, zh) in zip(TIMES, labels, strict=True)]
    return doubt("times", "What is a 1 in the column of amounts?", "金额列的单位是什么？", choices, chosen)


def what_of_unread(column: str, unread: int, rows: int, example: str) -> Doubt:
    """Whether rows are left out whose dates cannot be read."""
    return doubt(
        "unread",
        f"{unread} of {rows} dates in '{column}' cannot be read, such as {example}. What becomes of their rows?",
        f"“{column}”列的 {rows} 个日期中有 {unread} 个无法读取，例如 {example}。这些行如何处理？",
        [choice("set_aside", "they are set aside; correct them in the file to have them", "先搁置；如需导入请在文件中改正")],
        "set_aside", decisive=True,
    )  # fmt: skip


def what_became(value: str, chosen: str = "open") -> Doubt:
    """Whether deals of a stage go on, are won or are lost."""
    en, zh = f"What has become of a deal in '{value}'?", f"处于“{value}”的商机结果如何？"
    choices = [
        choice("open", "it goes on", "仍在进行"),
        choice("won", "it is won", "赢单"),
        choice("lost", "it is lost", "输单"),
    ]
    return doubt(f"stage.{value}", en, zh, choices, chosen, decisive=True)


NOBODY, LEFT_OUT = "nobody", "out"
BLANK_OWNER = "blank_owner"


def what_blank_owners_mean(column: str, rows: int, chosen: str) -> Doubt:
    """What deals are that name no owner."""
    en, zh = f"'{column}' is blank in {rows:,} rows. What does that mean?", f"“{column}”有 {rows:,} 行为空，是什么意思？"
    choices = [
        choice(NOBODY, "nobody is responsible for the deal, and it counts", "商机无人负责，仍计入"),
        choice(LEFT_OUT, "the deal does not count: leave it out", "该商机不算数，不导入"),
    ]
    return doubt(BLANK_OWNER, en, zh, choices, chosen)
