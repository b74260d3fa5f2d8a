"""What became of expenses: their deal after 30, 60 and 90 days, and what each source of customers cost and brought (M1)."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.store import tables
from coach.store.store import Store
from coach.store.titles import titles
from coach.store.viewer import Viewer, ask, may_see
from policies.time.calendar_arrays import DAY_MS

LOOKS = (30, 60, 90)
"""Days after an expense at which its deal is looked at."""
_STEPS = ("spent", "advanced", "won", "lost", "no_decision")
_record, _event = tables.record.c, tables.event.c


class Look(NamedTuple):
    """A deal so many days after an expense; None of `stage` and `ended` while that day lies ahead.

    `progressed`: whether it went to a further stage, or was won, since the expense.
    """

    days: int
    stage: float | None
    ended: str | None
    progressed: bool | None


class Expense(NamedTuple):
    """One expense: how much, when (ms), on which deal in which stage, and what became of the deal."""

    deal: str
    unit: str | None
    title: dict[str, str]
    at: int
    amount: float
    stage: float | None
    looks: list[Look]


class Source(NamedTuple):
    """What customers of one source cost and brought: leads, deals of them, won ones; money in the firm's currency."""

    source: str | None
    leads: int
    deals: int
    won: int
    revenue: float
    expenses: float

    @property
    def left(self) -> float:
        """Revenue less expenses; margins are not recorded."""
        return self.revenue - self.expenses


def expenses(store: Store, viewer: Viewer, now: int) -> list[Expense]:
    """Expenses on deals that the viewer may see, the latest first."""
    ask(viewer, "rep", "manager", "operations", "admin")
    with store.read() as connection:
        spent = select(_event.record).where(_event.event == "spent").distinct()
        deals = select(_record.row, _record.id, _record.unit, _record["values"]).where(
            _record.kind == "opportunity", _record.row.in_(spent), may_see(viewer, _record.unit)
        )
        rows = {row.row: row for row in connection.execute(deals)}
        called, told = titles(connection, rows), _steps(connection, rows)
    found = [
        Expense(rows[row].id, rows[row].unit, called[row], *each, _looks(told[row], each[0], each[2], now))
        for row in rows
        for each in _spent(told[row])
    ]
    return sorted(found, key=lambda each: -each.at)


def sources(store: Store, viewer: Viewer) -> list[Source]:
    """By the source of leads and deals that the viewer may see: from the source to lead, deal, revenue and expenses."""
    ask(viewer, "manager", "operations", "admin")
    query = select(_record.kind, _record.status, _record["values"]).where(
        _record.kind.in_(("lead", "opportunity")), may_see(viewer, _record.unit)
    )
    counts: dict[str | None, list[float]] = {}
    with store.read() as connection:
        for kind, status, values in connection.execute(query):
            told = json.loads(values)
            of = counts.setdefault(told.get("source"), [0, 0, 0, 0.0, 0.0])
            if kind == "lead":
                of[0] += 1
                continue
            of[1] += 1
            of[4] += told.get("expenses") or 0.0
            if status == "won":
                of[2] += 1
                of[3] += told.get("amount") or 0.0
    found = [Source(name, int(a), int(b), int(c), revenue, spent) for name, (a, b, c, revenue, spent) in counts.items()]
    return sorted(found, key=lambda each: -each.revenue)


_Step = tuple[int, str, dict[str, Any]]


def _steps(connection: Connection, rows: Iterable[int]) -> dict[int, list[_Step]]:
    """What was recorded of some deals, in the order in which it happened; what was withdrawn is left out."""
    wanted = list(rows)
    columns = (_event.record, _event.key, _event.source, _event.event, _event.acted_at, _event.payload, _event.voids)
    query = select(*columns).where(_event.record.in_(wanted)).order_by(_event.acted_at, _event.sequence)
    events = list(connection.execute(query))
    voided = {(each.source, each.voids) for each in events if each.event == "voided"}
    found: dict[int, list[_Step]] = {row: [] for row in wanted}
    for each in events:
        payload = json.loads(each.payload)
        if (each.source, each.key) not in voided and (each.event in _STEPS or "stage" in payload):
            found[each.record].append((int(each.acted_at), each.event, payload))
    return found


def _spent(steps: list[_Step]) -> Iterable[tuple[int, float, float | None]]:
    """(when, how much, stage) of each expense: what is recorded is what a deal has cost so far."""
    so_far, stage = 0.0, None
    for at, event, payload in steps:
        stage = payload.get("stage", stage)
        total = payload.get("expenses")
        if event == "spent" and total is not None:
            yield at, float(total) - so_far, stage
            so_far = float(total)


def _looks(steps: list[_Step], at: int, stage: float | None, now: int) -> list[Look]:
    return [_look(steps, at, stage, days, now) for days in LOOKS]


def _look(steps: list[_Step], at: int, before: float | None, days: int, now: int) -> Look:
    then = at + days * DAY_MS
    if then > now:
        return Look(days, None, None, None)
    stage, ended = before, None
    for happened, event, payload in steps:
        if happened <= at or happened > then:
            continue
        stage = payload.get("stage", stage)
        ended = event if event in ("won", "lost", "no_decision") else ended
    progressed = ended == "won" or (stage is not None and stage > (before or 0.0))
    return Look(days, stage, ended, progressed)
