"""Where which policy wins: a map or a curve over traits of the office, on one self-contained page."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from sim.experiment.report.both import Both, percent, value
from sim.experiment.report.frame import INK, PROPOSED, SOFT, TODAY, embedded, figure, hover, libraries
from sim.experiment.report.map_words import (
    at_words,
    axis_name,
    basis,
    change_words,
    ends,
    policy_name,
    sentence,
    side_words,
    spoken,
)
from sim.experiment.report.page import data_link, write_html
from sim.experiment.report.texts import text
from sim.experiment.running.winmap import Axis, WinMap

A_COLOURS = ("#f6dcc8", "#ecbd97", "#d98a50")  # from a small to a large gain
B_COLOURS = ("#cfe8e4", "#9dcdc7", "#57a99f")
A_NEUTRAL = ("#dde1e7", "#b4bbc6", "#8a94a3")  # where neither direction is better
B_NEUTRAL = ("#d9e5f7", "#a8c4ec", "#6c9adb")
OPEN = "#e6eaf0"
TICKS = 5


def write_map_page(found: WinMap, path: str | Path, lang: str = "en", *, command: Sequence[str]) -> Path:
    """Write the page of a map.

    Parameters
    ----------
    found : the map
    path : the HTML file to write; its folder is made where it is missing
    lang : "en" or "zh", the language shown first
    command : the words of the command line that gives this map again

    Returns
    -------
    The path written. An unknown language is a ValueError.
    """
    draw = win_plot if len(found.axes) == 2 else curve
    view = {
        "m": found,
        "a": policy_name(found, "a"),
        "b": policy_name(found, "b"),
        "sentence": sentence(found),
        "basis": basis(found),
        "range": change_words(found),
        "legend": [
            (side, text("map.legend", who=side_words(found, side), share=percent(found.share[side], places=0)))
            for side in ("b", "a", "undecided")
        ],
        "colours": {"a": _colours(found)["a"][1], "b": _colours(found)["b"][1], "undecided": OPEN},
        "rows": [
            (at_words(found, point.at), spoken(found, point.change), spoken(found, point.error)) for point in found.points
        ],
        "axes": [_axis_row(axis) for axis in found.axes],
        "command": list(command),
        "csv_link": data_link("text/csv;charset=utf-8", "\ufeff" + map_csv(found)),
        "json_link": data_link("application/json", found.to_json()),
        "shown": {"map"},
    }
    return write_html("map.html", path, lang, embedded({"map": partial(draw, found)}), view)


def _axis_row(axis: Axis) -> tuple[Both, Both, Both]:
    low, high, today = (value(number, axis.unit, trim=True) for number in (axis.low, axis.high, axis.today))
    return axis_name(axis), text("map.range", low=low, high=high), today


def _share(axis: Axis, number: float) -> float:
    """How far along an axis a value lies."""
    if axis.logarithmic:
        return float(np.log(number / axis.low) / np.log(axis.high / axis.low))
    return (number - axis.low) / (axis.high - axis.low)


def _ticks(axis: Axis, lang: str) -> list[tuple[float, str]]:
    shares = np.linspace(0.0, 1.0, TICKS)
    steps = axis.low * (axis.high / axis.low) ** shares if axis.logarithmic else axis.low + shares * (axis.high - axis.low)
    return [
        (float(share), value(float(step), axis.unit, trim=True).of(lang)) for share, step in zip(shares, steps, strict=True)
    ]


def _points_table(found: WinMap, lang: str):
    _, pd = libraries()
    rows = []
    for point in found.points:
        place = [_share(axis, one) for axis, one in zip(found.axes, point.at, strict=True)]
        rows.append(
            {"x": place[0], "y": place[-1], "change": point.change, "low": point.change - point.error,
             "high": point.change + point.error, "name": at_words(found, point.at).of(lang),
             "shown": spoken(found, point.change).of(lang), "error": "± " + spoken(found, point.error).of(lang).lstrip("+"),
             "colour": SOFT}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _point_tool(lang: str):
    names = [text(name).of(lang) for name in ("map.seen", "map.luck")]
    return hover([("", "@name"), *zip(names, ("@shown", "@error"), strict=True)])


def _colours(found: WinMap) -> dict[str, tuple[str, ...]]:
    """Colours of where each policy wins, or gives more; from a small to a large change."""
    return {"a": A_COLOURS, "b": B_COLOURS} if found.direction else {"a": A_NEUTRAL, "b": B_NEUTRAL}


def _cell_colour(found: WinMap, state: str, size: float, limit: float) -> str:
    return OPEN if state == "undecided" else _colours(found)[state][min(int(3 * size / limit), 2)]


def win_plot(found: WinMap, lang: str):
    """The map over two traits: colours where a policy wins, grey where the runs do not decide; dots are the offices tried."""
    hv, pd = libraries()
    across, up = found.axes
    cells = len(across.cells)
    limit = max(map(abs, found.change)) or 1.0
    rows = []
    for place, (change, error, state) in enumerate(zip(found.change, found.error, found.state, strict=True)):
        column, line = place % cells, place // cells
        rows.append(
            {"left": column / cells, "bottom": line / cells, "right": (column + 1) / cells, "top": (line + 1) / cells,
             "colour": _cell_colour(found, state, abs(change), limit), "shown": spoken(found, change).of(lang),
             "span": ends(found, change, error).of(lang), "state": side_words(found, state).of(lang),
             "at": at_words(found, [across.cells[column], up.cells[line]]).of(lang)}
        )  # fmt: skip
    names = [text(name).of(lang) for name in ("numbers.change", "numbers.interval")]
    tool = hover([("", "@state"), ("", "@at"), *zip(names, ("@shown", "@span"), strict=True)])
    drawn = hv.Rectangles(
        pd.DataFrame(rows), ["left", "bottom", "right", "top"], ["colour", "shown", "span", "state", "at"]
    ).opts(color="colour", line_color="colour", line_width=1, tools=[tool])
    dots = (
        _points_table(found, lang)
        .hvplot.scatter("x", "y", hover=False)
        .opts(color="#ffffff", line_color=SOFT, size=5, line_width=1)
    )
    layers = drawn * dots
    here = [_share(axis, axis.today) for axis in found.axes]
    if all(0 <= place <= 1 for place in here):
        mark = pd.DataFrame({"x": [here[0]], "y": [here[1]], "words": [text("map.here").of(lang)], "above": [here[1] + 0.045]})
        layers *= mark.hvplot.scatter("x", "y", hover=False).opts(
            color=INK, marker="diamond", size=15, line_color="white", line_width=2
        )
        layers *= hv.Labels(mark, ["x", "above"], "words").opts(text_color=INK, text_font_size="12.5px", text_font_style="bold")
    return figure(
        layers.opts(
            xlim=(0, 1), ylim=(0, 1), xlabel=axis_name(across).of(lang), ylabel=axis_name(up).of(lang),
            xticks=_ticks(across, lang), yticks=_ticks(up, lang), show_legend=False,
        ),
        height=460, grid="", axis_line="",
    )  # fmt: skip


def curve(found: WinMap, lang: str):
    """The change over one trait with its band against zero; dots with bars are the offices tried."""
    hv, pd = libraries()
    (axis,) = found.axes
    table = pd.DataFrame({"x": [_share(axis, cell) for cell in axis.cells], "change": found.change, "error": found.error})
    table["low"], table["high"] = table["change"] - table["error"], table["change"] + table["error"]
    points = _points_table(found, lang)
    band = table.hvplot.area("x", "low", "high", color=PROPOSED, alpha=0.15, line_width=0, hover=False)
    line = table.hvplot.line("x", "change", color=PROPOSED, line_width=2.5, hover=False)
    bars = hv.Segments(points, ["x", "low", "x", "high"]).opts(color=TODAY, line_width=1.5, line_alpha=0.5)
    dots = points.hvplot.scatter("x", "change", hover_cols=["name", "shown", "error", "colour"], hover=False).opts(
        color="colour", size=8, line_color="white", line_width=1, tools=[_point_tool(lang)]
    )
    zero = hv.HLine(0).opts(color="#8b96a6", line_width=1.5)
    edge = max(frame[end].abs().max() for frame in (table, points) for end in ("low", "high"))
    places = np.linspace(-edge, edge, TICKS)
    return figure(
        (band * zero * bars * line * dots).opts(
            xlim=(0, 1), ylim=(-1.08 * edge, 1.08 * edge), xlabel=axis_name(axis).of(lang), ylabel="", show_legend=False,
            xticks=_ticks(axis, lang), yticks=[(float(place), spoken(found, float(place)).of(lang)) for place in places],
        ),
        height=340,
    )  # fmt: skip


def map_csv(found: WinMap) -> str:
    """The offices tried as CSV, numbers unrounded."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([*(axis.name for axis in found.axes), f"change_{found.measure}", "standard_error"])
    for point in found.points:
        writer.writerow([*point.at, point.change, point.error])
    return lines.getvalue()
