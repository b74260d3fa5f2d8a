"""`rehearse store`: upgrade, back up, restore and check a store, and list its likely duplicates."""

import click

from apps.cli.base import Command, Group, common, option
from apps.cli.errors import CHECK_FAILED, BadInput
from apps.cli.import_files import tell_unpriced, weekend_words
from apps.cli.output import console, show_text, table, write_json
from apps.cli.progress import bar
from apps.cli.texts import pick, say


@click.group("store", cls=Group, no_args_is_help=True)
@common()
def store(json_file):  # noqa: ARG001 -- each command below writes its own
    """Help stands in the catalogue of texts."""


@store.command("zone", cls=Command)
@click.argument("place", metavar="STORE")
@click.argument("name", metavar="ZONE")
@option("--country", text="option.country")
@common()
def zone_of_store(place, name, country, json_file):
    """Set the time zone in which the firm's dates are typed and shown, and whose holidays hold."""
    from pydantic import ValidationError

    from coach.store import Store
    from policies.time.countries import country_of

    opened = Store.open(place, create=False)
    try:
        try:
            calendar = opened.calendar.in_zone(name, country and country.upper())
        except (ValidationError, NotImplementedError) as problem:
            wrong_country = country and "zone" not in str(problem)
            raise BadInput(say("error.country", name=country) if wrong_country else say("error.zone", name=name)) from None
        opened.set_calendar(calendar)
    finally:
        opened.close()
    show_text(say("store.zone_set", zone=name, country=calendar.country, weekend=weekend_words(calendar)))
    if country is None and country_of(name) is None:
        show_text(say("store.zone_of_no_country"))
    write_json(json_file, {"zone": name, "country": calendar.country, "weekend": list(calendar.weekend)})


@store.command("currency", cls=Command)
@click.argument("place", metavar="STORE")
@click.argument("code", metavar="CODE")
@common()
def currency_of_store(place, code, json_file):
    """Say which currency the firm's is; amounts that waited for that get their price."""
    from coach.money import is_code
    from coach.store.rates import set_firm_currency

    if not is_code(code):
        raise BadInput(say("error.currency", code=code))
    told = _priced(place, lambda connection: set_firm_currency(connection, code))
    show_text(say("store.currency_set", currency=code))
    _tell_prices(told, place)
    write_json(json_file, {"currency": code, **told.document()})


@store.command("rates", cls=Command)
@click.argument("place", metavar="STORE")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False))
@common()
def rates_of_store(place, file, json_file):
    """Take dated rates; amounts that waited for them get their price."""
    from coach.mapping.rates import read_rates
    from coach.store.rates import add_rates

    rates = read_rates(file)
    told = _priced(place, lambda connection: add_rates(connection, rates))
    show_text(say("store.rates_added", new=told.done.new, changed=told.done.changed, same=told.done.same))
    _tell_prices(told, place)
    write_json(json_file, {**told.done._asdict(), **told.document()})


@store.command("signals", cls=Command)
@click.argument("place", metavar="STORE")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False))
@common()
def signals_of_store(place, file, json_file):
    """Take demand seen outside: a CSV file with customer, date, tenders, hiring."""
    from coach.rules.service import Service
    from coach.signals.flagging import flag_false_prosperity
    from coach.signals.outside import read_signals, take
    from coach.store import Store

    signals = read_signals(file)
    opened = Store.open(place, create=False)
    try:
        service = Service(opened)
        taken = take(service, signals, "command")
        flags = flag_false_prosperity(service)
    finally:
        opened.close()
    show_text(say("store.signals_taken", recorded=taken.recorded, repeated=taken.repeated, flags=flags))
    for position, why in taken.refused:
        show_text(say("store.signal_refused", row=position + 2, why=pick(why.en, why.zh)))
    write_json(json_file, {"recorded": taken.recorded, "repeated": taken.repeated, "flags": flags})


def _priced(place, change):
    from coach.store import Store
    from coach.store.later_prices import priced_after

    opened = Store.open(place, create=False)
    try:
        return priced_after(opened, change)
    finally:
        opened.close()


def _tell_prices(told, place: str) -> None:
    if told.priced:
        show_text(say("store.priced", amounts=told.priced))
    tell_unpriced(told.unpriced, place)


@store.command("upgrade", cls=Command)
@click.argument("place", metavar="STORE")
@common()
def upgrade_store(place, json_file):
    """Bring it to the present layout."""
    from coach.store import tables
    from coach.store.database import engine_of
    from coach.store.layout import upgrade

    engine = engine_of(place, create=False)
    try:
        was, copy = upgrade(engine)
    finally:
        engine.dispose()
    key = "store.is_present" if was == tables.SCHEMA_VERSION else "store.upgraded"
    show_text(say(key, was=was, layout=tables.SCHEMA_VERSION))
    if copy is not None:
        show_text(say("store.copy", file=copy))
    write_json(json_file, {"was": was, "layout": tables.SCHEMA_VERSION, "copy": None if copy is None else str(copy)})


@store.command("backup", cls=Command)
@click.argument("place", metavar="STORE")
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False))
@common()
def backup_store(place, target, json_file):
    """Copy it into a file."""
    from coach.store.appending import now_ms
    from coach.store.backups import COMMAND, backup, note_backup

    with bar(say("store.copying"), None) as told:
        written = backup(place, target, told)
    note_backup(place, now_ms(), COMMAND, written.stat().st_size)
    show_text(f"{say('written')} {written}")
    write_json(json_file, {"file": str(written), "bytes": written.stat().st_size})


@store.command("restore", cls=Command)
@click.argument("copy", metavar="FILE", type=click.Path(dir_okay=False))
@click.argument("place", metavar="STORE")
@option("--replace", is_flag=True, text="option.store_replace")
@common()
def restore_store(copy, place, replace, json_file):
    """Make a store of a backup."""
    from coach.store.backups import restore

    with bar(say("store.copying"), None) as told:
        restore(copy, place, replace=replace, told=told)
    show_text(say("store.restored"))
    write_json(json_file, {"restored": True})


@store.command("check", cls=Command)
@click.argument("place", metavar="STORE")
@common()
@click.pass_context
def check_store(context, place, json_file):
    """Whether it is in order; exit code 1 where it is not."""
    from coach.store.checking import check

    found = check(place)
    shown = table(say("store.layout", layout=found.layout), say("store.question"), say("store.wrong"))
    for each in found.findings:
        shown.add_row(pick(each.about.en, each.about.zh), f"{each.wrong:,}")
    console().print(shown)
    show_text(say("store.sound" if found.sound else "store.unsound"))
    findings = [{"name": each.name, "wrong": each.wrong} for each in found.findings]
    write_json(json_file, {"layout": found.layout, "rows": found.rows, "findings": findings, "sound": found.sound})
    context.exit(0 if found.sound else CHECK_FAILED)


@store.command("duplicates", cls=Command)
@click.argument("place", metavar="STORE")
@option("--perhaps", is_flag=True, text="option.duplicates_perhaps")
@option("--csv", "csv_file", type=click.Path(dir_okay=False), text="option.duplicates_csv")
@common()
def duplicates_of_store(place, perhaps, csv_file, json_file):
    """Likely duplicates, with reasons."""
    from apps.cli.duplicates import show_duplicates
    from coach.customers.comparing import LIKELY, PERHAPS
    from coach.customers.pairs import duplicates
    from coach.customers.register import Register
    from coach.store import Store

    opened = Store.open(place, create=False)
    try:
        with bar(say("duplicates.comparing"), 100) as told, opened.read() as connection:
            least = PERHAPS if perhaps else LIKELY
            pairs = duplicates(connection, Register(), least=least, told=lambda share: told(round(100 * share)))
    finally:
        opened.close()
    show_duplicates(pairs, csv_file, json_file, perhaps=perhaps)
