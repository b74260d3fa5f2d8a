"""Replaying a journal: which rules fire over recorded events, worked off instant by instant with the one evaluator.

The driver of tests and of previews ("what would this rule have done last quarter?"). The simulated office and the live
service drive the same compiled functions with clocks of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from policies.book import Book, enter, grown, new_book, place_row, put, void
from policies.calendar import Calendar
from policies.calendar_arrays import DAY, MONTH, NEVER, QUARTER, WEEK, period_end
from policies.compile import PERIODIC, Rules, compile_rules, rule_ids
from policies.conditions import holds, since_of
from policies.evaluator import look, revise, settle
from policies.gates import ALLOWED, REQUIREMENT, refusal
from policies.policy import Policy
from policies.records import EVENT, EVENTS, GATES, RECORD_KINDS, UNIT, column
from policies.switching import switch

NOTICES = (EVENT.notified, EVENT.todo_opened, EVENT.escalated)
"""Effects addressed to a role; sent only while their cause lasts."""


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
    run = Replay(policy, calendar, journal, until, activated_at=activated_at, unit_names=unit_names)
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
    """One replay on its way; parameters as of `replay`, with a journal that is not empty."""

    def __init__(
        self,
        policy: Policy,
        calendar: Calendar,
        journal: Sequence[RecordedEvent],
        until: int,
        *,
        activated_at: int | None = None,
        unit_names: Mapping[int, str] | None = None,
    ):
        if any(later.recorded_at < earlier.recorded_at for earlier, later in pairwise(journal)):
            raise ValueError("a journal is ordered by recorded_at / 日志须按 recorded_at 排序")
        self.journal, self.until = journal, until
        activated_at = journal[0].recorded_at if activated_at is None else activated_at
        unit_names = unit_names or {}
        instants = [instant for event in journal for instant in (event.acted_at, event.recorded_at, *_target_period(event))]
        first = calendar.local_date(min([activated_at, *instants])) - timedelta(days=1)
        self.days = calendar.days(first, calendar.local_date(max(until, *instants)) + timedelta(days=1))
        ids = sorted({event.record for event in journal})
        self.row_of = {record: row for row, record in enumerate(ids)}  # so that rows stand in the order of record ids
        self.record_of = ids
        self.units: dict[str, list[int]] = {}
        self.unit_place = {unit: place for place, unit in enumerate(sorted({event.unit for event in journal}))}
        for unit, place in self.unit_place.items():
            self.units.setdefault(unit_names.get(unit, ""), []).append(place)
        self.policy: Policy = policy
        self.rules: Rules = compile_rules(policy, activated_at=activated_at, units=self.units)
        self.book: Book = new_book(self.rules, len(ids))
        self.book.counts[0].rows = len(ids)
        self.entries: dict[int, tuple[int, int]] = {}  # (row, entry) by event number
        self.firings: list[Firing] = []
        self.sinces: list[int] = []  # value of since of each firing
        self.own: list[dict[int, tuple[float, float]]] = []  # by column, what stood there and what the same firing wrote
        self.coming: list[np.record] = []  # effects of the rule that has just fired

    def through(
        self, stand_still: Sequence[tuple[int, int]] = (), switches: Sequence[tuple[int, Policy]] = ()
    ) -> list[Firing]:
        """Work the journal off up to and including `until`."""
        switches = sorted(switches, key=lambda each: each[0])
        now, waiting, caught_up, until = self.journal[0].recorded_at, list(self.journal[::-1]), 0, self.until
        while now <= until:
            wall_clock = next((end for begin, end in stand_still if begin <= now < end), now)
            if wall_clock > until:
                break
            while switches and switches[0][0] <= now:
                self.switch_to(switches.pop(0)[1], now, wall_clock)
            while waiting and waiting[-1].recorded_at <= now:
                self.record(waiting.pop(), now)
            self.work_off(now, wall_clock)
            later = min([self.next_instant(now), *(each.recorded_at for each in waiting[-1:]), *(at for at, _ in switches[:1])])
            if now < wall_clock <= later:
                self.keep_back_notices(caught_up, wall_clock)
            if wall_clock == now:
                caught_up = len(self.firings)
            now = later
        return self.firings

    def record(self, event: RecordedEvent, now: int) -> None:
        if event.event == "voided":
            if event.voids not in self.entries:
                return
            row, entry = self.entries[event.voids]
            void(self.book, entry)
        else:
            row = self.row_of[event.record]
            kind = RECORD_KINDS.index(event.kind)
            if event.event == "registered" and self.book.rows[row].kind < 0:
                place_row(self.book, row, kind, self.unit_place[event.unit])
            entry = enter(self.book, row, getattr(EVENT, event.event), event.acted_at)
            for name, value in event.payload.items():
                put(self.book, row, _column(event.kind, name), value)
            self.entries[event.number] = int(row), int(entry)
        revise(self.book, self.rules, self.days, row, now)
        self.book = grown(self.book)

    def work_off(self, now: int, wall_clock: int) -> None:
        """Everything that is due at an instant: looks of the periods that end, and records whose due has come."""
        for row in np.flatnonzero(self.book.rows.next_due <= now):
            revise(self.book, self.rules, self.days, row, now)
        for period in (DAY, WEEK, MONTH, QUARTER):
            if period_end(self.days, period, now - 1) == now:
                look(self.book, self.rules, self.days, period, now)
        settle(self.book, self.rules, self.days, now)
        self.take_firings(wall_clock)

    def next_instant(self, now: int) -> int:
        due = int(self.book.rows.next_due.min(initial=NEVER))
        if (self.rules.rules.trigger == PERIODIC).any():
            return min(due, int(period_end(self.days, DAY, now)))
        return due

    def take_firings(self, wall_clock: int) -> None:
        ids = rule_ids(self.policy)
        for row in self.book.firings[: int(self.book.counts[0].firings)]:
            record = self.record_of[row.row]
            rule_id = ids[row.rule if row.rule >= 0 else -2 - row.rule]
            self.firings.append(Firing(rule_id, record, EVENTS[row.event], float(row.argument), int(row.due_at), wall_clock))
            self.sinces.append(int(row.since))
            self.own.append(self.own_writing(row))
        self.book.counts[0].firings = 0
        self.book = grown(self.book)

    def own_writing(self, row: np.record) -> dict[int, tuple[float, float]]:
        """What the firing that an entry belongs to writes; all its entries share one mapping, filled as they come."""
        if row.event == EVENT.fired:
            rule = self.rules.rules[row.rule]
            self.coming = list(self.rules.effects[rule.effects_from : rule.effects_to])
            return {}
        if not self.coming:
            return {}
        effect = self.coming.pop(0)
        if effect.column >= 0 and effect.event != EVENT.field_required:
            self.own[-1].setdefault(int(effect.column), (float(row.before), float(effect.value)))
        return self.own[-1]

    def switch_to(self, policy: Policy, now: int, wall_clock: int) -> None:
        self.book, self.rules = switch(self.book, self.rules, policy, now, self.days, units=self.units)
        self.take_firings(wall_clock)  # closings, by the positions of the policy that was in force
        self.policy = policy

    def keep_back_notices(self, first: int, wall_clock: int) -> None:
        """At the end of a catch-up, mark the notices among its firings whose cause is gone."""
        for place in range(first, len(self.firings)):
            firing = self.firings[place]
            if firing.fired_at == wall_clock and getattr(EVENT, firing.event) in NOTICES:
                self.firings[place] = firing._replace(sent=self.cause_lasts(place))

    def cause_lasts(self, place: int) -> bool:
        """Whether since and `when` still stand as they were, leaving aside what the firing itself wrote; of a look, whether
        `when` held at the latest one."""
        firing = self.firings[place]
        if firing.rule_id not in rule_ids(self.policy):
            return False
        rule = self.rules.rules[rule_ids(self.policy).index(firing.rule_id)]
        row = self.row_of[firing.record]
        if rule.trigger == PERIODIC:
            return bool(self.book.streaks[row, rule.streak_column] != 0)
        values = self.book.values[row : row + 1].copy()
        for written, (before, value) in self.own[place].items():
            if values[0, written] == value:
                values[0, written] = before
        return (
            bool(holds(values, 0, rule, self.rules.ops)) and since_of(values, 0, rule, self.rules.since) == self.sinces[place]
        )

    def refused_by(self, record: int, gate: str, now: int) -> str | None:
        """Id of the rule that refuses a step on a record as it stands now, "requirement" for a field that is still required,
        None when the step is allowed."""
        position = refusal(self.book, self.rules, self.days, self.row_of[record], GATES.index(gate), now)
        self.book.counts[0].firings = 0
        if position == REQUIREMENT:
            return "requirement"
        return None if position == ALLOWED else rule_ids(self.policy)[position]
