"""A validation under way, or stopped before its end."""

import panel as pn
from markupsafe import escape

from apps.gate.draft import Draft
from apps.pages.frame import block
from apps.pages.keeping import Kept
from apps.pages.watching import Watching

_SHARES = {"past": (0, 30), "past_against": (30, 50), "rehearsal": (50, 100)}
"""Where each part begins and ends on the bar, in per cent."""


class Working(Watching):
    """One validation."""

    def __init__(self, gate, kept: Kept):
        super().__init__(gate, kept.id, Draft.model_validate(kept.data["draft"]))
        self.title = kept.title

    def heading(self) -> str:
        """Its title."""
        return self.title[self.say.language]

    def told(self, step) -> tuple[int, list[str]]:
        """Which part is worked on, and how far it is."""
        if step is None:
            return 0, [self.say("run.waiting")]
        first, last = _SHARES[step.part]
        words = self.say(f"run.{step.part}", done=f"{step.done:,}", of=f"{step.of:,}")
        return round(first + (last - first) * step.done / max(step.of, 1)), [words]

    def ended(self) -> None:
        """Show the report, or why there is none."""
        self.page.show(self.name)

    def stopped(self, state: dict) -> list[pn.viewable.Viewable]:
        """Why there is no report."""
        words = state[self.say.language] if state["state"] == "failed" else self.say("run.interrupted")
        return [block(f"<p class='callout worse'>{escape(words)}</p>")]
