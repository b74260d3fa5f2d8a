"""Conditions on a record: what `when` may say, as a small tree.

A comparison with a missing value is false; `not` negates plainly, so `not: {amount: "> 5"}` holds for a missing amount.
Values are numbers by the time they stand in the tree: a choice is its position, a flag 0 or 1, `20%` is 0.2.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.documents.errors import Fault, FaultyInput, unknown_name
from policies.documents.limits import too_deep
from policies.language.duration import is_duration
from policies.record.fields import Field, Kind
from policies.record.records import FIELDS, found_field, has_column, known_fields

CUSTOM_PREFIX = "custom."
OPERATORS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_OTHER = re.compile(r"field\s+(\S+)")
_ALIKE = ("number", "money", "share")
"""Types that a custom field, whose type nobody states, may be compared with."""
_CUSTOM_NAME = re.compile(re.escape(CUSTOM_PREFIX) + r"[A-Za-z0-9_一-鿿]{1,60}")
_COMPARED = re.compile(r"\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*")
_PERCENT = re.compile(r"[+-]?\d+(?:\.\d+)?\s*%")
_NEVER_ABOVE_WHOLE = {
    field for fields in FIELDS.values() for field in fields if field.type == "share" and field.name != "attainment"
}
"""Shares of which there is no more than the whole; a target may be attained twice, and a firm's own fields are its own."""
_MOST_WITHOUT_SIGN = 2.0
"""Times the whole above which a share is written with its percent sign: 30 is meant as 30 %, never as 3000 %."""
MOST_NESTED = 20
"""Conditions in each other; what compiles them has room for three times as many."""
_SPOKEN_TIME = re.compile(r"\d+(?:\.\d+)?\s*(?:minutes?|hours?|days?|weeks?|months?|分钟|小时|天|周|个月)")


@dataclass(frozen=True)
class Comparison:
    """One field against a constant, or against another field of the same record: false where either is missing.

    `op` is eq, ne, lt, le, gt, ge, in, missing or present; `in` has a tuple as value. With `other` there is no constant.
    """

    field: str
    op: str
    value: float | str | tuple[float | str, ...] = 0.0
    other: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The field, and the one that it is compared with."""
        return (self.field, self.other) if self.other else (self.field,)

    @property
    def values(self) -> tuple[float | str, ...]:
        """The constants compared with: those of `in`, the one, or none."""
        if self.other:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True)
class AllOf:
    """Holds when every item holds; an empty one always holds."""

    items: tuple = ()


@dataclass(frozen=True)
class AnyOf:
    """Holds when at least one item holds; an empty one never holds."""

    items: tuple = ()


@dataclass(frozen=True)
class Not:
    """Holds when the item does not."""

    item: Any


def parse_when(kind: str, mapping: Mapping[str, Any], *, timed: bool = False) -> AllOf:
    """The condition that a `when` mapping means for a kind of record.

    In a timed rule derived fields are refused, because they change by the passing of time. Raises FaultyInput with
    every fault found.
    """
    predicate, faults = read_when(kind, mapping, timed=timed)
    if faults:
        raise FaultyInput(faults)
    return predicate


def read_when(kind: str, mapping: Any, *, timed: bool = False, depth: int = 1) -> tuple[AllOf, list[Fault]]:
    """Like `parse_when`, with the faults returned: the condition covers what could be read."""
    if depth > MOST_NESTED:
        return AllOf(), [too_deep((), MOST_NESTED)]
    if not isinstance(mapping, Mapping):
        return AllOf(), [Fault("not_a_condition", found=mapping, allowed=("@condition",))]
    items: list[Any] = []
    faults: list[Fault] = []
    for name, value in mapping.items():
        if name in ("any", "all"):
            item, found = _read_group(kind, name, value, timed, depth + 1)
        elif name == "not":
            inner, found = read_when(kind, value, timed=timed, depth=depth + 1)
            item = Not(inner)
        else:
            item, found = _read_comparison(kind, str(name), value, timed)
        items.append(item)
        faults.extend(fault.within(name) for fault in found)
    return AllOf(tuple(item for item in items if item is not None)), faults


def comparisons(node: Any) -> Iterator[Comparison]:
    """Every comparison in a condition, in the order in which it is written."""
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, Not):
        yield from comparisons(node.item)
    else:
        for item in node.items:
            yield from comparisons(item)


def asked_fields(node: Any, *, lifts_when_recorded: bool = True) -> Iterator[str]:
    """Fields that a condition wants missing, so that recording them lets a gate through; each as often as it is named.

    Under `not` it is the other way round: what is compared there is asked for, because a comparison with a missing value is
    false and its negation holds.
    """
    if isinstance(node, Comparison):
        if (node.op == "missing") == lifts_when_recorded:
            yield node.field
    elif isinstance(node, Not):
        yield from asked_fields(node.item, lifts_when_recorded=not lifts_when_recorded)
    else:
        for item in node.items:
            yield from asked_fields(item, lifts_when_recorded=lifts_when_recorded)


def other_field(written: Any) -> str | None:
    """The field that a written comparison, such as `> field ordered`, compares with; None for one with a constant."""
    compared = _COMPARED.fullmatch(written) if isinstance(written, str) else None
    other = _OTHER.fullmatch(compared[2]) if compared else None
    return other[1] if other else None


def _read_group(kind: str, name: str, value: Any, timed: bool, depth: int):
    if not isinstance(value, (list, tuple)):
        return None, [Fault("not_a_list_of_conditions", found=value, allowed=("@conditions",))]
    items: list[AllOf] = []
    faults: list[Fault] = []
    for position, part in enumerate(value):
        inner, found = read_when(kind, part, timed=timed, depth=depth)
        items.append(inner)
        faults.extend(fault.within(position) for fault in found)
    return (AnyOf if name == "any" else AllOf)(tuple(items)), faults


def _read_comparison(kind: str, name: str, value: Any, timed: bool):
    op, operand = _split(value)
    other = other_field(value)
    if other is not None:
        return _read_fields(kind, name, op, other, timed, value)
    operands = operand if isinstance(operand, list) else [operand]
    if any(is_duration(each) or (isinstance(each, str) and _SPOKEN_TIME.fullmatch(each)) for each in operands):
        return None, [Fault("time_in_when", found=f"{name}: {value}", allowed=("@since_and_after",), about=name)]
    if name.startswith(CUSTOM_PREFIX):
        return _read_custom(kind, name, op, operands, value)
    about = found_field(kind, name)
    if about is None:
        return None, [_unknown_field(kind, name)]
    if timed and about.derived:
        return None, [Fault("derived_in_timed_rule", found=name, allowed=("@since_and_after",), about=name)]
    if op in ("missing", "present"):
        return Comparison(name, op), []
    if about.type == "text" and isinstance(kind, Kind) and _is_declared(kind, name):
        return _read_text(name, op, operands, value)
    if about.type in ("text", "instant"):
        allowed = ("missing", "present", "@field_of_its_type")
        return None, [Fault("only_missing_or_present", found=value, allowed=allowed, about=name)]
    if about.type in ("choice", "flag") and op not in ("eq", "ne", "in"):
        return None, [Fault("order_of_names", found=value, allowed=("@equal_or_not",), about=name)]
    values, faults = [], []
    for position, each in enumerate(operands):
        number, fault = value_of(about, each)
        values.append(number)
        if fault and isinstance(each, str) and found_field(kind, each) is not None:
            fault = fault._replace(allowed=(*fault.allowed, "@field_of_its_type"))
        if fault:
            faults.append(fault.within(position) if op == "in" else fault)
    return Comparison(name, op, tuple(values) if op == "in" else values[0]), faults


def _is_declared(kind: Kind, name: str) -> bool:
    """Whether a policy declares the field, or it comes over a link: then its texts can be compared with constants."""
    return kind.declared and not has_column(kind, name)


def _read_text(name: str, op: str, operands: list, value: Any):
    texts = tuple(each for each in operands if isinstance(each, str))
    if op not in ("eq", "ne", "in") or len(texts) < len(operands):
        return None, [Fault("order_of_names", found=value, allowed=("@equal_or_not",), about=name)]
    return Comparison(name, op, texts if op == "in" else texts[0]), []


def _read_custom(kind: str, name: str, op: str, operands: list, value: Any):
    constants = tuple(map(_plain, operands))
    if not is_custom(name):
        return None, [_unknown_field(kind, name)]
    odd = [each for each in operands if op == "in" and isinstance(each, str) and _COMPARED.fullmatch(each)]
    if odd or (op in ("lt", "le", "gt", "ge") and isinstance(constants[0], str)):
        return None, [Fault("order_of_names", found=odd[0] if odd else value, allowed=("@equal_or_not",), about=name)]
    return Comparison(name, op, constants if op == "in" else constants[0]), []


def is_custom(name: str) -> bool:
    """Whether this is the name of a field of the firm's own."""
    return _CUSTOM_NAME.fullmatch(name) is not None


def _unknown_field(kind: str, name: str) -> Fault:
    return unknown_name("unknown_field", name, [each.name for each in known_fields(kind)], about=kind)


def _read_fields(kind: str, name: str, op: str, other: str, timed: bool, value: str):
    told: list[tuple[str, tuple[str, ...]]] = []
    for each in (name, other):
        if is_custom(each):
            continue
        about = found_field(kind, each)
        if about is None:
            return None, [_unknown_field(kind, each)]
        if timed and about.derived:
            return None, [Fault("derived_in_timed_rule", found=each, allowed=("@since_and_after",), about=each)]
        told.append((about.type, about.choices))
    fits = len(set(told)) < 2 and (len(told) != 1 or told[0][0] in _ALIKE)
    if not fits:
        return None, [Fault("fields_unlike", found=other, allowed=("@field_of_its_type",), about=name)]
    if told and told[0][0] in ("choice", "flag", "text") and op not in ("eq", "ne"):
        return None, [Fault("order_of_names", found=value, allowed=("@equal_or_not",), about=name)]
    return Comparison(name, op, other=other), []


def _split(value: Any) -> tuple[str, Any]:
    if isinstance(value, (list, tuple)):
        return "in", list(value)
    if value in ("missing", "present"):
        return value, 0.0
    match = _COMPARED.fullmatch(value) if isinstance(value, str) else None
    return (OPERATORS[match[1]], match[2]) if match else ("eq", value)


def value_of(about: Field, written: Any) -> tuple[float, Fault | None]:
    """The number that stands for a written value of a field, or what is wrong with it (the number is NaN then)."""
    if about.type == "choice":
        if written in about.choices:
            return float(about.choices.index(written)), None
        return math.nan, unknown_name("unknown_choice", written, about.choices, about=about.name)
    if about.type == "flag":
        if isinstance(written, bool) or written in ("true", "false"):
            return float(written in (True, "true")), None
        return math.nan, Fault("not_a_flag", found=written, allowed=("true", "false"), about=about.name)
    if isinstance(written, str) and _PERCENT.fullmatch(written) and about.type != "share":
        return math.nan, Fault("not_a_share", found=written, allowed=("@number",), about=about.name)
    number = as_number(written)
    if number is None:
        allowed = "@share" if about.type == "share" else "@number"
        return math.nan, Fault("not_a_number", found=written, allowed=(allowed,), about=about.name)
    return number, _unlikely_share(about, written, number) if about.type == "share" else None


def _unlikely_share(about: Field, written: Any, number: float) -> Fault | None:
    """What is wrong with a share that is more than there can be, or that lacks its percent sign."""
    whole, signed = about in _NEVER_ABOVE_WHOLE, isinstance(written, str) and _PERCENT.fullmatch(written)
    if not signed and abs(number) > (1.0 if whole and number > 0 else _MOST_WITHOUT_SIGN):
        meant = f"{number:g}%" if abs(number) <= 100 or not whole else ""
        return Fault("share_without_sign", found=written, allowed=("@share",), nearest=meant, about=about.name)
    if whole and number > 1:
        return Fault("share_above_whole", found=written, allowed=("@share",), about=about.name)
    return None


def as_number(written: Any) -> float | None:
    """A finite number or percentage as a number; None for anything else."""
    if isinstance(written, bool):
        return None
    percent = isinstance(written, str) and _PERCENT.fullmatch(written)
    try:
        # Through the shifted decimal point: 20 / 100 is 0.2 exactly where 20 * 0.01 is not.
        number = float(written.rstrip("% ")) / 100 if percent else float(written)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _plain(written: Any) -> float | str:
    if isinstance(written, bool):
        return float(written)
    number = as_number(written)
    return str(written) if number is None else number
