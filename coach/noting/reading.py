"""A note becomes a structured log: budget, decision maker, competitor and next step, each with the words that it came from."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from coach.noting.amounts import DOLLARS
from coach.noting.budgeting import Budget, budget_in
from coach.noting.competing import competitor_in
from coach.noting.deciding import decider_in
from coach.noting.stepping import step_in
from policies.time.calendar import Calendar

LONGEST = 4000
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
    today = datetime.fromtimestamp(at / 1000, ZoneInfo(calendar.zone)).date()
    found = [_budget(text, currency), _decider(text), _competitor(text, known), _step(text, today, calendar)]
    return [each._replace(words=note[each.start : each.end]) for each in found if each is not None]


def _budget(note: str, currency: str | None) -> Found | None:
    told = budget_in(note)
    if told is None:
        return None
    exact = told.amount.low == told.amount.high and not re.search(r"[多来余几]|around|about|approx|左右|大概|大约|~", _around(note, told))
    return Found("budget", amount_value(told.amount.high, told.amount.currency, currency), "", told.start, told.end, exact)


def _around(note: str, told: Budget) -> str:
    return note[max(0, told.amount.start - 12) : told.amount.end + 2]


def amount_value(number: float, told: str | None, currency: str | None) -> float | str:
    """An amount as a deal keeps it: a number in the firm's currency, a text with another one. `$` is the firm's own dollar."""
    code = (currency if currency in DOLLARS else "USD") if told == "$" else told
    return number if code is None or code == currency else f"{number:.15g} {code}"


def _decider(note: str) -> Found | None:
    told = decider_in(note)
    return None if told is None else Found("decision_maker", told.name, "", told.start, told.end)


def _competitor(note: str, known: Iterable[str]) -> Found | None:
    told = competitor_in(note, known)
    if told is None:
        return None
    return Found("competitor", note[told.start : told.end], "", min(told.start, told.told_from), max(told.end, told.told_to))


def _step(note: str, today, calendar: Calendar) -> Found | None:
    told = step_in(note, today, datetime.strptime(calendar.hours[0][0], "%H:%M").time())
    if told is None:
        return None
    instant = None if told.at is None else told.at.replace(tzinfo=ZoneInfo(calendar.zone)).timestamp() * 1000
    return Found("next_step_at", instant, "", told.start, told.end, told.clock and not told.rough)
