"""One or two settings of a policy over a range: a curve or a map of the effect, on one self-contained page."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.report.both import Both, percent, span, value
from sim.experiment.report.frame import INK, colour, embedded, figure, hover, libraries, ticks
from sim.experiment.report.page import data_link, write_html
from sim.experiment.report.reading import word
from sim.experiment.report.texts import text
from sim.experiment.statistics.stopping import FEWEST_WORLDS
from sim.experiment.verdict.verdict import Effect, Estimate, Text

if TYPE_CHECKING:
    from sim.experiment.running.sweep import Point

MAP_COLOURS = ("#d98a50", "#ecbd97", "#f8e6d8", "#f4f4f2", "#d3e9e6", "#9dcdc7", "#57a99f")
NEUTRAL_COLOURS = ("#8a94a3", "#b4bbc6", "#dde1e7", "#f4f4f2", "#d9e5f7", "#a8c4ec", "#6c9adb")


def write_sweep_page(
    points: Sequence["Point"],
    path: str | Path,
    lang: str = "en",
    *,
    policy: Text,
    scenario: Text,
    confidence: float,
    command: Sequence[str],
) -> Path:
    """Write the page of a sweep.

    Parameters
    ----------
    points : the combinations tried, all over the same one or two settings
    path : the HTML file to write; its folder is made where it is missing
    lang : "en" or "zh", the language shown first
    policy, scenario : titles of the policy as it stands and of the office
    confidence : with which all intervals hold together
    command : the words of the command line that gives this sweep again

    Returns
    -------
    The path written. No points, more than two settings or an unknown language is a ValueError.
    """
    settings = tuple(points[0].values) if points else ()
    if len(settings) not in (1, 2):
        raise ValueError(f"a sweep page shows one or two settings, not {len(settings)}")
    draw = curve if len(settings) == 1 else effect_map
    charts = {"sweep": partial(draw, points)} if _rows(points, lang) else {}
    view = {
        "rows": [(Both(values_of(point), values_of(point)), point.effect, interval(point.effect)) for point in points],
        "settings": settings,
        "effect": points[0].effect,
        "policy": Both(policy.en, policy.zh),
        "scenario": Both(scenario.en, scenario.zh),
        "confidence": percent(confidence, trim=True),
        "sentence": sentence(points),
        "basis": basis(points),
        "caution": caution(points),
        "notes": notes(points),
        "command": list(command),
        "csv_link": data_link("text/csv;charset=utf-8", "\ufeff" + sweep_csv(points)),
        "shown": set(charts),
    }
    return write_html("sweep.html", path, lang, embedded(charts), view)


def values_of(point: "Point") -> str:
    """The values of a point as somebody would say them."""
    return ", ".join(point.values.values())


def best(points: Sequence["Point"]) -> "Point | None":
    """The largest gain that is beyond chance; None where no value is, or where neither direction is better."""
    gains = [
        (point.effect.direction * point.effect.difference, point)
        for point in points
        if point.effect.call == "better" and point.effect.difference is not None
    ]
    return max(gains, key=itemgetter(0))[1] if gains else None


def sentence(points: Sequence["Point"]) -> Both:
    """What the sweep comes to, in a sentence that can be repeated."""
    effect, top = points[0].effect, best(points)
    kind = "sweep.values" if len(points[0].values) == 1 else "sweep.combinations"
    about = {
        "tried": text(kind, n=len(points), settings=" × ".join(points[0].values)),
        "metric": Both(effect.title.en.lower(), effect.title.zh),
    }
    if effect.direction == 0:
        return text("sweep.neutral", **about)
    if top is None:
        return text("sweep.none", **about)
    return text("sweep.best", values=values_of(top), change=_change(top.effect), ends=_ends(top.effect), **about)


def basis(points: Sequence["Point"]) -> Both:
    """How much was simulated for each value."""
    pairs, worlds = ([getattr(point, name) for point in points] for name in ("pairs", "worlds"))
    return text("sweep.basis", pairs=_from_to(pairs), worlds=_from_to(worlds))


def _from_to(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low}–{high}"


def caution(points: Sequence["Point"]) -> Both | None:
    """What is to be said of a sweep over so few worlds that its intervals are rough."""
    return text("sweep.few", n=FEWEST_WORLDS) if min(point.worlds for point in points) < FEWEST_WORLDS else None


def notes(points: Sequence["Point"]) -> list[Both]:
    """What is to be said of the runs, each once."""
    return [Both(note.en, note.zh) for note in dict.fromkeys(note for point in points for note in point.notes)]


def interval(effect: Effect) -> Estimate:
    """The change in the metric's unit."""
    return Estimate(value=effect.difference, low=effect.low, high=effect.high)


def _change(effect: Effect) -> Both:
    return value(effect.difference, effect.unit, signed=True, difference=True)


def _ends(effect: Effect) -> Both:
    return span(effect.low, effect.high, effect.unit, signed=True, difference=True)


def _rows(points: Sequence["Point"], lang: str) -> list[dict]:
    """What the plots need of each point that has an interval."""
    rows = []
    for place, point in enumerate(points):
        effect = point.effect
        if None not in (effect.difference, effect.low, effect.high):
            rows.append(
                {"place": place, "name": values_of(point), "value": effect.difference, "low": effect.low, "high": effect.high,
                 "colour": colour(effect.call), "shown": _change(effect).of(lang), "span": _ends(effect).of(lang),
                 "call": word(effect).of(lang)}
            )  # fmt: skip
    return rows


def _tool(lang: str):
    names = [text(name).of(lang) for name in ("numbers.change", "numbers.interval", "numbers.call")]
    return hover([("", "@name"), *zip(names, ("@shown", "@span", "@call"), strict=True)])


def curve(points: Sequence["Point"], lang: str):
    """The effect of each value with its interval, against the policy as it stands."""
    hv, pd = libraries()
    table = pd.DataFrame(_rows(points, lang))
    unit = points[0].effect.unit
    ends = [0.0, *table["low"], *table["high"]]
    room = 0.1 * ((max(ends) - min(ends)) or 1.0)
    low, high = min(ends) - room, max(ends) + room
    zero = hv.HLine(0).opts(color="#8b96a6", line_width=1.5)
    bars = hv.Segments(table, ["place", "low", "place", "high"], ["colour"]).opts(color="colour", line_width=9, line_alpha=0.35)
    line = table.hvplot.line("place", "value", color="#a9b4c3", line_width=1.5, hover=False)
    dots = table.hvplot.scatter("place", "value", hover_cols=["name", "shown", "span", "call", "colour"], hover=False).opts(
        color="colour", size=13, line_color="white", line_width=2, tools=[_tool(lang)]
    )
    names = [(place, values_of(point)) for place, point in enumerate(points)]
    return figure(
        (zero * line * bars * dots).opts(
            xlim=(-0.6, len(points) - 0.4), ylim=(low, high), xlabel=next(iter(points[0].values)), ylabel="",
            xticks=names[:: max(1, -(-len(names) // 8))], yticks=ticks(low, high, unit, lang, difference=True, signed=True),
        ),
        height=340,
    )  # fmt: skip


def effect_map(points: Sequence["Point"], lang: str):
    """The effect over two settings, one cell a combination; cells that are not beyond chance show a ring."""
    hv, pd = libraries()
    across, up = points[0].values
    columns, lines = ([*dict.fromkeys(point.values[name] for point in points)] for name in (across, up))
    rows = _rows(points, lang)
    for row in rows:
        point = points[row["place"]]
        x, y = columns.index(point.values[across]), lines.index(point.values[up])
        relative = point.effect.relative.value
        size = row["shown"] if relative is None else percent(relative, signed=True).of(lang)
        words = size if point.effect.call in ("better", "worse", "higher", "lower") else f"{size}\n○"
        row |= {"x": x, "y": y, "left": x - 0.5, "right": x + 0.5, "bottom": y - 0.5, "top": y + 0.5, "words": words}
    table = pd.DataFrame(rows)
    table["gain"] = table["value"] * (points[0].effect.direction or 1)
    limit = float(table["gain"].abs().max()) or 1.0
    cells = hv.Rectangles(table, ["left", "bottom", "right", "top"], ["gain", "name", "shown", "span", "call"]).opts(
        color="gain",
        cmap=list(MAP_COLOURS if points[0].effect.direction else NEUTRAL_COLOURS),
        clim=(-limit, limit),
        line_color="white",
        line_width=2,
        tools=[_tool(lang)],
    )
    words = hv.Labels(table, ["x", "y"], "words").opts(text_color=INK, text_font_size="12px", text_font_style="bold")
    return figure(
        (cells * words).opts(
            xlim=(-0.5, len(columns) - 0.5), ylim=(-0.5, len(lines) - 0.5), xlabel=across, ylabel=up,
            xticks=list(enumerate(columns)), yticks=list(enumerate(lines)),
        ),
        height=90 + 56 * len(lines), grid="", axis_line="",
    )  # fmt: skip


def sweep_csv(points: Sequence["Point"]) -> str:
    """All points as CSV, one row each, numbers unrounded."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    settings = list(points[0].values)
    writer.writerow([*settings, "difference", "low", "high", "relative", "p_adjusted", "call", "pairs", "worlds", "stopped"])
    for point in points:
        e = point.effect
        writer.writerow(
            [*(point.values[name] for name in settings), e.difference, e.low, e.high, e.relative.value, e.p_adjusted, e.call,
             point.pairs, point.worlds, point.stopped]
        )  # fmt: skip
    return lines.getvalue()
