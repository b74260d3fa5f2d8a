"""The `when` or `until` of a rule as rows of field, relation and value."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape
from ruamel.yaml import YAML

from apps.pages.frame import STYLE, block
from policies.documents.document import plain_yaml
from policies.documents.errors import FaultyInput
from policies.language.predicate import OPERATORS, other_field
from policies.record.records import known_fields

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_GROUPS = ("any", "all", "not")
_SIGNS = {code: sign for sign, code in OPERATORS.items()}
_WITHOUT_VALUE = ("missing", "present")
_ORDER = ("eq", "ne", "in", "gt", "ge", "lt", "le", *_WITHOUT_VALUE)


class Conditions:
    """Rows for one rule, changed in place; groups such as `any` keep the form in which they are written."""

    def __init__(
        self, say, rule: dict, kind: str, timed: bool, changed: Callable[[], None], redraw: Callable[[], None],
        key: str = "when",
    ):  # fmt: skip
        self._say, self._rule, self._changed, self._redraw, self._key = say, rule, changed, redraw, key
        when = rule.get(key) or {}
        self._groups = {name: value for name, value in when.items() if name in _GROUPS}
        self._rows = [[name, *read(value)] for name, value in when.items() if name not in _GROUPS]
        place = {"en": "en", "zh": "zh"}[say.language]
        known = [field for field in known_fields(kind) if not (timed and field.derived)]
        self._fields = {getattr(field, place): field.name for field in known}
        self._fields |= {row[0]: row[0] for row in self._rows if row[0] not in self._fields.values()}

    def draw(self) -> pn.viewable.Viewable:
        """The rows, and a button for one more."""
        say = self._say
        add = pmui.Button(label=say("rules.add_condition"), variant="text", size="small", on_click=lambda _: self._add())
        parts = [self._row(row) for row in self._rows]
        if self._groups:
            text = pmui.TextInput(
                label=say("rules.nested"), value=_flow(self._groups), size="small", sizing_mode="stretch_width"
            )
            text.param.watch(lambda event: self._regroup(event.new), "value")
            parts.append(text)
        return pn.Column(block(f"<h3>{escape(say(f'rules.{self._key}'))}</h3>"), *parts, add, **_WIDE)

    def _row(self, row: list) -> pn.viewable.Viewable:
        say = self._say
        options = {say(f"operators.{code}"): code for code in _ORDER}
        field = pmui.Select(label=say("rules.field"), options=self._fields, value=row[0])
        relation = pmui.Select(label=say("rules.operator"), options=options, value=row[1])
        value = pmui.TextInput(label=say("rules.value"), value=row[2], visible=row[1] not in _WITHOUT_VALUE)
        remove = pmui.Button(label="✕", variant="text", color="error", size="small", width=44)

        def drop(_) -> None:
            self._rows.remove(row)
            self._write()
            self._redraw()

        remove.on_click(drop)
        for place, widget in enumerate((field, relation, value)):
            widget.param.update(size="small", sizing_mode="stretch_width")
            widget.param.watch(lambda event, place=place: self._set(row, place, event.new), "value")
        relation.param.watch(lambda event: setattr(value, "visible", event.new not in _WITHOUT_VALUE), "value")
        return pn.Row(field, relation, value, remove, **_WIDE)

    def _set(self, row: list, place: int, value: str) -> None:
        row[place] = value
        self._write()

    def _add(self) -> None:
        taken = {row[0] for row in self._rows}
        free = next((name for name in self._fields.values() if name not in taken), None)
        if free is not None:
            self._rows.append([free, "present", ""])
            self._write()
            self._redraw()

    def _regroup(self, text: str) -> None:
        try:
            groups = plain_yaml(text) or {}
        except FaultyInput:
            groups = {"any": text}  # told as a fault of the rule, at its place
        self._groups = groups if isinstance(groups, dict) else {"any": groups}
        self._write()

    def _write(self) -> None:
        self._rule[self._key] = {row[0]: written(row[1], row[2]) for row in self._rows} | self._groups
        if self._key != "when" and not self._rule[self._key]:
            del self._rule[self._key]
        self._changed()


def read(value: Any) -> tuple[str, str]:
    """A comparison as written, as relation and value."""
    if isinstance(value, (list, tuple)):
        return "in", ", ".join(map(str, value))
    if isinstance(value, bool):
        return "eq", "true" if value else "false"
    text = str(value).strip()
    if text in _WITHOUT_VALUE:
        return text, ""
    for sign in sorted(OPERATORS, key=len, reverse=True):
        if text.startswith(sign):
            return OPERATORS[sign], text[len(sign) :].strip()
    return "eq", text


def written(relation: str, value: str) -> Any:
    """Relation and value as a document writes them."""
    if relation in _WITHOUT_VALUE:
        return relation
    if relation == "in":
        return [plain(part.strip()) for part in value.replace("，", ",").split(",") if part.strip()]
    compared = f"{_SIGNS[relation]} {value}"
    return plain(value) if relation == "eq" and other_field(compared) is None else compared


def plain(text: str) -> Any:
    """A value as written: yes or no, a number, or a word."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _flow(groups: dict) -> str:
    yaml = YAML(typ="safe")
    yaml.default_flow_style = True
    yaml.width = 4096
    stream = StringIO()
    yaml.dump(groups, stream)
    return stream.getvalue().strip()
