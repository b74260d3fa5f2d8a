"""S7 of the firm and its units, and the questions that technical staff is asked again and again."""

from coach.knowledge.base import KNOWLEDGE, QUESTION, REUSED
from coach.scoring.past import Past, Values
from coach.scoring.rows import Row, groups
from coach.winning.history import Record, standing
from policies.scores.knowledge_reuse import DAYS, TECHNICAL, TIMES_OF_ALARM, asked_again, knowledge_reuse, same_questions
from policies.scores.score import DAY


def rows(past: Past) -> list[Row]:
    """Counts of questions: the firm's for everybody, those of units for them and above; repeated questions for managers."""
    asked = [(record, values) for record, values in past.each("request") if isinstance(values.get(QUESTION), str)]
    lately = past.at - DAYS * DAY
    answered: dict[str | None, list[bool]] = {}
    for record, values in asked:
        if any(each.acted_at > lately for each in standing(record, ("answered",))):
            answered.setdefault(values.get("unit"), []).append(_is_reused(values))
    if not asked:
        return []
    found = []
    for group in groups(past):
        told = [each for unit in group.units for each in answered.get(unit, ())]
        found.append(group.row(knowledge_reuse(sum(told), len(told))))
    return found + _repeated([each for each in asked if _is_technical(*each, lately)])


def _is_reused(values: Values) -> bool:
    """Whether it names the request whose answer was used again: an empty field, a zero or a no name none."""
    told = values.get(REUSED)
    return bool(told) and str(told).strip().casefold() not in ("", "0", "0.0", "false", "no", "否", "无")


def _is_technical(record: Record, values: Values, lately: float) -> bool:
    return values.get("desk") in TECHNICAL and not _is_reused(values) and record.entries[0].acted_at > lately


def _repeated(asked: list[tuple[Record, Values]]) -> list[Row]:
    found = []
    texts = [str(values[QUESTION]) for _, values in asked]
    for group in same_questions(texts):
        if len(group) >= TIMES_OF_ALARM:
            people = {asked[place][1].get("unit") for place in group}
            in_base = any(asked[place][1].get(KNOWLEDGE) for place in group)
            text = texts[group[0]]
            score = asked_again(len(group), len(people), in_base)
            found.append(Row(asked[group[0]][0].id, "question", None, {"en": text, "zh": text}, score))
    return found
