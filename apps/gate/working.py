"""A validation under way: how far it is, and a way to stop it; a stopped one can go on."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.gate.draft import Draft
from apps.gate.jobs import job
from apps.pages.frame import STYLE, block
from apps.pages.keeping import Kept
from policies.compiled import is_compiled
from sim.office.compiled_run import OFFICE

LOOK_EVERY = 500  # ms
_SHARES = {"past": (0, 30), "past_against": (30, 50), "rehearsal": (50, 100)}
"""Where each part begins and ends on the bar, in per cent."""
_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Working:
    """One validation, looked at every half second while it runs."""

    def __init__(self, gate, kept: Kept):
        self.gate, self.name, self.title = gate, kept.id, kept.title
        self.draft = Draft.model_validate(kept.data["draft"])
        self._watch = None

    def draw(self) -> pn.viewable.Viewable:
        """The present state."""
        say = self.gate.site.say
        back = pmui.Button(label=say("page.back"), variant="text", size="small", on_click=lambda _: self._leave())
        heading = block(f"<h1>{escape(self.title[say.language])}</h1>")
        content = self._running() if job(self.name) is not None else self._stopped()
        return pn.Column(back, heading, pn.Column(*content, css_classes=["box"], **_WIDE), **_WIDE)

    def _leave(self) -> None:
        self._unwatch()
        self.gate.show()

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _running(self) -> list[pn.viewable.Viewable]:
        say = self.gate.site.say
        bar = pmui.LinearProgress(value=0, variant="determinate", sizing_mode="stretch_width", css_classes=["progress"])
        words = block("")
        stop = pmui.Button(label=say("run.cancel"), variant="outlined", color="error", css_classes=["stop"])
        stop.on_click(lambda _: self._stop(stop))

        def look() -> None:
            working = job(self.name)
            if working is None:
                self._unwatch()
                self.gate.show(self.name)
                return
            bar.value, words.object = self._told(working.step)

        self._unwatch()
        self._watch = pn.state.add_periodic_callback(look, period=LOOK_EVERY)
        bar.value, words.object = self._told(None)
        return [bar, words, stop]

    def _stop(self, button) -> None:
        button.loading = True
        working = job(self.name)
        if working is not None:
            working.cancel.set()

    def _told(self, step) -> tuple[int, str]:
        say = self.gate.site.say
        note = "" if is_compiled(OFFICE) else f"<p class='lead'>{escape(say('run.compiling'))}</p>"
        if step is None:
            return 0, f"<p class='lead'>{escape(say('run.waiting'))}</p>{note}"
        first, last = _SHARES[step.part]
        words = say(f"run.{step.part}", done=f"{step.done:,}", of=f"{step.of:,}")
        return round(first + (last - first) * step.done / max(step.of, 1)), f"<p class='lead'>{escape(words)}</p>{note}"

    def _stopped(self) -> list[pn.viewable.Viewable]:
        say = self.gate.site.say
        state = self.gate.keeping.find(self.name).state
        words = state[say.language] if state["state"] == "failed" else say("run.interrupted")
        go_on = pmui.Button(label=say("run.go_on"), variant="outlined", css_classes=["go-on"])
        go_on.on_click(lambda _: self.gate.go_on(self.name, self.draft))
        return [block(f"<p class='callout worse'>{escape(words)}</p>"), go_on]
