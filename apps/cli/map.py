"""`rehearse map`: where which policy wins, over one or two traits of the office."""

import sys

import click

from apps.cli.ab import INTERRUPTED, resume_command
from apps.cli.base import Command, common, option
from apps.cli.language import language
from apps.cli.output import console, show_text, table, tell, write_json, writing
from apps.cli.progress import announce_compiling, bar
from apps.cli.texts import pick, say
from apps.cli.types import Share, TraitsType, Weeks


@click.command("map", cls=Command)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@option("--over", type=TraitsType(), required=True, text="option.traits")
@option("--scenario", default="default")
@option("--weeks", type=Weeks(), default=26)
@option("--metric", default="gross_margin")
@option("--points", type=click.IntRange(min=8, max=1024), default=40)
@option("--pairs", type=click.IntRange(min=2), default=8)
@option("--confidence", text="option.confidence_map", type=Share(), default="95%")
@option("--html", type=click.Path(dir_okay=False))
@option("--resume", type=click.Path(file_okay=False))
@option("--cluster")
@option("--threads", type=click.IntRange(min=1))
@common(seed=True)
@click.pass_context
def map_command(context, a, b, over, scenario, html, json_file, **question):
    """Try the offices, show what was found, write the page and the JSON."""
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario
    from sim.experiment.problems import Interrupted
    from sim.experiment.running.traits import trait
    from sim.experiment.running.winmap import win_map

    first, second, office = load_policy(a), load_policy(b), load_scenario(scenario)
    traits = [trait(each.name, office, each.ends) for each in over]
    announce_compiling()
    try:
        with bar(f"{first.name} → {second.name}", None) as advance:

            def told(done: int, total: int) -> None:
                advance(done, total, say("progress.pairs", pairs=done))

            found = win_map(first, second, office, traits, progress=told, **question)
    except Interrupted as stop:
        tell(f"{pick(stop.en, stop.zh)}\n  {resume_command(sys.argv[1:], str(stop.folder))}")
        context.exit(INTERRUPTED)
    show_map(found)
    if html:
        from sim.experiment.report.map_page import write_map_page

        with writing(html):
            page = write_map_page(found, html, language.get(), command=command_again(**context.params))
        show_text(f"{say('page')} {page.resolve()}")
    write_json(json_file, found.to_json())


def command_again(a, b, over, confidence, **options) -> list[str]:
    """The words of the command that gives this map again, on whatever machine."""
    from coach.plain import plain
    from sim.experiment.report.page import command_words

    written = ",".join(each.name + (f"={plain(each.ends[0])}..{plain(each.ends[1])}" if each.ends else "") for each in over)
    asked = {name: options[name] for name in ("scenario", "weeks", "metric", "points", "pairs", "seed")}
    return command_words("map", a, b, over=written, **asked, confidence=f"{100 * confidence:g}%")


def show_map(found) -> None:
    """Write the sentence, what it rests on, and the map in characters."""
    from sim.experiment.report.both import percent, value
    from sim.experiment.report.map_words import MARKS, basis, change_words, sentence, side_words

    lang = language.get()
    screen = console()
    screen.print()
    screen.print(sentence(found).of(lang), style="bold")
    screen.print(basis(found).of(lang), style="dim")
    shown = table(None, say("map.where"), say("map.share"))
    for side, mark in MARKS.items():
        shown.add_row(f"{mark} {side_words(found, side).of(lang)}", percent(found.share[side]).of(lang))
    screen.print(shown)
    cells = len(found.axes[0].cells)
    rows = [found.state[start : start + cells] for start in range(0, len(found.state), cells)]
    across, *up = found.axes
    for place in range(len(rows) - 1, -1, -2):
        line = " ".join(MARKS[state] for state in rows[place])
        at = value(up[0].cells[place], up[0].unit).of(lang) if up else ""
        screen.print(f"{at:>12}  {line}", highlight=False)
    ends = (value(end, across.unit).of(lang) for end in (across.low, across.high))
    names = " × ".join(pick(axis.title.en, axis.title.zh) for axis in (across, *up))
    screen.print(f"{'':>12}  {' … '.join(ends)}  ({names})", style="dim")
    screen.print(change_words(found).of(lang))
    for note in found.notes:
        screen.print(pick(note.en, note.zh))
