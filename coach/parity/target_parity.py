"""Targets of an office against those that the coach reckons from what the office recorded.

An office knows more of itself than it records: the plan with which its people began, who sits where, the swing of its demand
and how long its people remember. That much the coach is told (`Known`); who sold what and when, how past periods ended, the
tree of units and the calendar it takes from its store.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from coach.events import as_number
from coach.parity.journal_events import OfficeJournal
from coach.store import Store
from coach.targets.figures import Figures, Known, Opening
from coach.targets.periods import bounded, days_around
from coach.targets.reckoning import reckoned
from coach.targets.units import units_of
from policies.language.policy import Policy
from policies.targets.season import Season
from sim.office.office import Office

_TOLD = ("period_start_at", "period_end_at", "target")


class Asked(NamedTuple):
    """A target as it was set: of which unit, for which period and how much, and when; instants in ms, whole money."""

    unit: str
    start: int
    end: int
    amount: int
    at: int


def office_targets(journal: OfficeJournal) -> list[Asked]:
    """Every target that an office set, in order; none for a cadence of none."""
    found = []
    for event in journal.events():
        if event.event == "target_set":
            start, end, target = (as_number("unit", name, event.payload[name]) for name in _TOLD)
            found.append(Asked(event.record, int(start), int(end), int(target), event.known_at))
    return found


def coach_targets(office: Office, store: Store, policy: Policy, asked: list[Asked]) -> list[Asked]:
    """What the coach reckons for the periods of which the office set targets, as of the instants at which they began."""
    found: list[Asked] = []
    with store.read() as connection:
        units, calendar = units_of(connection), store.calendar
        for (start, end, at), _ in groupby(asked, key=lambda each: (each.start, each.end, each.at)):
            figures = Figures(connection, units, calendar, start, known_of(office, start))
            period = bounded(days_around(calendar, start), start, end)
            amounts = reckoned(policy.targets, figures, period).amounts
            found += [Asked(unit, start, end, amount, at) for unit, amount in amounts.items()]
    return found


def known_of(office: Office, at: int) -> Known:
    """What an office knows of itself beside its record, as of an instant (ms)."""
    firm, behaviour = office.arrays.firm[0], office.arrays.behaviour[0]
    rate, openings, vacant = float(firm.expected_rate), {}, set()
    for seat, people in people_by_seat(office):
        unit = f"rep-{seat + 1}"
        began = [
            Opening(int(person.hired_at), rate * float(behaviour.newcomer_pace))
            if person.newcomer
            else Opening(office.scenario.start_at, rate)
            for person in people
            if person.hired_at <= at
        ]
        openings[unit] = began
        if 0 < people[len(began) - 1].left_at <= at:
            vacant.add(unit)
    season = Season(float(firm.sales_amplitude), float(firm.sales_peak_day))
    return Known(rate, float(behaviour.trailing_days), season, openings, frozenset(vacant))


def people_by_seat(office: Office) -> Iterator[tuple[int, list]]:
    """Who sat in each seat, in order."""
    people = office.arrays.people[: int(office.arrays.state[0].people)]
    for seat in range(office.scenario.people.reps):
        yield seat, [person for person in people if person.seat == seat]
