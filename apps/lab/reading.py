"""A saved run: the verdict with its plots, to be read and taken away."""

import re
from io import BytesIO, StringIO

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.pages.frame import STYLE, block
from sim.experiment.report.workbook import verdict_workbook
from sim.experiment.verdict.verdict import Verdict

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_OPENING = re.compile(r'<html lang="[^"]*" data-lang="[^"]*">')


class Reading:
    """One verdict."""

    def __init__(self, lab, run: dict):
        self.lab, self.run = lab, run

    def draw(self) -> pn.viewable.Viewable:
        """The page of the verdict in a frame of its own, so that its words and styles stay apart from ours."""
        say = self.lab.site.say
        back = pmui.Button(
            label=say("page.back"), variant="text", size="small", css_classes=["back"], on_click=lambda _: self.lab.show()
        )
        again = pmui.Button(label=say("run.again"), variant="outlined", size="small", on_click=lambda _: self.lab.show())
        bar = pn.Row(back, *self._downloads(), again, **_WIDE)
        frame = f'<iframe class="verdict" title="verdict" srcdoc="{escape(self._page())}"></iframe>'
        preliminary = []
        if self.run["result"]["stopped"] == "interrupted":
            preliminary = [block(f"<p class='callout worse'>{escape(say('run.preliminary'))}</p>")]
        return pn.Column(bar, *preliminary, block(frame), **_WIDE)

    def _page(self) -> str:
        """The page, opened in the language of the visitor; it holds both."""
        language = self.lab.site.language
        return _OPENING.sub(f'<html lang="{language}" data-lang="{language}">', self.run["page"], count=1)

    def _downloads(self) -> list[pn.viewable.Viewable]:
        say = self.lab.site.say
        dress = {"variant": "outlined", "size": "small"}
        html = pmui.FileDownload(
            callback=lambda: StringIO(self._page()), filename=f"{self.run['id']}.html", label=say("run.html"),
            css_classes=["take-html"], **dress,
        )  # fmt: skip
        excel = pmui.FileDownload(
            callback=self._workbook,
            filename=f"{self.run['id']}.xlsx",
            label=say("run.excel"),
            css_classes=["take-excel"],
            **dress,
        )
        return [html, excel]

    def _workbook(self) -> BytesIO:
        return BytesIO(verdict_workbook(Verdict.model_validate(self.run["result"]), self.lab.site.language))
