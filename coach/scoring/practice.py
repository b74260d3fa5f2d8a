"""S13 of the stages in which deals are stuck: what was recorded of deals in each stage, and which of them moved on."""

from collections.abc import Iterator
from typing import NamedTuple

from coach.scoring.past import Past
from coach.scoring.rows import Like, Row
from coach.winning.history import CLOSINGS, Record, in_order
from policies.record.records import ACTOR_EVENTS, DESKS, FIELDS
from policies.scores.best_practice import DAYS, STUCK_DAYS, Approach, Stay, best_practice
from policies.scores.score import DAY, Words, number

MOST_LIKE = 3
_MOVED = Words("Like cases that moved on", "得以推进的同类商机")
_ACTIONS = {
    "contact": Words("a conversation", "一次沟通"),
    "first_contact": Words("a first conversation", "首次沟通"),
    "document": Words("a document or quote sent", "发送资料或报价"),
    "next_step": Words("the next conversation booked", "约定下次沟通"),
    "spent": Words("an expense on the customer", "投入费用"),
}
_FACTS = (
    "needs_summary", "pain_points", "proposal_pages", "value_proof", "decision_maker", "budget", "competitor", "discount",
    "legal_approval",
)  # fmt: skip
_ANSWERS = (("presales", "售前"), ("legal", "法务"), ("delivery", "交付"), ("finance", "财务"), ("the manager", "经理"))
_DESKS = dict(zip(DESKS, _ANSWERS, strict=True))
APPROACHES = _ACTIONS | {
    about.name: Words(f"{about.en} recorded", f"已记录{about.zh}") for about in FIELDS["opportunity"] if about.name in _FACTS
} | {f"desk.{desk}": Words(f"an answer of {en}", f"{zh}已答复") for desk, (en, zh) in _DESKS.items()}  # fmt: skip
"""What may be done for a deal in a stage, by the name of the action, field or desk."""


class _Spell(NamedTuple):
    """A stay of a deal in a stage; `ended` None while it lasts (ms)."""

    record: Record
    stage: int
    industry: float | None
    ended: float | None
    stay: Stay


def rows(past: Past) -> list[Row]:
    """A number for each stage and industry in which a deal is stuck now; told to everybody, for it names nobody."""
    answers = _answers(past)
    spells = [spell for record, values in past.each("opportunity") for spell in _spells(past, record, values, answers)]
    stuck = [spell for spell in spells if spell.ended is None]
    groups = sorted({(spell.stage, spell.industry) for spell in stuck}, key=lambda each: (each[0], each[1] or -1.0))
    return [_row(past, stage, industry, spells, stuck) for stage, industry in groups]


def _row(past: Past, stage: int, industry: float | None, spells: list[_Spell], stuck: list[_Spell]) -> Row:
    here = [spell for spell in spells if spell.stage == stage]
    like = [spell for spell in here if spell.industry == industry]
    found = best_practice([spell.stay for spell in like], [spell.stay for spell in here])
    number_stuck = sum(spell.stage == stage and spell.industry == industry for spell in stuck)
    lines = [
        Words(
            f"{number_stuck} open without a step forward for {STUCK_DAYS} days",
            f"{number_stuck} 个在途且 {STUCK_DAYS} 天未推进",
        ),
        *(_line(each) for each in found.approaches),
    ]
    moved = [spell for spell in like if spell.stay.moved][-MOST_LIKE:]
    title = {"en": f"{past.stage(stage, 'en')}, {_type(industry).en}", "zh": f"{past.stage(stage, 'zh')}，{_type(industry).zh}"}
    return Row(
        f"{stage}/{'' if industry is None else f'{industry:g}'}", "stage", None, title, found.score, shared=True,
        lines=tuple(lines), like=tuple(_like(past, spell) for spell in reversed(moved)), like_of=_MOVED,
    )  # fmt: skip


def _type(industry: float | None) -> Words:
    if industry is None:
        return Words("industry not recorded", "行业未记录")
    return Words(f"industry {industry:g}", f"行业 {industry:g}")


def _line(approach: Approach) -> Words:
    words, having, lacking = APPROACHES[approach.name], approach.having, approach.lacking
    without = Words("; there was none without it", "；没有未采用的") if lacking is None else Words(
        f"; without it {lacking.part} of {lacking.whole}", f"；未采用时 {lacking.whole} 次中 {lacking.part} 次"
    )  # fmt: skip
    return Words(
        f"{words.en}: {having.part} of {having.whole} moved on{without.en}",
        f"{words.zh}：{having.whole} 次中 {having.part} 次推进{without.zh}",
    )


def _like(past: Past, spell: _Spell) -> Like:
    names = [APPROACHES[each] for each in sorted(spell.stay.approaches)]
    en, zh = ", ".join(each.en for each in names), "、".join(each.zh for each in names)
    words = Words(en or "no action recorded", zh or "没有记录动作")
    return Like(spell.record.id, past.values[spell.record.row].get("unit"), past.title(spell.record), words)


def _spells(past: Past, record: Record, values: dict, answers: dict[str, list[tuple[float, str]]]) -> Iterator[_Spell]:
    """Stays that ended in the last 30 days, and that of a deal which is stuck.

    What the stage asks for before it is left is no approach: nothing moves on without it.
    """
    stage, begun = 1, 0.0
    done: set[str] = set()
    industry = number(values, "industry")
    desks = answers.get(record.id, [])

    def spell(ended: float | None, moved: bool) -> _Spell:
        until = past.at if ended is None else ended
        answered = {f"desk.{desk}" for at, desk in desks if begun <= at < until}
        return _Spell(record, stage, industry, ended, Stay(frozenset((done | answered) - past.asked_at(stage)), moved))

    for entry in in_order(record, ACTOR_EVENTS):
        told = number(entry.payload, "stage")
        closes = entry.event in CLOSINGS
        if closes or (told is not None and told != stage and entry.event != "registered"):
            if entry.acted_at > past.at - DAYS * DAY:
                yield spell(entry.acted_at, entry.event == "won" or (not closes and told is not None and told > stage))
            done, begun = set(), float(entry.acted_at)
        elif entry.event in _ACTIONS:
            done.add(entry.event)
        stage = stage if told is None else int(told)
        if not closes:
            done |= {name for name in _FACTS if entry.payload.get(name) is not None}
    last = number(values, "last_progress_at")
    if values.get("status") == "open" and last is not None and last <= past.at - STUCK_DAYS * DAY:
        yield spell(None, False)


def _answers(past: Past) -> dict[str, list[tuple[float, str]]]:
    """When which desk answered for an opportunity."""
    found: dict[str, list[tuple[float, str]]] = {}
    for _, values in past.each("request"):
        name, at, desk = values.get("opportunity"), number(values, "answered_at"), values.get("desk")
        if isinstance(name, str) and at is not None and isinstance(desk, str):
            found.setdefault(name, []).append((at, desk))
    return found
