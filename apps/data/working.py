"""Files that are being looked at or brought in, or with which that went wrong."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.data.draft import Draft
from apps.pages.frame import block
from apps.pages.watching import Watching
from coach.mapping.importing import Step

_SHARES = {"open": (0, 10), "read": (10, 60), "store": (60, 100)}
"""Where each part begins and ends on the bar, in per cent."""


class Working(Watching):
    """One import under way; `kept` is its state when it was opened."""

    compiles = False
    over = ("looked", "done")

    def __init__(self, page, name: str, draft: Draft, kept: dict):
        super().__init__(page, name, draft)
        self._looks = kept["state"] != "importing"

    def heading(self) -> str:
        """The files."""
        return ", ".join(self.draft.files)

    def told(self, step: Step | None) -> tuple[int, list[str]]:
        """Which part is worked on, and how far it is."""
        if step is None:
            return 0, [self.say("run.open")]
        first, last = _SHARES[step.part]
        part = "compare" if step.part == "store" and self._looks else step.part
        words = self.say(f"run.{part}", number=min(step.done + 1, step.of), of=step.of)
        return round(first + (last - first) * step.done / max(step.of, 1)), [words]

    def ended(self) -> None:
        """Show what came of it."""
        self.page.show(self.name)

    def stopped(self, state: dict) -> list[pn.viewable.Viewable]:
        """Why nothing came of it, and ways on from there."""
        if state["state"] == "failed":
            words = state[self.say.language]
        else:
            words = self.say("run.stopped" if state["state"] == "stopped" else "run.interrupted")
        shown: list[pn.viewable.Viewable] = [block(f"<p class='callout worse'>{escape(words)}</p>")]
        if self.draft.answers:
            again = pmui.Button(label=self.say("run.again"), variant="outlined", css_classes=["again"])
            again.on_click(lambda _: self.page.look(self.name, self.draft.model_copy(update={"answers": {}})))
            shown.append(again)
        discard = pmui.Button(label=self.say("look.discard"), variant="text", color="error", css_classes=["discard"])
        discard.on_click(lambda _: self.page.discard(self.name, self.draft))
        return [*shown, discard]
