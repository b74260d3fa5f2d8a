"""The records of a store as the rules' own book in memory, under the policy in force."""

import copy
import json
from collections.abc import Iterable, Mapping

import numpy as np
from sqlalchemy import Connection, delete, select

from coach.events import PostedEvent
from coach.routing.router import Router
from coach.rules.calendar_span import CalendarSpan, moved_instants
from coach.rules.memory import not_yet_registered, remember, save_streaks
from coach.rules.unit_calendars import UnitCalendars, compiled_around
from coach.store import tables
from coach.store.kinds import declaring_policies, known_kinds
from coach.store.policies import PolicyVersion
from coach.store.settings import calendar_of
from coach.store.story import Chapter, linked, owner_of, replayed, stories, told_of
from coach.store.views import column_of, from_row, kept_values, number_of, to_row, write_views, written
from coach.targets.due import Counted, counted
from policies.engine.compile import ALWAYS, OFF, TIMED, Rules, compile_rules, rule_ids
from policies.engine.conditions import since_of, stands
from policies.engine.driver import Done, Driver
from policies.engine.layout import layout_of
from policies.engine.resting import due_of
from policies.jit.by_reference import pinned
from policies.language.policy import Policy, resting_kinds
from policies.record.book import Book, longer, new_book, place_row, set_by_rule
from policies.record.records import EVENT, OPPORTUNITY, UNIT
from policies.record.required import REQUIRABLE
from policies.record.texts import text_number
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import Days

NO_POLICY = Policy(name="none")


class LiveBook:
    """Records by row, their names and units, and the driver of the rules.

    The book holds what is in the store up to the instant that was processed; what is fed into it and done by the rules is
    written back by `save`, in the transaction that also writes the events. When that fails, throw the book away.
    """

    def __init__(self, connection: Connection, version: PolicyVersion | None, now: int, also: Policy | None = None):
        """Load the store as it was at `now`, the instant up to which it was processed.

        `also`: a policy about to be put in force, for whose custom fields columns are kept.
        """
        policy = NO_POLICY if version is None else version.policy
        declaring, named = declaring_policies(connection), [policy, *([] if also is None else [also])]
        self.declared = known_kinds([*declaring, *named])
        self.calendar = calendar_of(connection)
        self.custom = layout_of(named, declaring, self.calendar.zone)
        self.kinds: list[str] = []
        self.ids: list[str] = []
        self.units: list[str | None] = []
        self.parents: dict[str, str] = {}
        self.row_of: dict[tuple[str, str], int] = {}
        self.entries: dict[tuple[str, str], int] = {}  # those in the book's memory, by (source, key)
        self._loaded_at = now
        self._since: dict[int, list[Chapter]] = {}  # entries by row since the store was loaded
        self._stories: dict[int, list[Chapter]] = {}  # what was stored before, of the rows whose past is linked
        self.touched: set[int] = set()
        self._told: dict[int, dict] = {}
        self._exemptions_stale = False
        self.counted: Counted = counted(connection, None)
        self.counted_keys: set[str] = set()  # of action units since the store was loaded
        self.visits: dict[int, int] | None = None  # by row when somebody was last spoken to; None: not looked up
        self._waiting: dict[str, list[int]] = {}  # rows of units that are not registered yet
        rules = compile_rules(policy, activated_at=0, custom=self.custom)
        book, open_rules = self._read(connection, rules, now)
        if version is not None:
            rules = compile_rules(policy, activated_at=version.activated_at, units=self.members(), custom=self.custom)
            for place, rule_id in enumerate(rule_ids(policy)):
                instant = version.activations.get(rule_id, version.activated_at)
                rules.rules[place].activated_at = ALWAYS if instant is None else instant
        self._span = CalendarSpan(self.calendar, self.kinds, book.values[: len(self.ids)], now)
        self._span.extended(self._declared_instants(book), now)
        self.driver = self.driven(policy, rules, book, self._days_under(policy))
        remember(connection, self.driver, open_rules)
        self._resting = {kind for each in named for kind in resting_kinds(each)}
        self._link_pasts(connection, [row for row, kind in enumerate(self.kinds) if str(kind) in self._resting])
        self.driver.revise_all(now)
        self._saved_streaks = self.book.streaks.copy()
        self.router = Router(connection, self)

    def driven(self, policy: Policy, rules: Rules, book: Book, days: Days) -> Driver:
        """A driver of the rules over the records of this book."""
        units = self.members()
        return Driver(policy, rules, book, days, units=units, custom=self.custom, number=lambda row: text_number(self.ids[row]))

    def kind(self, name: str) -> str:
        """A kind of record by its name, with the fields that policies of the store give it."""
        return self.declared.get(name, name)

    def _declared_instants(self, book: Book) -> list[float]:
        """The earliest and latest instant recorded in fields of declared kinds, and in custom ones at which clocks start."""
        found: list[float] = []
        for kind in (each for each in self.declared.values() if each.declared):
            places = [self.custom.place(kind, each.name) for each in kind.fields if each.type == "instant" and not each.linked]
            told = book.values[book.rows.kind == self.custom.kinds.index(kind)][:, places]
            found += [float(np.nanmin(told)), float(np.nanmax(told))] if np.isfinite(told).any() else []
        for pair in self.custom.clocks:
            told = book.values[book.rows.kind == self.custom.kinds.index(pair[0]), self.custom[pair]]
            found += [float(np.nanmin(told)), float(np.nanmax(told))] if np.isfinite(told).any() else []
        return found

    @property
    def book(self) -> Book:
        """The arrays."""
        return self.driver.book

    def _read(self, connection: Connection, rules, processed: int) -> tuple[Book, dict[int, list[str]]]:
        columns = tables.record.c
        query = select(columns.row, columns.kind, columns.id, columns.unit, columns["values"], columns.open_rules)
        width, open_rules, values = self.custom.width, {}, []
        for row, kind, identifier, unit, kept, opened in connection.execute(query.order_by(columns.row)):
            self._name(row, kind, identifier, unit)
            kept = json.loads(kept)
            values.append(to_row(self.kind(kind), kept, width, self.custom))
            if kind == "unit" and kept.get("parent") is not None:
                self.parents[identifier] = str(kept["parent"])
            if opened != "[]":
                open_rules[row] = json.loads(opened)
        book = new_book(rules, int(1.5 * len(values)) + 64, width)
        self._place(book, values, not_yet_registered(connection, processed))
        return book, open_rules

    def _name(self, row: int, kind: str, identifier: str, unit: str | None) -> None:
        self.kinds.append(self.kind(kind))
        self.ids.append(identifier)
        self.units.append(identifier if kind == "unit" else unit)
        self.row_of[kind, identifier] = row

    def _place(self, book: Book, values: list[np.ndarray], unregistered: set[int]) -> None:
        used = len(values)
        if not used:
            return
        book.values[:used] = values
        code = {kind: number for number, kind in enumerate(self.custom.kinds)}
        kinds = np.array([code[kind] for kind in self.kinds], np.int32)
        kinds[sorted(unregistered)] = -1
        book.rows.kind[:used] = kinds
        for kind in range(len(code)):
            rows = np.flatnonzero(kinds == kind)
            if len(rows):
                book.rows.same_kind[rows[1:]] = rows[:-1]
                book.kinds.last[kind] = rows[-1]
        book.rows.unit[:used] = [self._unit_row(row, unit) for row, unit in enumerate(self.units)]
        book.counts[0].rows = used

    def _unit_row(self, row: int, unit: str | None) -> int:
        if unit is None:
            return -1
        found = self.row_of.get(("unit", unit), -1)
        if found < 0:
            self._waiting.setdefault(unit, []).append(row)
        return found

    def members(self) -> dict[str, tuple[int, ...]]:
        """Rows that a unit's name stands for in exemptions: its own, and those of all units below."""
        rows: dict[str, list[int]] = {}
        for unit in [name for kind, name in self.row_of if kind == "unit"]:
            for above in self.line(unit):
                rows.setdefault(above, []).append(self.row_of["unit", unit])
        return {unit: tuple(below) for unit, below in rows.items()}

    def line(self, unit: str | None) -> list[str]:
        """A unit and those above it, from below; a circle of parents ends where it closes."""
        line: list[str] = []
        while unit is not None and unit not in line:
            line.append(unit)
            unit = self.parents.get(unit)
        return line

    @property
    def asks_action_units(self) -> bool:
        """Whether the policy in force asks reps for countable actions a week, and the coach sets targets."""
        asked = self.driver.policy.targets.action_units.model_dump()
        return any(asked.values()) and bool(self.counted.units)

    def counts(self, unit: str, at: float) -> bool:
        """Whether the coach counts for a unit what happened at an instant: it set the target of the period."""
        row = self.row_of.get(("unit", unit))
        if row is None:
            return False
        start, end = self.book.values[row, [UNIT.period_start_at, UNIT.period_end_at]]
        return bool(start <= at < end) and unit in self.counted.units.get((int(start), int(end)), ())

    def reach(self, instants: Iterable[float], now: int) -> None:
        """See to it that the calendar covers these instants, and more than a year from now."""
        days = self._span.extended(instants, now)
        if days is not None:
            self.driver.days = self._days_under(self.driver.policy)
            self.driver.revise_all(now)

    def switch_to(self, policy: Policy, now: int, activations: Mapping[str, int | None] | None = None) -> list[Done]:
        """Put another policy in force, with its calendars of units; see `Driver.switch_to`."""
        self.driver.days = self._days_under(policy)
        return self.driver.switch_to(policy, now, activations)

    def calendar_of(self, unit: str | None) -> Calendar:
        """The calendar by which a unit goes under the policy in force; the firm's for none."""
        return UnitCalendars(self.calendar, self.driver.policy.calendars, self.line).of(unit)

    def days_of(self, unit: str | None) -> Days:
        """The compiled calendar of a unit; the firm's for none."""
        calendar = self.calendar_of(unit)
        return self.driver.days if calendar == self.calendar else compiled_around(calendar, *self._span.dates)

    def _days_under(self, policy: Policy) -> Days:
        calendars = UnitCalendars(self.calendar, policy.calendars, self.line)
        rows = {name: row for (kind, name), row in self.row_of.items() if kind == "unit"} if policy.calendars else {}
        return calendars.days(self._span.days, *self._span.dates, rows)

    def has_columns_for(self, policy: Policy) -> bool:
        """Whether the book holds every field that a policy names, and knows its kinds as the policy declares them."""
        as_now = not policy.kinds or policy.kinds == self.driver.policy.kinds
        wanted = layout_of([policy])
        moved = any(place < REQUIRABLE <= self.custom.get(pair, 0) for pair, place in wanted.items())
        held = wanted.keys() <= self.custom.keys() and wanted.clocks <= self.custom.clocks
        return as_now and held and not moved and resting_kinds(policy) <= self._resting

    def expect(self, records: Mapping[int, tuple[str, str]]) -> None:
        """Keep rows for records by (kind, id) that are about to be registered, in whichever order."""
        for row in sorted(row for row in records if row >= len(self.ids)):
            self._name(row, *records[row], None)
            self.book.counts[0].rows = row + 1
            self.driver.make_room()

    def is_registered(self, row: int) -> bool:
        """Whether the record in a row has entered the record by now."""
        return bool(self.book.rows[row].kind >= 0)

    def stage_of(self, row: int) -> float | None:
        """The recorded stage of an opportunity; None where there is none."""
        stage = float(self.book.values[row, OPPORTUNITY.stage]) if self.kinds[row] == "opportunity" else np.nan
        return None if np.isnan(stage) else stage

    def feed(self, connection: Connection | None, event: PostedEvent, row: int, now: int) -> None:
        """Record an event at its instant. `connection`: where the past of what it withdraws is stored; None when nowhere."""
        if not self.is_registered(row):
            place_row(self.book, row, self.custom.kinds.index(event.kind), -1)
            self._own(row, event.record if event.kind == "unit" else event.unit)
        elif event.unit is not None and event.kind != "unit":
            self._own(row, event.unit)
        self.touched.add(row)
        self._told.setdefault(row, {}).update(event.payload)
        self._since.setdefault(row, []).append(
            Chapter(event.source, event.key, event.event, event.acted_at, event.unit, event.payload, event.voids, now)
        )
        if event.event == "voided":
            self._withdraw(connection, event, row, now)
            return
        kind = self.kinds[row]
        payload = {name: number_of(kind, name, value, self.custom) for name, value in event.payload.items()}
        dates = [payload[name] for name in payload if (kind, name) in self.custom.clocks]
        dates += [payload[name] for name in ("period_start_at", "period_end_at") if name in payload]
        self.reach([event.acted_at, *dates, *moved_instants(kind, payload)], now)
        placed = [
            (place, value) for name, value in payload.items() if (place := column_of(kind, name, self.custom)) is not None
        ]
        code = getattr(EVENT, event.event)
        entry = self.driver.record(row, code, event.acted_at, placed, now)
        self.entries[event.source, event.key] = entry
        if event.kind == "unit" and event.payload.get("parent") is not None:
            self.parents[event.record] = str(event.payload["parent"])
            self._exemptions_stale = True

    def _own(self, row: int, unit: str | None) -> None:
        self.units[row] = unit
        self.book.rows[row].unit = self._unit_row(row, unit)
        if self.kinds[row] == "unit":
            self._exemptions_stale = True
            for waiting in self._waiting.pop(self.ids[row], ()):
                self.book.rows[waiting].unit = row

    def _withdraw(self, connection: Connection | None, event: PostedEvent, row: int, now: int) -> None:
        if connection is not None and row not in self._stories:
            self._link_past(connection, row)
        entry = self.entries.get((event.source, event.voids or ""))
        if entry is None or int(self.book.entries[entry].row) != row:
            return
        self.driver.withdraw(row, entry, now)
        owner = self.units[row]
        self._tell_again(row, [*self._stories.get(row, ()), *self._since[row]], event.voids)
        if self.units[row] != owner:
            self.driver.revise(row, now)

    def put_back(self, row: int, fields: Iterable[str], story: list[Chapter], now: int) -> None:
        """Give fields of a record the values that its story leaves them with."""
        past, _ = replayed(self.kinds[row], story, self.driver.rules, self.book.values.shape[1], self.custom)
        told = told_of(story)
        self.book.counts[0].now = now
        for name in fields:
            place = column_of(self.kinds[row], name, self.custom)
            if place is not None:
                set_by_rule(pinned(self.book), row, place, past.values[0, place])
            self._told.setdefault(row, {})[name] = told.get(name)
        self.touched.add(row)
        self.driver.revise(row, now)

    def _link_past(self, connection: Connection, row: int) -> None:
        """Remember what was stored of a record before the store was loaded."""
        story = stories(connection, [row], self._loaded_at)[row]
        self._link(row, story)

    def _link(self, row: int, story: list[Chapter]) -> None:
        past, entries = replayed(self.kinds[row], story, self.driver.rules, self.book.values.shape[1], self.custom)
        self.driver.book, shift = linked(self.book, row, past)
        self.entries |= {key: number + shift for key, number in entries.items()}
        self._stories[row] = story

    def _link_pasts(self, connection: Connection, rows: list[int]) -> None:
        """Remember all that is stored of records whose clocks rest: what rested when is read from it."""
        told = stories(connection, rows, self._loaded_at)
        room = 64 + 2 * sum(8 + len(each.payload) for story in told.values() for each in story)
        self.driver.book = self.book._replace(
            entries=longer(self.book.entries, room + len(self.book.entries)),
            changes=longer(self.book.changes, room + len(self.book.changes)),
        )
        for row, story in told.items():
            self._link(row, story)

    def _tell_again(self, row: int, story: list[Chapter], voided: str | None) -> None:
        """After a withdrawal texts, fields that no rule names, and the owner are those of what stands."""
        names = {name for each in story if each.key == voided for name in each.payload}
        told = told_of(story)
        self._told[row] |= {name: told.get(name) for name in names}
        if self.kinds[row] != "unit":
            self._own(row, owner_of(story))

    def ready(self, now: int) -> None:
        """Before the rules of an instant are worked off: exemptions and calendars follow the tree of units."""
        if self._exemptions_stale:
            self._exemptions_stale = False
            self.driver.units = self.members()
            if self.driver.policy.calendars:
                self.driver.days = self._days_under(self.driver.policy)
                self.driver.revise_all(now)
            if any(rule.exempt for rule in self.driver.policy.rules):
                self.driver.rules = compile_rules(
                    self.driver.policy,
                    activated_at=now,
                    units=self.driver.units,
                    previous=self.driver.rules,
                    custom=self.custom,
                )
                self.driver.revise_all(now)

    def coming(self, unit: str, until: int) -> list[tuple[str, str, str, int]]:
        """(kind, record, rule, due) of the timed rules that are going to fire for a unit's records up to an instant."""
        used, driver = len(self.ids), self.driver
        place = self.row_of.get(("unit", unit), -2)
        near = np.flatnonzero((self.book.rows.next_due[:used] <= until) & (self.book.rows.unit[:used] == place))
        rules = driver.rules
        found = []
        for row in near:
            for position, rule in enumerate(rules.rules):
                if rule.mode == OFF or rule.trigger != TIMED or self.custom.kinds[rule.kind] != self.kinds[row]:
                    continue
                since = since_of(self.book.values, row, rule, rules.since)
                if since != since or not stands(self.book.values, row, rule, rules)[0]:
                    continue
                due = int(due_of(self.book, rules, driver.days, position, row, since))
                if int(self.book.rows[row].next_due) <= due <= until:
                    found.append((self.kinds[row], self.ids[row], driver.policy.rules[position].id, due))
        return found

    def activations(self) -> dict[str, int | None]:
        """When the clock of each rule in force was switched on; None where it catches up on the past."""
        rules = zip(rule_ids(self.driver.policy), self.driver.rules.rules, strict=True)
        return {rule_id: None if rule.activated_at == ALWAYS else int(rule.activated_at) for rule_id, rule in rules}

    def save(self, connection: Connection, now: int) -> None:
        """Write the views of the records that changed, and streaks."""
        self.touched |= self.driver.reached
        self.driver.reached = set()
        before = kept_values(connection, self.touched)
        ids, rows = rule_ids(self.driver.policy), []
        for row in sorted(self.touched):
            kind, is_open = self.kinds[row], int(self.book.rows[row].open)
            values = from_row(kind, self.book.values[row], before[row] | self._told.get(row, {}), self.custom)
            opened = [rule for place, rule in enumerate(ids) if is_open >> place & 1]
            rows.append(written(row, kind, self.units[row], values, now, opened))
        write_views(connection, rows)
        save_streaks(connection, self.driver, len(self.ids), self._saved_streaks)
        self.router.save(connection)
        self._saved_streaks = self.book.streaks.copy()
        self.touched, self._told = set(), {}

    def forget_streaks(self, connection: Connection) -> None:
        """After a switch their columns mean other rules: all are written anew by the next `save`."""
        connection.execute(delete(tables.streak))
        self._saved_streaks = np.zeros((0, 0), np.int32)

    def twin(self) -> "LiveBook":
        """A copy for trying something out; it must not be saved."""
        twin = copy.copy(self)
        twin.touched, twin._told = set(), {}
        book = self.book._replace(**{name: array.copy() for name, array in self.book._asdict().items()})
        driver = self.driver
        twin.driver = twin.driven(driver.policy, driver.rules, book, driver.days)
        return twin
