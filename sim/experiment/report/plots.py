"""Plots of the effect, its certainty, its costs and its drivers: from a verdict and a language to a Bokeh figure."""

from operator import itemgetter

from sim.experiment.report.both import MINUS, percent, span, value
from sim.experiment.report.frame import (
    BETTER,
    INK,
    PROPOSED,
    SOFT,
    TODAY,
    WORSE,
    colour,
    figure,
    hover,
    libraries,
    ticks,
)
from sim.experiment.report.reading import activity, headline, side
from sim.experiment.report.texts import text
from sim.experiment.verdict.verdict import Estimate, Verdict


def effect_rows(verdict: Verdict, lang: str) -> tuple[list[tuple[str, Estimate, int]], str, bool]:
    """What the first plot shows from the top: (name, interval, direction), the unit, whether shares turn into points."""
    money = verdict.costs.money_per_month
    if money is not None:
        rows = (("effect.net", money.net, 1), ("effect.gross", money.gross_margin, 1), ("effect.hours", money.hours, -1))
        return [(text(name).of(lang), estimate, direction) for name, estimate, direction in rows], "money", False
    effect = verdict.metrics[verdict.metric]
    estimate = Estimate(value=effect.difference, low=effect.low, high=effect.high)
    return [(getattr(effect.title, lang), estimate, effect.direction)], effect.unit, True


def effect(verdict: Verdict, lang: str):
    """The effect as intervals against zero."""
    rows, unit, difference = effect_rows(verdict, lang)
    return intervals(rows, unit, lang, difference=difference)


def intervals(rows: list[tuple[str, Estimate, int]], unit: str, lang: str, *, difference: bool, row_height: int = 66):
    """Named intervals against a zero line, the first on top, with their values written above the dots."""
    hv, pd = libraries()
    kept = [(name, e, d) for name, e, d in rows if None not in (e.value, e.low, e.high)]
    said = {"signed": True, "difference": difference, "trim": True}
    table = pd.DataFrame(
        [
            {"name": name, "place": -i, "value": e.value, "low": e.low, "high": e.high, "colour": colour(side(e, d)),
             "shown": value(e.value, unit, **said).of(lang), "span": span(e.low, e.high, unit, **said).of(lang)}
            for i, (name, e, d) in enumerate(kept)
        ]
    )  # fmt: skip
    ends = [0.0, *table["low"], *table["high"]]
    margin = 0.14 * ((max(ends) - min(ends)) or 1.0)
    low, high = min(ends) - margin, max(ends) + margin
    tool = hover([("", "@name"), (text("time.value").of(lang), "@shown"), (text("time.interval").of(lang), "@span")])
    bars = hv.Segments(table, ["low", "place", "high", "place"], ["colour"]).opts(color="colour", line_width=9, line_alpha=0.35)
    dots = table.hvplot.scatter("value", "place", hover_cols=["name", "shown", "span", "colour"], hover=False).opts(
        color="colour", size=13, line_color="white", line_width=2, tools=[tool]
    )
    words = hv.Labels(table.assign(above=table["place"] + 20 / row_height), ["value", "above"], "shown").opts(
        text_color=INK, text_font_size="12.5px", text_font_style="bold"
    )
    zero = hv.VLine(0).opts(color="#8b96a6", line_width=1.5)
    return figure(
        (zero * bars * dots * words).opts(
            xlim=(low, high), ylim=(-len(kept) + 0.5, 0.62), xlabel="", ylabel="", show_legend=False,
            yticks=list(zip(table["place"], table["name"], strict=True)),
            xticks=ticks(low, high, unit, lang, difference=difference, signed=True, most=4),
        ),
        height=44 + row_height * len(kept), grid="x", axis_line="",
    )  # fmt: skip


def worlds(verdict: Verdict, lang: str):
    """How the effect is spread over the worlds, the wrong side of zero in its own colour."""
    import numpy as np

    hv, pd = libraries()
    primary = verdict.metrics[verdict.metric]
    values = np.array([x for x in verdict.differences_by_world if x is not None], dtype=float)
    counts, edges = _bins(values)
    middles = (edges[:-1] + edges[1:]) / 2
    good = middles * (primary.direction or 1) > 0
    shades = (BETTER, WORSE) if primary.direction else (PROPOSED, TODAY)
    ends = list(zip(edges[:-1], edges[1:], strict=True))
    table = pd.DataFrame(
        {
            "left": edges[:-1],
            "right": edges[1:],
            "zero": 0,
            "count": counts,
            "colour": np.where(good, *shades),
            "span": [span(*pair, primary.unit, signed=True, difference=True).of(lang) for pair in ends],
        }
    )
    tool = hover([("", "@span"), (text("time.worlds").of(lang), "@count")])
    bars = hv.Rectangles(table, ["left", "zero", "right", "count"], ["colour", "span"]).opts(
        color="colour", line_color="white", line_width=1.5, tools=[tool]
    )
    zero = hv.VLine(0).opts(color=INK, line_width=1.5)
    room = 0.04 * (edges[-1] - edges[0])
    low, high = min(edges[0] - room, -room), max(edges[-1] + room, room)
    return figure(
        (bars * zero).opts(
            xlim=(low, high), ylim=(0, max(counts) * 1.12),
            xlabel=text("time.effect").of(lang), ylabel=text("time.worlds").of(lang),
            xticks=ticks(low, high, primary.unit, lang, difference=True, signed=True, most=4),
            yticks=[(int(x), label) for x, label in ticks(0, max(counts), "count", lang, most=4) if x == int(x)],
        ),
        height=250,
    )  # fmt: skip


def _bins(values):
    """Counts in bins of one width that have an edge at zero, so that no bar stands on both sides."""
    import numpy as np

    edges = np.histogram_bin_edges(values, bins="fd" if len(values) > 8 else "sturges")
    width = max(edges[1] - edges[0], (np.ptp(values) or 1.0) / 24)
    first, last = np.floor(values.min() / width), np.ceil(values.max() / width)
    return np.histogram(values, bins=np.arange(first, max(last, first + 1) + 1) * width)


def looks(verdict: Verdict, lang: str):
    """Half-width of the primary metric's interval at each look, against what was asked for."""
    hv, pd = libraries()
    unit = verdict.metrics[verdict.metric].unit
    table = pd.DataFrame([look.model_dump() for look in verdict.looks]).dropna()
    table["shown"] = [value(x, unit, difference=True).of(lang) for x in table["half_width"]]
    table["wanted"] = [value(x, unit, difference=True).of(lang) for x in table["target"]]
    names = [text(name).of(lang) for name in ("time.worlds", "time.half_width", "time.target")]
    tool = hover([("", f"{names[0]} @worlds"), (names[1], "@shown"), (names[2], "@wanted")])
    line = table.hvplot.line("worlds", "half_width", color=PROPOSED, line_width=2.5, hover=False)
    dots = table.hvplot.scatter("worlds", "half_width", hover_cols=["shown", "wanted"], hover=False).opts(
        color=PROPOSED, size=8, line_color="white", tools=[tool]
    )
    target = table.hvplot.line("worlds", "target", color=WORSE, line_width=1.5, line_dash="dashed", hover=False)
    top = float(table[["half_width", "target"]].max().max()) * 1.15
    first, last = float(table["worlds"].min()), float(table["worlds"].max())
    room = max(last - first, 2) * 0.06
    return figure(
        (target * line * dots).opts(
            xlim=(first - room, last + room), ylim=(0, top), xlabel=text("time.worlds").of(lang), ylabel="",
            xticks=[int(x) for x in table["worlds"][:: -(-len(table) // 6)]],
            yticks=ticks(0, top, unit, lang, difference=True, most=4),
        ),
        height=250,
    )  # fmt: skip


def hours(verdict: Verdict, lang: str):
    """Change of hours a month by activity against zero, the largest change first."""
    changes = [(e.title, Estimate(value=e.difference, low=e.low, high=e.high)) for e in verdict.costs.hours_per_month.values()]
    sized = [(abs(change.known[0]), title, change) for title, change in changes if change.known]
    sized.sort(key=itemgetter(0), reverse=True)
    rows = [(activity(title).of(lang), change, 0) for _, title, change in sized]
    return intervals(rows, "hours", lang, difference=True, row_height=44)


def drivers(verdict: Verdict, lang: str):
    """How closely the effect follows each named behaviour, against the band that chance alone fills."""
    hv, pd = libraries()
    named = verdict.drivers.named
    table = pd.DataFrame(
        {
            "name": [headline(driver.title).of(lang) for driver in named],
            "place": [-i for i in range(len(named))],
            "zero": 0.0,
            "correlation": [driver.correlation for driver in named],
            "shown": [f"{driver.correlation:+.2f}".replace("-", MINUS) for driver in named],
        }
    )
    chance = verdict.drivers.null_correlation or 0.0
    band = hv.VSpan(-chance, chance).opts(color="#e9edf2", line_width=0)
    tool = hover([("", "@name"), (text("drivers.correlation").of(lang), "@shown")])
    stems = hv.Segments(table, ["zero", "place", "correlation", "place"]).opts(color=PROPOSED, line_width=3)
    dots = table.hvplot.scatter("correlation", "place", hover_cols=["name", "shown"], hover=False).opts(
        color=PROPOSED, size=13, line_color="white", line_width=2, tools=[tool]
    )
    # The names are long: they stand above their lines, so that a narrow screen keeps the plot.
    names = hv.Labels(table.assign(start=-1.1, above=table["place"] + 0.4), ["start", "above"], "name").opts(
        text_align="left", text_color=SOFT, text_font_size="12.5px"
    )
    zero = hv.VLine(0).opts(color="#8b96a6", line_width=1.5)
    places = [(x, f"{x:g}".replace("-", MINUS)) for x in (-1, -0.5, 0, 0.5, 1)]
    return figure(
        (band * zero * stems * dots * names).opts(
            xlim=(-1.12, 1.12), ylim=(-len(table) + 0.6, 0.7), xlabel="", ylabel="", xticks=places, yaxis=None,
        ),
        height=44 + 50 * len(table), grid="", axis_line="",
    )  # fmt: skip


def shares(verdict: Verdict, lang: str):
    """How much of the spread between worlds comes from each assumption, alone (dark) and together with others (light)."""
    hv, pd = libraries()
    found = verdict.overturn.surrogate.influences if verdict.overturn else []
    table = pd.DataFrame(
        {
            "name": [headline(one.title).of(lang) for one in found],
            "place": [-i for i in range(len(found))],
            "zero": 0.0,
            "first": [one.first.value for one in found],
            "total": [max(one.total.value or 0.0, one.first.value or 0.0) for one in found],
            "alone": [percent(one.first.value, places=0).of(lang) for one in found],
            "together": [percent(one.total.value, places=0).of(lang) for one in found],
        }
    )
    names = [text(name).of(lang) for name in ("overturn.first", "overturn.total")]
    tool = hover([("", "@name"), *zip(names, ("@alone", "@together"), strict=True)])
    light = hv.Segments(table, ["zero", "place", "total", "place"], ["name", "alone", "together"]).opts(
        color=PROPOSED, line_width=14, line_alpha=0.25, tools=[tool]
    )
    dark = hv.Segments(table, ["zero", "place", "first", "place"]).opts(color=PROPOSED, line_width=14)
    words = hv.Labels(table.assign(above=table["place"] + 0.42), ["zero", "above"], "name").opts(
        text_align="left", text_color=SOFT, text_font_size="12.5px"
    )
    most = max(table["total"].max() * 1.08, 0.5)
    return figure(
        (light * dark * words).opts(
            xlim=(-0.03 * most, most), ylim=(-len(table) + 0.6, 0.8), xlabel="", ylabel="", yaxis=None,
            xticks=ticks(0, most, "share", lang, most=4),
        ),
        height=44 + 50 * len(table), grid="x", axis_line="",
    )  # fmt: skip
