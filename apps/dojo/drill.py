"""A drill on the page: the conversation, what is known, the moves; after the end the debrief."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape

from apps.dojo.debrief import debrief_view
from apps.dojo.words import deciders, listed
from apps.pages.frame import STYLE, block, columns
from scenarios.roleplay.debrief import debrief
from scenarios.roleplay.document import Move
from scenarios.roleplay.play import LEAVE, NotLegal, Play
from scenarios.roleplay.view import View, view

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_COLOURS = {
    "ask": "primary",
    "show": "primary",
    "answer": "primary",
    "disclose": "success",
    "offer": "success",
    "propose": "secondary",
}


class Drill:
    """One play, kept after every move."""

    def __init__(self, dojo, name: str, data: dict):
        self.dojo, self.name = dojo, name
        self.play = Play.from_json(data["play"])

    @staticmethod
    def kept(play: Play) -> tuple[dict, dict]:
        """What lists show of a play, and the play."""
        state = {"drill": play.roleplay.name, "turn": len(play.turns) + 1}
        if play.over:
            score = debrief(play).score
            state |= {"points": score.points, "passed": score.passed}
        return state, {"play": play.to_json()}

    def make(self, move: str) -> None:
        """Make a move and keep the play."""
        with self.dojo.site.lock:
            try:
                self.play.make(move)
            except NotLegal:
                return  # a second click on a button that was already used
            self.dojo.keeping.keep(self.name, *self.kept(self.play))
            self.dojo.site.refresh()

    def draw(self) -> pn.viewable.Viewable:
        """The play as it stands."""
        say, roleplay, seen = self.dojo.site.say, self.play.roleplay, view(self.play)
        back = pmui.Button(
            label=say("page.back"), variant="text", size="small", css_classes=["back"], on_click=lambda _: self.dojo.show(None)
        )
        heading = block(
            f"<h1>{escape(say.both(roleplay.title))}</h1><span class='tag'>{escape(say.both(roleplay.business))}</span>"
        )
        if self.play.over:
            again = pmui.Button(
                label=say("drill.again"), on_click=lambda _: self.dojo.start_drill(roleplay.name), css_classes=["again"]
            )
            return pn.Column(back, heading, debrief_view(say, self.play), again, **_WIDE)
        return pn.Column(
            back, heading, columns([self._briefing(), self._talk(seen), self._moves(seen)], [self._known(seen)]), **_WIDE
        )

    def _briefing(self) -> pn.viewable.Viewable:
        say, roleplay = self.dojo.site.say, self.play.roleplay
        parts = [("drill.goal", roleplay.goal)]
        if not self.play.turns:
            parts = [("drill.before", roleplay.situation), *parts]
        words = "".join(f"<h3>{escape(say(name))}</h3><p class='lead'>{escape(say.both(text))}</p>" for name, text in parts)
        return block(words, "box")

    def _talk(self, seen: View) -> pn.viewable.Viewable:
        say, persona = self.dojo.site.say, self.play.roleplay.persona
        lines = [Markup("<div class='said them'>{}</div>").format(say.both(persona.opening))]
        for said in seen.said:
            lines.append(Markup("<div class='said me'>{}</div>").format(say.both(said.move.says)))
            remark = "" if said.landed else Markup("<small>{}</small>").format(say("drill.evaded"))
            kind = "" if said.landed else "evaded"
            lines.append(Markup("<div class='said them {}'>{}{}</div>").format(kind, say.both(said.reply), remark))
        return block(f"<div class='talk'>{''.join(lines)}</div>", "talk")

    def _moves(self, seen: View) -> pn.viewable.Viewable:
        say = self.dojo.site.say
        buttons = [self._button(move) for move in seen.moves]
        leave = pmui.Button(
            label=say("drill.leave"), variant="text", color="error", on_click=lambda _: self.make(LEAVE), css_classes=["leave"]
        )
        return pn.Column(block(f"<h2>{escape(say('drill.moves'))}</h2>"), *buttons, leave, css_classes=["box"], **_WIDE)

    def _button(self, move: Move) -> pn.viewable.Viewable:
        say = self.dojo.site.say
        return pmui.Button(
            label=f"{say(f'drill.{move.kind}')} · {say.both(move.says)}", variant="outlined", color=_COLOURS[move.kind],
            on_click=lambda _: self.make(move.id), css_classes=[f"move-{move.id}"], sizing_mode="stretch_width",
            margin=(4, 0), sx={"justifyContent": "flex-start", "textAlign": "left", "whiteSpace": "normal", "lineHeight": 1.4},
        )  # fmt: skip

    def _known(self, seen: View) -> pn.viewable.Viewable:
        say, persona = self.dojo.site.say, self.play.roleplay.persona
        share = 100 * seen.patience / persona.patience
        bar = f"<div class='meter {'bad' if share < 35 else ''}'><i style='width:{share:.0f}%'></i></div>"
        parts = [
            f"<h3>{escape(say('drill.whom'))}</h3><p>{escape(say.both(persona.role))}</p>"
            f"<p class='note'>{escape(say.both(persona.manner))}</p>",
            f"<p style='margin-top:8px'><span class='tag'>{escape(say('drill.mood', mood=say.both(seen.mood)))}</span></p>{bar}"
            f"<p class='note'>{escape(say('drill.patience', count=seen.patience))}</p>",
            f"<h3>{escape(say('drill.facts'))}</h3>{listed(say, seen.facts) or self._nothing()}",
            f"<h3>{escape(say('drill.deciders'))}</h3>{deciders(say, seen.deciders)}",
        ]
        if seen.unsettled:
            parts.append(f"<h3>{escape(say('drill.objections'))}</h3>{listed(say, seen.unsettled)}")
        return block("".join(parts), "box", "pinned")

    def _nothing(self) -> str:
        return f"<p class='note'>{escape(self.dojo.site.say('drill.nothing'))}</p>"
