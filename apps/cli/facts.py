"""`rehearse facts`: what the office must show without being told, and what it shows."""

import click

from apps.cli.base import Command, common, option
from apps.cli.language import language
from apps.cli.output import console, show_text, table, tell, write_json, write_text
from apps.cli.progress import announce_compiling, bar
from apps.cli.texts import pick, say


@click.command("facts", cls=Command)
@option("--quick", is_flag=True)
@option("--page", type=click.Path(dir_okay=False))
@common()
def facts(quick, page, json_file):
    """Measure the facts one after another; exit code 1 if one is missed."""
    from scenarios.facts.page import document, page_of
    from scenarios.facts.run import FACTS, measure, steps

    announce_compiling()
    found = []
    with bar(say("facts.title"), steps(FACTS, quick)) as advance:

        def told(done, fact):
            advance(done, steps(FACTS, quick), pick(fact.title.en, fact.title.zh))

        for each in measure(quick=quick, progress=told):
            found.append(each)
    for each in found:
        _show(each)
    passed = sum(each.passed for each in found)
    show_text(say("facts.passed", passed=passed, all=len(found)))
    if page:
        write_text(page, page_of(found, quick=quick, language=language.get()))
        tell(f"{say('written')} {page}")
    write_json(json_file, document(found))
    return 0 if passed == len(found) else 1


def _show(found) -> None:
    from scenarios.facts.page import ranged, written

    fact = found.fact
    kind, setting = say(f"facts.{fact.kind}"), pick(fact.setting.en, fact.setting.zh)
    title = f"{fact.number} {pick(fact.title.en, fact.title.zh)} · {kind} · {setting}"
    shown = table(
        title, say("facts.figure"), say("run.value"), say("facts.interval"), say("facts.target"), say("facts.verdict")
    )
    for figure in found.figures:
        low, high = (written(figure, end) for end in (figure.found.low, figure.found.high))
        verdict = "–" if figure.reported else say("facts.pass" if figure.passed else "facts.miss")
        name = pick(figure.name.en, figure.name.zh)
        shown.add_row(name, written(figure, figure.found.value), f"{low} … {high}", ranged(figure), verdict)
    console().print(shown)
    show_text(f"{say('facts.source')} {fact.source}\n")
