"""Putting a policy in force, through the service; every step asks who may, and what did not pass asks a second person."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.gate.requests import Requests
from apps.gate.standing import Standing, asking_twice, callout
from apps.pages.frame import STYLE, block
from coach.problems import CoachError
from coach.rules import approving
from coach.store import policy_history as versions
from policies.engine.compile import MODES
from policies.language.policy import Policy

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Activation:
    """Modes by rule, the preview, and the step itself."""

    def __init__(self, gate, policy: Policy, passed: bool):
        self.gate, self.policy, self.passed = gate, policy, passed
        self._modes = self._preset()
        self._told = block("")

    def _preset(self) -> dict[str, str]:
        """What is live already stays so; every other rule begins in shadow."""
        version = versions.policy_in_force(self.gate.store, self.gate.viewer)
        live = [] if version is None else [rule for rule in version.policy.rules if rule.mode == "live"]
        return {rule.id: "shadow" if rule.mode == "live" and rule not in live else rule.mode for rule in self.policy.rules}

    def draw(self) -> pn.viewable.Viewable:
        """The box."""
        say = self.gate.site.say
        self.standing, self.requests = Standing(self.gate), Requests(self.gate)
        parts = [block(f"<h2>{escape(say('act.title'))}</h2>")]
        if not self.passed:
            parts.append(block(f"<p class='callout worse'>{escape(say('act.not_passed'))}</p>"))
        if self._modes:
            parts.append(block(f"<p class='lead'>{escape(say('act.modes'))}</p>"))
        rules = pn.Column(*(self._mode(rule) for rule in self._modes), css_classes=["form"], **_WIDE)
        self._catch_up = pmui.Checkbox(label=say("act.catch_up"), value=False, css_classes=["catch-up"])
        preview = pmui.Button(label=say("act.preview"), variant="outlined", css_classes=["preview"])
        preview.on_click(lambda _: self._preview())
        self._reason = pmui.TextInput(
            label=say("act.reason"), value="", css_classes=["reason"], sizing_mode="stretch_width", visible=not self.passed
        )
        sure = asking_twice(say("act.ask"), say("act.sure"), self._activate, "activate")
        return pn.Column(
            *parts,
            rules,
            self._catch_up,
            preview,
            self._reason,
            self._told,
            sure,
            self.requests.draw(),
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
            found = self.gate.service.preview(self.as_chosen())
        except CoachError as problem:
            self._told.object = callout(getattr(problem, say.language), "worse")
            return
        lines = []
        for each in found:
            lines += [fault[say.language] for fault in each.unknown]
            if each.firings:
                people = "、".join(f"{unit or '–'} {number}" for unit, number in each.people[:6])
                lines.append(f"{say('act.would', rule=each.rule, firings=each.firings)} ({people})")
            if each.ends:
                records = "、".join(record["title"][say.language] for record in each.ended[:6])
                lines.append(f"{say('act.ends', rule=each.rule, ends=each.ends)} ({records})")
        listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
        self._told.object = f"<ul class='known'>{listed}</ul>" if lines else f"<p class='note'>{escape(say('act.nothing'))}</p>"

    def _activate(self) -> None:
        gate, say = self.gate, self.gate.site.say
        try:
            done = approving.put_in_force(
                gate.service, gate.viewer, self.as_chosen(), catch_up=self._catch_up.value, reason=self._reason.value
            )
        except CoachError as problem:
            self._told.object = callout(getattr(problem, say.language), "worse")
            return
        if done.request is None:
            told = callout(say("act.done", number=done.version), "better")
        else:
            told = callout(say("act.asked", number=done.request), "better")
        self._told.object = told + "".join(callout(fault[say.language], "worse") for fault in done.unknown)
        self.requests.draw()
        self.standing.draw()
