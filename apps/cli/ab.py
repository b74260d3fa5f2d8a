"""`rehearse ab`: the main job, a comparison of two policies that ends in a verdict."""

import shlex
import sys

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import CHECK_FAILED
from apps.cli.language import language
from apps.cli.output import show_text, tell, write_json, writing
from apps.cli.texts import pick, say
from apps.cli.types import Pairs, Share, Weeks

INTERRUPTED = 130


@click.command("ab", cls=Command)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@option("--scenario", text="option.scenario")
@option("--from", "store", text="option.from_store")
@option("--at", text="option.from_at")
@option("--people", text="option.fit_people", type=click.IntRange(min=1, max=2000))
@option("--weeks", type=Weeks(), default=26)
@option("--metric", default="gross_margin")
@option("--precision", type=Share(), default="1%")
@option("--confidence", type=Share(), default="95%")
@option("--worlds", type=click.IntRange(min=2))
@option("--max-pairs", type=Pairs(), default=600)
@option("--html", type=click.Path(dir_okay=False))
@option("--guardrails", type=click.Path(dir_okay=False))
@option("--resume", type=click.Path(file_okay=False))
@option("--cluster")
@option("--threads", type=click.IntRange(min=1))
@common(seed=True)
@click.pass_context
def ab(context, a, b, scenario, store, at, people, html, json_file, guardrails, **question):
    """Compare, show the verdict, write the page and the JSON."""
    from apps.cli.experiments import run_comparison
    from apps.cli.from_store import begins_today, belong_to
    from apps.cli.guardrail_file import read_guardrails
    from apps.cli.verdict_view import show_verdict
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario
    from sim.experiment.problems import Interrupted

    lines = read_guardrails(guardrails) if guardrails else ()
    today, tried = load_policy(a), load_policy(b)
    if store is None:
        belong_to("--from", at=at, people=people)
        office = load_scenario(scenario or "default")
    else:
        begun = begins_today(store, at, people, scenario, today, int(question["weeks"]))
        office, question["pipeline"], question["notes"] = begun
    try:
        verdict = run_comparison(today, tried, office, guardrails=lines, **question)
    except Interrupted as stop:
        if stop.verdict is not None:
            deliver(stop.verdict, html, json_file)
        tell(f"{pick(stop.en, stop.zh)}\n  {resume_command(sys.argv[1:], str(stop.folder))}")
        context.exit(INTERRUPTED)
    show_verdict(verdict)
    deliver(verdict, html, json_file)
    if any(rail.state != "held" for rail in verdict.guardrails):
        context.exit(CHECK_FAILED)


def resume_command(arguments: list[str], folder: str) -> str:
    """The command that goes on: as it was given, with the folder of what is finished."""
    kept, skip = [], False
    for argument in arguments:
        if skip or argument.startswith("--resume="):
            skip = False
        elif argument == "--resume":
            skip = True
        else:
            kept.append(argument)
    return shlex.join(["rehearse", *kept, "--resume", folder])


def deliver(verdict, html: str | None, json_file: str | None) -> None:
    """Write the page and the JSON where they were asked for, and say where the page is."""
    if html:
        from sim.experiment.report.page import write_page

        with writing(html):
            page = write_page(verdict, html, language.get())
        show_text(f"{say('page')} {page.resolve()}")
    write_json(json_file, verdict.to_json())
