"""A page of something under way: how far it is, and a way to stop it; what was stopped can go on."""

from abc import ABC, abstractmethod

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape
from panel.io import PeriodicCallback

from apps.pages.background import job
from apps.pages.frame import STYLE, block
from policies.jit.compiled import is_compiled
from sim.office.engine.compiled_run import OFFICE

LOOK_EVERY = 500  # ms
_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Watching(ABC):
    """One job, looked at every half second while it runs. Subclasses say `heading`, `told`, `ended` and `stopped`.

    `page` has a `site`, `keeping`, `show()` and `go_on(name, draft)`.
    """

    compiles = True
    """Whether the job begins with what has to be compiled once on a machine."""
    over: tuple[str, ...] = ("done",)
    """States of a job that came to its end."""

    def __init__(self, page, name: str, draft):
        self.page, self.name, self.draft = page, name, draft
        self._watch: PeriodicCallback | None = None

    @property
    def say(self):
        """The page's words in the present language."""
        return self.page.site.say

    @property
    def state(self) -> dict:
        """What was kept of the job when it ended."""
        return self.page.keeping.find(self.name).state

    @abstractmethod
    def heading(self) -> str:
        """What is under way."""

    @abstractmethod
    def told(self, step) -> tuple[int, list[str]]:
        """Per cent done and what to say, for a step of the job; None is before its first."""

    @abstractmethod
    def ended(self) -> None:
        """Called when the job is there no more."""

    @abstractmethod
    def stopped(self, state: dict) -> list[pn.viewable.Viewable]:
        """What to show of a job that was stopped or failed."""

    def draw(self) -> pn.viewable.Viewable:
        """The present state."""
        back = pmui.Button(
            label=self.say("page.back"), variant="text", size="small", css_classes=["back"], on_click=lambda _: self._leave()
        )
        heading = block(f"<h1>{escape(self.heading())}</h1>")
        # The job may have ended a moment ago; the first look at it then leads on to what came of it.
        runs = job(self.name) is not None or self.state["state"] in self.over
        content = self._running() if runs else [*self.stopped(self.state), self._go_on()]
        return pn.Column(back, heading, pn.Column(*content, css_classes=["box"], **_WIDE), **_WIDE)

    def _running(self) -> list[pn.viewable.Viewable]:
        bar = pmui.LinearProgress(value=0, variant="determinate", sizing_mode="stretch_width", css_classes=["progress"])
        words = block("")
        stop = pmui.Button(label=self.say("run.cancel"), variant="outlined", color="error", css_classes=["stop"])
        stop.on_click(lambda _: self._stop(stop))

        def look() -> None:
            working = job(self.name)
            if working is None:
                self._unwatch()
                self.ended()
                return
            bar.value, words.object = self._lines(working.step)

        self._unwatch()
        self._watch = pn.state.add_periodic_callback(look, period=LOOK_EVERY)
        bar.value, words.object = self._lines(None)
        return [bar, words, stop]

    def _lines(self, step) -> tuple[int, str]:
        share, lines = self.told(step)
        if self.compiles and step is None and not is_compiled(OFFICE):
            lines = [self.say("run.compiling"), *lines]
        return share, Markup("").join(Markup("<p class='lead'>{}</p>").format(line) for line in lines)

    def _go_on(self) -> pn.viewable.Viewable:
        button = pmui.Button(label=self.say("run.go_on"), variant="outlined", css_classes=["go-on"])
        button.on_click(lambda _: self.page.go_on(self.name, self.draft))
        return button

    def _stop(self, button) -> None:
        button.loading = True
        working = job(self.name)
        if working is not None:
            working.cancel.set()

    def _leave(self) -> None:
        self._unwatch()
        self.page.show()

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
