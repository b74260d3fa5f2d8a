"""The policy as JSON Schema, so that editors complete it and forms are built from it; and its fields by location."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from policies.language.acting import OFFERED
from policies.language.effects import KINDS_WITH, LONGEST_TITLE, PLAIN_EFFECTS, ROLE_EFFECTS
from policies.language.kinds import MOST_KINDS
from policies.language.policy import FEWEST_STAGES, Policy
from policies.language.quantities import said_of
from policies.record.records import DESKS, FLAGS, MAX_STAGES, OFFERS, ROLES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CONDITION = {
    "type": "object",
    "description": "conditions that must all hold: field to comparison",
    "properties": {
        "any": {"type": "array", "items": {"$ref": "#/$defs/Condition"}},
        "all": {"type": "array", "items": {"$ref": "#/$defs/Condition"}},
        "not": {"$ref": "#/$defs/Condition"},
    },
    "additionalProperties": {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
        ]
    },
}
_TITLE = {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE}
_TODO = {
    "type": "object",
    "description": "a to-do with a title of its own, and a time within which it is due",
    "properties": {
        "for": {"enum": list(ROLES)},
        "title": {
            "type": "object", "properties": {"en": _TITLE, "zh": _TITLE}, "required": ["en", "zh"],
            "additionalProperties": False,
        },
        "within": {"type": "string"},
    },
    "required": ["for"],
    "additionalProperties": False,
}  # fmt: skip


def policy_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy document, including one that extends another."""
    schema = Policy.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    definitions["Condition"] = _CONDITION
    definitions["Effect"] = _effect_schema()
    definitions["Rule"]["properties"]["when"] |= {"$ref": "#/$defs/Condition"}
    for key in ("enter", "leave"):
        definitions["Stage"]["properties"][key] |= {"anyOf": [{"$ref": "#/$defs/Condition"}, {"type": "null"}]}
    definitions["Rests"]["properties"]["while"] |= {"$ref": "#/$defs/Condition"}
    definitions["Rule"]["properties"]["until"] |= {"anyOf": [{"$ref": "#/$defs/Condition"}, {"type": "null"}]}
    definitions["Rule"]["properties"]["then"] |= {"items": {"$ref": "#/$defs/Effect"}}
    definitions["Count"]["properties"]["where"] |= {"$ref": "#/$defs/Condition"}
    change = deepcopy(definitions["Rule"])
    change.update(required=["id"], description="a rule of the extended policy with some keys changed, or a new rule")
    definitions["RuleChange"] = change
    properties = schema["properties"]
    properties["kinds"] |= {"maxProperties": MOST_KINDS}
    properties["stages"] |= {"minItems": FEWEST_STAGES, "maxItems": MAX_STAGES}
    properties["drop_rules"] = {
        "type": "array",
        "items": {"type": "string"},
        "description": "rules of the extended policy to leave out",
    }
    extended = {"properties": {"rules": {"items": {"$ref": "#/$defs/RuleChange"}}}}
    plain = {"properties": {"rules": {"items": {"$ref": "#/$defs/Rule"}}, "drop_rules": False}}
    properties["rules"] = {**properties["rules"], "items": {"type": "object"}}
    schema["if"] = {"properties": {"extends": {"type": "string"}}, "required": ["extends"]}
    schema["then"], schema["else"] = extended, plain
    return {"$schema": _DIALECT, **schema}


def field_at(location: Sequence[str | int], root: type[BaseModel] = Policy) -> FieldInfo | None:
    """The field of a document at a location such as ("rules", 0, "streak"); None when there is none."""
    if not location or not isinstance(location[-1], str):
        return field_at(location[:-1], root) if location else None
    model = model_at(location[:-1], root)
    return model.model_fields.get(location[-1]) if model else None


def acts_at(location: Sequence[str | int]) -> Mapping[str, Any] | None:
    """Where the setting at a location acts when not in both worlds: the mark of the nearest field on the way that has one."""
    for length in range(len(location), 0, -1):
        if isinstance(location[length - 1], str) and (about := field_at(location[:length])):
            mark = said_of(about).get("acts")
            if isinstance(mark, dict):
                return mark
    return None


def model_at(location: Sequence[str | int], root: type[BaseModel] = Policy) -> type[BaseModel] | None:
    """The model of the section at a location; None where a plain value stands."""
    model: Any = root
    for step in location:
        if isinstance(step, int):
            continue
        if model is not None and get_origin(model) is dict:
            model = _model_in(get_args(model)[1])
            continue
        about = model.model_fields.get(step) if model else None
        model = _model_in(about.annotation) if about else None
    return model if isinstance(model, type) else None


def _model_in(annotation: Any) -> Any:
    """The model that a type holds, or the type of a mapping from names to models."""
    if get_origin(annotation) is dict:
        return annotation if _model_in(get_args(annotation)[1]) else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, Annotated, Union, UnionType):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None


def _effect_schema() -> dict[str, Any]:
    def named(name: str, value: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": {name: value}, "required": [name], "additionalProperties": False}

    about = "; ".join(f"{name} works on {', '.join(kinds)}" for name, kinds in KINDS_WITH.items())
    return {
        "description": f"one effect of a rule; {about}",
        "anyOf": [
            {"enum": list(PLAIN_EFFECTS)},
            *(named(name, {"enum": list(ROLES)}) for name in ROLE_EFFECTS),
            named("flag", {"enum": list(FLAGS)}),
            named("offer", {"enum": list(OFFERS), "acts": OFFERED}),
            named("require", {"type": "string"}),
            named("todo", _TODO),
            named("set", {"type": "object", "minProperties": 1}),
            named("assign", {"type": "string", "minLength": 1}),
            named("ask_approval", {"enum": list(DESKS)}),
        ],
    }
