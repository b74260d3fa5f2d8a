"""Whether a condition can hold at all, found by trying one value from each range that its constants cut out."""

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from policies.language.predicate import AllOf, AnyOf, Comparison, Not, comparisons
from policies.record.records import FIELDS, field

MOST_TRIALS = 20_000  # conditions written by people need a few dozen; beyond this a contradiction is not claimed


def compare(op: str, value: float | str, operand: Any) -> bool:
    """One comparison with a value; NaN is a missing value, with which only `missing` holds."""
    if op in ("missing", "present"):
        return _is_missing(value) == (op == "missing")
    if _is_missing(value):
        return False
    if op == "in":
        return value in operand
    if op in ("eq", "ne"):
        return (value == operand) == (op == "eq")
    if isinstance(value, str) or isinstance(operand, str):
        return False
    return {"lt": value < operand, "le": value <= operand, "gt": value > operand, "ge": value >= operand}[op]


def verdict(node: Any, known: Mapping[str, float | str]) -> bool | None:
    """Whether a condition holds when only some values are known; None when that depends on the others."""
    if isinstance(node, Comparison):
        return compare(node.op, known[node.field], node.value) if node.field in known else None
    if isinstance(node, Not):
        inner = verdict(node.item, known)
        return None if inner is None else not inner
    deciding = isinstance(node, AnyOf)
    verdicts = [verdict(item, known) for item in node.items]
    if deciding in verdicts:
        return deciding
    return None if None in verdicts else not deciding


def can_hold(kind: str, node: Any, present: Iterable[str] = (), missing: Iterable[str] = ()) -> bool:
    """Whether some record of a kind, with values in the fields `present` and none in those `missing`, meets a condition."""
    named: dict[str, list[Comparison]] = {}
    for comparison in comparisons(node):
        named.setdefault(comparison.field, []).append(comparison)
    # Fields that are mentioned most come first: contradictions sit there.
    names = sorted(named, key=lambda name: -len(named[name]))
    never = set(missing)
    values = {
        name: [math.nan] if name in never else _trial_values(kind, name, named[name], name not in set(present))
        for name in names
    }
    trials = 0

    def search(known: dict[str, float | str], position: int) -> bool:
        nonlocal trials
        trials += 1
        found = verdict(node, known)
        if found is not None or trials > MOST_TRIALS:
            return found is not False
        name = names[position]
        return any(search({**known, name: value}, position + 1) for value in values[name])

    return search({}, 0)


def contradiction(kind: str, condition: AllOf, present: Iterable[str] = ()) -> tuple[str, ...]:
    """Fields of the smallest part of a condition that can never hold; empty when the condition can hold."""
    if can_hold(kind, condition, present):
        return ()
    core = list(condition.items)
    for item in condition.items:
        without = [each for each in core if each is not item]
        if not can_hold(kind, AllOf(tuple(without)), present):
            core = without
    return tuple(dict.fromkeys(each.field for each in comparisons(AllOf(tuple(core)))))


def _trial_values(kind: str, name: str, named: list[Comparison], may_be_missing: bool) -> list[float | str]:
    missing = [math.nan] if may_be_missing else []
    about = field(kind, name) if any(each.name == name for each in FIELDS[kind]) else None
    if about is not None and about.type == "choice":
        return [*map(float, range(len(about.choices))), *missing]
    if about is not None and about.type == "flag":
        return [0.0, 1.0, *missing]
    constants = {value for each in named for value in each.values}
    numbers = sorted(each for each in constants if not isinstance(each, str))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    ends = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    texts: list[float | str] = [each for each in constants if isinstance(each, str)]
    return [*numbers, *between, *ends, *texts, *missing]


def _is_missing(value: float | str) -> bool:
    return not isinstance(value, str) and math.isnan(value)
