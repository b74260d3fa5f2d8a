"""Whether a condition can hold at all, found by trying one value from each range that its constants cut out."""

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from policies.language.predicate import AllOf, AnyOf, Comparison, Not, comparisons
from policies.record.records import found_field

MOST_TRIALS = 20_000  # conditions written by people need a few dozen; beyond this a contradiction is not claimed


def compare(op: str, value: float | str, operand: Any) -> bool:
    """One comparison with a value; NaN is a missing value, with which only `missing` holds."""
    if op in ("missing", "present"):
        return _is_missing(value) == (op == "missing")
    if _is_missing(value) or (op != "in" and _is_missing(operand)):
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
        if any(name not in known for name in node.fields):
            return None
        return compare(node.op, known[node.field], known[node.other] if node.other else node.value)
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
        for name in comparison.fields:
            named.setdefault(name, []).append(comparison)
    # Fields that are mentioned most come first: contradictions sit there.
    names = sorted(named, key=lambda name: -len(named[name]))
    never = set(missing)
    values = {
        name: [math.nan] if name in never else _trial_values(kind, name, _linked(name, named), name not in set(present))
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
    return tuple(dict.fromkeys(name for each in comparisons(AllOf(tuple(core))) for name in each.fields))


def _linked(name: str, named: Mapping[str, list[Comparison]]) -> list[Comparison]:
    """The comparisons of a field and of all those that it is compared with, directly or through others."""
    reached, found = [name], dict[Comparison, None]()
    for each in reached:
        found |= dict.fromkeys(named[each])
        reached += {other for comparison in named[each] for other in comparison.fields} - set(reached)
    return list(found)


def _trial_values(kind: str, name: str, named: list[Comparison], may_be_missing: bool) -> list[float | str]:
    missing = [math.nan] if may_be_missing else []
    about = found_field(kind, name)
    if about is not None and about.type == "choice":
        return [*map(float, range(len(about.choices))), *missing]
    if about is not None and about.type == "flag":
        return [0.0, 1.0, *missing]
    constants = {value for each in named for value in each.values}
    numbers = sorted(each for each in constants if not isinstance(each, str))
    # As many values in each gap as there are fields, which may have to lie there one below the other.
    room = len({name for each in named for name in each.fields})
    if not numbers and any(each.other for each in named):
        numbers = [0.0]
    steps = range(1, room + 1)
    between = [low + (high - low) * step / (room + 1) for low, high in pairwise(numbers) for step in steps]
    ends = [end for step in steps for end in (numbers[0] - step, numbers[-1] + step)] if numbers else []
    texts: list[float | str] = [each for each in constants if isinstance(each, str)]
    return [*numbers, *between, *ends, *texts, *missing]


def _is_missing(value: float | str) -> bool:
    return not isinstance(value, str) and math.isnan(value)
