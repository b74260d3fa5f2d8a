"""A measured quantity as a plot: bars with their intervals, or a curve with its band."""

from coach.describing.description import Measured
from sim.experiment.report.both import span, value
from sim.experiment.report.frame import PROPOSED, SOFT, figure, hover, libraries, numbers_whole, ticks

UNITS = {"share": "share", "per week": "share", "days": "days", "hours": "hours", "count": "count", "ratio": "number"}
"""Units of a description as the numbers of a page know them; a rate per week is a small share of those still open."""
ROW_HEIGHT = 34
CASES = {"en": "cases", "zh": "个案数"}
INTERVAL = {"en": "interval", "zh": "区间"}
VALUE = {"en": "value", "zh": "数值"}


def plot(measured: Measured, lang: str):
    """The Bokeh figure of a quantity in a language."""
    return (curve if measured.form == "curve" else bars)(measured, lang)


def _table(measured: Measured, lang: str):
    _, pd = libraries()
    unit = UNITS[measured.unit]
    rows = [row for row in measured.rows if row.value is not None]
    return pd.DataFrame(
        {
            "name": [getattr(row.label, lang) for row in rows],
            "at": [row.at for row in rows],
            "value": [row.value for row in rows],
            "low": [row.value if row.low is None else row.low for row in rows],
            "high": [row.value if row.high is None else row.high for row in rows],
            "cases": [f"{row.cases:,}" for row in rows],
            "shown": [value(row.value, unit).of(lang) for row in rows],
            "span": ["–" if row.low is None else span(row.low, row.high, unit).of(lang) for row in rows],
        }
    )


def _tool(lang: str, **more):
    return hover([("", "@name"), (VALUE[lang], "@shown"), (INTERVAL[lang], "@span"), (CASES[lang], "@cases")], **more)


def bars(measured: Measured, lang: str):
    """One row a group, the first on top: the interval as a line, the value as a dot with its number beside it."""
    hv, _ = libraries()
    table = _table(measured, lang)
    table["place"] = [-float(each) for each in range(len(table))]
    top = max(table["high"].max(), measured.reference or 0.0) or 1.0
    lines = hv.Segments(table, ["low", "place", "high", "place"]).opts(color=PROPOSED, line_width=7, line_alpha=0.3)
    dots = table.hvplot.scatter("value", "place", hover_cols=["name", "shown", "span", "cases"], hover=False).opts(
        color=PROPOSED, size=10, line_color="white", line_width=1.5, tools=[_tool(lang)]
    )
    words = hv.Labels(table.assign(right=table["high"] + 0.02 * top), ["right", "place"], "shown").opts(
        text_align="left", text_baseline="middle", text_font_size="12px", text_color=SOFT
    )
    layers = lines * dots * words
    if measured.reference is not None:
        layers = hv.VLine(measured.reference).opts(color="#8b96a6", line_width=1.2, line_dash="dashed") * layers
    drawn = figure(
        layers.opts(
            xlim=(0, 1.18 * top), ylim=(-len(table) + 0.4, 0.6), xlabel="", ylabel="", show_legend=False,
            yticks=list(zip(table["place"], table["name"], strict=True)),
            xticks=ticks(0, top, UNITS[measured.unit], lang, most=4),
        ),
        height=44 + ROW_HEIGHT * len(table), grid="x", axis_line="",
    )  # fmt: skip
    return numbers_whole(drawn)


def curve(measured: Measured, lang: str):
    """A line over the axis, with the band of its interval where there is one."""
    hv, _ = libraries()
    table = _table(measured, lang)
    top = table["high"].max() or 1.0
    line = table.hvplot.line("at", "value", hover_cols=["name", "shown", "span", "cases"], hover=False).opts(
        color=PROPOSED, line_width=2.2, tools=[_tool(lang, line_policy="nearest", mode="vline")]
    )
    layers = [line]
    if (table["high"] > table["low"]).any():
        band = table.hvplot.area("at", y="low", y2="high", color=PROPOSED, alpha=0.16, line_width=0, hover=False)
        layers.insert(0, band)
    return figure(
        hv.Overlay(layers).opts(
            xlim=(0, table["at"].max()), ylim=(0, 1.06 * top), xlabel=getattr(measured.about, lang), ylabel="",
            xticks=6, yticks=ticks(0, top, UNITS[measured.unit], lang, most=4),
        ),
        height=250,
    )  # fmt: skip
