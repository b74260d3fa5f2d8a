"""What a rule does: `then` as written, and as codes that the evaluator applies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from policies.documents.errors import Fault, unknown_name
from policies.language.predicate import CUSTOM_PREFIX, as_number, is_custom, value_of
from policies.record.records import FLAGS, OFFERS, ROLES, column, field, fields_of, has_column
from policies.record.supplying import askable

PLAIN_EFFECTS = {"freeze": "frozen", "reroute": "rerouted"}
ROLE_EFFECTS = {"notify": "notified", "todo": "todo_opened", "escalate": "escalated"}
EFFECTS = (*PLAIN_EFFECTS, "require", *ROLE_EFFECTS, "flag", "set", "offer")
KINDS_WITH = {"freeze": ("lead", "opportunity"), "reroute": ("lead",), "offer": ("opportunity",)}

SETTABLE_TYPES = ("number", "money", "share", "flag", "choice")
_OWN_OF_EVALUATOR = ("required",)  # kept by effects and recorded fields; a rule that wrote it would lose requirements


class Effect(NamedTuple):
    """One effect: the name of its event, its argument (role, colour, offer or column; -1 for a field whose column depends on
    the policies), the value and the name of the field that it sets or requires."""

    code: str
    argument: int
    value: float | str = 0.0
    field: str = ""


def read_effects(kind: str, then: Any) -> tuple[tuple[Effect, ...], list[Fault]]:
    """The effects of a rule on a kind of record, and what is wrong with those that could not be read."""
    if not isinstance(then, (list, tuple)):
        return (), [Fault("not_effects", found=then, allowed=("@effects",))]
    effects: list[Effect] = []
    faults: list[Fault] = []
    for position, written in enumerate(then):
        read, found = _read_one(kind, written)
        effects.extend(read)
        faults.extend(fault.within(position) for fault in found)
    return tuple(effects), faults


def settable(kind: str) -> tuple[str, ...]:
    """Fields of a kind of record that a rule may set to a constant."""
    return tuple(
        each.name
        for each in fields_of(kind)
        if each.type in SETTABLE_TYPES and not each.derived and not each.linked and each.name not in _OWN_OF_EVALUATOR
    )


def _read_one(kind: str, written: Any) -> tuple[list[Effect], list[Fault]]:
    if isinstance(written, str):
        if written in PLAIN_EFFECTS:
            return _on_kind(kind, written, Effect(PLAIN_EFFECTS[written], 0))
        if written in EFFECTS:
            return [], [Fault("effect_needs_value", found=written, about=written)]
        return [], [unknown_name("unknown_effect", written, EFFECTS)]
    if not isinstance(written, Mapping) or len(written) != 1:
        return [], [Fault("not_effects", found=written, allowed=("@effects",))]
    ((name, value),) = written.items()
    effects, faults = _read_named(kind, str(name), value)
    return effects, [fault if fault.code == "unknown_effect" else fault.within(name) for fault in faults]


def _read_named(kind: str, name: str, value: Any) -> tuple[list[Effect], list[Fault]]:
    if name in PLAIN_EFFECTS:
        return [], [Fault("effect_takes_no_value", found=value, allowed=(name,), about=name)]
    if name in ROLE_EFFECTS:
        return _from_list(ROLE_EFFECTS[name], value, ROLES)
    if name == "flag":
        return _from_list("flagged", value, FLAGS)
    if name == "offer":
        return _offer(kind, value)
    if name == "require":
        return _require(kind, value)
    if name == "set":
        return _set(kind, value)
    return [], [unknown_name("unknown_effect", name, EFFECTS)]


def _on_kind(kind: str, name: str, effect: Effect) -> tuple[list[Effect], list[Fault]]:
    kinds = KINDS_WITH[name]
    return ([effect], []) if kind in kinds else ([], [Fault("effect_not_on_kind", found=name, allowed=kinds, about=kind)])


def _from_list(code: str, value: Any, names: tuple[str, ...]) -> tuple[list[Effect], list[Fault]]:
    if value in names:
        return [Effect(code, names.index(value))], []
    return [], [unknown_name("unknown_name", value, names)]


def _offer(kind: str, value: Any) -> tuple[list[Effect], list[Fault]]:
    effects, faults = _from_list("offered", value, OFFERS)
    return (effects, faults) if faults else _on_kind(kind, "offer", *effects)


def _column(kind: str, name: str) -> int:
    return column(kind, name) if has_column(kind, name) else -1


def _require(kind: str, name: Any) -> tuple[list[Effect], list[Fault]]:
    if str(name).startswith(CUSTOM_PREFIX):
        return [Effect("field_required", -1, field=str(name))], []
    if name not in askable(kind):
        return [], [unknown_name("cannot_be_required", name, askable(kind))]
    return [Effect("field_required", _column(kind, name), field=str(name))], []


def _set(kind: str, values: Any) -> tuple[list[Effect], list[Fault]]:
    if not isinstance(values, Mapping) or not values:
        return [], [Fault("effect_needs_value", found=values, allowed=("@mapping",), about="set")]
    effects, faults = [], []
    for name, written in values.items():
        if str(name).startswith(CUSTOM_PREFIX):
            number = float(written) if isinstance(written, bool) else as_number(written)
            if number is None or not is_custom(str(name)):
                faults.append(Fault("not_a_number", (name,), written, ("@number",), about=str(name)))
            else:
                effects.append(Effect("field_set", -1, number, str(name)))
            continue
        if name not in settable(kind):
            faults.append(unknown_name("cannot_be_set", name, settable(kind), location=(name,)))
            continue
        value, fault = value_of(field(kind, name), written)
        if fault:
            faults.append(fault.within(name))
        else:
            effects.append(Effect("field_set", _column(kind, str(name)), value, str(name)))
    return effects, faults
