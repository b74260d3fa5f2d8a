"""A validation that is done: its four parts to be read and taken away, and the step that puts the policy in force."""

from io import BytesIO

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape

from apps.gate import tables
from apps.gate.activation import Activation
from apps.gate.report import report_page, report_workbook, verdict_page
from apps.pages.frame import STYLE, block
from apps.pages.keeping import Kept
from coach.validation.parts import Validation
from policies.language.policy import Policy

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Reading:
    """One validation."""

    def __init__(self, gate, kept: Kept):
        self.gate, self.name = gate, kept.id
        self.report = Validation.model_validate(kept.data["report"])
        policy = Policy.model_validate(kept.data["policy"])
        self._activation = Activation(gate, policy, self.report.decision.passed)

    def draw(self) -> pn.viewable.Viewable:
        """The four parts, one below the other."""
        say, report = self.gate.site.say, self.report
        back = pmui.Button(label=say("page.back"), variant="text", size="small", on_click=lambda _: self.gate.show())
        bar = pn.Row(back, *self._downloads(), **_WIDE)
        rehearsal = Markup("<h2>{}</h2>{}").format(say("read.rehearsal"), tables.guardrails(say, report))
        return pn.Column(
            bar, _box(block(tables.heading(say, report) + tables.decision(say, report))),
            _box(block(tables.static(say, report))), _box(*self._past(), name="past"),
            _box(block(rehearsal), self._verdict()), self._activation.draw(), **_WIDE,
        )  # fmt: skip

    def _past(self) -> list[pn.viewable.Viewable]:
        say, report = self.gate.site.say, self.report
        parts: list[pn.viewable.Viewable] = [block(tables.past(say, report))]
        if report.history is not None:
            from apps.gate import plots

            history = report.history
            parts.append(block(tables.lines(say, report) + tables.fates(say, history)))
            for name, plot in (("by_week", plots.by_week(history)), ("heat", plots.heat(history))):
                if plot is not None:
                    parts += [
                        block(f"<h3>{escape(say(f'read.{name}'))}</h3>"),
                        pn.pane.Bokeh(plot, sizing_mode="stretch_width"),
                    ]
            parts.append(block(tables.people(say, history)))
        return parts

    def _verdict(self) -> pn.viewable.Viewable:
        """The whole verdict, written only when it is asked for: it is some hundred kilobytes."""
        say = self.gate.site.say
        place = pn.Column(**_WIDE)
        button = pmui.Button(label=say("read.verdict"), variant="outlined", size="small", css_classes=["show-verdict"])

        def show(_) -> None:
            page = escape(verdict_page(self.report, say.language))
            place.objects = [block(f'<iframe class="verdict" title="verdict" srcdoc="{page}"></iframe>')]

        button.on_click(show)
        return pn.Column(button, place, **_WIDE)

    def _downloads(self) -> list[pn.viewable.Viewable]:
        say = self.gate.site.say
        kinds = (("html", report_page, "html"), ("excel", report_workbook, "xlsx"))
        return [
            pmui.FileDownload(
                callback=lambda write=write: BytesIO(write(self.report, self.gate.site.language)), label=say(f"read.{name}"),
                filename=f"{self.report.policy.name}-validation.{ending}", css_classes=[f"take-{name}"], variant="outlined",
                size="small",
            )
            for name, write, ending in kinds
        ]  # fmt: skip


def _box(*parts: pn.viewable.Viewable, name: str = "part") -> pn.viewable.Viewable:
    return pn.Column(*parts, css_classes=["box", name], margin=(0, 0, 14, 0), **_WIDE)
