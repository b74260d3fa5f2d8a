"""Plots of the course of time: weeks, the funnel, the target period, and attainment person by person."""

from sim.experiment.report.both import percent, span, value
from sim.experiment.report.frame import PROPOSED, SOFT, TODAY, figure, hover, libraries, ticks
from sim.experiment.report.reading import headline
from sim.experiment.report.texts import text
from sim.experiment.verdict.verdict import Verdict

ARMS = (("a", TODAY), ("b", PROPOSED))
ATTAINMENT_COLOURS = ("#a3440a", "#cf6f2c", "#e9a26c", "#f6d3b4", "#f4f4f2", "#c4d8f2", "#8ab0e4", "#4f85d0", "#1d5bbf")


def weekly(verdict: Verdict, name: str, lang: str):
    """Weekly means of one quantity in both arms with their bands."""
    hv, pd = libraries()
    series = verdict.series[name]
    layers, tops, bottoms = [], [], []
    for arm, shade in ARMS:
        band = getattr(series, arm)
        table = pd.DataFrame({"week": range(1, len(band.mean) + 1), **band.model_dump()}).astype(float)
        table["shown"] = [value(x, series.unit).of(lang) for x in table["mean"]]
        table["span"] = [span(a, b, series.unit).of(lang) for a, b in zip(table["low"], table["high"], strict=True)]
        title = text("page.today_short" if arm == "a" else "page.proposed_short").of(lang)
        rows = [("", f"{title}, {text('time.weeks').of(lang)} @week"), (text("time.value").of(lang), "@shown")]
        tool = hover([*rows, (text("time.interval").of(lang), "@span")], line_policy="nearest", mode="vline")
        layers.append(table.hvplot.area("week", y="low", y2="high", color=shade, alpha=0.16, line_width=0, hover=False))
        line = table.hvplot.line("week", "mean", hover_cols=["shown", "span"], hover=False)
        layers.append(line.opts(color=shade, line_width=2.4, tools=[tool]))
        tops.append(table["high"].max())
        bottoms.append(table["low"].min())
    room = 0.08 * (max(tops) - min(bottoms)) or 1.0
    low, high = min(bottoms) - room, max(tops) + room
    low = 0.0 if 0 <= min(bottoms) <= 0.35 * max(tops) else low
    weeks = len(series.a.mean)
    return figure(
        hv.Overlay(layers).opts(
            xlim=(0.5, weeks + 0.5), ylim=(low, high), xlabel=text("time.weeks").of(lang), ylabel="", xticks=5,
            yticks=ticks(low, high, series.unit, lang, most=4),
        ),
        height=230,
    )  # fmt: skip


def funnel(verdict: Verdict, lang: str):
    """Counts from step to step: two bars a step, today's above, with the count and the share of the step before."""
    hv, pd = libraries()
    steps = verdict.funnel
    rows = []
    for arm, shade, up in (("a", TODAY, 0.38), ("b", PROPOSED, 0.0)):
        counts = getattr(steps, arm)
        for i, count in enumerate(counts):
            before = counts[i - 1] if i else None
            kept = percent(count / before, places=0).of(lang) if before and count is not None else "–"
            shown = value(count, "count").of(lang)
            rows.append(
                {"left": 0.0, "bottom": -i + up - 0.36, "right": count or 0.0, "top": -i + up, "colour": shade,
                 "name": headline(steps.titles[i]).of(lang), "shown": shown, "kept": kept, "middle": -i + up - 0.18,
                 "words": f"{shown} ({kept})" if i else shown}
            )  # fmt: skip
    table = pd.DataFrame(rows)
    tool = hover([("", "@name"), (text("time.count").of(lang), "@shown"), (text("time.of_step").of(lang), "@kept")])
    bars = hv.Rectangles(table, ["left", "bottom", "right", "top"], ["colour", "name", "shown", "kept"]).opts(
        color="colour", line_width=0, tools=[tool]
    )
    longest = float(table["right"].max()) or 1.0
    words = hv.Labels(table.assign(right=table["right"] + 0.02 * longest), ["right", "middle"], "words").opts(
        text_align="left", text_baseline="middle", text_font_size="11.5px", text_color=SOFT
    )
    names = [(-i, headline(title).of(lang)) for i, title in enumerate(steps.titles)]
    return figure(
        (bars * words).opts(
            xlim=(0, longest * 1.55), ylim=(-len(names) + 0.5, 0.5),
            xlabel="", ylabel="", yticks=names, xaxis=None,
        ),
        height=30 + 46 * len(names), grid="", axis_line="",
    )  # fmt: skip


def profile(verdict: Verdict, lang: str):
    """Share of wins by how much of the target period has passed."""
    hv, pd = libraries()
    wins, leads = verdict.profile.wins, verdict.profile.new_leads
    bins = max(len(wins.a), len(wins.b))
    layers = [hv.Curve([(0, 1 / bins), (1, 1 / bins)]).opts(color="#8b96a6", line_dash="dashed", line_width=1.5)]
    top = 0.0
    for arm, shade in ARMS:
        table = pd.DataFrame({"wins": getattr(wins, arm), "leads": getattr(leads, arm)}).astype(float)
        table["elapsed"] = [(i + 0.5) / len(table) for i in range(len(table))]
        table["shown"] = [percent(x).of(lang) for x in table["wins"]]
        table["arrived"] = [percent(x).of(lang) for x in table["leads"]]
        table["part"] = [span(i / len(table), (i + 1) / len(table), "share").of(lang) for i in range(len(table))]
        title = text("page.today_short" if arm == "a" else "page.proposed_short").of(lang)
        rows = [("", f"{title}, @part"), (text("time.wins_share").of(lang), "@shown")]
        tool = hover([*rows, (text("time.leads_share").of(lang), "@arrived")])
        ends = [i / len(table) for i in range(len(table) + 1)]
        edges = pd.DataFrame({"elapsed": ends, "wins": [*table["wins"], table["wins"].iat[-1]]})
        layers.append(edges.hvplot.step("elapsed", "wins", where="post", color=shade, line_width=2.6, hover=False))
        dots = table.hvplot.scatter("elapsed", "wins", hover_cols=["shown", "arrived", "part"], hover=False)
        layers.append(dots.opts(color=shade, size=10, alpha=0, hover_alpha=1, tools=[tool]))
        top = max(top, table["wins"].max())
    return figure(
        hv.Overlay(layers).opts(
            xlim=(0, 1), ylim=(0, top * 1.12), xlabel=text("time.profile_x").of(lang), ylabel="",
            xticks=[(x / 4, f"{25 * x}%") for x in range(5)], yticks=ticks(0, top * 1.12, "share", lang, most=4),
        ),
        height=260,
    )  # fmt: skip


def attainment(verdict: Verdict, arm: str, lang: str):
    """Attainment of each person in each target period of one arm; cells without a target stay empty."""
    hv, pd = libraries()
    rows = getattr(verdict.attainment, arm)
    table = pd.DataFrame(
        [
            {"period": p + 1, "person": i + 1, "attained": cell, "shown": percent(cell).of(lang)}
            for i, row in enumerate(rows)
            for p, cell in enumerate(row)
            if cell is not None
        ]
    )
    periods = max(len(row) for row in rows)
    person, period = text("time.person").of(lang), text("time.period").of(lang)
    tool = hover([("", f"{person} @person, {period} @period"), (text("time.attained").of(lang), "@shown")])
    # Cells are rectangles on numeric axes: a categorical axis would write one label for each of fifty people.
    cells = hv.Rectangles(
        table.assign(left=table["period"] - 0.5, top=table["person"] - 0.5,
                     right=table["period"] + 0.5, bottom=table["person"] + 0.5),
        ["left", "top", "right", "bottom"], ["attained", "person", "period", "shown"],
    )  # fmt: skip
    drawn = cells.opts(
        color="attained", cmap=list(ATTAINMENT_COLOURS), clim=(0.4, 1.6), line_color="white", line_width=0.6, tools=[tool],
        xlim=(0.5, periods + 0.5), ylim=(0.5, len(rows) + 0.5), invert_yaxis=True, xlabel=period, ylabel=person,
        xticks=_whole(periods), yticks=_whole(len(rows)),
    )  # fmt: skip
    return figure(drawn, height=min(90 + 9 * len(rows), 560), grid="", axis_line="")


def _whole(last: int) -> list[int]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if last / s <= 8)
    return sorted({1, *range(step, last + 1, step)})
