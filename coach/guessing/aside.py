"""Rows of a table of deals that are none: deleted in the CRM, or of nobody where a person says that these do not count."""

from collections.abc import Mapping

from coach.guessing.columns import Column
from coach.guessing.doubts import BLANK_OWNER, LEFT_OUT, NOBODY, Doubt, what_blank_owners_mean
from coach.guessing.sources import Raw
from coach.mapping import parsing


def rows_aside(raw: Raw, columns: Mapping[str, Column], answers: Mapping[str, str]) -> tuple[list[dict], list[Doubt]]:
    """Conditions for rows to set aside, in the mapping's words, and what is doubtful about them."""
    aside, doubts = [], []
    if "deleted" in columns:
        name = columns["deleted"].name
        yes = [value for value in raw.cells[name].unique() if value.lower() in parsing.YES]
        aside += [{"when": {name: yes}, "why": {"en": "deleted in the CRM", "zh": "已在 CRM 中删除"}}] if yes else []
    if "owner" in columns:
        name, chosen = columns["owner"].name, answers.get(BLANK_OWNER, NOBODY)
        blank = raw.cells[name] == ""
        if blank.any() and not blank.all():
            doubts.append(what_blank_owners_mean(name, int(blank.sum()), chosen))
            why = {"en": "has no owner, and does not count", "zh": "没有负责人，不计入"}
            aside += [{"when": {name: "missing"}, "why": why}] if chosen == LEFT_OUT else []
    return aside, doubts
