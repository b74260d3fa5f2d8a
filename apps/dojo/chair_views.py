"""The figures of a quarter as views: tiles, each rep, what was decided, and the course of the margin."""

import panel as pn
from markupsafe import Markup, escape

from apps.dojo.words import money
from policies.words.vocabulary import CHOICES, CHOICES_OF
from scenarios.chair.decision import Decision
from scenarios.chair.quarter import Quarter
from sim.experiment.report.frame import FONT, LINE, PROPOSED, SOFT, TODAY

_MONEY = ("gross_margin", "open_value")
_TILES = ("gross_margin", "wins", "open_deals", "open_value", "idle_deals", "frozen_deals", "alerts", "quits")


def tiles(say, quarter: Quarter) -> str:
    """Present figures of the person, with the automatic manager's below."""
    monday = quarter.mondays[-1]
    return f"<div class='tiles'>{''.join(_tile(say, name, monday) for name in _TILES)}</div>"


def _tile(say, name: str, monday) -> str:
    mine, theirs = getattr(monday.person, name), getattr(monday.automatic, name)
    shown = [money(say.language, each, signed=False) if name in _MONEY else f"{each:g}" for each in (mine, theirs)]
    return Markup("<div class='tile'><span>{}</span><b>{}</b><small>{}: {}</small></div>").format(
        say(f"chair.{name}"), shown[0], say("chair.automatic"), shown[1]
    )


def reps(say, quarter: Quarter) -> str:
    """Each rep of the person's office: attained against target in the running period."""
    heads = "".join(f"<th>{escape(say(f'chair.{name}'))}</th>" for name in ("rep", "attained", "open_deals", "coached"))
    rows = "".join(_rep(say, rep) for rep in quarter.mondays[-1].person.reps)
    return f"<h3>{escape(say('chair.reps'))}</h3><div class='scroll'><table><tr>{heads}</tr>{rows}</table></div>"


def _rep(say, rep) -> str:
    name = f"{rep.name} · {say('chair.team')} {rep.team}" + (f" ({say('chair.vacant')})" if rep.vacant else "")
    share = 100 * rep.attained / rep.target if rep.target else 0
    amounts = money(say.language, rep.attained, signed=False)
    if rep.target:
        amounts += f" / {money(say.language, rep.target, signed=False)}"
    return Markup(
        "<tr><td>{}</td><td style='min-width:110px'>{}<div class='meter {}'><i style='width:{:.0f}%'></i></div></td>"
        "<td class='number'>{}</td><td class='number'>{:.1f}</td></tr>"
    ).format(name, amounts, "good" if share >= 100 else "", min(share, 100), rep.open_deals, rep.coached_hours)


def log(say, quarter: Quarter) -> str:
    """Weeks on which something was changed."""
    rows = [
        Markup("<li>{} {}: {}</li>").format(say("chair.when"), week + 1, decided_words(say, decision))
        for week, decision in enumerate(quarter.decisions)
        if not decision.empty
    ]
    return f"<h3>{escape(say('chair.log'))}</h3><ul class='known'>{''.join(rows)}</ul>"


def decided_words(say, decision: Decision) -> str:
    """A decision in words, such as: Targets are set: weekly."""
    colon = {"en": ": ", "zh": "："}[say.language]
    parts = [
        f"{say(f'chair.{name}')}{colon}{_value_words(say, name, value)}"
        for name, value in decision.model_dump(exclude_none=True).items()
    ]
    return {"en": "; ", "zh": "；"}[say.language].join(parts)


def _value_words(say, name: str, value) -> str:
    if isinstance(value, str):
        path = {"cadence": "targets.cadence", "routing": "routing.method"}[name]
        return (CHOICES | CHOICES_OF.get(path, {}))[value][("en", "zh").index(say.language)]
    return f"{value:g}"


def chart(say, quarter: Quarter) -> pn.pane.Bokeh:
    """Gross margin of both managers, Monday by Monday."""
    from bokeh.models import ColumnDataSource, CustomJSTickFormatter, HoverTool, Range1d
    from bokeh.plotting import figure

    weeks = [monday.week for monday in quarter.mondays]
    drawn = figure(
        height=230,
        sizing_mode="stretch_width",
        toolbar_location=None,
        x_range=Range1d(start=0, end=quarter.weeks),
        min_border_left=8,
    )
    for who, colour in (("automatic", TODAY), ("person", PROPOSED)):
        values = [getattr(monday, who).gross_margin for monday in quarter.mondays]
        words = [money(say.language, value, signed=False) for value in values]
        label = say("chair.you" if who == "person" else "chair.automatic")
        source = ColumnDataSource({"week": weeks, "value": values, "words": words, "who": [label] * len(weeks)})
        drawn.line("week", "value", source=source, color=colour, line_width=2.5, legend_label=label)
        drawn.scatter("week", "value", source=source, color=colour, size=6)
    drawn.add_tools(HoverTool(tooltips=[("", "@who"), (say("chair.when"), "@week"), ("", "@words")]))
    drawn.legend.location = "top_left"
    drawn.legend.update(label_text_font=FONT, border_line_color=None, background_fill_alpha=0.6)
    drawn.yaxis.formatter = CustomJSTickFormatter(code=_AXIS[say.language])
    for axis in (drawn.xaxis, drawn.yaxis):
        axis.update(major_label_text_font=FONT, major_label_text_color=SOFT, axis_line_color=LINE, minor_tick_line_color=None)
    drawn.update(outline_line_color=None, border_fill_color=None)
    drawn.grid.grid_line_color = LINE
    return pn.pane.Bokeh(drawn, sizing_mode="stretch_width")


_AXIS = {"en": "return (tick / 1000).toLocaleString() + ' k'", "zh": "return (tick / 10000).toLocaleString() + ' 万'"}
