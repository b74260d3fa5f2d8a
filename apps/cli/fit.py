"""`rehearse fit`: an office made of a store's record."""

from pathlib import Path

import click

from apps.cli.base import Command, common, option
from apps.cli.describe import show_section
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import show_text, tell, write_json, writing
from apps.cli.progress import announce_compiling, bar
from apps.cli.score import instant
from apps.cli.texts import say


@click.command("fit", cls=Command)
@click.argument("store", metavar="STORE")
@option("--to", text="option.fit_to", type=click.Path(dir_okay=False), required=True)
@option("--until", text="option.fit_until")
@option("--people", text="option.fit_people", type=click.IntRange(min=1, max=2000))
@option("--policy", text="option.policy_in_force", default="monthly-private", show_default=True)
@option("--name", default="mine")
@option("--html", type=click.Path(dir_okay=False))
@common(seed=True)
def fit(store, to, until, people, policy, name, html, seed, json_file):
    """Read the record, search the office, write it, and show it beside the record."""
    from coach.describing.page import local_day
    from coach.fitting.comparison import TITLE, compare
    from coach.fitting.firm import firm_of
    from coach.store import Store
    from policies.documents.loader import load_policy
    from scenarios.loader import scenario_yaml
    from sim.fit.from_record import fit_office

    in_force = load_policy(policy)
    for path in filter(None, (to, html)):
        if not Path(path).resolve().parent.is_dir():
            raise BadInput(say("error.file", file=path, reason=say("fit.no_folder")))
    opened = Store.open(store, create=False)
    try:
        told = firm_of(opened, instant(until, opened.calendar.zone), people)
    finally:
        opened.close()
    tell(say("fit.of_the_day", day=local_day(told.last, told.spans.zone), people=told.firm.people))
    announce_compiling()
    with bar(say("progress.fitting"), None) as advance:
        fitted = fit_office(told.firm, in_force, name=name, seed=seed, progress=advance)
    with writing(to):
        Path(to).write_text(scenario_yaml(fitted.scenario), encoding="utf-8")
    found = compare(told, fitted)
    for section in found.sections:
        show_section(section)
    if html:
        from coach.describing.page import write_description

        with writing(html):
            write_description(found, html, language.get(), TITLE)
        show_text(f"{say('written')} {html}")
    tell(f"{say('written')} {to}")
    write_json(json_file, {"scenario": fitted.scenario.model_dump(mode="json"), "comparison": found.document()})
