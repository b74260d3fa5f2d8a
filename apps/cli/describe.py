"""`rehearse describe`: what a store's record says of the firm, and what it cannot say."""

import click

from apps.cli.base import Command, common, option
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, writing
from apps.cli.score import instant
from apps.cli.texts import pick, say, spoken

MOST_ROWS = 14


@click.command("describe", cls=Command)
@click.argument("store", metavar="STORE")
@option("--at", text="option.forecast_at")
@option("--html", type=click.Path(dir_okay=False))
@common()
def describe_store(store, at, html, json_file):
    """Describe, show sentences and tables, write the page and the JSON."""
    from coach.describing.describe import describe
    from coach.describing.spans import last_recorded
    from coach.forecasting.words import ends_before
    from coach.store import Store

    opened = Store.open(store, create=False)
    try:
        until = instant(at, opened.calendar.zone)
        last = last_recorded(opened, instant(None, opened.calendar.zone))
        found = describe(opened, min(until, last))
    finally:
        opened.close()
    ended = None if at is None else ends_before(last, until, found.zone)
    if ended is not None:
        show_text(spoken(ended))
    for section in found.sections:
        show_section(section)
    if html:
        from coach.describing.page import write_description

        with writing(html):
            write_description(found, html, language.get())
        show_text(f"{say('written')} {html}")
    write_json(json_file, found.document())


def show_section(section) -> None:
    """A section's sentences, its tables of groups, and what cannot be said; curves stand on the page."""
    show_text("")
    show_text(pick(section.title.en, section.title.zh))
    for each in section.findings:
        show_text(f"  {pick(each.en, each.zh)}")
    for each in section.measured:
        if each.form == "bars":
            console().print(_table(each))
    for each in section.unsaid:
        show_text(f"  {say('describe.unsaid')} {pick(each.en, each.zh)}")


def _table(measured):
    from coach.describing.plots import UNITS
    from sim.experiment.report.both import span, value

    unit, lang = UNITS[measured.unit], language.get()
    keys = ("describe.value", "describe.interval", "describe.cases")
    shown = table(pick(*measured.title), pick(*measured.about), *(say(key) for key in keys))
    for row in measured.rows[:MOST_ROWS]:
        interval = "–" if row.low is None or row.high is None else span(row.low, row.high, unit).of(lang)
        shown.add_row(pick(*row.label), value(row.value, unit).of(lang), interval, f"{row.cases:,}")
    return shown
