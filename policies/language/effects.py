"""What a rule does: `then` as written, and as codes that the evaluator applies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from policies.documents.errors import Fault, FaultyInput, unknown_name
from policies.language.duration import parse_duration
from policies.language.predicate import CUSTOM_PREFIX, as_number, is_custom, value_of
from policies.record.records import APPROVALS, DESKS, FLAGS, OFFERS, ROLES, SCORED, column, field, fields_of, has_column
from policies.record.supplying import askable

PLAIN_EFFECTS = {"freeze": "frozen", "reroute": "rerouted"}
ROLE_EFFECTS = {"notify": "notified", "todo": "todo_opened", "escalate": "escalated"}
EFFECTS = (*PLAIN_EFFECTS, "require", *ROLE_EFFECTS, "flag", "set", "assign", "ask_approval", "offer")
KINDS_WITH = {
    "freeze": ("lead", "opportunity"), "reroute": ("lead",), "assign": ("lead", "opportunity", "customer"),
    "ask_approval": ("opportunity",), "offer": ("opportunity",),
}  # fmt: skip
BY_ROUTING = "routing"
"""In place of a name: who gets it is chosen as the policy routes leads."""
ROUTED = ("lead", "opportunity")
"""Kinds of record of which the policy's routing can choose the owner."""
OPENING = ("todo_opened", "flagged")
"""Effects that last until something ends them."""
LONGEST_TITLE = 200

SETTABLE_TYPES = ("number", "money", "share", "flag", "choice")
_OWN_OF_EVALUATOR = ("required",)  # kept by effects and recorded fields; a rule that wrote it would lose requirements


class Effect(NamedTuple):
    """One effect: the name of its event, its argument (role, colour, desk, offer or column; -1 for a field whose column depends
    on the policies), the value (of a new owner the name) and the name of the field that it sets or requires.

    `within`: how long after it is opened a to-do is due, as written; `title`: what it is called, in English and Chinese.
    """

    code: str
    argument: int
    value: float | str = 0.0
    field: str = ""
    within: str = ""
    title: tuple[str, str] | None = None


def read_effects(kind: str, then: Any) -> tuple[tuple[Effect, ...], list[Fault]]:
    """The effects of a rule on a kind of record, and what is wrong with those that could not be read."""
    if not isinstance(then, (list, tuple)):
        return (), [Fault("not_effects", found=then, allowed=("@effects",))]
    effects: list[Effect] = []
    faults: list[Fault] = []
    for position, written in enumerate(then):
        read, found = _read_one(kind, written)
        faults.extend(fault.within(position) for fault in (*found, *_opened_twice(effects, read)))
        effects.extend(read)
    return tuple(effects), faults


def settable(kind: str) -> tuple[str, ...]:
    """Fields of a kind of record that a rule may set to a constant."""
    return tuple(
        each.name
        for each in fields_of(kind)
        if each.type in SETTABLE_TYPES
        and not each.derived
        and not each.linked
        and each.name not in (*_OWN_OF_EVALUATOR, *SCORED)
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
    if name == "todo" and isinstance(value, Mapping):
        return _todo(value)
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
    if name == "assign":
        return _assign(kind, value)
    if name == "ask_approval":
        return _ask_approval(kind, value)
    return [], [unknown_name("unknown_effect", name, EFFECTS)]


def _on_kind(kind: str, name: str, effect: Effect) -> tuple[list[Effect], list[Fault]]:
    kinds = KINDS_WITH[name]
    return ([effect], []) if kind in kinds else ([], [Fault("effect_not_on_kind", found=name, allowed=kinds, about=kind)])


def _assign(kind: str, name: Any) -> tuple[list[Effect], list[Fault]]:
    if not isinstance(name, str) or not name.strip():
        return [], [Fault("effect_needs_value", found=name, allowed=("@unit_or_routing",), about="assign")]
    if name == BY_ROUTING and kind not in ROUTED and kind in KINDS_WITH["assign"]:
        return [], [Fault("effect_not_on_kind", found=f"assign: {BY_ROUTING}", allowed=ROUTED, about=kind)]
    return _on_kind(kind, "assign", Effect("passed_on", 0, name))


def _ask_approval(kind: str, desk: Any) -> tuple[list[Effect], list[Fault]]:
    if desk not in DESKS:
        return [], [unknown_name("unknown_name", desk, DESKS)]
    return _on_kind(kind, "ask_approval", Effect("approval_asked", DESKS.index(desk), field=APPROVALS[DESKS.index(desk)]))


def _todo(value: Mapping) -> tuple[list[Effect], list[Fault]]:
    """A to-do with a title of its own, and a time by which it is due."""
    effects, faults = _from_list("todo_opened", value.get("for"), ROLES)
    faults = [fault.within("for") for fault in faults]
    faults += [unknown_name("unknown_key", key, ("for", "title", "within"), location=(key,)) for key in value
               if key not in ("for", "title", "within")]  # fmt: skip
    within, title = value.get("within", ""), value.get("title")
    if "within" in value:
        try:
            parse_duration(within)
        except FaultyInput as error:
            faults += [fault.within("within") for fault in error.faults]
    if title is not None and not _is_title(title):
        faults.append(Fault("not_a_title", ("title",), title, ("@title",)))
    if faults:
        return [], faults
    named = None if title is None else (title["en"], title["zh"])
    return [effects[0]._replace(within="0h" if within == 0 else str(within), title=named)], []


def _is_title(title: Any) -> bool:
    if not isinstance(title, Mapping) or set(title) != {"en", "zh"}:
        return False
    return all(isinstance(each, str) and 0 < len(each.strip()) <= LONGEST_TITLE for each in title.values())


def _opened_twice(before: list[Effect], read: list[Effect]) -> list[Fault]:
    """A rule has one to-do for a role: a second one with a title or a time of its own would be the same to-do."""
    for each in read:
        same = [other for other in before if other.code == each.code == "todo_opened" and other.argument == each.argument]
        if any(other != each for other in same):
            return [Fault("todo_twice", found=ROLES[each.argument], allowed=("@no_such_key",))]
    return []


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
