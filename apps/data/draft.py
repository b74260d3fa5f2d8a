"""An import as it is kept from the drop to its end: files, answers, what was shown, and what came of it."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from coach.guessing.doubts import Doubt
from coach.guessing.telling import table_titles
from coach.mapping.document import Mapping
from coach.mapping.report import ImportReport
from policies.language.quantities import Text

EXAMPLES = 3
"""Rows that are told of a reason."""
MOST_REASONS = 40
_NAMED = 5


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Answer(_Part):
    """A choice of a question."""

    value: str
    label: Text


class Question(_Part):
    """A doubt that was told; `chosen` is the guess, or the person's answer; `open`: nothing gives the answer but a person."""

    key: str
    words: Text
    answers: list[Answer]
    chosen: str
    open: bool


class ShownTable(_Part):
    """A table among the files and what it is taken for (`ROLES`); None where nothing is made of it."""

    file: str
    sheet: str | None
    rows: int
    role: str | None


class ShownColumn(_Part):
    """A column of the deals."""

    concept: str
    name: str
    examples: list[str]


class ShownDeal(_Part):
    """A deal as it would be read."""

    name: str
    owner: str | None
    amount: str
    created: str
    state: str
    closed: str | None


class Reason(_Part):
    """A repair or a reason to set aside, with its number of rows and some of them."""

    table: str
    aside: bool
    words: Text
    rows: int
    examples: list[Text]


class Account(_Part):
    """What becomes, or became, of the rows: counts by table and `FATES`, reasons, deals that are new, won and lost. `titles`:
    what tables are called, by name.

    `gone`: titles of records whose rows are there no more, the first few; `unsaid`: values that sound like an end and count for
    nothing.
    """

    counts: dict[str, dict[str, int]]
    titles: dict[str, Text]
    reasons: list[Reason]
    more_reasons: int
    deals: dict[str, int]
    unsaid: list[dict[str, str | int]]
    gone: list[Text]
    gone_in_all: int
    unpriced: int
    currency: str | None


class Shown(_Part):
    """What is shown before anything is stored. `kept`: the name of the kept mapping by which the files are read; `broken`: that
    there is one which cannot be read. `account` is None while a question is open; `fault`: why the files cannot be read as it
    stands."""

    tables: list[ShownTable]
    columns: list[ShownColumn]
    questions: list[Question]
    deals: list[ShownDeal]
    account: Account | None
    mapping: dict[str, Any]
    kept: str | None
    broken: bool
    fault: Text | None


class Draft(_Part):
    """One import. `exported_at`: the day when the files were taken, as YYYY-MM-DD; None for now. `anew`: the kept mapping is
    not to be used. `done`: what came of it, with the kept mapping's name in `mapping_kept`."""

    folder: str
    files: list[str]
    answers: dict[str, str] = {}
    exported_at: str | None = None
    anew: bool = False
    shown: Shown | None = None
    done: Account | None = None
    mapping_kept: str | None = None


def question(doubt: Doubt, answers: dict[str, str]) -> Question:
    """A doubt as it is shown."""
    choices = [Answer(value=each.value, label=each.label) for each in doubt.choices]
    return Question(
        key=doubt.key, words=doubt.question, answers=choices, chosen=answers.get(doubt.key, doubt.chosen), open=doubt.decisive
    )


def account(report: ImportReport, mapping: Mapping) -> Account:
    """A report of an import by a mapping as it is kept and shown."""
    examples: dict[tuple, list[Text]] = {}
    for each in report.remarks:
        some = examples.setdefault((each.table, each.set_aside, each.column, each.en), [])
        if len(some) < EXAMPLES:
            some.append(Text(en=each.sentence("en"), zh=each.sentence("zh")))
    found = [
        Reason(table=table, aside=aside, words=Text(en=en, zh=zh), rows=rows, examples=_examples(examples, table, aside, en))
        for table, aside, en, zh, rows in report.reasons()
    ]
    return Account(
        counts={each.name: each.counts() for each in report.tables}, titles=table_titles(mapping), reasons=found[:MOST_REASONS],
        more_reasons=max(0, len(found) - MOST_REASONS), deals=dict(report.deals),
        unsaid=[each._asdict() for each in report.unsaid], gone=[Text(**each.title) for each in report.vanished[:_NAMED]],
        gone_in_all=len(report.vanished), unpriced=sum(each.amounts for each in report.unpriced), currency=report.currency,
    )  # fmt: skip


def _examples(known: dict[tuple, list[Text]], table: str, aside: bool, told: str) -> list[Text]:
    """Of the remarks that a reason counts: it is told with the column, where they have one."""
    return next(
        (some for (name, out, column, en), some in known.items()
         if (name, out) == (table, aside) and told == (f"{column}: {en}" if column else en)), [],
    )  # fmt: skip
