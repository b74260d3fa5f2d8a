"""What was known of a firm's opportunities and leads at an instant, by the time of recording, as tables for forecasters.

Weeks are counted from that instant on the firm's own clock: week 1 ahead is the seven days that follow it, and the weeks behind
it end with it. A win belongs to the week in which it was recorded.
"""

from bisect import bisect_right
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from coach.problems import CoachError
from coach.store import Store
from coach.winning.history import DAY, Record, records_at, standing, states, undated_closings
from coach.winning.looks import span_of
from policies.time.calendar import Calendar

DAYS_A_WEEK = 7
WEEK = DAYS_A_WEEK * DAY
_DEAL = ("row", "born", "start", "end", "outcome", "amount", "owner")
_LEAD = ("row", "born", "start", "end", "outcome")


def weeks_later(at: int, weeks: int, zone: str) -> int:
    """The same time of day so many weeks later on the clock of a zone; instants in ms."""
    local = pd.Timestamp(at, unit="ms", tz="UTC").tz_convert(zone) + pd.DateOffset(weeks=weeks)
    return int(local.value // 1_000_000)


class History:
    """Everything that a store has recorded, of which `known_at` shows what was known at an instant.

    `undated`: rows of opportunities whose closing nobody can date. `teams`: the unit above each rep's. `calendar`: the firm's,
    whose holidays forecasts then reckon with.
    """

    def __init__(
        self,
        records: Iterable[Record],
        undated: Set[int] = frozenset(),
        zone: str = "UTC",
        currency: str | None = None,
        teams: dict[str, str] | None = None,
        calendar: Calendar | None = None,
    ):
        self.records = [record for record in records if record.kind in ("opportunity", "lead") and record.entries]
        self.undated, self.zone, self.currency, self.teams = undated, zone, currency, teams or {}
        self.calendar = calendar
        self._recorded = [[entry.recorded_at for entry in record.entries] for record in self.records]

    @classmethod
    def of(cls, store: Store, at: int) -> "History":
        """What a store recorded by `at` (ms)."""
        records = records_at(store, at)
        units = {record.id: next(states(record, [at])) for record in records if record.kind == "unit"}
        teams = {name: str(values["parent"]) for name, values in units.items() if values.get("parent")}
        return cls(records, undated_closings(store), store.calendar.zone, store.currency, teams, store.calendar)

    @property
    def first(self) -> int:
        """Instant of the first opportunity (ms); 0 without one."""
        own = zip(self.records, self._recorded, strict=True)
        return min((at[0] for record, at in own if record.kind == "opportunity"), default=0)

    @property
    def last(self) -> int:
        """Instant at which something was recorded last (ms); 0 without anything."""
        return max((recorded[-1] for recorded in self._recorded), default=0)

    def known_at(self, at: int) -> "Known":
        """What was recorded by `at` (ms), and nothing else."""
        cut = [
            record._replace(entries=record.entries[: bisect_right(recorded, at)])
            for record, recorded in zip(self.records, self._recorded, strict=True)
            if recorded[0] <= at
        ]
        deals = [record for record in cut if record.kind == "opportunity"]
        now = [next(states(record, [at])) for record in deals]
        rows = [_deal(record, values, at, self.undated) for record, values in zip(deals, now, strict=True)]
        leads = [_lead(record, at) for record in cut if record.kind == "lead"]
        return Known(
            at, self.zone, pd.DataFrame(rows, columns=_DEAL), pd.DataFrame(leads, columns=_LEAD),
            _told(deals, "stage"), _told(deals, "close_at"), deals, now, self.calendar,
        )  # fmt: skip


class NoDatedWin(CoachError):
    """Nobody can say when something will be won."""

    def __init__(self):
        super().__init__(
            "the record holds no win with a date, so nobody can say when what is open will be won; import the date on which "
            "deals were closed (rehearse import)",
            "记录中没有带日期的赢单，因此无法说明在途商机何时赢单；请导入商机的关闭日期（rehearse import）",
        )


@dataclass
class Known:
    """What forecasters are told; instants are in ms, and NaN where there is none.

    `deals`: a row an opportunity, with `born` (when it was opened), `start` (when it was first recorded), `end`, `outcome`
    ("open", "won", "lost"; "undated" for closings nobody can date), `amount` (NaN: not recorded) and `owner` (its rep's unit).
    `leads`: a row a lead, with `outcome` "open", "converted" or "lost". `stages` and `dates`: what was recorded of an
    opportunity from an instant on, as `deal` (label in `deals`), `at`, `value`; dates are those expected for the closing.
    `opportunities` and `now`: the records and their fields, in the order of `deals`. `calendar`: the firm's, where it is told.
    """

    at: int
    zone: str
    deals: pd.DataFrame
    leads: pd.DataFrame
    stages: pd.DataFrame
    dates: pd.DataFrame
    opportunities: list[Record] = field(default_factory=list)
    now: list[dict[str, Any]] = field(default_factory=list)
    calendar: Calendar | None = None
    _before: dict[int, "Known"] = field(default_factory=dict)

    def earlier(self, weeks: int) -> "Known":
        """The tables as they stood some weeks before, as far as they tell: for a method that is tried on what it knows."""
        if weeks not in self._before:
            self._before[weeks] = self._earlier(weeks)
        return self._before[weeks]

    def _earlier(self, weeks: int) -> "Known":
        at = weeks_later(self.at, -weeks, self.zone)
        deals, leads = (_earlier(table, at) for table in (self.deals, self.leads))
        stages, dates = (table[table["at"] <= at] for table in (self.stages, self.dates))
        return Known(at, self.zone, deals, leads, stages, dates, calendar=self.calendar)

    def _clock(self, instants) -> np.ndarray:
        """The firm's own clock, in ms: an hour that a summer time skips or repeats moves no win into another week."""
        at = pd.to_datetime(pd.Series(np.asarray(instants, dtype=float)), unit="ms", utc=True)
        return at.dt.tz_convert(self.zone).dt.tz_localize(None).astype("datetime64[ms]").to_numpy().astype(float)

    def weeks_behind(self, instants) -> np.ndarray:
        """In which week before `at` each instant (ms, none later) lies: 1 is the last one."""
        passed = self._clock([self.at])[0] - self._clock(instants)
        return np.floor(passed / WEEK).astype(int) + 1

    def weeks_ahead(self, instants, at: int | None = None) -> np.ndarray:
        """In which week from `at` on each instant lies: 1 is the next one, 0 and less have passed; NaN stays."""
        return np.ceil((self._clock(instants) - self._clock([self.at if at is None else at])[0]) / WEEK)

    @cached_property
    def length(self) -> int:
        """Whole weeks between the first opportunity's record and `at`."""
        if self.deals.empty:
            return 0
        return int(self.weeks_behind([self.deals["start"].min()])[0]) - 1

    def weekly(self, instants, weights=None) -> np.ndarray:
        """Sums by whole week, the oldest first, shape (length,)."""
        if not self.length:
            return np.zeros(0)
        behind = self.weeks_behind(instants)
        kept = behind <= self.length
        weights = None if weights is None else np.asarray(weights, dtype=float)[kept]
        return np.bincount(self.length - behind[kept], weights, self.length).astype(float)

    @cached_property
    def won(self) -> pd.DataFrame:
        return self.deals[self.deals["outcome"] == "won"]

    @cached_property
    def undated_wins(self) -> int:
        """Wins that nobody can date: they are in no week."""
        undated = np.flatnonzero(self.deals["outcome"] == "undated")
        return sum(self.now[place].get("status") == "won" for place in undated)

    @cached_property
    def wins(self) -> np.ndarray:
        """Wins by whole week, the oldest first."""
        return self.weekly(self.won["end"])

    @cached_property
    def revenue(self) -> np.ndarray:
        """Amounts of the wins by whole week, the oldest first; a win without an amount adds nothing."""
        return self.weekly(self.won["end"], self.won["amount"].fillna(0.0))

    @cached_property
    def arrivals(self) -> np.ndarray:
        """New opportunities by whole week, the oldest first."""
        return self.weekly(self.deals["start"])

    @cached_property
    def ages(self) -> np.ndarray:
        """Ages in days of those open."""
        return (self.at - self.deals["born"].to_numpy()[self.open]) / DAY

    @cached_property
    def open(self) -> np.ndarray:
        """Positions in `deals` of those open."""
        return np.flatnonzero(self.deals["outcome"] == "open")


def _deal(record: Record, values: dict, at: int, undated: Set[int]) -> tuple:
    start, end, ended = span_of(record, at)
    outcome = "undated" if ended and record.row in undated else ("open", "won", "lost")[ended]
    born = min(_number(values.get("opened_at"), start), float(start))
    return record.row, born, float(start), float(end) if ended else np.nan, outcome, _amount(values), _owner(values)


def _earlier(table: pd.DataFrame, at: int) -> pd.DataFrame:
    there = table[table["start"] <= at]
    later = there["end"] > at
    return there.assign(end=there["end"].mask(later), outcome=there["outcome"].mask(later, "open"))


def _lead(record: Record, at: int) -> tuple:
    values = next(states(record, [at]))
    start, ends = float(record.entries[0].recorded_at), standing(record, ("converted", "lost"))
    born = min(_number(values.get("captured_at"), start), start)
    return record.row, born, start, float(ends[-1].recorded_at) if ends else np.nan, ends[-1].event if ends else "open"


def _owner(values: dict) -> str | None:
    found = values.get("unit") or values.get("owner")
    return None if found is None else str(found)


def _told(records: list[Record], name: str) -> pd.DataFrame:
    voided = {(record.row, entry.key[0], entry.voids) for record in records for entry in record.entries if entry.voids}
    rows = [
        (place, float(entry.recorded_at), _number(entry.payload[name], np.nan))
        for place, record in enumerate(records)
        for entry in record.entries
        if name in entry.payload and (record.row, *entry.key) not in voided
    ]
    return pd.DataFrame(rows, columns=["deal", "at", "value"])


def _number(value, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) else otherwise


def _amount(values: dict) -> float:
    amount = _number(values.get("amount"), np.nan)
    return amount if amount > 0 else np.nan
