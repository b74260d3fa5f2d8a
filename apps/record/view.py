"""A description as a page shows it: sentences, places for plots, tables, and what cannot be said."""

from collections.abc import Set

from markupsafe import Markup

from apps.pages.illustrated import place_of
from apps.pages.stacked import stacked
from coach.describing.description import Measured, Row, Section
from coach.describing.page import recorded
from coach.describing.plots import UNITS
from sim.experiment.report.both import span, value


def body(say, description, plots: Set[str]) -> Markup:
    """Everything, in the language of `say`. `plots`: names of quantities that have one."""
    links = Markup(" · ").join(
        Markup("<a href='#{}' data-to='{}'>{}</a>").format(each.name, each.name, say.both(each.title))
        for each in description.sections
    )
    sections = Markup("").join(_section(say, each, plots) for each in description.sections)
    return Markup("<p class='note'>{}</p><p class='contents'>{}</p>{}").format(say.both(recorded(description)), links, sections)


def _section(say, section: Section, plots: Set[str]) -> Markup:
    findings = _lines(say, section.findings, Markup("<p class='lead'>{}</p>"))
    unsaid = Markup("")
    if section.unsaid:
        listed = _lines(say, section.unsaid, Markup("<li>{}</li>"))
        unsaid = Markup("<div class='callout'><p>{}</p><ul>{}</ul></div>").format(say("record.unsaid"), listed)
    measured = Markup("").join(_measured(say, each, each.name in plots) for each in section.measured)
    return Markup("<section class='card' data-section='{}'><h2>{}</h2>{}<div class='figures'>{}</div>{}</section>").format(
        section.name, say.both(section.title), findings, measured, unsaid
    )


def _lines(say, words, line: Markup) -> Markup:
    return Markup("").join(line.format(_sentence(say, say.both(each))) for each in words)


def _sentence(say, text: str) -> str:
    """With a capital at its beginning and a full stop at its end, as a page writes it; findings come without, for lists."""
    stop = {"en": ".", "zh": "。"}[say.language]
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "。")) else stop)


def _measured(say, measured: Measured, is_drawn: bool) -> Markup:
    plot = place_of(measured.name) if is_drawn else Markup("")
    table = Markup("") if is_drawn and measured.form == "curve" else _table(say, measured)
    if table and is_drawn:
        table = Markup("<details><summary>{}</summary>{}</details>").format(say("record.numbers"), table)
    return Markup("<figure><h3>{}</h3>{}{}</figure>").format(say.both(measured.title), plot, table)


def _table(say, measured: Measured) -> Markup:
    heads = [say(f"record.{name}") for name in ("value", "interval", "cases")]
    rows = [(say.both(each.label), _cells(say, each, UNITS[measured.unit])) for each in measured.rows]
    return stacked(say.both(measured.about), heads, rows)


def _cells(say, row: Row, unit: str) -> list[str]:
    unsure = row.low is None or row.high is None
    interval = "–" if unsure else span(row.low, row.high, unit).of(say.language)
    return [value(row.value, unit).of(say.language), interval, f"{row.cases:,}"]
