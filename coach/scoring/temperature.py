"""S6 of the firm and of every unit that reps report to, from the answers and reviews of their customers."""

from collections.abc import Iterator
from typing import Any

from coach.scoring.past import Past
from coach.scoring.rows import Row, groups
from coach.winning.history import Record, standing
from policies.scores.score import DAY, number
from policies.scores.temperature import ANSWER_DAYS, BAD_STARS_TO, DETRACTOR_TO, REVIEW_DAYS, promotes, temperature

ANSWER, STARS, WORDS = "custom.recommend", "custom.review_stars", "custom.review"
"""Would you recommend us (0 to 10), stars (1 to 5) and words: what a `satisfaction` event of a customer carries."""


def rows(past: Past) -> list[Row]:
    """Counts of answers and reviews: the firm's are told to everybody, those of units to them and above."""
    answers: dict[str | None, list[float]] = {}
    reviews: dict[str | None, list[str]] = {}
    for record, values in past.each("customer"):
        unit = values.get("unit")
        latest = _latest_answer(record, past.at)
        if latest is not None:
            answers.setdefault(unit, []).append(latest)
        reviews.setdefault(unit, []).extend(_bad_reviews(record, past.at))
    found = []
    for group in groups(past):
        given = [each for unit in group.units for each in answers.get(unit, ())]
        bad = [each for unit in group.units for each in reviews.get(unit, ())]
        if given or bad:
            found.append(group.row(temperature(given, bad)))
    return found


def by_customer(past: Past) -> Iterator[tuple[str, float | None]]:
    """What the latest answer of each customer in 90 days says by itself; None for none."""
    for record, _ in past.each("customer"):
        latest = _latest_answer(record, past.at)
        yield record.id, None if latest is None else promotes(latest)


def _latest_answer(record: Record, at: int) -> float | None:
    """The answer that was given last, whenever it was entered; of two at one instant the one entered last."""
    since = at - ANSWER_DAYS * DAY
    told = [each for each in standing(record, ("satisfaction", "field_recorded")) if each.acted_at > since]
    given = [(each.acted_at, answer) for each in told if (answer := number(each.payload, ANSWER)) is not None]
    return sorted(given, key=lambda each: each[0])[-1][1] if given else None


def _bad_reviews(record: Record, at: int) -> list[str]:
    told = standing(record, ("satisfaction", "field_recorded"))
    return [
        text for each in told
        if each.acted_at > at - REVIEW_DAYS * DAY and isinstance(text := each.payload.get(WORDS), str) and _is_bad(each.payload)
    ]  # fmt: skip


def _is_bad(payload: dict[str, Any]) -> bool:
    stars, answer = number(payload, STARS), number(payload, ANSWER)
    return stars <= BAD_STARS_TO if stars is not None else answer is not None and answer <= DETRACTOR_TO
