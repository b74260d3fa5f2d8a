"""What a store's record tells of who sold what by an instant: the figures of which targets are made."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, exists, func, select

from coach.store import tables
from coach.targets.periods import Period
from coach.targets.units import Units
from policies.targets.level import BUSINESS_DAYS_A_YEAR, PACE_MEMORY, faded
from policies.targets.season import NO_SEASON, Season, season_of
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import DAY_MS, Days

YEAR_MS = 365 * DAY_MS
FEWEST_DAYS = 20
"""Business days on record from which on a rep has a pace of the own."""
_event, _record = tables.event.c, tables.record.c
_CLOSED = ("won", "lost", "no_decision")


class Sale(NamedTuple):
    """A deal that was won: instant (ms) and money."""

    at: int
    amount: float


class Opening(NamedTuple):
    """What somebody knows of a rep beside the record: pace at an instant (ms), in money per business day."""

    at: int
    rate: float


class Known(NamedTuple):
    """What is known of a firm beside its record, as an office knows itself.

    Parameters
    ----------
    rate: money per rep and business day of the firm's plan
    memory: business days after which a sale counts 1/e
    season: the swing of demand
    openings: by unit the paces with which people began there, in order
    vacant: units in which nobody sits
    """

    rate: float
    memory: float
    season: Season
    openings: Mapping[str, Sequence[Opening]]
    vacant: frozenset[str]


class Course(NamedTuple):
    """A past period of a unit: bounds (ms), target at its end, and what was sold in it."""

    start: int
    end: int
    target: float
    attained: float


class Market(NamedTuple):
    """A region over the last twelve months: deals decided and won, mean amount of a win and mean days from opening to it;
    None where nothing was won."""

    decided: int
    won: int
    amount: float | None
    cycle_days: float | None

    @property
    def conversion(self) -> float | None:
        """Share of the decided deals that were won."""
        return self.won / self.decided if self.decided else None


class Figures:
    """The figures of a firm's units as of an instant (ms)."""

    def __init__(self, connection: Connection, units: Units, calendar: Calendar, at: int, known: Known | None = None):
        self.units, self.at, self.known = units, at, known
        self._connection = connection
        self._deals = _decided(connection, at)
        self.sales: dict[str, list[Sale]] = {}
        for deal in self._deals:
            if deal.won:
                self.sales.setdefault(deal.unit, []).append(Sale(deal.at, deal.amount or 0.0))
        self.memory = PACE_MEMORY if known is None else known.memory
        self.first = min([sale.at for sales in self.sales.values() for sale in sales], default=at)
        self._midnights = _business_midnights(calendar.days(calendar.local_date(at - YEAR_MS), calendar.local_date(at)))
        self._begun = _first_opened(connection, self._deals)
        self.season = self._season() if known is None else known.season

    def pace(self, rep: str) -> float | None:
        """What a rep sold, fading: money per business day times the memory; None with less than 20 business days on record."""
        if self.known is not None:
            opening = self.known.openings[rep][-1]
            return self._faded(rep, opening.at, opening.rate * self.memory)
        since = max(min(self._begun.get(rep, self.at), self.units.of[rep].registered_at), self.at - YEAR_MS)
        days = int(np.sum((self._midnights >= since) & (self._midnights < self.at)))
        if days < FEWEST_DAYS:
            return None
        return self._faded(rep, since, 0.0) / (1.0 - (1.0 - 1.0 / self.memory) ** days)

    def plan(self, reps: Sequence[str]) -> float:
        """Money per rep and year of an even plan: what the reps sold in the last twelve months, or as much a day as they did
        since the first sale."""
        if self.known is not None:
            return self.known.rate * BUSINESS_DAYS_A_YEAR
        since = max(self.first, self.at - YEAR_MS)
        days = int(np.sum((self._midnights >= since) & (self._midnights < self.at)))
        sold = sum(self.sold(rep, since, self.at) for rep in reps)
        return sold / max(1, days) * BUSINESS_DAYS_A_YEAR / max(1, len(reps))

    def sold(self, rep: str, start: int, end: int) -> float:
        """What a rep won in [start, end)."""
        return sum(sale.amount for sale in self.sales.get(rep, ()) if start <= sale.at < end)

    def season_step(self, period: Period) -> float:
        """The season of a period as a share of the one in which what was sold lately was sold."""
        return self.season.step(period.start / DAY_MS, period.end / DAY_MS, self.memory)

    def courses(self, rep: str, since: int = 0) -> list[Course]:
        """The past periods of a rep that began at an instant or later, in order."""
        found: list[Course] = []
        for row in _of_targets(self._connection, rep, self.at):
            payload = json.loads(row.payload)
            start, end, target = (payload.get(name) for name in ("period_start_at", "period_end_at", "target"))
            if row.event == "target_set" and start is not None and end is not None:
                course = Course(int(start), int(end), target or 0.0, 0.0)
                if found and found[-1].start == course.start:
                    found.pop()
                found.append(course)
            elif found and target is not None:
                found[-1] = found[-1]._replace(target=target)
        return [
            each._replace(attained=self.sold(rep, each.start, each.end))
            for each in found
            if each.start >= since and each.end <= self.at
        ]

    def market(self, region: str) -> Market:
        """How a region did in the last twelve months."""
        reps = set(self.units.reps_under(region))
        deals = [deal for deal in self._deals if deal.unit in reps and deal.at >= self.at - YEAR_MS]
        won = [deal for deal in deals if deal.won]
        amounts = [deal.amount for deal in won if deal.amount is not None]
        spans = [(deal.at - deal.opened_at) / DAY_MS for deal in won if deal.opened_at is not None]
        return Market(len(deals), len(won), _mean(amounts), _mean(spans))

    def _faded(self, rep: str, since: int, pace: float) -> float:
        sales, place = [sale for sale in self.sales.get(rep, ()) if sale.at >= since], 0
        for midnight in self._midnights[(self._midnights >= since) & (self._midnights < self.at)]:
            while place < len(sales) and sales[place].at < midnight:
                pace += sales[place].amount
                place += 1
            pace = faded(pace, self.memory)
        return pace + sum(sale.amount for sale in sales[place:])

    def _season(self) -> Season:
        """Told only by a whole year of sales."""
        if self.first > self.at - YEAR_MS:
            return NO_SEASON
        year = [sale for sales in self.sales.values() for sale in sales if sale.at >= self.at - YEAR_MS]
        return season_of([sale.at / DAY_MS for sale in year], [sale.amount for sale in year])


class _Deal(NamedTuple):
    unit: str
    at: int
    won: bool
    amount: float | None
    opened_at: float | None


def _decided(connection: Connection, at: int) -> list[_Deal]:
    """Deals of units that were decided before an instant, in order."""
    columns = (_record.row, _record.unit, _record.status, _record.amount, _record["values"])
    query = select(*columns).where(_record.kind == "opportunity", _record.status.in_(_CLOSED), _record.unit.is_not(None))
    lost = dict(
        connection.execute(
            select(_event.record, func.max(_event.acted_at)).where(_event.event.in_(_CLOSED[1:])).group_by(_event.record)
        ).all()
    )
    found = []
    for row in connection.execute(query):
        values = json.loads(row.values)
        won = row.status == "won"
        decided_at = values.get("won_at") if won else lost.get(row.row)
        if decided_at is not None and decided_at < at:
            found.append(_Deal(row.unit, int(decided_at), won, row.amount, values.get("opened_at")))
    return sorted(found, key=lambda deal: deal.at)


def _first_opened(connection: Connection, decided: Sequence[_Deal]) -> dict[str, int]:
    """The instant of the first opportunity of each unit."""
    query = select(_record.unit, func.min(_record.registered_at)).where(
        _record.kind == "opportunity", _record.unit.is_not(None)
    )
    found = {unit: int(first) for unit, first in connection.execute(query.group_by(_record.unit))}
    for deal in decided:
        found[deal.unit] = min(found[deal.unit], int(deal.at if deal.opened_at is None else deal.opened_at))
    return found


def _of_targets(connection: Connection, unit: str, at: int):
    """What was told of a unit's targets before an instant and not withdrawn, in order."""
    void = tables.event.alias()
    withdrawn = exists().where(
        void.c.record == _event.record, void.c.event == "voided", void.c.source == _event.source, void.c.voids == _event.key
    )
    query = (
        select(_event.event, _event.payload)
        .join(tables.record, _event.record == _record.row)
        .where(
            _record.kind == "unit", _record.id == unit, _event.event.in_(("target_set", "adjusted")), _event.recorded_at < at,
            ~withdrawn,
        )
        .order_by(_event.recorded_at, _event.sequence)
    )
    return connection.execute(query)


def _business_midnights(days: Days) -> np.ndarray:
    return days.days.midnight[days.days.business == 1]


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None
