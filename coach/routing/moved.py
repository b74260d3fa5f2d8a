"""Leads that a manager moved from one unit to another: the router gives so many a week to reps of the other (G9)."""

import json
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Row, select

from coach.routing.candidates import Candidates, Records
from coach.store import tables
from policies.record.records import UNIT
from policies.routing.choosing import NOBODY
from policies.time.calendar_arrays import DAY_MS

WEEK_MS = 7 * DAY_MS
_move, _assignment = tables.resource_move.c, tables.assignment.c


class Move(NamedTuple):
    """Leads a week from one unit to another for the period that began at `start_at` (ms), since `made_at`."""

    number: int
    from_unit: str
    to_unit: str
    amount: float
    start_at: int
    made_at: int
    made_by: str


class Moves:
    """The moves of leads that were decided, and how many leads each has sent another way."""

    def __init__(self, connection: Connection):
        query = select(tables.resource_move).where(_move.resource == "leads").order_by(_move.number)
        rows = connection.execute(query).all()
        self._moves = [_move_of(row) for row in rows if row.withdrawn_at is None]
        self._sent = dict.fromkeys((row.number for row in rows), 0)
        told = select(_assignment.why).where(_assignment.why.contains('"moved"')) if rows else None
        for why in () if told is None else connection.scalars(told):
            self.sent(json.loads(why))

    def decided(self, row: Row) -> None:
        """One more, as it stands in the store."""
        if row.resource == "leads":
            self._moves.append(_move_of(row))
            self._sent[row.number] = 0

    def withdrawn(self, number: int) -> None:
        """One less: no lead goes another way for it any more."""
        self._moves = [each for each in self._moves if each.number != number]

    def sent(self, why: dict) -> None:
        """A lead was given out for these reasons."""
        if "moved" in why:
            self._sent[why["moved"]] += 1

    def elsewhere(self, live: Records, unit: str, at: int) -> Move | None:
        """The first move that sends a lead of this unit another way at an instant: one in its period, of which less was sent
        than the weeks begun since come to."""
        line = live.line(unit)
        for each in self._moves:
            weeks = 1 + (at - each.made_at) // WEEK_MS
            leaves = each.from_unit in line and each.to_unit not in line
            if leaves and self._sent[each.number] < each.amount * weeks and _runs(live, each, at):
                return each
        return None


def below(live: Records, found: Candidates, unit: str) -> np.ndarray:
    """Which candidates stand below a unit, by place."""
    return np.array([unit in live.line(name) for name in found.units], bool)


def _runs(live: Records, move: Move, at: int) -> bool:
    row = live.row_of.get(("unit", move.to_unit), NOBODY)
    if row == NOBODY:
        return False
    values = live.book.values[row]
    return bool(values[UNIT.period_start_at] == move.start_at and at < values[UNIT.period_end_at])


def _move_of(row: Row) -> Move:
    return Move(row.number, row.from_unit, row.to_unit, row.amount, row.start_at, row.made_at, row.made_by)
