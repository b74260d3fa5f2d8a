"""An experiment under way, or stopped before its end."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.lab.draft import Draft
from apps.lab.jobs import finished
from apps.pages.frame import block
from apps.pages.keeping import Kept
from apps.pages.watching import Watching
from sim.experiment.report.both import value
from sim.office.counting.metrics import METRICS


class Experiment(Watching):
    """One experiment."""

    def __init__(self, lab, kept: Kept):
        super().__init__(lab, kept.id, Draft.model_validate(kept.data))

    def heading(self) -> str:
        """Its question."""
        return self.draft.question(self.say.language)

    def told(self, step) -> tuple[int, list[str]]:
        """Pairs that are done, and how precise the answer is by now."""
        if step is None:
            return 0, [self.say("run.pairs", pairs=0, most=self.draft.max_pairs)]
        lines = [self.say("run.pairs", pairs=step.pairs, most=step.at_most)]
        if step.looks and step.looks[-1].half_width is not None and step.looks[-1].target is not None:
            unit, look = METRICS[self.draft.metric].unit, step.looks[-1]
            width, goal = (value(each, unit).of(self.say.language) for each in (look.half_width, look.target))
            lines.append(self.say("run.width", width=width, goal=goal))
        if step.pairs >= step.planned:
            lines.append(self.say("run.judging"))
        return round(100 * step.pairs / step.at_most), lines

    def ended(self) -> None:
        """Show the verdict, or how it was stopped."""
        state = self.state
        if state["state"] == "done":
            self.page.show(run=state["run"])
        else:
            self.page.site.refresh()

    def stopped(self, state: dict) -> list[pn.viewable.Viewable]:
        """Why it ended, and the verdict on the pairs that were done, if there is one."""
        say = self.say
        words = state[say.language] if state["state"] == "failed" else say("run.interrupted", pairs=finished(self.name))
        parts: list[pn.viewable.Viewable] = [block(f"<p class='callout worse'>{escape(words)}</p>")]
        if state.get("run"):
            shown = pmui.Button(
                label=say("home.open"), on_click=lambda _: self.page.show(run=state["run"]), css_classes=["show-run"]
            )
            parts.append(shown)
        return parts
