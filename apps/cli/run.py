"""`rehearse run`: one office under one policy, its outcomes and its journal."""

from pathlib import Path

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import BadInput
from apps.cli.output import console, show_text, table, tell, write_json, writing
from apps.cli.texts import pick, say
from apps.cli.types import Weeks

CLOCKS = ("compiled", "simpy")
JOURNAL_ENDINGS = (".parquet", ".csv", ".xes")


def journal_path(context, parameter, value):  # noqa: ARG001 -- the signature is click's
    """Callback of `--journal`: the ending says the format, and must be known before the run, not after it."""
    if value is not None and Path(value).suffix not in JOURNAL_ENDINGS:
        raise BadInput(say("error.ending", file=value))
    return value


@click.command("run", cls=Command)
@click.argument("policy", metavar="POLICY")
@option("--scenario", default="default")
@option("--weeks", type=Weeks(), default=26)
@option("--clock", type=click.Choice(CLOCKS), default="compiled")
@option("--journal", type=click.Path(dir_okay=False), callback=journal_path)
@option("--records", type=click.Path(file_okay=False))
@common(seed=True)
def run(policy, scenario, weeks, clock, journal, records, seed, json_file):
    """Run, show the outcomes, write the journal, the records and the JSON."""
    from apps.cli.progress import announce_compiling
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario
    from sim.experiment.report.both import value
    from sim.experiment.running.single import run_office
    from sim.experiment.running.window import window_notes
    from sim.office.rehearsing import not_rehearsed

    start, chosen = load_scenario(scenario), load_policy(policy)
    announce_compiling()
    office, found = run_office(start, chosen, weeks, seed=seed, clock=clock, journal=bool(journal or records))
    shown = table(None, say("run.outcome"), say("run.value"))
    for outcome in found.values():
        both = value(outcome.value, outcome.unit)
        shown.add_row(pick(outcome.en, outcome.zh), pick(both.en, both.zh))
    console().print(shown)
    for told in window_notes(start, chosen, chosen, weeks):
        tell(pick(told.en, told.zh))
    for reason in not_rehearsed(office.policy, office.scenario):
        tell(pick(reason.en, reason.zh))
    if journal:
        from sim.office.record.journal import write_journal

        with writing(journal):
            write_journal(office.journal(), Path(journal))
        show_text(f"{say('written')} {journal}")
    if records:
        from coach.mapping.export import export_office

        with writing(records):
            export_office(office, records)
        show_text(f"{say('written')} {records}")
    write_json(json_file, {name: outcome._asdict() for name, outcome in found.items()})
