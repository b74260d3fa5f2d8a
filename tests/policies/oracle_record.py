"""What the oracle knows of a record: its entries, read again in full at every question."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from policies.language.kinds import where_of
from policies.language.policy import Policy
from policies.language.predicate import AllOf, AnyOf, Comparison, Not
from policies.record.records import COUNTING, MOVES, SETS, built_as, column, has_column
from tests.policies.oracle_calendar import DAY, PlainCalendar


class Recorded(NamedTuple):
    """One journal entry: names instead of codes, otherwise as `policies.replay` reads it."""

    number: int
    recorded_at: int
    acted_at: int
    event: str
    kind: str
    record: int
    unit: int
    payload: dict[str, float]
    voids: int | None = None


class Fired(NamedTuple):
    """One effect of a rule on a record; instants in ms."""

    rule_id: str
    record: int
    event: str
    argument: float
    due_at: int
    fired_at: int
    sent: bool = True


class Written(NamedTuple):
    """A value that a rule wrote; `meets`: as somebody would who records the field."""

    name: str
    value: float
    meets: bool
    at: int


class Asked(NamedTuple):
    """A field that a rule asks for."""

    name: str
    at: int


@dataclass
class Record:
    """What is known of one record: all that happened to it, in order; what it says is worked out anew at every question."""

    id: int
    kind: str
    unit: int
    story: list[Recorded | Written | Asked] = field(default_factory=list)

    @property
    def entries(self) -> list[Recorded]:
        """What was recorded."""
        return [each for each in self.story if isinstance(each, Recorded)]

    def as_of(self, instant: int) -> "Record":
        """The record as it stood after what was recorded and done by an instant."""
        return Record(self.id, self.kind, self.unit, [each for each in self.story if told_at(each) <= instant])

    def known(self, voided: set[int]) -> dict[str, float | None]:
        """Value of every field by name, None for a missing since-field; without the derived fields."""
        values: dict[str, float | None] = {}
        for each in self._standing(voided):
            if isinstance(each, Recorded):
                values |= SETS.get(each.event, {}).get(built_as(self.kind), {})
                counted = COUNTING.get(each.event, {}).get(self.kind)
                if counted is not None:
                    values[counted] = (values.get(counted) or 0.0) + 1.0
                values |= {name: None if value != value else value for name, value in each.payload.items()}
            elif isinstance(each, Written):
                values[each.name] = each.value
        for name in {name for by_kind in MOVES.values() for name in by_kind.get(built_as(self.kind), ())}:
            values[name] = self.since_field(name, voided)
        values["required"] = sum(2.0 ** place_of(self.kind, name) for name in self.required(voided))
        return values

    def required(self, voided: set[int]) -> set[str]:
        """Fields that rules asked for and that were not recorded after it."""
        asked: set[str] = set()
        for each in self._standing(voided):
            if isinstance(each, Asked):
                asked.add(each.name)
            elif isinstance(each, Recorded):
                moved = self.moved_by(each, voided)
                counted = COUNTING.get(each.event, {}).get(self.kind)
                told = {name for name, value in each.payload.items() if value == value}
                asked -= {*SETS.get(each.event, {}).get(built_as(self.kind), {}), *moved, *told, counted}
            elif each.meets:
                asked.discard(each.name)
        return asked

    def _standing(self, voided: set[int]) -> list[Recorded | Written | Asked]:
        return [each for each in self.story if not (isinstance(each, Recorded) and each.number in voided)]

    def since_field(self, name: str, voided: set[int]) -> float | None:
        """Latest `acted_at` of the entries, not voided, that move a since-field; None when there is none."""
        return max(
            (
                entry.acted_at
                for entry in self.entries
                if entry.number not in voided and name in self.moved_by(entry, voided)
            ),
            default=None,
        )

    def moved_by(self, entry: Recorded, voided: set[int]) -> set[str]:
        """Instants that an entry moves. Another stage than the recorded one moves the change of stage, and progress only if it
        is a later one, whatever kind of entry tells it; `advanced` moves nothing else, and counts from the first stage."""
        moved = set(MOVES.get(entry.event, {}).get(built_as(self.kind), ()))
        before, told = self.stage_before(entry, voided), entry.payload.get("stage")
        if before is None and entry.event == "advanced":
            before = 1
        if self.kind != "opportunity" or before is None or told is None:
            return moved
        if entry.event == "advanced":
            moved = set()
        if told != before:
            moved.add("stage_changed_at")
        if told > before:
            moved.add("last_progress_at")
        return moved

    def stage_before(self, entry: Recorded, voided: set[int]) -> float | None:
        """The stage that was recorded when an entry was; None for none."""
        stage = None
        for each in self._standing(voided):
            if each is entry:
                return stage
            if isinstance(each, Recorded):
                stage = each.payload.get("stage", stage)
            elif isinstance(each, Written) and each.name == "stage":
                stage = each.value
        return stage


def told_at(told: Recorded | Written | Asked) -> int:
    """When something was recorded or done."""
    return told.recorded_at if isinstance(told, Recorded) else told.at


def holds(predicate: AllOf | AnyOf | Not | Comparison, values: dict[str, float | None]) -> bool:
    """Whether a condition holds for values by field name; None or no entry is a missing value."""
    if isinstance(predicate, AllOf):
        return all(holds(item, values) for item in predicate.items)
    if isinstance(predicate, AnyOf):
        return any(holds(item, values) for item in predicate.items)
    if isinstance(predicate, Not):
        return not holds(predicate.item, values)
    value = values.get(predicate.field)
    if predicate.op in ("missing", "present"):
        return (value is None) == (predicate.op == "missing")
    if value is None:
        return False
    if predicate.op == "in":
        return value in predicate.value
    wanted = values.get(predicate.other) if predicate.other else predicate.value
    if wanted is None:
        return False
    return {
        "eq": value == wanted,
        "ne": value != wanted,
        "lt": value < wanted,
        "le": value <= wanted,
        "gt": value > wanted,
        "ge": value >= wanted,
    }[predicate.op]


def place_of(kind: str, name: str) -> int:
    """The column of a field: declared ones stand behind those that every record has, in the order of their declaration."""
    return column(kind, name) if has_column(kind, name) else [each.name for each in kind.fields].index(name)


def over_links(record: Record, records: Iterable[Record], policy: Policy, values_of) -> dict[str, float | None]:
    """What comes to a record over links: fields of the records that it names, and counts of those that name it."""
    told: dict[str, float | None] = {}
    kind, own = policy.record_kinds.get(record.kind), values_of(record)
    for each in kind.over if kind is not None else ():
        link, _, name = each.name.partition(".")
        to = next(field.to for field in kind.fields if field.name == link)
        there = next((other for other in records if other.kind == to and other.id == own.get(link)), None)
        told[each.name] = None if there is None else values_of(there).get(name)
    for name, count in policy.kinds[record.kind].counts.items() if kind is not None else ():
        counted = [values_of(other) for other in records if other.kind == count.of]
        where = where_of(count, policy.record_kinds)
        naming = [values for values in counted if values.get(count.by) == record.id and holds(where, values)]
        amounts = [1.0 if count.sum is None else values.get(count.sum) for values in naming]
        told[name] = float(sum(Fraction(each) for each in amounts if each is not None))
    return told


def derived(kind: str, values: dict[str, float | None], now: int, calendar: PlainCalendar) -> dict[str, float | None]:
    """The fields that change by themselves, at the instant of a look or a gate."""
    if kind != "unit":
        last = values.get("last_action_at")
        return {"days_idle": None if last is None else (now - last) / DAY}
    target, attained = values.get("target"), values.get("attained")
    if not has_target(values) or attained is None:
        return {"attainment": None, "behind_pace": None}
    elapsed = share_elapsed(values.get("period_start_at"), values.get("period_end_at"), now, calendar)
    return {"attainment": attained / target, "behind_pace": 1 - attained / (target * elapsed) if elapsed else None}


def share_elapsed(start: float | None, end: float | None, now: int, calendar: PlainCalendar) -> float | None:
    """Share of a period's working days that are over; None without a period or without a working day in it."""
    if start is None or end is None:
        return None
    all_days = calendar.business_days(int(start), int(end))
    return min(calendar.business_days(int(start), now) / all_days, 1.0) if all_days else None


def has_target(values: dict[str, float | None]) -> bool:
    """Whether a unit has a target: one above zero."""
    return values.get("target") is not None and values["target"] > 0


def was_there(values: dict[str, float | None], period_start: int) -> bool:
    """Whether a unit was at work throughout the period that ends now, and has a target."""
    present_since = values.get("present_since")
    late = present_since is not None and present_since > period_start
    return has_target(values) and values.get("absent") != 1 and not late
