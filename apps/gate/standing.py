"""The policy in force with the step back, and how steps are asked for and told."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.pages.frame import STYLE, block
from apps.pages.instants import clock
from coach.auditing.feedback import lessons
from coach.problems import CoachError
from coach.rules.approving import WHO_ASKS
from coach.store import policy_history as versions

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
        say = self.gate.site.say
        version = versions.policy_in_force(self.gate.store, self.gate.viewer)
        if version is None:
            self._content.objects = [block(f"<p class='note'>{escape(say('act.none'))}</p>"), self._told]
            return
        words = say(
            "act.in_force",
            number=version.number,
            name=version.policy.name,
            at=clock(self.gate.store, version.activated_at),
            by=version.activated_by,
        )
        parts: list[pn.viewable.Viewable] = [block(f"<p class='lead'>{escape(words)}</p>"), self._told]
        if learned := self._learned():
            parts.append(block(learned))
        if version.previous is not None and self.gate.viewer.role in WHO_ASKS:
            parts.append(asking_twice(say("act.roll_back"), say("act.sure_back"), self._roll_back, "roll-back", color="error"))
        self._content.objects = parts

    def _learned(self) -> str:
        """What was learned of the rules, each with its rule."""
        say = self.gate.site.say
        lines = "".join(
            f"<li>{escape(say('act.lesson', rule=each['rule'], text=each['text'], who=each['said_by']))}</li>"
            for each in lessons(self.gate.store, self.gate.viewer)
        )
        return f"<p class='note'>{escape(say('act.lessons'))}</p><ul>{lines}</ul>" if lines else ""

    def _roll_back(self) -> None:
        say = self.gate.site.say
        self._told.object = said_by(say, "act.rolled_back", lambda: self._rolled_back())
        self._fill()

    def _rolled_back(self) -> int:
        self.gate.may_rule()
        return self.gate.service.rollback(self.gate.viewer.name)


def said_by(say, done: str, step) -> str:
    """What a step that gives a version's number says of itself, or why it was refused."""
    try:
        return callout(say(done, number=step()), "better")
    except CoachError as problem:
        return callout(getattr(problem, say.language), "worse")


def callout(words: str, tone: str) -> str:
    """A sentence that stands out, better or worse."""
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
