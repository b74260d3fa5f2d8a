"""The board's one component: HTML that ticks, shows plots, keeps what is typed over a reload, and reports what is tapped.

One component instead of a widget per button, because a morning's list has dozens of buttons and must stand within a second.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from apps.pages.illustrated import PLOTS_JS

_HERE = Path(__file__).parent


class Sheet(JSComponent):
    """Shows `html`; calls `on_tap` with the `data-…` attributes of what was tapped, chosen or sent, `fields` for a form."""

    html = param.String("", doc="what is shown; elements with data-due tick, with data-do are tapped")
    plots = param.String("", doc="JSON: name of a plot -> what Bokeh draws it from, for elements with data-plot")
    words = param.Dict({}, doc="templates of countdowns: days, hours, minutes, left, late")
    lang = param.String("en", doc="language of the words")
    now = param.Number(0, doc="the server's instant (ms) when the page was drawn; countdowns follow it")

    _esm = PLOTS_JS + (_HERE / "sheet.js").read_text(encoding="utf-8")

    def __init__(self, on_tap: Callable[[Any], list[str]], **parameters):
        super().__init__(**parameters)
        self._on_tap = on_tap

    def _handle_msg(self, data) -> None:
        forget = self._on_tap(data)
        self._send_msg({"forget": forget, "now": self.now})
