"""An experiment under way: how far it is, and a way to stop it; a stopped one can go on."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.lab.draft import Draft
from apps.lab.jobs import finished, job
from apps.pages.frame import STYLE, block
from apps.pages.keeping import Kept
from policies.compiled import is_compiled
from sim.experiment.report.both import value
from sim.office.compiled_run import OFFICE
from sim.office.metrics import METRICS

LOOK_EVERY = 500  # ms
_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Experiment:
    """One experiment, looked at every half second while it runs."""

    def __init__(self, lab, kept: Kept):
        self.lab, self.name = lab, kept.id
        self.draft = Draft.model_validate(kept.data)
        self._watch = None

    def draw(self) -> pn.viewable.Viewable:
        """The present state."""
        say = self.lab.site.say
        back = pmui.Button(
            label=say("page.back"), variant="text", size="small", css_classes=["back"], on_click=lambda _: self._leave()
        )
        heading = block(f"<h1>{escape(self.draft.question(say.language))}</h1>")
        content = self._running() if job(self.name) is not None else self._stopped()
        return pn.Column(back, heading, pn.Column(*content, css_classes=["box"], **_WIDE), **_WIDE)

    def _leave(self) -> None:
        self._unwatch()
        self.lab.show()

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _running(self) -> list[pn.viewable.Viewable]:
        say = self.lab.site.say
        bar = pmui.LinearProgress(value=0, variant="determinate", sizing_mode="stretch_width", css_classes=["progress"])
        words = block("")
        stop = pmui.Button(label=say("run.cancel"), variant="outlined", color="error", css_classes=["stop"])
        stop.on_click(lambda _: self._stop(stop))

        def look() -> None:
            working = job(self.name)
            if working is None:
                self._unwatch()
                self._ended()
                return
            bar.value, words.object = self._told(working.progress)

        self._unwatch()
        self._watch = pn.state.add_periodic_callback(look, period=LOOK_EVERY)
        bar.value, words.object = self._told(None)
        return [bar, words, stop]

    def _stop(self, button) -> None:
        button.loading = True
        working = job(self.name)
        if working is not None:
            working.cancel.set()

    def _told(self, progress) -> tuple[int, str]:
        say = self.lab.site.say
        if progress is None:
            words = "" if is_compiled(OFFICE) else f"<p class='lead'>{escape(say('run.compiling'))}</p>"
            return 0, words + f"<p class='lead'>{escape(say('run.pairs', pairs=0, most=self.draft.max_pairs))}</p>"
        lines = [say("run.pairs", pairs=progress.pairs, most=progress.at_most)]
        if progress.looks and progress.looks[-1].half_width is not None and progress.looks[-1].target is not None:
            unit = METRICS[self.draft.metric].unit
            width, goal = (
                value(each, unit).of(say.language) for each in (progress.looks[-1].half_width, progress.looks[-1].target)
            )
            lines.append(say("run.width", width=width, goal=goal))
        if progress.pairs >= progress.planned:
            lines.append(say("run.judging"))
        return round(100 * progress.pairs / progress.at_most), "".join(f"<p class='lead'>{escape(line)}</p>" for line in lines)

    def _ended(self) -> None:
        state = self.lab.keeping.find(self.name).state
        if state["state"] == "done":
            self.lab.show(run=state["run"])
        else:
            self.lab.site.refresh()

    def _stopped(self) -> list[pn.viewable.Viewable]:
        say = self.lab.site.say
        state = self.lab.keeping.find(self.name).state
        words = state[say.language] if state["state"] == "failed" else say("run.interrupted", pairs=finished(self.name))
        parts = [block(f"<p class='callout worse'>{escape(words)}</p>")]
        if state.get("run"):
            show = pmui.Button(
                label=say("home.open"), on_click=lambda _: self.lab.show(run=state["run"]), css_classes=["show-run"]
            )
            parts.append(show)
        go_on = pmui.Button(label=say("run.go_on"), variant="outlined", css_classes=["go-on"])
        go_on.on_click(lambda _: self.lab.go_on(self.name, self.draft))
        return [*parts, go_on]
