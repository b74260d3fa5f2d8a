"""What each score says about itself: a card that pages, commands and programs read."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from policies.scores.score import Words

Kind = Literal["opportunity", "customer", "rep", "firm", "stage", "question"]
"""What one number is of; of a stage: the deals that stand in it, of a question: all that were put alike."""


def listed(score: str) -> Words:
    """Where the idea of a score comes from: its row in the list of management systems that the product follows."""
    return Words(f"the list of management systems, {score}", f"管理系统清单 {score}")


class Limit(NamedTuple):
    """Where a number is healthy or an alarm: `side` is above, below, from or to, `value` on the score's scale."""

    side: Literal["above", "below", "from", "to"]
    value: float
    more: Words | None = None
    """What must hold besides, such as two weeks running."""


class About(NamedTuple):
    """A card: what the number is, between which ends it lies, how it is made and on whose word.

    `low`, `high`: the ends of its range, None where there is none. `better`: which way is good, None where neither is.
    `assumed`: which parts of the formula are ours, where the source leaves them open.
    """

    id: str
    of: Kind
    name: Words
    formula: Words
    unit: Literal["share", "points"]
    low: float | None
    high: float | None
    better: Literal["higher", "lower"] | None
    healthy: Limit | None
    alarm: Limit | Words | None
    source: Words
    assumed: Words


def written(about: About, value: float | None) -> str:
    """A number of the score as people read it; a dash for none."""
    return "–" if value is None else f"{value:.0%}" if about.unit == "share" else f"{value:.0f}"


_SIDES: Mapping[str, Words] = {
    "above": Words("above {}", "高于 {}"), "below": Words("below {}", "低于 {}"),
    "from": Words("{} and more", "不低于 {}"), "to": Words("{} and less", "不高于 {}"),
}  # fmt: skip


def limit_words(about: About, limit: Limit | Words) -> Words:
    """A limit in words, in the score's unit; what is no limit of the number itself is said in words already."""
    if isinstance(limit, Words):
        return limit
    value = written(about, limit.value)
    side = _SIDES[limit.side]
    more = limit.more or Words("", "")
    besides = Words(f" {more.en}" if more.en else "", f"（{more.zh}）" if more.zh else "")
    return Words(side.en.format(value) + besides.en, side.zh.format(value) + besides.zh)
