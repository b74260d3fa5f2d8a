"""What the record says of everybody who might get a lead, as `policies.routing.choosing` wants it."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np

from policies.engine.driver import Driver
from policies.record.book import Book
from policies.record.records import LEAD, LEAD_KIND, LEVELS, OPPORTUNITY, OPPORTUNITY_KIND, UNIT, UNIT_KIND, column, field
from policies.routing.choosing import CANDIDATE
from policies.time.calendar_arrays import has_own, next_open_of

OPEN_LEAD = field("lead", "status").choices.index("open")
OPEN_DEAL = field("opportunity", "status").choices.index("open")


class Records(Protocol):
    """The records among which leads are given out: by row ids and owning units, and the driver of the rules."""

    kinds: list[str]
    ids: list[str]
    units: list[str | None]
    row_of: dict[tuple[str, str], int]
    driver: Driver

    @property
    def book(self) -> Book:
        """The arrays."""

    def line(self, unit: str | None) -> list[str]:
        """A unit and those above it, from below."""


class Candidates(NamedTuple):
    """Units by place, in the order in which they were registered, and what is recorded of each."""

    units: list[str]
    about: np.recarray
    closed: list[str]
    """Those who are there, of a unit with a calendar of its own that is closed at the instant."""

    def place(self, unit: str | None) -> int:
        """Place of a unit; -1 for one that is not among them."""
        return self.units.index(unit) if unit in self.units else -1

    def absent(self) -> list[str]:
        """Those who are not there."""
        away = zip(self.units, self.about, strict=True)
        return [unit for unit, each in away if not each.present and unit not in self.closed]

    def full(self, cap: int) -> list[str]:
        """Those who are there and hold as many leads as they may."""
        there = zip(self.units, self.about, strict=True)
        return [unit for unit, each in there if each.present and 0 < cap <= each.open_leads]


def candidates(live: Records, row: int, taken: Iterable[int], at: int, latest: dict[str, int]) -> Candidates:
    """Every rep who has not left the firm, described for the lead or opportunity in a row.

    Parameters
    ----------
    taken: rows of leads that were taken from their owners and wait for another
    latest: how many leads had been given out when a unit last got one
    """
    used, book = len(live.ids), live.book
    kinds, units, values = book.rows.kind[:used], book.rows.unit[:used], book.values[:used]
    reps = np.flatnonzero((kinds == UNIT_KIND) & (values[:, UNIT.level] == LEVELS.index("rep")))
    reps = reps[~(values[reps, UNIT.left_at] <= at)]
    about = np.zeros(len(reps), CANDIDATE).view(np.recarray)
    about.present = values[reps, UNIT.absent] != 1.0
    about.region = [region_of(live, live.ids[rep]) for rep in reps]
    leads = np.flatnonzero((kinds == LEAD_KIND) & (values[:, LEAD.status] == OPEN_LEAD))
    leads = np.setdiff1d(leads, np.fromiter(taken, np.int64))
    about.open_leads = _count(units[leads], reps, used)
    ended = np.flatnonzero((kinds == OPPORTUNITY_KIND) & (values[:, OPPORTUNITY.status] > OPEN_DEAL))
    industry = values[row, column(live.kinds[row], "industry")]
    if industry == industry:
        ended = ended[values[ended, OPPORTUNITY.industry] == industry]
    about.closed = _count(units[ended], reps, used)
    about.won = _count(units[ended[values[ended, OPPORTUNITY.status] == OPEN_DEAL + 1]], reps, used)
    names = [live.ids[rep] for rep in reps]
    about.latest = [latest.get(name, 0) for name in names]
    about.chance = [_chance(live.ids[row], name) for name in names]
    days = live.driver.days
    closed = [
        name for name, rep, each in zip(names, reps, about, strict=True)
        if each.present and has_own(days, rep) and next_open_of(days, rep, at) != at
    ]  # fmt: skip
    about.present = [each.present and name not in closed for name, each in zip(names, about, strict=True)]
    return Candidates(names, about, closed)


def region_of(live: Records, unit: str) -> float:
    """Number of the region that is recorded of a unit, or of the next one above that has any; NaN for none."""
    for each in live.line(unit):
        above = live.row_of.get(("unit", each))
        if above is not None and not np.isnan(live.book.values[above, UNIT.region]):
            return float(live.book.values[above, UNIT.region])
    return np.nan


def _count(units: np.ndarray, reps: np.ndarray, used: int) -> np.ndarray:
    return np.bincount(units[units >= 0], minlength=used)[reps]


def _chance(lead: str, unit: str) -> float:
    """A number in [0, 1) that is this lead's and unit's for good, so that drawing anew after a restart draws the same."""
    digest = hashlib.blake2b(f"{len(lead)}:{lead}{unit}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2.0**64
