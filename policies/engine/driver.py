"""Driving a book under a policy, instant by instant: what a replay and the live service have in common.

Whoever drives records the events of an instant with `record`, then calls `work_off` once for that instant; `next_instant`
says when there is something to do again. Time is the caller's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from policies.engine.compile import OFF, PERIODIC, REQUIRING, Rules, rule_ids
from policies.engine.conditions import since_of, stands
from policies.engine.evaluator import look, revise, revise_all, settle
from policies.engine.links import Links
from policies.engine.switching import switch
from policies.jit.by_reference import pinned
from policies.language.policy import Policy
from policies.record.book import Book, enter_at, grown, nearly_full, put
from policies.record.records import EVENT, OPPORTUNITY, UNIT_KIND
from policies.record.voiding import void
from policies.time.calendar_arrays import DAY, MONTH, NEVER, QUARTER, WEEK, Days, period_end

NOTICES = (EVENT.notified, EVENT.todo_opened, EVENT.escalated)
"""Effects addressed to a role; sent only while their cause lasts."""


class Done(NamedTuple):
    """One thing that rules did: a firing, an effect or a closing."""

    rule_id: str
    row: int
    event: int  # EVENT code
    argument: float  # role, colour, column or gate
    value: float
    due_at: int
    at: int  # instant at which it was worked off, ms
    since: int
    own: dict[int, tuple[float, float]]  # by column: what stood there and what the same firing wrote; shared by its effects


def _told_by(done: Done) -> tuple:
    return done.rule_id, done.row, done.event, done.argument, done.since


class Driver:
    """A book, its rules and its calendar.

    Parameters
    ----------
    units: rows that a unit's name stands for, for exemptions
    custom: columns of custom fields by (kind, name); a `Layout` where the policy declares kinds
    number: the number that stands for the id of the record in a row, by which links name it
    """

    def __init__(
        self,
        policy: Policy,
        rules: Rules,
        book: Book,
        days: Days,
        *,
        units: Mapping[str, int | Sequence[int]] | None = None,
        custom: Mapping[tuple[str, str], int] | None = None,
        number: Callable[[int], float] = float,
    ):
        self.policy, self.rules, self.book, self.days = policy, rules, book, days
        self.units, self.custom = units, custom
        self._coming: list[np.record] = []  # effects of the rule that has just fired
        self.reached: set[int] = set()  # rows of which a value over links changed; the host empties it
        self._number = number
        self.links = self._linked(policy)

    @property
    def book(self) -> Book:
        """The arrays; setting them makes compiled functions work on the new ones."""
        return self._book

    @book.setter
    def book(self, book: Book) -> None:
        self._book, self._pinned_book = book, pinned(book)

    @property
    def rules(self) -> Rules:
        """The compiled rules."""
        return self._rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self._rules, self._pinned_rules = rules, pinned(rules)
        self._looks = bool(((rules.rules.trigger == PERIODIC) & (rules.rules.mode != OFF)).any())

    @property
    def days(self) -> Days:
        """The compiled calendar."""
        return self._days

    @days.setter
    def days(self, days: Days) -> None:
        self._days, self._pinned_days = days, pinned(days)

    def record(self, row: int, event: int, acted_at: int, payload: Iterable[tuple[int, float]], now: int) -> int:
        """Record an event and its payload by column; returns its entry."""
        told = dict(payload)
        self._book.counts[0].now = now
        entry = enter_at(self._pinned_book, row, event, acted_at, float(told.get(OPPORTUNITY.stage, np.nan)))
        for column, value in told.items():
            put(self._pinned_book, row, column, value)
        self.revise(row, now)
        return int(entry)

    def withdraw(self, row: int, entry: int, now: int) -> None:
        """Void an entry."""
        void(self._pinned_book, entry)
        self.revise(row, now)

    def revise(self, row: int, now: int) -> None:
        """After a change of a record: bring what comes of it over links up to date, compute dues again, and make room."""
        revise(self._pinned_book, self._pinned_rules, self._pinned_days, row, now)
        for each in [*self._follow([row]), *self._resting_with(row)]:
            revise(self._pinned_book, self._pinned_rules, self._pinned_days, each, now)
        self.make_room()

    def _linked(self, policy: Policy) -> Links | None:
        """The links of the book's records under a policy, with what comes over them."""
        links = Links.of(policy, self.custom, self._number)
        if links is not None:
            self.reached.update(links.all(self._book))
        return links

    def _follow(self, rows: Iterable[int]) -> list[int]:
        if self.links is None:
            return []
        changed = self.links.follow(self._book, rows)
        self.reached.update(changed)
        return changed

    def _resting_with(self, unit: int) -> list[int]:
        """Rows of the records of a unit, where clocks rest while it is absent."""
        if not self.rules.rest_on_absence[0] or self._book.rows[unit].kind != UNIT_KIND:
            return []
        return np.flatnonzero(self._book.rows["unit"][: int(self._book.counts[0].rows)] == unit).tolist()

    def revise_all(self, now: int) -> None:
        """Compute every record's dues again."""
        revise_all(self._pinned_book, self._pinned_rules, self._pinned_days, now)

    def make_room(self) -> None:
        """Enlarge what is filling up."""
        if nearly_full(self._pinned_book):
            self.book = grown(self.book)

    def work_off(self, now: int) -> list[Done]:
        """Everything that is due at an instant: looks of the periods that end, and records whose due has come."""
        for row in np.flatnonzero(self._book.rows["next_due"] <= now):
            revise(self._pinned_book, self._pinned_rules, self._pinned_days, row, now)
        for period in (DAY, WEEK, MONTH, QUARTER) if self._looks else ():
            if period_end(self._pinned_days, period, now - 1) == now:
                look(self._pinned_book, self._pinned_rules, self._pinned_days, period, now)
        self._settle(now)
        return self.take()

    def _settle(self, now: int) -> None:
        """Work off what is due; what effects change over links is due in a further round of the same instant."""
        done = int(self._book.counts["firings"][0])
        settle(self._pinned_book, self._pinned_rules, self._pinned_days, now)
        while self.links is not None:
            count = int(self._book.counts["firings"][0])
            changed = self._follow(np.unique(self._book.firings["row"][done:count]).tolist())
            if not changed:
                return
            done = count
            for row in changed:
                revise(self._pinned_book, self._pinned_rules, self._pinned_days, row, now)
            self.make_room()
            settle(self._pinned_book, self._pinned_rules, self._pinned_days, now)

    def next_instant(self, now: int) -> int:
        """The next future instant at which something may fire; NEVER for none."""
        due = int(self._book.rows["next_due"].min(initial=NEVER))
        return min(due, int(period_end(self._pinned_days, DAY, now))) if self._looks else due

    def take(self) -> list[Done]:
        """Empty the book's firings into things done."""
        count = int(self._book.counts["firings"][0])
        if not count:
            return []
        ids = rule_ids(self.policy)
        taken: list[Done] = []
        for row in self.book.firings[:count]:
            rule_id = ids[row.rule if row.rule >= 0 else -2 - row.rule]
            own = self._own_writing(row, taken)
            taken.append(
                Done(
                    rule_id, int(row.row), int(row.event), float(row.argument), float(row.value),
                    int(row.due_at), int(row.fired_at), int(row.since), own,
                )
            )  # fmt: skip
        self.book.counts[0].firings = 0
        self.make_room()
        return taken

    def _own_writing(self, row: np.record, taken: list[Done]) -> dict[int, tuple[float, float]]:
        """What the firing that an entry belongs to writes; all its entries share one mapping, filled as they come."""
        if row.event == EVENT.fired:
            rule = self.rules.rules[row.rule]
            self._coming = list(self.rules.effects[rule.effects_from : rule.effects_to])
            return {}
        if not self._coming:
            return {}
        effect = self._coming.pop(0)
        own = taken[-1].own
        if effect.column >= 0 and effect.event not in REQUIRING:
            own.setdefault(int(effect.column), (float(row.before), float(effect.value)))
        return own

    def switch_to(self, policy: Policy, now: int, activations: Mapping[str, int | None] | None = None) -> list[Done]:
        """Put another policy in force; returns the closings. `work_off` of the same instant follows.

        `activations`: when rules of an earlier policy, by id, had been switched on, from where they go on.
        """
        if self.links is not None:
            self.links.clear(self._book)
        self.links = self._linked(policy)
        self.book, self.rules = switch(
            self.book, self.rules, policy, now, self.days, units=self.units, custom=self.custom, activations=activations
        )
        closings = self.take()  # by the positions of the policy that was in force
        self.policy = policy
        return closings

    def leaves_late(self, catch_up: Sequence[Done]) -> list[bool]:
        """Which of the things done while catching up are still to be told: of what a rule repeated the latest, and only while
        its cause lasts."""
        latest = {_told_by(each): place for place, each in enumerate(catch_up)}
        return [latest[_told_by(each)] == place and self.cause_lasts(each) for place, each in enumerate(catch_up)]

    def cause_lasts(self, done: Done) -> bool:
        """Whether since and `when` still stand as they were, leaving aside what the firing itself wrote; of a look, whether
        `when` held at the latest one. What is asked when a notice comes late."""
        if done.rule_id not in rule_ids(self.policy):
            return False
        rule = self.rules.rules[rule_ids(self.policy).index(done.rule_id)]
        if rule.trigger == PERIODIC:
            return bool(self.book.streaks[done.row, rule.streak_column] != 0)
        values = self.book.values[done.row : done.row + 1].copy()
        for written, (before, value) in done.own.items():
            if values[0, written] == value:
                values[0, written] = before
        return bool(stands(values, 0, rule, self.rules)[0]) and since_of(values, 0, rule, self.rules.since) == done.since
