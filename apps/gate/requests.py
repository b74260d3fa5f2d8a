"""Requests that wait for a second person: who asks for which policy and why, and the manager's yes or no."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape

from apps.gate.standing import Standing, asking_twice, said_by
from apps.pages.frame import STYLE, block
from apps.pages.instants import clock
from coach.problems import CoachError
from coach.rules import approving

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Requests:
    """The box of waiting requests."""

    def __init__(self, gate):
        self.gate = gate
        self._told = block("")
        self._content = pn.Column(css_classes=["box", "requests"], **_WIDE)

    def draw(self) -> pn.viewable.Viewable:
        """All that wait, each with what this visitor may do."""
        self._fill()
        return self._content

    def _fill(self) -> None:
        say = self.gate.site.say
        waiting = approving.requests(self.gate.store, self.gate.viewer)
        rows = [part for each in waiting for part in self._row(each)]
        nothing = block(f"<p class='note'>{escape(say('ask.none'))}</p>")
        self._content.objects = [block(f"<h3>{escape(say('ask.title'))}</h3>"), self._told, *(rows or [nothing])]

    def _row(self, request: approving.Request) -> list[pn.viewable.Viewable]:
        say, viewer = self.gate.site.say, self.gate.viewer
        state = "ask.never" if request.passed is None else "ask.passed" if request.passed else "ask.failed"
        head = say("ask.row", policy=request.policy, by=request.asked_by, at=clock(self.gate.store, request.asked_at))
        words = Markup("<p class='lead'>{}</p><p>{}</p><p class='note'>{}</p>").format(
            head, say("ask.reason", reason=request.reason), say(state, number=request.validation)
        )
        buttons, number = [], request.number
        if viewer.role in approving.WHO_CONFIRMS and request.asked_by != viewer.name:
            buttons.append(asking_twice(say("ask.confirm"), say("ask.sure"), lambda: self._confirm(number), "confirm-request"))
        if buttons or request.asked_by == viewer.name:
            label = say("ask.refuse" if buttons else "ask.withdraw")
            refuse = pmui.Button(label=label, variant="text", size="small", css_classes=["refuse-request"])
            refuse.on_click(lambda _: self._refuse(number))
            buttons.append(refuse)
        return [block(words), pn.Row(*buttons, **_WIDE)]

    def _confirm(self, number: int) -> None:
        gate = self.gate
        self._told.object = said_by(gate.site.say, "act.done", lambda: approving.confirm(gate.service, gate.viewer, number))
        self._fill()

    def _refuse(self, number: int) -> None:
        gate = self.gate
        try:
            approving.refuse(gate.service, gate.viewer, number)
            self._told.object = ""
        except CoachError as problem:
            self._told.object = f"<p class='callout worse'>{escape(getattr(problem, gate.site.language))}</p>"
        self._fill()


class Deciding:
    """What a manager sees of the gate: the policy in force, and what waits for a decision."""

    def __init__(self, gate):
        self.gate = gate

    def draw(self) -> pn.viewable.Viewable:
        """Requests first."""
        say = self.gate.site.say
        head = block(f"<h1>{escape(say('ask.heading'))}</h1><p class='lead'>{escape(say('ask.lead'))}</p>")
        return pn.Column(head, Requests(self.gate).draw(), Standing(self.gate).draw(), **_WIDE)
