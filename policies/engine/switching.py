"""Switching an office or store to another policy: what rules remember, and what they have open, outlives the edit."""

from collections.abc import Mapping, Sequence

import numpy as np

from policies.engine.compile import OFF, Rules, compile_rules
from policies.engine.evaluator import revise_all
from policies.engine.firing import close_all
from policies.language.policy import Policy
from policies.record.book import Book, agenda_capacity, longer
from policies.record.records import EVENT
from policies.time.calendar_arrays import Days

_CLOSABLE = (EVENT.todo_opened, EVENT.flagged)


def switch(
    book: Book,
    old_rules: Rules,
    new_policy: Policy,
    now: int,
    days: Days,
    *,
    units: Mapping[str, int | Sequence[int]] | None = None,
    custom: Mapping[tuple[str, str], int] | None = None,
    activations: Mapping[str, int | None] | None = None,
) -> tuple[Book, Rules]:
    """Put a new policy in force at `now`, before the events of that instant; returns the book to go on with, and its rules.

    Rules are known by their ids: what fired, streaks and the instant of activation are kept; a rule that is new, or was
    off, starts now with empty streaks unless it catches up, or goes on from its instant in `activations`. To-dos and flags
    close when their rule was dropped or switched off, and when the edit changed which to-dos and flags it opens; these
    closings stand in `book.firings` with `rule` -2 - former position. Every record's dues are computed again; the host
    calls `settle` next. The arrays of the book that was given are changed or left behind: use the returned one.

    Raises ValueError unless the host settled and emptied `book.firings` before.
    """
    if book.counts[0].firings or book.counts[0].agenda:
        raise ValueError("settle and empty the firings before a switch / 切换制度前须先处理完待办规则")
    rules = compile_rules(new_policy, activated_at=now, units=units, previous=old_rules, custom=custom, activations=activations)
    positions = _new_positions(old_rules, rules)
    book = _close_dropped(book, old_rules, rules, positions, now)
    _move_open_bits(book, positions)
    book = book._replace(streaks=_moved_streaks(book, old_rules, rules, positions))
    used = int(book.counts[0].rows)
    room = max(agenda_capacity(len(book.rows), book.streaks.shape[1]), used * len(rules.rules) + 1024)
    book = book._replace(agenda=longer(book.agenda, room))
    revise_all(book, rules, days, now)
    return _with_room_to_settle(book, rules), rules


def _new_positions(old: Rules, new: Rules) -> dict[int, int]:
    """New position, by old position, of each rule that is in force before and after and watches the same kind of record."""
    places = {(int(rule.number), int(rule.kind)): place for place, rule in enumerate(new.rules) if rule.mode != OFF}
    keys = [(int(rule.number), int(rule.kind)) for rule in old.rules]
    return {place: places[key] for place, key in enumerate(keys) if old.rules[place].mode != OFF and key in places}


def _opened_by(rules: Rules, position: int) -> list[tuple]:
    rule = rules.rules[position]
    effects = rules.effects[rule.effects_from : rule.effects_to].tolist()
    return [effect for effect in effects if effect[0] in _CLOSABLE]


def _close_dropped(book: Book, old: Rules, new: Rules, positions: Mapping[int, int], now: int) -> Book:
    used = int(book.counts[0].rows)
    most = max((len(_opened_by(old, position)) for position in range(len(old.rules))), default=0)
    closings = int(np.bitwise_count(book.rows.open[:used]).sum()) * most
    book = book._replace(firings=longer(book.firings, 2 * closings + 1024))
    for position in range(len(old.rules)):
        goes_on = position in positions and _opened_by(old, position) == _opened_by(new, positions[position])
        if not goes_on:
            close_all(book, old, position, now)
    written = book.firings[: int(book.counts[0].firings)]
    written["rule"] = -2 - written["rule"]
    return book


def _move_open_bits(book: Book, positions: Mapping[int, int]) -> None:
    before = book.rows.open.copy()
    book.rows.open = 0
    for old, new in positions.items():
        book.rows.open |= (before >> old & 1) << new


def _moved_streaks(book: Book, old: Rules, new: Rules, positions: Mapping[int, int]) -> np.ndarray:
    periodic = max(1, int(new.rules.streak_column.max(initial=-1)) + 1)
    streaks = np.zeros((len(book.rows), periodic), np.int32)
    for before, after in positions.items():
        source, target = int(old.rules[before].streak_column), int(new.rules[after].streak_column)
        if source >= 0 and target >= 0:
            streaks[:, target] = book.streaks[:, source]
    return streaks


def _with_room_to_settle(book: Book, rules: Rules) -> Book:
    """The book with room for everything on the agenda to fire, and once more for what that makes due."""
    due = int(book.counts[0].agenda)
    most = int((rules.rules.effects_to - rules.rules.effects_from).max(initial=0)) + 1
    firings = longer(book.firings, 2 * (int(book.counts[0].firings) + due * most) + 1024)
    return book._replace(firings=firings, fired=longer(book.fired, int(book.counts[0].fired) + 2 * due + 1024))
