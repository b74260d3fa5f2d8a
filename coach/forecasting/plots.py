"""Plots of a forecast: weekly wins behind and ahead with their intervals, and errors of the methods beside each other."""

from coach.forecasting.backtest import Backtest
from coach.forecasting.forecast import Expected
from coach.forecasting.measures import LEVELS
from sim.experiment.report.frame import PROPOSED, SOFT, TODAY, figure, hover, libraries, numbers_whole, ticks

_SHADES = dict(zip(LEVELS, (0.3, 0.17, 0.09), strict=True))
_AXIS = {"en": "weeks from now", "zh": "距今周数"}
_ERROR = {"en": "wins a week (CRPS)", "zh": "单/周（CRPS）"}


def weekly(behind: tuple[float, ...], ahead: tuple[Expected, ...], lang: str):
    """The Bokeh figure of weeks behind (a line) and ahead (mean and bands)."""
    hv, pd = libraries()
    past = pd.DataFrame({"week": [place - len(behind) + 1 for place in range(len(behind))], "value": behind})
    told = pd.DataFrame({"week": range(1, len(ahead) + 1), "value": [each.mean for each in ahead]})
    for level in LEVELS:
        told[f"low{level}"], told[f"high{level}"] = zip(*(each.intervals[level] for each in ahead), strict=True)
    top = max([*behind, told[f"high{LEVELS[-1]}"].max(), 1.0])
    layers = [
        told.hvplot.area(
            "week", y=f"low{level}", y2=f"high{level}", color=PROPOSED, alpha=_SHADES[level], line_width=0, hover=False
        )
        for level in reversed(LEVELS)
        if len(told) > 1
    ]
    tool = hover([("", "@value{0,0.0}")], line_policy="nearest", mode="vline")
    layers.append(told.hvplot.line("week", "value", hover=False).opts(color=PROPOSED, line_width=2.2, tools=[tool]))
    if len(past):
        layers.append(past.hvplot.line("week", "value", hover=False).opts(color=TODAY, line_width=1.6))
    first = float(past["week"].min()) if len(past) else 1.0
    return figure(
        hv.Overlay(layers).opts(
            xlim=(first, max(len(ahead), 2)), ylim=(0, 1.06 * top), xlabel=_AXIS[lang], ylabel="", xticks=6,
            yticks=ticks(0, top, "count", lang, most=4), show_legend=False,
        ),
        height=280,
    )  # fmt: skip


def errors(tried: Backtest, lang: str):
    """The Bokeh figure of the mean error of each method, the best on top."""
    hv, pd = libraries()
    told = sorted(tried.errors, key=lambda each: each[1])
    rows = [(-float(at), 0.0, error, getattr(each.words, lang), f"{error:.2f}") for at, (each, error) in enumerate(told)]
    table = pd.DataFrame(rows, columns=["place", "zero", "value", "name", "shown"])
    top = table["value"].max() or 1.0
    bars = hv.Segments(table, ["zero", "place", "value", "place"]).opts(color=PROPOSED, line_width=12, line_alpha=0.5)
    words = hv.Labels(table.assign(right=table["value"] + 0.02 * top), ["right", "place"], "shown").opts(
        text_align="left", text_baseline="middle", text_font_size="12px", text_color=SOFT
    )
    drawn = figure(
        (bars * words).opts(
            xlim=(0, 1.18 * top), ylim=(-len(table) + 0.4, 0.6), xlabel=_ERROR[lang], ylabel="", show_legend=False,
            yticks=list(zip(table["place"], table["name"], strict=True)), xticks=ticks(0, top, "count", lang, most=4),
        ),
        height=60 + 34 * len(table), grid="x", axis_line="",
    )  # fmt: skip
    return numbers_whole(drawn)
