"""What rules remember, between the store and the book: firings, streaks, and what is open."""

from collections.abc import Mapping

import numpy as np
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from coach.store import tables
from policies.engine.compile import lasting_number, rule_ids
from policies.engine.driver import Driver
from policies.record.book import longer

_DELETE_STREAK = delete(tables.streak).where(
    tables.streak.c.rule == bindparam("of_rule"), tables.streak.c.record == bindparam("of_record")
)


def remember(connection: Connection, driver: Driver, open_rules: Mapping[int, list[str]]) -> None:
    """Put what fired, streaks and open to-dos and flags (`open_rules`: ids by row) into the driver's book."""
    book, ids = driver.book, rule_ids(driver.policy)
    columns = tables.firing.c
    fired = connection.execute(
        select(columns.rule, columns.record, columns.since, columns.at)
        .where(columns.event.in_(("fired", "shadow_fired")))
        .order_by(columns.number)
    ).all()
    book = book._replace(fired=longer(book.fired, len(fired) + len(book.fired)))
    numbers = {rule: lasting_number(rule) for rule in {rule for rule, *_ in fired}}
    for number, (rule, row, since, at) in enumerate(fired):
        book.fired[number] = (numbers[rule], since, at, book.rows[row].fired_head)
        book.rows[row].fired_head = number
    book.counts[0].fired = len(fired)
    for row, opened in open_rules.items():
        book.rows[row].open = sum(1 << ids.index(rule) for rule in opened if rule in ids)
    place_of = {rule: int(driver.rules.rules[place].streak_column) for place, rule in enumerate(ids)}
    for rule, row, looks in connection.execute(select(tables.streak)):
        if place_of.get(rule, -1) >= 0:
            book.streaks[row, place_of[rule]] = looks
    driver.book = book


def save_streaks(connection: Connection, driver: Driver, used: int, before: np.ndarray) -> None:
    """Write the streaks of the first `used` rows that differ from those saved `before`."""
    rules = [(rule, int(each.streak_column)) for rule, each in zip(rule_ids(driver.policy), driver.rules.rules, strict=True)]
    now = driver.book.streaks
    for rule, place in rules:
        if place < 0:
            continue
        known = np.zeros(used, np.int32)
        known[: min(used, len(before))] = before[: min(used, len(before)), place] if place < before.shape[1] else 0
        changed = np.flatnonzero(now[:used, place] != known)
        if len(changed):
            connection.execute(_DELETE_STREAK, [{"of_rule": rule, "of_record": int(row)} for row in changed])
            kept = [{"rule": rule, "record": int(row), "looks": int(now[row, place])} for row in changed if now[row, place]]
            if kept:
                connection.execute(insert(tables.streak), kept)


def not_yet_registered(connection: Connection, processed: int) -> set[int]:
    """Rows of records all of whose events are still to be worked off."""
    columns = tables.event.c
    later = set(connection.scalars(select(columns.record).where(columns.recorded_at > processed).distinct()))
    return {
        row for row in later
        if connection.scalar(select(func.min(columns.recorded_at)).where(columns.record == row)) > processed
    }  # fmt: skip
