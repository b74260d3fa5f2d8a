"""Leads that a manager moved from one unit to another: the router gives so many a week to reps of the other (G9)."""

import json
from collections import Counter
from dataclasses import dataclass
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


@dataclass
class _Count:
    """How many leads a move has sent since `begins` (ms), from which its weeks are counted."""

    move: Move
    begins: int
    sent: float


class Moves:
    """The moves of leads that were decided, and how many leads each has sent another way.

    A move that takes the place of one between the same two units goes on with its weeks: what that one sent in the week that
    runs counts for this one as well.
    """

    def __init__(self, connection: Connection):
        query = select(tables.resource_move).where(_move.resource == "leads").order_by(_move.number)
        rows = connection.execute(query).all()
        told = select(_assignment.why).where(_assignment.why.contains('"moved"')) if rows else None
        reasons = [] if told is None else [json.loads(why) for why in connection.scalars(told)]
        sent = Counter(why["moved"] for why in reasons if "moved" in why)
        self._moves: list[Move] = []
        self._counts: dict[int, _Count] = {}
        self._latest: dict[tuple[str, str, int], _Count] = {}
        for row in rows:
            self._count(_move_of(row), sent[row.number])
        self._moves = [self._counts[row.number].move for row in rows if row.withdrawn_at is None]

    def decided(self, row: Row) -> None:
        """One more, as it stands in the store."""
        if row.resource == "leads":
            self._moves.append(_move_of(row))
            self._count(self._moves[-1], 0)

    def _count(self, move: Move, sent: float) -> None:
        pair = (move.from_unit, move.to_unit, move.start_at)
        begins, before = move.made_at, self._latest.get(pair)
        if before is not None:
            weeks = (move.made_at - before.begins) // WEEK_MS
            begins = before.begins + weeks * WEEK_MS
            sent += max(0.0, before.sent - before.move.amount * weeks)
        self._counts[move.number] = self._latest[pair] = _Count(move, begins, sent)

    def withdrawn(self, number: int) -> None:
        """One less: no lead goes another way for it any more."""
        self._moves = [each for each in self._moves if each.number != number]

    def sent(self, why: dict) -> None:
        """A lead was given out for these reasons."""
        if "moved" in why:
            self._counts[why["moved"]].sent += 1

    def elsewhere(self, live: Records, unit: str, at: int) -> Move | None:
        """The first move that sends a lead of this unit another way at an instant: one in its period, of which less was sent
        than the weeks begun since come to."""
        line = live.line(unit)
        for each in self._moves:
            count = self._counts[each.number]
            weeks = 1 + (at - count.begins) // WEEK_MS
            leaves = each.from_unit in line and each.to_unit not in line
            if leaves and count.sent < each.amount * weeks and _runs(live, each, at):
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
