"""Putting a policy in force and taking it back, through the service; every step asks who may."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.pages.frame import STYLE, block
from coach.problems import CoachError
from coach.store import policies as versions
from policies.engine.compile import MODES
from policies.language.policy import Policy

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Standing:
    """Which policy is in force, and the step back."""

    def __init__(self, gate):
        self.gate = gate
        self._told = block("")
        self._content = pn.Column(css_classes=["box", "standing"], **_WIDE)

    def draw(self) -> pn.viewable.Viewable:
        """The policy in force with a button that rolls back, asking once more."""
        self._fill()
        return self._content

    def _fill(self) -> None:
        from apps.gate.question import clock

        say = self.gate.site.say
        version = versions.policy_in_force(self.gate.store, self.gate.viewer)
        if version is None:
            self._content.objects = [block(f"<p class='note'>{escape(say('act.none'))}</p>"), self._told]
            return
        words = say(
            "act.in_force",
            number=version.number,
            name=version.policy.name,
            at=clock(version.activated_at),
            by=version.activated_by,
        )
        parts = [block(f"<p class='lead'>{escape(words)}</p>"), self._told]
        if version.previous is not None:
            parts.append(asking_twice(say("act.roll_back"), say("act.sure_back"), self._roll_back, "roll-back", color="error"))
        self._content.objects = parts

    def _roll_back(self) -> None:
        say = self.gate.site.say
        self._told.object = said_by(say, "act.rolled_back", lambda: self._rolled_back())
        self._fill()

    def _rolled_back(self) -> int:
        self.gate.may_rule()
        return self.gate.service.rollback(self.gate.viewer.name)


class Activation:
    """Modes by rule, the preview, and the step itself."""

    def __init__(self, gate, policy: Policy, passed: bool):
        self.gate, self.policy, self.passed = gate, policy, passed
        self._modes = {rule.id: rule.mode for rule in policy.rules}
        self._told = block("")

    def draw(self) -> pn.viewable.Viewable:
        """The box."""
        say = self.gate.site.say
        self.standing = Standing(self.gate)
        parts = [block(f"<h2>{escape(say('act.title'))}</h2>")]
        if not self.passed:
            parts.append(block(f"<p class='callout worse'>{escape(say('act.not_passed'))}</p>"))
        if self._modes:
            parts.append(block(f"<p class='lead'>{escape(say('act.modes'))}</p>"))
        rules = pn.Column(*(self._mode(rule) for rule in self._modes), css_classes=["form"], **_WIDE)
        self._catch_up = pmui.Checkbox(label=say("act.catch_up"), value=False, css_classes=["catch-up"])
        preview = pmui.Button(label=say("act.preview"), variant="outlined", css_classes=["preview"])
        preview.on_click(lambda _: self._preview())
        sure = asking_twice(say("act.ask"), say("act.sure"), self._activate, "activate")
        return pn.Column(
            *parts,
            rules,
            self._catch_up,
            preview,
            self._told,
            sure,
            self.standing.draw(),
            css_classes=["box", "activation"],
            **_WIDE,
        )

    def _mode(self, rule: str) -> pn.viewable.Viewable:
        say = self.gate.site.say
        field = pmui.Select(
            label=rule, value=self._modes[rule], options={say(f"act.{mode}"): mode for mode in reversed(MODES)}, size="small",
            sizing_mode="stretch_width", css_classes=[f"mode-{rule}"],
        )  # fmt: skip
        field.param.watch(lambda event: self._modes.update({rule: event.new}), "value")
        return field

    def as_chosen(self) -> Policy:
        """The policy with the modes that were chosen."""
        rules = tuple(rule.model_copy(update={"mode": self._modes[rule.id]}) for rule in self.policy.rules)
        return Policy.model_validate(self.policy.model_copy(update={"rules": rules}).model_dump(mode="json"))

    def _preview(self) -> None:
        say = self.gate.site.say
        try:
            self.gate.may_rule()
            found = [each for each in self.gate.service.preview(self.as_chosen()) if each.firings]
        except CoachError as problem:
            self._told.object = _callout(getattr(problem, say.language), "worse")
            return
        lines = []
        for each in found:
            people = "、".join(f"{unit or '–'} {number}" for unit, number in each.people[:6])
            lines.append(f"{say('act.would', rule=each.rule, firings=each.firings)} ({people})")
        listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
        self._told.object = f"<ul class='known'>{listed}</ul>" if lines else f"<p class='note'>{escape(say('act.nothing'))}</p>"

    def _activate(self) -> None:
        self._told.object = said_by(self.gate.site.say, "act.done", self._activated)
        self.standing.draw()

    def _activated(self) -> int:
        self.gate.may_rule()
        return self.gate.service.activate(self.as_chosen(), self.gate.viewer.name, catch_up=self._catch_up.value)


def said_by(say, done: str, step) -> str:
    """What a step that gives a version's number says of itself, or why it was refused."""
    try:
        return _callout(say(done, number=step()), "better")
    except CoachError as problem:
        return _callout(getattr(problem, say.language), "worse")


def _callout(words: str, tone: str) -> str:
    return f"<p class='callout {tone}'>{escape(words)}</p>"


def asking_twice(label: str, sure: str, step, name: str, color: str = "primary") -> pn.viewable.Viewable:
    """A button that asks once more before it does something."""
    button = pmui.Button(label=label, color=color, css_classes=[name], variant="outlined")

    def clicked(_) -> None:
        if button.label == label:
            button.param.update(label=sure, variant="contained")
            return
        button.param.update(label=label, variant="outlined")
        step()

    button.on_click(clicked)
    return button
