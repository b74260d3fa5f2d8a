"""One number of a score: of what it is, who may be told, and what goes with it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from coach.scoring.past import Past
from coach.winning.history import Record
from policies.scores.about import About
from policies.scores.score import Score, Words

FEWEST_PEOPLE = 4
"""Reps below which a rep is not told how the own number stands to that of all: it would give away that of a peer."""


class Like(NamedTuple):
    """An opportunity that is shown as a like case, to whom may see it."""

    id: str
    unit: str | None
    title: dict[str, str]
    words: Words


WON = Words("Like cases that were won", "相似的赢单")


class Row(NamedTuple):
    """A score of one thing.

    Parameters
    ----------
    unit: who owns it: told to this unit and those above; None: to managers
    shared: told to everybody who may see a pipeline, because it names nobody and holds nobody's own figure
    title: what people call it, in "en" and "zh"
    lines: what else is to be said, in both languages
    above_only: reps are not told, because a peer's figure could be worked out from it
    attainment: it tells how a target is attained: not to reps while the policy shows that to nobody
    like: cases to learn from or to turn to, each told only to those who may see it; `like_of` says what they are
    """

    id: str
    kind: str
    unit: str | None
    title: dict[str, str]
    score: Score
    shared: bool = False
    above_only: bool = False
    attainment: bool = False
    lines: tuple[Words, ...] = ()
    like: tuple[Like, ...] = ()
    like_of: Words = WON


def row_of(past: Past, record: Record, score: Score, **more: Any) -> Row:
    """The row of a record."""
    unit = record.id if record.kind == "unit" else past.values[record.row].get("unit")
    return Row(record.id, record.kind, unit, past.title(record), score, **more)


class Group(NamedTuple):
    """People whose cases are counted together: the firm, or a unit with all that report to it; None: cases of nobody."""

    unit: Record | None
    units: tuple[str | None, ...]
    title: dict[str, str]
    shared: bool = False

    def row(self, score: Score, **more: Any) -> Row:
        """A number of the group; that of a firm of four reps or more is told to everybody."""
        if self.unit is None:
            return Row("firm", "firm", None, self.title, score, shared=self.shared, **more)
        return Row(self.unit.id, "unit", self.unit.id, self.title, score, **more)


def whole_firm(past: Past) -> list[str]:
    """The unit to which everybody reports, if there is one."""
    parents = {record.id: values.get("parent") for record, values in past.each("unit")}
    return [unit for unit, below in _below(parents).items() if len(below) == len(parents)]


def _below(parents: Mapping[str, Any]) -> dict[str, set[str]]:
    """By unit to which others report: it and all of them."""
    below: dict[str, set[str]] = {}
    for unit in parents:
        above, seen = unit, {unit}
        while (parent := parents.get(above)) is not None and parent not in seen:
            below.setdefault(parent, {parent}).add(unit)
            seen.add(parent)
            above = parent
    return below


FIRM = {"en": "The firm", "zh": "全公司"}


def groups(past: Past) -> list[Group]:
    """The firm with everybody, and every unit that others report to, unless it is one with the firm."""
    parents = {record.id: values.get("parent") for record, values in past.each("unit")}
    below = _below(parents)
    found = [Group(None, (*parents, None), FIRM, len(past.reps()) >= FEWEST_PEOPLE)]
    for record, _ in past.each("unit"):
        units = below.get(record.id)
        if units is not None and len(units) < len(parents):
            found.append(Group(record, tuple(sorted(units)), past.title(record)))
    return found


def plain_row(row: Row) -> dict:
    """A row as plain values, as the interface and files tell it."""
    score = row.score
    return {
        "kind": row.kind, "id": row.id, "unit": row.unit, "title": row.title, "value": score.value, "colour": score.colour,
        "interval": score.interval, "cases": score.cases, "reasons": [each._asdict() for each in score.reasons],
        "missing": list(score.missing), "lines": [each._asdict() for each in row.lines],
        "like_of": row.like_of._asdict() if row.like else None,
        "like": [{"id": each.id, "title": each.title, **each.words._asdict()} for each in row.like],
    }  # fmt: skip


def plain_card(about: About) -> dict:
    """A card as plain values."""
    limits = {name: None if (limit := getattr(about, name)) is None else limit._asdict() for name in ("healthy", "alarm")}
    both = {name: getattr(about, name)._asdict() for name in ("name", "formula", "source", "assumed")}
    return about._asdict() | limits | both
