"""The rules of a policy as rows: for each ... set off by ... when ... then ..., and below what the rule says in plain words."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape
from pydantic import ValidationError

from apps.lab.conditions import Conditions
from apps.lab.effects import Effects
from apps.pages.frame import STYLE, block, fitted
from policies.documents.reading import faults_of
from policies.documents.schema import policy_schema
from policies.language.kinds import kinds_in, speaking_of
from policies.language.rule import Rule, moved_fields
from policies.record.records import RECORD_KINDS
from policies.words.kind_words import bare, kind_words
from policies.words.rule_words import rule_words
from policies.words.vocabulary import CHOICES

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_TRIGGERS = {"timed": ("since", "after", "activate", "repeat", "rests"), "periodic": ("every", "streak"), "gate": ("before",)}
_NEW = {"id": "new-rule", "on": "opportunity", "since": "last_action_at", "after": "7d", "then": [{"notify": "owner"}]}


class RulesForm:
    """All rules of a document, changed in place; `changed` is told after each change."""

    def __init__(self, say, document: dict[str, Any], changed: Callable[[], None]):
        self._say, self._rules, self._changed = say, document["rules"], changed
        self._column = pn.Column(**_WIDE)
        self._declared = kinds_in(document)
        self._about = policy_schema()["$defs"]["Rule"]["properties"]

    def draw(self) -> pn.viewable.Viewable:
        """The rows, and a button for one more."""
        self._redraw()
        return self._column

    def _redraw(self) -> None:
        add = pmui.Button(
            label=self._say("rules.add"), variant="outlined", on_click=lambda _: self._add(), css_classes=["add-rule"]
        )
        heading = block(f"<h2>{escape(self._say('rules.title'))}</h2>")
        self._column.objects = [heading, *(self._row(rule) for rule in self._rules), add]

    def _add(self) -> None:
        taken = {rule.get("id") for rule in self._rules}
        number = next(n for n in range(1, len(taken) + 2) if f"{_NEW['id']}-{n}" not in taken)
        self._rules.append({**_NEW, "id": f"{_NEW['id']}-{number}", "when": {}, "then": [*_NEW["then"]]})
        self._after_rows()

    def _after_rows(self) -> None:
        self._changed()
        self._redraw()

    def _row(self, rule: dict) -> pn.viewable.Viewable:
        words = block(self._told(rule))

        def changed() -> None:
            words.object = self._told(rule)
            self._changed()

        remove = pmui.Button(label=self._say("rules.remove"), variant="text", color="error", size="small")

        def drop(_) -> None:
            self._rules.remove(rule)
            self._after_rows()

        remove.on_click(drop)
        head = pn.Column(*self._head(rule, changed), css_classes=["form"], **_WIDE)
        kind, timed = self._kind(rule["on"]), "since" in rule
        parts = [head, Conditions(self._say, rule, kind, timed, changed, self._after_rows).draw()]
        if timed:
            parts += self._rests(rule, kind, changed)
        if "before" not in rule:
            parts.append(Effects(self._say, rule, kind, changed, self._after_rows).draw())
            parts.append(Conditions(self._say, rule, kind, timed, changed, self._after_rows, "until").draw())
        return pn.Column(*parts, words, remove, css_classes=["box", "rule"], **_WIDE)

    def _head(self, rule: dict, changed: Callable[[], None]) -> list[pn.viewable.Viewable]:
        say = self._say
        trigger = next(name for name, keys in _TRIGGERS.items() if keys[0] in rule)
        named = pmui.TextInput(label=say("rules.id"), value=rule["id"])
        kind = pmui.Select(label=say("rules.on"), value=rule["on"], options=self._kinds())
        how = pmui.Select(label=say("rules.trigger"), value=trigger, options={say(f"rules.{name}"): name for name in _TRIGGERS})
        mode = pmui.Select(
            label=say("rules.mode"),
            value=rule.get("mode", "live"),
            options={say(f"rules.{m}"): m for m in self._about["mode"]["enum"]},
        )
        says = pmui.TextInput(
            label=say("rules.says"), value=(rule.get("says") or {}).get(say.language, ""), placeholder=say("rules.says_example")
        )
        says.param.watch(lambda event: self._say_otherwise(rule, event.new, changed), "value")
        named.param.watch(_taking(rule, "id", changed), "value")
        mode.param.watch(_taking(rule, "mode", changed), "value")
        kind.param.watch(lambda event: self._other_kind(rule, event.new), "value")
        how.param.watch(lambda event: self._other_trigger(rule, event.new), "value")
        return fitted(named, kind, mode, how, says, *self._trigger_fields(rule, trigger, changed))

    def _kinds(self) -> dict[str, str]:
        declared = {bare(kind_words(kind, self._say.language)): name for name, kind in self._declared.items() if kind.declared}
        return {self._say(f"rules.{kind}"): kind for kind in RECORD_KINDS} | declared

    def _kind(self, name: str) -> str:
        """A kind with the fields that the document gives it."""
        return self._declared.get(name, name)

    def _trigger_fields(self, rule: dict, trigger: str, changed: Callable[[], None]) -> list[pn.viewable.Viewable]:
        say = self._say
        if trigger == "timed":
            since = rule["since"]["latest"] if isinstance(rule["since"], dict) else [rule["since"]]
            fields = pmui.MultiChoice(label=say("rules.since"), value=[*since], options=[*moved_fields(self._kind(rule["on"]))])
            after = pmui.TextInput(label=say("rules.after"), value=str(rule.get("after", "0h")), css_classes=["rule-after"])
            fields.param.watch(_taking(rule, "since", changed, _since), "value")
            after.param.watch(_taking(rule, "after", changed), "value")
            return [fields, after, *self._repetition(rule, changed)]
        key = "every" if trigger == "periodic" else "before"
        choices = next(kind["enum"] for kind in self._about[key]["anyOf"] if "enum" in kind)
        place = ("en", "zh").index(say.language)
        choice = pmui.Select(
            label=say(f"rules.{key}"), value=rule[key], options={CHOICES[each][place]: each for each in choices}
        )
        choice.param.watch(_taking(rule, key, changed), "value")
        if trigger == "gate":
            return [choice]
        streak = pmui.IntInput(label=say("rules.streak"), value=rule.get("streak", 1), start=1, end=52)
        streak.param.watch(_taking(rule, "streak", changed), "value")
        return [choice, streak]

    def _say_otherwise(self, rule: dict, text: str, changed: Callable[[], None]) -> None:
        said = {**(rule.get("says") or {}), self._say.language: text.strip()}
        rule["says"] = {language: words for language, words in said.items() if words}
        if not rule["says"]:
            del rule["says"]
        changed()

    def _repetition(self, rule: dict, changed: Callable[[], None]) -> list[pn.viewable.Viewable]:
        say, repeat = self._say, rule.get("repeat") or {}
        every = pmui.TextInput(label=say("rules.again_after"), value=str(repeat.get("every", "")), placeholder="2bd")
        times = pmui.IntInput(label=say("rules.again_times"), value=repeat.get("times", 1), start=1, end=50)

        def take(_) -> None:
            rule["repeat"] = {"every": every.value.strip(), "times": times.value}
            if not every.value.strip():
                del rule["repeat"]
            changed()

        for field in (every, times):
            field.param.watch(take, "value")
        return [every, times]

    def _rests(self, rule: dict, kind: str, changed: Callable[[], None]) -> list[pn.viewable.Viewable]:
        """While what the clock rests."""
        rests = {**(rule.get("rests") or {})}

        def write() -> None:
            if rests.get("while") or rests.get("owner_absent"):
                rule["rests"] = {key: value for key, value in rests.items() if value}
            else:
                rule.pop("rests", None)
            changed()

        absent = pmui.Checkbox(label=self._say("rules.owner_absent"), value=bool(rests.get("owner_absent")))

        def take(event) -> None:
            rests["owner_absent"] = event.new
            write()

        absent.param.watch(take, "value")
        return [Conditions(self._say, rests, kind, True, write, self._redraw, "while").draw(), absent]

    def _other_kind(self, rule: dict, kind: str) -> None:
        rule.update(on=kind, when={})
        rule.pop("until", None)
        rule.pop("rests", None)
        if "since" in rule:
            rule["since"] = moved_fields(self._kind(kind))[0]
        self._after_rows()

    def _other_trigger(self, rule: dict, trigger: str) -> None:
        for keys in _TRIGGERS.values():
            for key in keys:
                rule.pop(key, None)
        first = {"timed": {"since": moved_fields(self._kind(rule["on"]))[0], "after": "7d"}, "periodic": {"every": "week"}}
        rule.update(first.get(trigger, {"before": "advance"}))
        if trigger == "gate":
            rule.pop("then", None)
            rule.pop("until", None)
        else:
            rule.setdefault("then", [{"notify": "owner"}])
        self._after_rows()

    def _told(self, rule: dict) -> str:
        try:
            with speaking_of(self._declared):
                read = Rule.model_validate(rule)
            return f"<p class='callout'>{escape(rule_words(read, self._say.language))}</p>"
        except ValidationError as error:
            sentences = " ".join(fault.sentence(self._say.language) for fault in faults_of(error, Rule, rule))
            return f"<p class='callout worse'>{escape(sentences)}</p>"


def _taking(rule: dict, key: str, changed: Callable[[], None], read: Callable[[Any], Any] = lambda value: value):
    """What takes over a field's new value into the rule."""

    def take(event) -> None:
        rule[key] = read(event.new)
        changed()

    return take


def _since(fields: list[str]):
    return fields[0] if len(fields) == 1 else {"latest": fields}
