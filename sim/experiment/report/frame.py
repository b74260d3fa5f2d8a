"""The frame that all plots share: colours, type, quiet axes, and the form in which a page carries them.

HoloViews, hvPlot and Bokeh take a second to import, so they are imported where they are used.
"""

from collections.abc import Callable, Mapping
from threading import RLock
from typing import TYPE_CHECKING

from sim.experiment.report.both import LANGUAGES, value

if TYPE_CHECKING:
    from bokeh.model import Model

DRAWING = RLock()
"""Held while something is drawn: HoloViews and Bokeh keep the document and its theme in places that all threads share."""
TODAY, PROPOSED = "#69758a", "#1d5bbf"
BETTER, WORSE, UNSURE = "#0b766b", "#b24e08", "#5f6b7c"
INK, SOFT, LINE = "#18212f", "#4d586a", "#e2e7ee"
COLOURS = {"better": BETTER, "worse": WORSE, "higher": PROPOSED, "lower": PROPOSED, "unclear": UNSURE, "identical": UNSURE}
FONT = (
    '"Inter", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, "PingFang SC", "Hiragino Sans GB", '
    '"Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'
)


def colour(call: str) -> str:
    """The colour of a reading; never the only sign of it."""
    return COLOURS[call]


def libraries():
    """HoloViews with its Bokeh backend loaded and hvPlot hung onto pandas.

    Returns
    -------
    The modules `holoviews` and `pandas`.
    """
    import holoviews as hv
    import hvplot.pandas  # noqa: F401  # hangs .hvplot onto data frames
    import pandas as pd

    if "bokeh" not in hv.Store.loaded_backends() or hv.Store.current_backend != "bokeh":
        hv.extension("bokeh", logo=False)
    return hv, pd


def tooltip(rows: list[tuple[str, str]]) -> str:
    """The HTML of a tooltip: a bold first line, then named values. Values may use Bokeh's @column."""
    first, *others = rows
    style = "display:flex;justify-content:space-between;gap:14px"
    row = f'<div style="{style}"><span style="color:{{}}">{{}}</span><span>{{}}</span></div>'
    lines = "".join(row.format(SOFT, name, shown) for name, shown in others)
    return (
        f"<div style='font:13px/1.5 {FONT.replace(chr(34), '')};color:{INK};font-variant-numeric:tabular-nums;padding:2px 4px'>"
        f"<div style='font-weight:600'>{first[1]}</div>{lines}</div>"
    )


def hover(rows: list[tuple[str, str]], **more):
    """A hover tool with our tooltip."""
    from bokeh.models import HoverTool

    return HoverTool(tooltips=tooltip(rows), point_policy="follow_mouse", show_arrow=False, **more)


def ticks(low: float, high: float, unit: str, lang: str, *, difference: bool = False, signed: bool = False, most: int = 5):
    """Round places between two ends with their labels in the words of the language: [(place, label)]."""
    from bokeh.models import AdaptiveTicker

    wanted = max(high - low, 1e-12) / max(most, 1)
    ticker = AdaptiveTicker(desired_num_ticks=most)
    step = _round_step(wanted, ticker.mantissas)
    first = int(-(-low // step))
    places = [place * step for place in range(first, int(high // step) + 1)]
    return [(place, value(place, unit, signed=signed, difference=difference, trim=True).of(lang)) for place in places]


def _round_step(wanted: float, mantissas) -> float:
    import math

    power = 10.0 ** math.floor(math.log10(wanted))
    return min((m * power for m in (*mantissas, 10) if m * power >= wanted), default=10 * power)


def figure(element, *, height: int, grid: str = "y", axis_line: str = "x"):
    """Render an element to a Bokeh figure in our dress: as wide as its place, no toolbar, quiet axes.

    `grid` names the axes across which grid lines run, `axis_line` those that keep their line ("x", "y", "xy" or "").
    """
    with DRAWING:
        return _dressed(element, height, grid, axis_line)


def _dressed(element, height: int, grid: str, axis_line: str):
    from bokeh.core.properties import value as literal
    from bokeh.models import Text

    hv, _ = libraries()
    drawn = hv.render(element.opts(toolbar=None), backend="bokeh")
    drawn.update(
        width=None, height=height, sizing_mode="stretch_width", outline_line_color=None, background_fill_color=None,
        border_fill_color=None, min_border_left=4, min_border_right=10, min_border_top=6, min_border_bottom=4,
    )  # fmt: skip
    drawn.title.text = ""
    drawn.toolbar.active_drag = drawn.toolbar.active_scroll = None
    drawn.toolbar.logo = None
    for name, axes, lines in (("x", drawn.xaxis, drawn.xgrid), ("y", drawn.yaxis, drawn.ygrid)):
        for axis in axes:
            axis.update(
                axis_line_color="#b9c2cf" if name in axis_line else None,
                major_tick_line_color=None, minor_tick_line_color=None,
                major_label_text_font=FONT, major_label_text_font_size="12.5px", major_label_text_color=SOFT,
                axis_label_text_font=FONT, axis_label_text_font_size="12.5px", axis_label_text_font_style="normal",
                axis_label_text_color=SOFT, major_label_standoff=7,
            )  # fmt: skip
        for line in lines:
            line.grid_line_color = LINE if name in grid else None
    for words in drawn.select({"type": Text}):
        words.text_font = literal(FONT)
    for legend in drawn.legend:
        legend.visible = False
    return drawn


def numbers_whole(drawn):
    """A figure whose words may reach out of its frame to the right, where a narrow screen leaves too little room inside."""
    from bokeh.models import Text
    from bokeh.models.renderers import GlyphRenderer

    for each in drawn.select({"type": GlyphRenderer}):
        if isinstance(each.glyph, Text):
            each.level = "annotation"  # what is on this level is not cut at the frame
    drawn.min_border_right = 38
    return drawn


def embedded(charts: Mapping[str, Callable[[str], "Model"]]) -> dict[str, Mapping[str, object]]:
    """The plots as JSON that BokehJS draws, one entry a chart and language: {"effect-en": …}.

    `charts` maps a name to a function of the language that returns a Bokeh figure.
    """
    with DRAWING:
        return {f"{name}-{lang}": _item(make(lang), f"{name}-{lang}") for name, make in charts.items() for lang in LANGUAGES}


def _item(figure: "Model", target: str) -> Mapping[str, object]:
    from bokeh.core.types import ID
    from bokeh.embed import json_item

    item = json_item(figure, ID(target))
    item["doc"].pop("defs", None)  # models that other pages of this process have defined, of which a figure uses none
    return item


def script() -> str:
    """BokehJS itself, without widgets, tables, WebGL or MathJax, as text to stand inside the page.

    Read from Bokeh's own folder: where Panel's extensions are loaded, Bokeh's resources would name their scripts too.
    """
    from bokeh.util.paths import bokehjs_path

    return "<script>" + (bokehjs_path() / "js" / "bokeh.min.js").read_text("utf-8") + "</script>"
