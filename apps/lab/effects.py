"""The `then` of a rule as rows of effect and what it is about."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.lab.conditions import plain
from apps.pages.frame import STYLE, block, fitted
from policies.language.effects import BY_ROUTING, KINDS_WITH, PLAIN_EFFECTS, ROLE_EFFECTS
from policies.record.records import DESKS, FLAGS, OFFERS, ROLES, fields_of
from policies.record.supplying import askable
from policies.words.vocabulary import CHOICES

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_FIRST = {"flag": "red", "set": "", "assign": BY_ROUTING, "ask_approval": "manager", "offer": OFFERS[0]}
_CHOICES: dict[str, tuple[str, ...]] = {"flag": FLAGS, "ask_approval": DESKS, "offer": OFFERS}


class Effects:
    """Rows for one rule, changed in place."""

    def __init__(self, say, rule: dict, kind: str, changed: Callable[[], None], redraw: Callable[[], None]):
        self._say, self._rule, self._kind, self._changed, self._redraw = say, rule, kind, changed, redraw
        self._rows: list[list[Any]] = [[*read(effect), more_of(effect)] for effect in rule.get("then", ())]
        named = (*PLAIN_EFFECTS, "assign", "ask_approval", *ROLE_EFFECTS, "flag", "require", "set", "offer")
        self._names = {say(f"rules.{name}"): name for name in named if kind in KINDS_WITH.get(name, (kind,))}

    def draw(self) -> pn.viewable.Viewable:
        """The rows, and a button for one more."""
        add = pmui.Button(label=self._say("rules.add_effect"), variant="text", size="small", on_click=lambda _: self._add())
        rows = [self._row(row) for row in self._rows]
        return pn.Column(block(f"<h3>{escape(self._say('rules.then'))}</h3>"), *rows, add, **_WIDE)

    def _row(self, row: list) -> pn.viewable.Viewable:
        effect = pmui.Select(label=self._say("rules.effect"), options=self._names, value=row[0])
        effect.param.watch(lambda event: self._other_effect(row, event.new), "value")
        widgets: list[pn.viewable.Viewable] = [effect]
        if row[0] not in PLAIN_EFFECTS:
            widgets.append(self._argument(row))
        if row[0] == "todo":
            widgets += self._more(row)
        remove = pmui.Button(label="✕", variant="text", color="error", size="small", width=44)

        def drop(_) -> None:
            self._rows.remove(row)
            self._write()
            self._redraw()

        remove.on_click(drop)
        return pn.Row(*fitted(*widgets), remove, **_WIDE)

    def _argument(self, row: list) -> pn.viewable.Viewable:
        place = ("en", "zh").index(self._say.language)
        if row[0] in ("set", "assign"):
            widget: pn.viewable.Viewable = pmui.TextInput(label=self._say(f"rules.value_of_{row[0]}"), value=row[1])
        else:
            if row[0] == "require":
                names = {getattr(field, self._say.language): field.name for field in fields_of(self._kind)}
                options = {words: name for words, name in names.items() if name in askable(self._kind)}
            else:
                options = {CHOICES[each][place]: each for each in _CHOICES.get(row[0], ROLES)}
            widget = pmui.Select(label=self._say("rules.value"), options=options, value=row[1])

        def take(event) -> None:
            row[1] = event.new
            self._write()

        widget.param.watch(take, "value")
        return widget

    def _more(self, row: list) -> list[pn.viewable.Viewable]:
        """What a to-do is called, and within which time it is due; empty for neither."""
        title, more = row[2].get("title") or {}, row[2]
        fields = {
            language: pmui.TextInput(label=self._say(f"rules.title_{language}"), value=title.get(language, ""))
            for language in ("en", "zh")
        }
        within = pmui.TextInput(label=self._say("rules.within"), value=str(more.get("within", "")), placeholder="2bd")

        def take(_) -> None:
            told = {language: field.value.strip() for language, field in fields.items()}
            row[2] = ({"title": told} if any(told.values()) else {}) | (
                {"within": within.value.strip()} if within.value.strip() else {}
            )
            self._write()

        for field in (*fields.values(), within):
            field.param.watch(take, "value")
        return [*fields.values(), within]

    def _other_effect(self, row: list, name: str) -> None:
        row[:] = [name, "owner" if name in ROLE_EFFECTS else _FIRST.get(name, askable(self._kind)[0]), {}]
        self._write()
        self._redraw()

    def _add(self) -> None:
        self._rows.append(["notify", "owner", {}])
        self._write()
        self._redraw()

    def _write(self) -> None:
        self._rule["then"] = [written(*row) for row in self._rows]
        self._changed()


def read(effect: Any) -> tuple[str, str]:
    """An effect as written, as its name and what it is about."""
    if isinstance(effect, str):
        return effect, ""
    ((name, value),) = effect.items()
    if name == "todo" and isinstance(value, dict):
        return name, str(value["for"])
    if name == "set":
        return name, ", ".join(f"{field}={_word(each)}" for field, each in value.items())
    return name, str(value)


def more_of(effect: Any) -> dict:
    """Title and time of a to-do, as written."""
    value = effect.get("todo") if isinstance(effect, dict) else None
    return {key: each for key, each in value.items() if key != "for"} if isinstance(value, dict) else {}


def written(name: str, about: str, more: dict) -> Any:
    """Name and what it is about, as a document writes them."""
    if more:
        return {name: {"for": about, **more}}
    if name in PLAIN_EFFECTS:
        return name
    if name == "set":
        pairs = [part.partition("=") for part in about.split(",") if part.strip()]
        return {name: {field.strip(): plain(value.strip()) for field, _, value in pairs}}
    return {name: about}


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
