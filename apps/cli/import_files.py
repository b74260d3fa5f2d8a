"""`rehearse import`: a CRM's files into a store, and what became of every row."""

import csv
import io
import sys
import time
from contextlib import ExitStack, contextmanager

import click

from apps.cli.base import Command, common, option
from apps.cli.output import console, show_text, table, tell, write_json, write_text
from apps.cli.progress import bar
from apps.cli.texts import pick, say, spoken

NAMED = 5


@click.command("import", cls=Command)
@click.argument("folder", metavar="FOLDER", type=click.Path())
@option("--mapping")
@option("--guess", "guessed", is_flag=True)
@option("--yes", "as_guessed", is_flag=True)
@option("--zone", metavar="NAME")
@option("--answer", "answers", multiple=True, metavar="KEY=VALUE")
@option("--keep", type=click.Path(dir_okay=False))
@option("--to", "store", required=True, text="option.import_to")
@option("--exported-at")
@option("--aside", type=click.Path(dir_okay=False))
@common()
def import_files(folder, mapping, guessed, as_guessed, zone, answers, keep, store, exported_at, aside, json_file):
    """Read, store in one transaction, tell the counts."""
    from coach.mapping.archives import unpacked
    from coach.mapping.importing import read_folder
    from coach.mapping.loader import load_mapping

    if guessed == bool(mapping):
        raise click.UsageError(say("import.mapping_or_guess"))
    if zone and mapping:
        raise click.UsageError(say("import.zone_of_mapping"))
    known = known_of(store)
    taken = {"now": time.time_ns() // 1_000_000, "exported_at": exported_at, "zone": known.get("zone") if exported_at else None}
    with unpacked(folder) as place:
        if guessed:
            from apps.cli.import_guess import settled

            said = {"zone": zone} if zone else {}
            answers = (*(f"{key}={value}" for key, value in (known | said).items()), *answers)
            chosen, reading = settled(place, folder, answers, taken, ask=not as_guessed)
        else:
            chosen = load_mapping(mapping)
            with shown_steps("progress.reading") as told:
                reading = read_folder(place, chosen, **taken, told=told)
    report = put_in_store(reading, chosen, store, aside, json_file)
    if not any(each.imported + each.repaired + each.unchanged for each in report.tables):
        click.echo(say("import.nothing"), err=True)
        sys.exit(1)
    if guessed:
        from apps.cli.import_guess import keep_mapping

        keep_mapping(chosen, keep, store)


def put_in_store(reading, chosen, store, aside, json_file):
    """Store what was read, and tell what became of it; the report."""
    from coach.mapping.importing import store_reading
    from coach.store import Store

    opened = Store.open(store)
    try:
        with shown_steps("progress.storing") as told:
            report = store_reading(reading, chosen, opened, told=told)
        calendar = opened.calendar
    finally:
        opened.close()
    told_report(report, store, calendar)
    if chosen.note.en:
        tell(pick(chosen.note.en, chosen.note.zh))
    for each in report.tables:
        if each.unused:
            tell(say("import.unused", table=each.name, columns=", ".join(each.unused)))
    if aside:
        write_text(aside, aside_csv(report))
        show_text(f"{say('written')} {aside}")
    write_json(json_file, report.document())
    return report


def told_report(report, store: str, calendar) -> None:
    """Tell what became of the rows, and how the store stands."""
    from coach.guessing.telling import STATES
    from coach.store.database import shown_place

    show_counts(report)
    show_reasons(report)
    tell_vanished(report)
    for value in report.unsaid:
        tell(say("import.unsaid", **value._asdict() | {"sounds": spoken(STATES[value.sounds])}))
    show_text(say("import.events", accepted=report.accepted, repeated=report.repeated))
    if report.units:
        show_text(say("import.units", units=report.units))
    if report.priced:
        show_text(say("store.priced", amounts=report.priced))
    tell_unpriced(report.unpriced, store)
    shown = shown_place(store)
    weekend = weekend_words(calendar)
    tell(say("import.zone", zone=calendar.zone, country=calendar.country, weekend=weekend, store=shown))
    tell(say("import.currency", currency=report.currency) if report.currency else say("import.no_currency", store=shown))


def weekend_words(calendar) -> str:
    """The days of the week on which a calendar rests."""
    from coach.describing.rhythm import WEEKDAYS
    from policies.time.countries import DAYS

    names = [spoken(WEEKDAYS[DAYS.index(day)]) for day in calendar.weekend]
    return pick(" and ", "、").join(names) or pick("none", "无")


@contextmanager
def shown_steps(title: str):
    """Yields what is told of the steps of an import, which moves a bar where somebody looks on. Who interrupts it reads that
    nothing was stored."""
    with ExitStack() as stack:
        advance = stack.enter_context(bar(say(title), None)) if sys.stderr.isatty() else None
        try:
            yield lambda step: advance(step.done, step.of) if advance is not None else None
        except KeyboardInterrupt:
            click.echo(say("import.stopped"), err=True)
            raise


def known_of(place: str) -> dict[str, str]:
    """The time zone of a store in which dates are typed, and its currency, as answers to a guess; none where there is no store
    yet."""
    from coach.guessing.kept import known_by
    from coach.problems import CoachError
    from coach.store import Store

    try:
        opened = Store.open(place, create=False)
    except CoachError:
        return {}  # the import makes the store, or tells what is wrong with it
    try:
        return known_by(opened)
    finally:
        opened.close()


def show_counts(report) -> None:
    """Rows by table and by what became of them."""
    from coach.mapping.remarks import FATES

    shown = table(None, say("import.table"), *map(spoken, FATES.values()))
    for each in report.tables:
        shown.add_row(each.name, *(f"{getattr(each, name):,}" for name in FATES))
    console().print(shown)


def show_reasons(report) -> None:
    """Repairs and reasons with their numbers of rows."""
    from coach.mapping.remarks import FATES

    reasons = report.reasons()
    if not reasons:
        return
    shown = table(None, say("import.table"), spoken(FATES["rows"]), "", say("import.what"))
    for column in shown.columns[2:]:
        column.justify = "left"
    for name, aside, en, zh, rows in reasons:
        shown.add_row(name, f"{rows:,}", say("import.set_aside" if aside else "import.done"), pick(en, zh))
    console().print(shown)


def tell_vanished(report) -> None:
    """Records whose rows are gone from a later export; they stay as they are."""
    if not report.vanished:
        return
    titles = [pick(each.title["en"], each.title["zh"]) for each in report.vanished]
    more = say("import.more", count=len(titles) - NAMED) if len(titles) > NAMED else ""
    tell(say("import.vanished", count=len(titles), titles=", ".join(titles[:NAMED]) + more))


def tell_unpriced(unpriced, store: str) -> None:
    """Amounts in the store that no rate turns into the firm's currency."""
    from coach.store.database import shown_place

    if not unpriced:
        return
    told = "; ".join(say("store.unpriced_in", **each._asdict()) for each in unpriced)
    tell(say("store.unpriced", store=shown_place(store), told=told))


def aside_csv(report) -> str:
    """Every remark as a line; a BOM, so that Excel reads it as UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = ("table", "file", "row", "column", "found", "set_aside", "what")
    writer.writerow([say(f"import.{name}") for name in names])
    for each in report.remarks:
        aside = say("import.set_aside" if each.set_aside else "import.done")
        writer.writerow([each.table, each.file, each.row, each.column, inert(each.found), aside, pick(each.en, each.zh)])
    return "\ufeff" + stream.getvalue()


def inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
