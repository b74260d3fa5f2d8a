"""From a policy's rules to arrays that the evaluator reads.

A rule keeps its place in the document as its position here, also when it is off. A condition becomes a postfix program
over a stack of bits. Memory outlives edits by the rule's lasting number, a digest of its id.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from policies.engine.layout import Layout
from policies.jit.by_reference import by_reference
from policies.language.duration import parse_duration
from policies.language.effects import OPENING
from policies.language.policy import Policy
from policies.language.predicate import CUSTOM_PREFIX, AllOf, AnyOf, Comparison, Not, asked_fields, comparisons
from policies.language.rule import Rule
from policies.record.records import EVENT, GATES, PERIODS, RECORD_KINDS, SIGNALS, SLOTS, column, fields_of, has_column
from policies.record.required import BIT, NO_BIT, REQUIRABLE
from policies.record.supplying import supplied_on
from policies.record.texts import LARGEST, text_number
from policies.time.calendar_arrays import NEVER

MASKED = 63
"""Columns below this have a bit in a mask of columns."""

MOST_DEEP = 60
"""Conditions that may be open inside one another: bits of the evaluator's stack."""

OFF, SHADOW, LIVE = range(3)
MODES = ("off", "shadow", "live")
TIMED, PERIODIC, GATE = range(3)
DELAY_UNITS = ("ms", "bd", "bh")
BUSINESS_DAYS, OPEN_HOURS = DELAY_UNITS.index("bd"), DELAY_UNITS.index("bh")
WITHIN, OUTSIDE, ONE_OF, AND, OR, NOT = range(6)
INFINITY = float("inf")
INTERVALS = {
    "eq": lambda value: (value, value),
    "lt": lambda value: (-INFINITY, math.nextafter(value, -INFINITY)),
    "le": lambda value: (-INFINITY, value),
    "gt": lambda value: (math.nextafter(value, INFINITY), INFINITY),
    "ge": lambda value: (value, INFINITY),
    "present": lambda _value: (-INFINITY, INFINITY),
}
"""The closed interval that a comparison means: two comparisons of floats, no choice between operators, and false if missing."""
NO_OTHER = -1
ALWAYS = -NEVER
"""`activated_at` of a rule that catches up on the past."""

RULE = np.dtype(
    [
        ("number", "i8"),  # lasting number of the rule's id
        ("delay", "i8"),  # ms, or business days
        ("activated_at", "i8"),
        ("again", "i8"),  # how long after a firing it fires again: ms, or business days
        ("asks", "i8"),  # bit per column below 63 whose recording may let the gate through
        ("reads", "i8"),  # bit per column below 63 that the condition compares
        ("kind", "i4"),
        ("mode", "i4"),
        ("trigger", "i4"),  # TIMED, PERIODIC or GATE
        ("delay_unit", "i4"),
        ("again_unit", "i4"),
        ("times", "i4"),  # how often it fires again for one value of since
        ("since_from", "i4"),  # columns of which the latest starts the clock: since[since_from:since_to]
        ("since_to", "i4"),
        ("ops_from", "i4"),
        ("ops_to", "i4"),
        ("plain", "i4"),  # 1 if the program is a list of comparisons that must all hold
        ("effects_from", "i4"),
        ("effects_to", "i4"),
        ("exempts", "i4"),  # 1 if some unit is exempt
        ("closes", "i4"),  # 1 if it opens to-dos or flags
        ("derived", "i4"),  # 1 if it reads quantities that change by themselves
        ("period", "i4"),
        ("streak", "i4"),
        ("streak_column", "i4"),  # column of the book's streaks; -1 unless periodic
        ("gate", "i4"),
        ("rests", "i4"),  # place in `conditions` of that during which its clock rests; -1 for none
        ("rests_absent", "i4"),  # 1 if its clock rests while the owner is absent
        ("until", "i4"),  # place in `conditions` of what ends its to-dos and flags; -1 where `when` does
    ]
)
CONDITION = np.dtype([("ops_from", "i4"), ("ops_to", "i4"), ("plain", "i4")])
NO_CONDITION = -1
OPERATION = np.dtype(
    [
        ("code", "i4"),
        ("column", "i4"),
        ("low", "f8"),  # WITHIN holds from low to high, both included; OUTSIDE where WITHIN does not
        ("high", "f8"),
        ("choices", "i8"),  # ONE_OF: bit per value
        ("minus", "i4"),  # column whose value is taken off first, for a comparison of two fields; -1 for none
    ]
)
EFFECT = np.dtype(
    [
        ("event", "i4"),
        ("column", "i4"),  # written or required; -1 for none
        ("argument", "f8"),
        ("value", "f8"),
        ("within", "i8"),  # how long after it is opened a to-do is due: ms, or business days; -1 for when its rule was
        ("within_unit", "i4"),
    ]
)
NO_TIME = -1
REQUIRING = (EVENT.field_required, EVENT.approval_asked)
"""Effects that ask for a field, and do not write it."""
GROUP = np.dtype([(f"{trigger}_{end}", "i4") for trigger in ("timed", "periodic", "gate") for end in ("from", "to")])


class TooFarBack(ValueError):
    """A rule requires a field whose column lies beyond those that can be required; its name is the argument."""


@by_reference
class Rules(NamedTuple):
    """The R rules of a policy, compiled for one office or store."""

    rules: np.recarray  # RULE[R], in document order
    ops: np.recarray  # OPERATION[]
    effects: np.recarray  # EFFECT[]
    since: np.ndarray  # i4[]: columns
    groups: np.recarray  # GROUP[number of kinds]: slices of `members`
    members: np.ndarray  # i4[]: positions of the rules in force, by kind of record and trigger
    exempt: np.ndarray  # u1[R, U]: 1 where a rule leaves the rows of unit row u alone
    begins: np.ndarray  # i8[number of stages]: phase of the work with which each stage begins
    signals: np.ndarray  # i8[3]: columns of what a deal's health looks at besides; -1 where nobody records it
    conditions: np.recarray  # CONDITION[]: what rules look at besides their `when`
    stages: np.ndarray  # i8[number of stages, 4]: places of what must hold to leave and to enter it, -1 for none; asked fields
    rest_on_absence: np.ndarray  # i8[1]: 1 if the clock of some rule in force rests while owners are absent


def rule_ids(policy: Policy) -> tuple[str, ...]:
    """Ids of the rules by position."""
    return tuple(rule.id for rule in policy.rules)


def lasting_number(rule_id: str) -> int:
    """The number under which the book remembers a rule, the same in every policy and on every machine."""
    return int.from_bytes(hashlib.blake2b(rule_id.encode(), digest_size=8).digest(), "big", signed=True)


def compile_rules(
    policy: Policy,
    *,
    activated_at: int,
    units: Mapping[str, int | Sequence[int]] | None = None,
    previous: Rules | None = None,
    custom: Mapping[tuple[str, str], int] | None = None,
    activations: Mapping[str, int | None] | None = None,
) -> Rules:
    """Compile a policy's rules.

    Parameters
    ----------
    activated_at: instant (ms) at which rules new to the office are switched on; `activate: catch_up` ignores it
    units: the rows that a unit's name stands for (a team's name: its own row and its people's), for exemptions
    previous: the rules in force so far, whose activation is kept
    custom: columns of custom and declared fields by (kind, name), a `Layout` where kinds are declared; rules that name others
        are left out, as in the simulated office
    activations: when rules, by id, were switched on before, and go on from (None: they catch up); those in force keep theirs

    Raises ValueError for conditions nested more than 60 deep, for a required custom field in a column that cannot be, and for
    a rule on a kind that the columns do not know.
    """
    kept = [] if previous is None else previous.rules[previous.rules.mode != OFF]
    known = {lasting_number(rule): ALWAYS if instant is None else instant for rule, instant in (activations or {}).items()}
    known |= {int(rule.number): int(rule.activated_at) for rule in kept}
    work = _Work({} if custom is None else custom)  # a layout without columns of its own has kinds all the same
    table = np.zeros(len(policy.rules), RULE).view(np.recarray)
    for position, rule in enumerate(policy.rules):
        row = table[position]
        row.number = lasting_number(rule.id)
        mapped = work.can_map(rule)
        row.kind = work.kinds.index(rule.on) if mapped else 0
        row.mode = MODES.index(rule.mode) if mapped else OFF
        row.activated_at = known.get(int(row.number), ALWAYS if rule.activate == "catch_up" else activated_at)
        row.streak_column = row.until = row.rests = -1
        if row.mode != OFF:
            work.compile(rule, row)
    exempt = _exempt(policy, units or {})
    table.exempts = exempt.any(axis=1)
    periodic = np.flatnonzero((table.trigger == PERIODIC) & (table.mode != OFF))
    table.streak_column[periodic] = np.arange(len(periodic))
    groups, members = _groups(table)
    stages = np.array([work.stage(stage) for stage in policy.stages], np.int64)
    return Rules(
        table,
        _table(work.ops, OPERATION),
        _table(work.effects, EFFECT),
        np.array([*work.since, 0], np.int32),
        groups,
        members,
        exempt,
        np.array(policy.begins, np.int64),
        np.array([work.custom.get(("opportunity", name), -1) for name in SIGNALS["opportunity", "health"]], np.int64),
        _table(work.conditions, CONDITION),
        stages,
        np.array([int(((table.rests_absent == 1) & (table.mode != OFF)).any())], np.int64),
    )


def compiled_condition(kind: str, predicate: AllOf, custom: Mapping[tuple[str, str], int]) -> tuple[np.record, np.recarray]:
    """A condition by itself, as a row of rules and operations that `holds` takes."""
    work, table = _Work(custom), np.zeros(1, RULE).view(np.recarray)
    work.program(kind, predicate, table[0])
    return table[0], _table(work.ops, OPERATION)


class _Work:
    """The arrays under construction."""

    def __init__(self, custom: Mapping[tuple[str, str], int]):
        self.custom = custom
        self.kinds = custom.kinds if isinstance(custom, Layout) else RECORD_KINDS
        self.ops: list[tuple] = []
        self.effects: list[tuple] = []
        self.since: list[int] = []
        self.conditions: list[tuple] = []

    def can_map(self, rule: Rule) -> bool:
        named = (*rule.custom_fields, *rule.declared_fields)
        if rule.on not in self.kinds:
            raise ValueError(f"rule '{rule.id}' is on the kind '{rule.on}', which the layout does not hold")
        return all((rule.on, name) in self.custom for name in named)

    def column(self, kind: str, name: str) -> int:
        return column(kind, name) if has_column(kind, name) else self.custom[kind, name]

    def compile(self, rule: Rule, row: np.record) -> None:
        if rule.before is not None:
            row.trigger, row.gate = GATE, GATES.index(rule.before)
        elif rule.every is not None:
            row.trigger, row.period, row.streak = PERIODIC, PERIODS.index(rule.every), rule.streak
        else:
            row.trigger, row.delay, row.delay_unit = TIMED, rule.delay.amount, DELAY_UNITS.index(rule.delay.unit)
            if rule.repeat is not None:
                again = rule.repeat.delay
                row.times, row.again, row.again_unit = rule.repeat.times, again.amount, DELAY_UNITS.index(again.unit)
        row.since_from = len(self.since)
        self.since += [self.column(rule.on, name) for name in rule.since_fields]
        row.since_to = len(self.since)
        self.program(rule.on, rule.predicate, row)
        supplied = supplied_on(rule.on)
        row.asks = _bits(self.column(rule.on, name) for name in asked_fields(rule.predicate) if name in supplied)
        row.reads = _bits(self.column(rule.on, name) for each in comparisons(rule.predicate) for name in each.fields)
        if rule.rests_while is not None:
            row.rests = self.beside(rule.on, rule.rests_while)
        row.rests_absent = rule.rests_absent
        if rule.ends is not None:
            row.until = self.beside(rule.on, rule.ends)
        derived = {self.column(rule.on, field.name) for field in fields_of(rule.on) if field.derived}
        ops = self.ops[row.ops_from :]
        row.derived = any(code < AND and not derived.isdisjoint((place, minus)) for code, place, *_, minus in ops)
        row.effects_from = len(self.effects)
        self.effects += [self.effect(rule.on, effect) for effect in rule.effects]
        row.effects_to = len(self.effects)
        row.closes = any(effect.code in OPENING for effect in rule.effects)

    def beside(self, kind: str, predicate: AllOf) -> int:
        """Append a condition that a rule looks at besides its `when`; returns its place."""
        row = np.zeros(1, CONDITION).view(np.recarray)[0]
        self.program(kind, predicate, row)
        self.conditions.append(row.tolist())
        return len(self.conditions) - 1

    def stage(self, stage) -> tuple[int, int, int, int]:
        """A row of `stages`: what must hold to leave and to enter a stage, and the columns that either wants recorded."""
        conditions, asks = [], []
        for predicate in (stage.leaving, stage.entering):
            names = [name for each in comparisons(predicate) for name in each.fields]
            known = all(has_column("opportunity", name) or ("opportunity", name) in self.custom for name in names)
            there = bool(predicate.items) and known
            conditions.append(self.beside("opportunity", predicate) if there else NO_CONDITION)
            wanted = asked_fields(predicate, lifts_when_recorded=False) if there else ()
            supplied = supplied_on("opportunity")
            asks.append(_bits(column("opportunity", name) for name in wanted if name in supplied))
        return conditions[0], conditions[1], asks[0], asks[1]

    def program(self, kind: str, predicate: AllOf, row: np.record) -> None:
        """Append the program of a whole condition and say in a row of the rules where it stands."""
        row.ops_from = len(self.ops)
        items = predicate.items
        row.plain = all(isinstance(item, Comparison) and (item.op != "in" or _are_choices(item.values)) for item in items)
        if row.plain:
            for item in items:
                self.ops += self.comparisons(kind, item)
        else:
            self.condition(kind, predicate, 1)
        row.ops_to = len(self.ops)

    def condition(self, kind: str, node, depth: int) -> None:
        """Append the postfix program of a condition, which leaves one bit."""
        if depth > MOST_DEEP:
            raise ValueError(f"conditions are nested more than {MOST_DEEP} deep / 条件嵌套超过 {MOST_DEEP} 层")
        if isinstance(node, Not):
            self.condition(kind, node.item, depth)
            self.ops.append(_NOT)
        elif isinstance(node, Comparison) and (node.op != "in" or _are_choices(node.values)):
            ops = self.comparisons(kind, node)
            self.ops += ops + [_joins(AND)] * (len(ops) - 1)
        else:
            listed = isinstance(node, Comparison)
            items = [Comparison(node.field, "eq", value) for value in node.values] if listed else node.items
            joined = OR if listed or isinstance(node, AnyOf) else AND
            # An empty list leaves what changes nothing: AND of nothing holds, OR of nothing does not.
            self.ops.append(_joins(ONE_OF))
            if joined == AND:
                self.ops.append(_NOT)
            for item in items:
                self.condition(kind, item, depth + 1)
                self.ops.append(_joins(joined))

    def comparisons(self, kind: str, node: Comparison) -> list[tuple]:
        """The operations that must all hold for a comparison to hold."""
        place = self.column(kind, node.field)
        if node.op == "in":
            return [(ONE_OF, place, 0.0, 0.0, sum(1 << int(value) for value in set(node.values)), NO_OTHER)]
        if node.op == "missing":
            return [(OUTSIDE, place, -INFINITY, INFINITY, 0, NO_OTHER)]
        # Two fields are compared by their difference, which is zero only where they are equal, and missing where one is.
        minus = self.column(kind, node.other) if node.other else NO_OTHER
        value = 0.0 if node.other else text_number(node.value) if isinstance(node.value, str) else node.value
        if node.op == "ne":
            return [(WITHIN, place, -INFINITY, INFINITY, 0, minus), (OUTSIDE, place, value, value, 0, minus)]
        found = [(WITHIN, place, *INTERVALS[node.op](value), 0, minus)]
        if node.op in ("lt", "le", "gt", "ge"):  # what a field of the firm's own holds may be a text, which has no order
            own = [self.column(kind, name) for name in node.fields if name.startswith(CUSTOM_PREFIX)]
            found += [(WITHIN, each, -LARGEST, LARGEST, 0, NO_OTHER) for each in own]
        return found

    def effect(self, kind: str, effect) -> tuple:
        event = getattr(EVENT, effect.code)
        if effect.code == "frozen":
            return event, column(kind, "frozen"), 0.0, 1.0, *_AT_ONCE
        if effect.code == "flagged":
            return event, column(kind, "flag"), float(effect.argument), float(effect.argument), *_AT_ONCE
        if effect.field:
            place = self.column(kind, effect.field)
            if event in REQUIRING and (place >= REQUIRABLE or BIT[self.kinds.index(kind), place] == NO_BIT):
                raise TooFarBack(effect.field)
            argument = effect.argument if effect.code == "approval_asked" else place
            return event, place, float(argument), float(effect.value), *_AT_ONCE
        if effect.code == "passed_on":
            return event, -1, text_number(effect.value), 0.0, *_AT_ONCE
        delay = parse_duration(effect.within) if effect.within else None
        within = _AT_ONCE if delay is None else (delay.amount, DELAY_UNITS.index(delay.unit))
        return event, -1, float(effect.argument), 0.0, *within


def _joins(code: int) -> tuple:
    return code, 0, 0.0, 0.0, 0, NO_OTHER


_NOT = _joins(NOT)
_AT_ONCE = (NO_TIME, 0)


def _bits(columns: Iterable[int]) -> int:
    return sum(1 << column for column in set(columns) if column < MASKED)


def _are_choices(values: tuple) -> bool:
    return all(isinstance(value, float) and value.is_integer() and 0 <= value < 63 for value in values)


def _exempt(policy: Policy, units: Mapping[str, int | Sequence[int]]) -> np.ndarray:
    rows = {name: np.atleast_1d(np.asarray(row, np.int64)) for name, row in units.items()}
    width = 1 + max((int(each.max(initial=0)) for each in rows.values()), default=0)
    exempt = np.zeros((len(policy.rules), width), np.uint8)
    for position, rule in enumerate(policy.rules):
        for name in rule.exempt:
            exempt[position, rows.get(name, [])] = 1
    return exempt


def _groups(table: np.recarray) -> tuple[np.recarray, np.ndarray]:
    groups = np.zeros(len(SLOTS), GROUP).view(np.recarray)
    members: list[int] = []
    for kind in range(len(SLOTS)):
        for trigger, name in enumerate(("timed", "periodic", "gate")):
            groups[kind][name + "_from"] = len(members)
            members += np.flatnonzero((table.kind == kind) & (table.trigger == trigger) & (table.mode != OFF)).tolist()
            groups[kind][name + "_to"] = len(members)
    return groups, np.array([*members, 0], np.int32)


def _table(rows: list[tuple], dtype: np.dtype) -> np.recarray:
    # One row too many, so that a policy without rules has arrays of the same type.
    return np.array([*rows, (0,) * len(dtype.names or ())], dtype).view(np.recarray)
