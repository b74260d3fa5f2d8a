"""Everything recorded in a store by an instant, folded once, for all scores that are read from it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from coach.store import Store, policies
from coach.store.stage_names import stage_name, stage_names
from coach.store.titles import record_name
from coach.winning.history import CLOSINGS, Entry, Record, records_at, standing, states
from policies.language.policy import Policy
from policies.scores.score import Words
from policies.time.calendar import Calendar

Values = dict[str, Any]


class Past(NamedTuple):
    """Records by kind, and their recorded fields by row, at the instant `at` (ms).

    `policy`: the one in force, or one of the usual five stages and no rules. `names`: what stages are called, by number.
    """

    at: int
    records: dict[str, list[Record]]
    values: dict[int, Values]
    policy: Policy
    calendar: Calendar
    currency: str | None
    names: dict[int, Words]

    @classmethod
    def of(cls, store: Store, at: int) -> "Past":
        """Fold what was recorded by `at`."""
        records: dict[str, list[Record]] = {}
        values: dict[int, Values] = {}
        for record in records_at(store, at):
            records.setdefault(record.kind, []).append(record)
            values[record.row] = next(states(record, [at]))
        return cls(at, records, values, _policy(store), store.calendar, store.currency, _names(store))

    def each(self, kind: str) -> Iterator[tuple[Record, Values]]:
        """Records of a kind with their present fields."""
        for record in self.records.get(kind, []):
            yield record, self.values[record.row]

    def reps(self) -> list[tuple[Record, Values]]:
        """Units of level rep whose people are there."""
        told = self.each("unit")
        return [(record, values) for record, values in told if values.get("level", "rep") == "rep" and "left_at" not in values]

    def open(self) -> Iterator[tuple[Record, Values]]:
        """Opportunities that are open."""
        return ((record, values) for record, values in self.each("opportunity") if values.get("status") == "open")

    def closed(self) -> Iterator[tuple[Record, Values, Entry]]:
        """Opportunities that are closed, with the entry that closed them."""
        for record, values in self.each("opportunity"):
            if values.get("status") in CLOSINGS and (closings := standing(record, CLOSINGS)):
                yield record, values, closings[-1]

    def stage(self, stage: int, language: str) -> str:
        """Name of a stage, counted from 1."""
        name = stage_name(self.names, stage)
        return name.zh if language == "zh" else name.en

    def asked_at(self, stage: int) -> set[str]:
        """Fields without which the policy lets nothing leave a stage, counted from 1."""
        return {name for each in self.policy.stages[max(stage - 1, 0) : stage] for name in each.requires}

    def by_unit(self, kind: str) -> dict[str | None, list[tuple[Record, Values]]]:
        """Records of a kind by the unit that owns them."""
        found: dict[str | None, list[tuple[Record, Values]]] = {}
        for record, values in self.each(kind):
            found.setdefault(values.get("unit"), []).append((record, values))
        return found

    def title(self, record: Record) -> dict[str, str]:
        """What people call a record, in "en" and "zh"."""
        return record_name(record.kind, record.id, self.values[record.row], self.calendar.zone, self.currency)


def _names(store: Store) -> dict[int, Words]:
    with store.read() as connection:
        return stage_names(connection)


def _policy(store: Store) -> Policy:
    with store.read() as connection:
        version = policies.current(connection)
    return Policy(name="none") if version is None else version.policy
