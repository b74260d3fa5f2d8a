"""A note becomes a structured log: budget, decision maker, competitor and next step, each with the words that it came from."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from coach.money import text_of
from coach.noting.amounts import DOLLARS, amounts
from coach.noting.budgeting import Budget, budget_in
from coach.noting.competing import competitors_in
from coach.noting.days import days
from coach.noting.deciding import decider_in
from coach.noting.hours import hour_at
from coach.noting.stepping import step_in
from policies.scores.decision_chain import PERSON
from policies.time.calendar import Calendar

_ABOUT = re.compile(r"[多来余几]|around|about|approx|左右|大概|大约|~", re.IGNORECASE)
FIELDS = ("budget", "decision_maker", "competitor", "next_step_at")
"""Fields of a deal that a note may fill, in the order in which they are shown."""
_FULL_WIDTH = {each: each - 0xFEE0 for each in range(0xFF10, 0xFF5B)} | {0x3000: 0x20}

class Found(NamedTuple):
    """A field that a note fills. `value`: as it is recorded (money: a number, or a text with its currency; an instant: ms);
    `words`: what it came from, at `[start, end)` of the note; `exact`: False where the words leave something open, such as the
    hour or the day of a week."""

    field: str
    value: float | str | None
    words: str
    start: int
    end: int
    exact: bool = True


def read_note(
    note: str, at: int, calendar: Calendar, currency: str | None = None, known: Iterable[str] = ()
) -> list[Found]:
    """What a note says, at most one value a field. `at`: when it was made, ms; `currency`: the firm's; `known`: competitors
    that the firm has met before. A next step without a day has the value None."""
    text = note.translate(_FULL_WIDTH)
    found = [_budget(text, currency), _decider(text), _competitor(text, known), _step(text, at, calendar)]
    return [in_words(note, each) for each in found if each is not None]


def others_in(note: str, found: Iterable[Found], at: int, calendar: Calendar, currency: str | None = None) -> list[Found]:
    """What else each field could mean, to be put in its place with one tap: other amounts, people, competitors and days."""
    text = note.translate(_FULL_WIDTH)
    money = (
        Found("budget", amount_value(each.high, each.currency, currency), "", each.start, each.end, each.low == each.high)
        for each in amounts(text) if each.sure
    )  # fmt: skip
    people = (Found("decision_maker", each.group(), "", *each.span()) for each in PERSON.finditer(text))
    told = [*money, *people, *_competitors(text), *_days(text, at, calendar)]
    taken = {(each.field, each.value) for each in found}
    fresh = {(each.field, each.value): in_words(note, each) for each in told if (each.field, each.value) not in taken}
    return list(fresh.values())


def in_words(note: str, found: Found) -> Found:
    """With the words of the note that it came from."""
    return found._replace(words=note[found.start : found.end])


def _budget(note: str, currency: str | None) -> Found | None:
    told = budget_in(note)
    if told is None:
        return None
    exact = told.amount.low == told.amount.high and not _ABOUT.search(_around(note, told))
    return Found("budget", amount_value(told.amount.high, told.amount.currency, currency), "", told.start, told.end, exact)


def _around(note: str, told: Budget) -> str:
    return note[max(0, told.amount.start - 12) : told.amount.end + 2]


def amount_value(number: float, told: str | None, currency: str | None) -> float | str:
    """An amount as a deal keeps it: a number in the firm's currency, a text with another one. `$` is the firm's own dollar."""
    code = (currency if currency in DOLLARS else "USD") if told == "$" else told
    return number if code is None or code == currency else text_of(number, code)


def _decider(note: str) -> Found | None:
    told = decider_in(note)
    return None if told is None else Found("decision_maker", told.name, "", told.start, told.end)


def _competitor(note: str, known: Iterable[str]) -> Found | None:
    return next(_competitors(note, known), None)


def _competitors(note: str, known: Iterable[str] = ()) -> Iterator[Found]:
    for told in competitors_in(note, known):
        yield Found("competitor", note[told.start : told.end], "", min(told.start, told.told_from), max(told.end, told.told_to))


def _step(note: str, at: int, calendar: Calendar) -> Found | None:
    told = step_in(note, _today(at, calendar), _opens(calendar))
    if told is None:
        return None
    instant = None if told.at is None else _instant(told.at, calendar)
    return Found("next_step_at", instant, "", told.start, told.end, told.clock and not told.rough)


def _days(note: str, at: int, calendar: Calendar) -> Iterator[Found]:
    today = _today(at, calendar)
    for day in days(note, today):
        said, part, start, end = hour_at(note, day.start, day.end)
        if day.day > today:
            moment = datetime.combine(day.day, said or part or _opens(calendar))
            yield Found("next_step_at", _instant(moment, calendar), "", start, end, said is not None and not day.rough)


def _today(at: int, calendar: Calendar) -> date:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(calendar.zone)).date()


def _opens(calendar: Calendar) -> time:
    return time.fromisoformat(calendar.hours[0][0])


def _instant(moment: datetime, calendar: Calendar) -> float:
    return moment.replace(tzinfo=ZoneInfo(calendar.zone)).timestamp() * 1000
