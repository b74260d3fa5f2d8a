"""A form for the settings of a policy, built from its JSON Schema: a new setting appears here without a change of this file."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.pages.frame import STYLE, block, fitted
from policies.documents.schema import policy_schema
from policies.words.vocabulary import CHOICES, CHOICES_OF

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_NOT_HERE = ("title", "summary")  # names of the document, not settings of the policy


class SettingsForm:
    """Every section of the policy with its settings.

    Parameters
    ----------
    say: texts of the lab
    document: the policy's document, changed in place
    changed: told after each change
    """

    def __init__(self, say, document: dict[str, Any], changed: Callable[[], None]):
        self._say, self._document, self._changed = say, document, changed
        self._schema = policy_schema()

    def draw(self) -> pn.viewable.Viewable:
        """The form, one card a section."""
        sections = [
            (self._words(about), self._section((name,), self._resolved(about)))
            for name, about in self._schema["properties"].items()
            if name not in _NOT_HERE and "properties" in self._resolved(about)
        ]
        small = {"& .MuiAccordionSummary-root *": {"fontSize": "16px"}}
        return pmui.Accordion(*sections, active=[0], sizing_mode="stretch_width", css_classes=["settings"], sx=small)

    def _section(self, path: tuple[str, ...], schema: dict) -> pn.viewable.Viewable:
        fields, below = [], []
        for name, about in schema["properties"].items():
            inner = self._resolved(about)
            if "properties" in inner:
                below += [block(f"<h3>{escape(self._words(about))}</h3>"), self._section((*path, name), inner)]
            else:
                fields.append(self._field((*path, name), about))
        return pn.Column(pn.Column(*fields, css_classes=["form", "roomy"], **_WIDE), *below, **_WIDE)

    def _resolved(self, about: dict) -> dict:
        reference = about.get("$ref", "")
        return self._schema["$defs"][reference.rsplit("/", 1)[-1]] if reference else about

    def _words(self, about: dict) -> str:
        words = about.get(self._say.language) or about.get("description", "")
        return words[:1].upper() + words[1:]

    def _field(self, path: tuple[str, ...], about: dict) -> pn.viewable.Viewable:
        widget, read = self._widget(path, about, self._value(path))
        widget.param.update(label=self._words(about), css_classes=["set-" + "-".join(path)])
        fitted(widget)
        widget.param.watch(lambda event: self._put(path, read(event.new)), "value")
        return widget

    def _widget(self, path: tuple[str, ...], about: dict, value: Any):
        kinds = [about, *about.get("anyOf", [])]
        choices = next((kind["enum"] for kind in kinds if "enum" in kind), None)
        nothing = any(kind.get("type") == "null" for kind in kinds)
        if choices:
            return pmui.Select(options=self._options(path, choices, nothing), value=value), _same
        if about.get("type") == "array":
            return pmui.MultiChoice(options=self._options(path, about["items"]["enum"], False), value=list(value)), list
        if about.get("type") == "boolean":
            return pmui.Checkbox(value=value), _same
        if about.get("type") == "integer":
            return pmui.IntInput(value=value, start=about.get("minimum"), end=about.get("maximum")), _same
        if about.get("type") == "number":
            return pmui.FloatInput(value=value, start=about.get("minimum"), end=about.get("maximum"), step=_step(value)), _same
        if about.get("type") == "object":
            return pmui.TextInput(value=", ".join(f"{name}: {100 * share:.6g}%" for name, share in value.items())), _by_name
        if any(kind.get("type") == "number" for kind in kinds):
            return self._share(about, value)
        return pmui.TextInput(value=value or ""), (lambda written: written.strip() or None)

    @staticmethod
    def _share(about: dict, value: float):
        if about.get("unit", "").startswith("share"):
            return pmui.TextInput(value=f"{100 * value:.6g}%"), _same
        return pmui.FloatInput(value=value, step=0.05), _same

    def _options(self, path: tuple[str, ...], values: list, nothing: bool) -> dict[str, Any]:
        words = CHOICES | CHOICES_OF.get(".".join(path), {})
        place = ("en", "zh").index(self._say.language)
        named = {words[value][place] if value in words else str(value): value for value in values}
        if nothing:
            named = {words.get(None, (self._say("form.none"),) * 2)[place]: None} | named
        return named

    def _value(self, path: tuple[str, ...]) -> Any:
        value: Any = self._document
        for step in path:
            value = value[step]
        return value

    def _put(self, path: tuple[str, ...], value: Any) -> None:
        self._value(path[:-1])[path[-1]] = value
        self._changed()


def _by_name(written: str) -> dict[str, str]:
    """Shares by name, written as `North: 5%, South: -3%`; a part without a share is left for the check to refuse."""
    parts = [part.rpartition(":") for part in written.replace("，", ",").replace("：", ":").split(",") if part.strip()]
    return {name.strip(): share.strip() for name, _, share in parts}


def _same(value: Any) -> Any:
    return value


def _step(value: float) -> float:
    return 100.0 if abs(value) >= 500 else 1.0 if abs(value) >= 10 else 0.5
