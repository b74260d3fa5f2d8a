"""Replaying a journal: which rules fire over recorded events, worked off instant by instant with the one evaluator.

The driver of tests and of previews ("what would this rule have done last quarter?"). The simulated office and the live
service drive the same compiled functions with clocks of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from policies.engine.compile import compile_rules
from policies.engine.driver import NOTICES, Done, Driver
from policies.engine.layout import layout_of
from policies.language.policy import Policy
from policies.record.book import new_book, place_row
from policies.record.records import EVENT, EVENTS, UNIT, column
from policies.time.calendar import Calendar


class RecordedEvent(NamedTuple):
    """One actor event of a journal; instants in ms. A journal is ordered by `recorded_at`."""

    number: int
    recorded_at: int
    acted_at: int
    event: str  # name of records.ACTOR_EVENTS
    kind: str  # kind of record
    record: int  # id of the record, which its "registered" event brings into the book
    unit: int  # id of the unit that owns the record
    payload: Mapping[int | str, float]  # by column or by name of the field
    voids: int | None = None  # number of the event that a "voided" event withdraws


class Firing(NamedTuple):
    """One firing, effect or closing; instants in ms."""

    rule_id: str
    record: int
    event: str  # name of records.EFFECT_EVENTS
    argument: float
    due_at: int
    fired_at: int
    sent: bool = True  # False for a notice whose cause was gone at the end of a stand-still


def replay(
    policy: Policy,
    calendar: Calendar,
    events: Iterable[RecordedEvent],
    until: int,
    stand_still: Sequence[tuple[int, int]] = (),
    *,
    switches: Sequence[tuple[int, Policy]] = (),
    activated_at: int | None = None,
    unit_names: Mapping[int, str] | None = None,
) -> list[Firing]:
    """What the rules do over a journal up to and including `until`, in order.

    Parameters
    ----------
    policy: the rules in force at first
    calendar: time zone, opening hours and business days
    events: the journal, ordered by `recorded_at`
    stand_still: windows [a, b) in ms during which nothing is evaluated; at b it is made good
    switches: (instant, policy): from that instant on another policy is in force
    activated_at: when the first policy was switched on; the instant of the first event unless told otherwise
    unit_names: names by unit id, for exemptions

    Raises ValueError for a journal that is out of order, OutsideCalendar for instants that the calendar does not reach.
    """
    journal = list(events)
    if not journal:
        return []
    also = [each for _, each in switches]
    run = Replay(policy, calendar, journal, until, activated_at=activated_at, unit_names=unit_names, also=also)
    return run.through(stand_still, switches)


def _column(kind: str, name: int | str) -> int:
    return column(kind, name) if isinstance(name, str) else name


def _target_period(event: RecordedEvent) -> list[int]:
    """Start and end of a target's period that an event carries: its pace is counted in business days between them."""
    if event.kind != "unit":
        return []
    bounds = (UNIT.period_start_at, UNIT.period_end_at)
    return [int(value) for name, value in event.payload.items() if _column("unit", name) in bounds and value == value]


class Replay:
    """One replay on its way; parameters as of `replay`, with a journal that is not empty.

    `also`: policies that come into force later. A link names a record by its id.
    """

    def __init__(
        self,
        policy: Policy,
        calendar: Calendar,
        journal: Sequence[RecordedEvent],
        until: int,
        *,
        activated_at: int | None = None,
        unit_names: Mapping[int, str] | None = None,
        also: Sequence[Policy] = (),
    ):
        if any(later.recorded_at < earlier.recorded_at for earlier, later in pairwise(journal)):
            raise ValueError("a journal is ordered by recorded_at / 日志须按 recorded_at 排序")
        self.journal, self.until = journal, until
        self._kinds = {name: kind for each in (policy, *also) for name, kind in each.record_kinds.items()}
        activated_at = journal[0].recorded_at if activated_at is None else activated_at
        unit_names = unit_names or {}
        instants = [instant for event in journal for instant in (event.acted_at, event.recorded_at, *_target_period(event))]
        first = calendar.local_date(min([activated_at, *instants])) - timedelta(days=1)
        days = calendar.days(first, calendar.local_date(max(until, *instants)) + timedelta(days=1))
        ids = sorted({event.record for event in journal})
        self.row_of = {record: row for row, record in enumerate(ids)}  # so that rows stand in the order of record ids
        self.record_of = ids
        self.units: dict[str, list[int]] = {}
        owners = sorted({event.unit for event in journal})
        # A unit that is a record of the journal stands for its own row, the others for rows that nobody has.
        self.unit_place = {unit: self.row_of.get(unit, len(ids) + place) for place, unit in enumerate(owners)}
        for unit, place in self.unit_place.items():
            self.units.setdefault(unit_names.get(unit, ""), []).append(place)
        self.layout = layout_of([each for each in (policy, *also) if each.kinds])
        rules = compile_rules(policy, activated_at=activated_at, units=self.units, custom=self.layout)
        book = new_book(rules, len(ids), self.layout.width)
        book.counts[0].rows = len(ids)
        number = [float(each) for each in ids].__getitem__
        self.driver = Driver(policy, rules, book, days, units=self.units, custom=self.layout, number=number)
        self.entries: dict[int, tuple[int, int]] = {}  # (row, entry) by event number
        self.firings: list[Firing] = []
        self.done: list[Done] = []  # what each firing was made from

    def through(self, stand_still: Sequence[tuple[int, int]] = (), switches: Sequence[tuple[int, Policy]] = ()) -> list[Firing]:
        """Work the journal off up to and including `until`."""
        switches = sorted(switches, key=lambda each: each[0])
        now, waiting, caught_up, until = self.journal[0].recorded_at, list(self.journal[::-1]), 0, self.until
        while now <= until:
            wall_clock = next((end for begin, end in stand_still if begin <= now < end), now)
            if wall_clock > until:
                break
            while switches and switches[0][0] <= now:
                self.take(self.driver.switch_to(switches.pop(0)[1], now), wall_clock)
            while waiting and waiting[-1].recorded_at <= now:
                self.record(waiting.pop(), now)
            self.take(self.driver.work_off(now), wall_clock)
            later = min(
                [self.driver.next_instant(now), *(each.recorded_at for each in waiting[-1:]), *(at for at, _ in switches[:1])]
            )
            if now < wall_clock <= later:
                self.keep_back_notices(caught_up, wall_clock)
            if wall_clock == now:
                caught_up = len(self.firings)
            now = later
        return self.firings

    def record(self, event: RecordedEvent, now: int) -> None:
        """Take one event of the journal into the book."""
        if event.event == "voided":
            if event.voids in self.entries:
                self.driver.withdraw(*self.entries[event.voids], now)
            return
        row = self.row_of[event.record]
        book = self.driver.book
        if event.event == "registered" and book.rows[row].kind < 0:
            place_row(book, row, self.layout.kinds.index(event.kind), self.unit_place[event.unit])
        payload = [
            (self.layout.place(self.kind(event.kind), name) if isinstance(name, str) else name, value)
            for name, value in event.payload.items()
        ]
        entry = self.driver.record(row, getattr(EVENT, event.event), event.acted_at, payload, now)
        self.entries[event.number] = row, entry

    def kind(self, name: str) -> str:
        """A kind of the journal with its fields."""
        return self._kinds.get(name, name)

    def take(self, done: Sequence[Done], wall_clock: int) -> None:
        """Keep what rules did at an instant that the wall clock of `wall_clock` worked off."""
        for each in done:
            record = self.record_of[each.row]
            self.firings.append(Firing(each.rule_id, record, EVENTS[each.event], each.argument, each.due_at, wall_clock))
            self.done.append(each)

    def keep_back_notices(self, first: int, wall_clock: int) -> None:
        """At the end of a catch-up, mark the notices among its firings whose cause is gone."""
        places = [
            place
            for place in range(first, len(self.firings))
            if self.firings[place].fired_at == wall_clock and self.done[place].event in NOTICES
        ]
        leave = self.driver.leaves_late([self.done[place] for place in places])
        for place, sent in zip(places, leave, strict=True):
            self.firings[place] = self.firings[place]._replace(sent=sent)
