"""`rehearse sweep`: one or two settings of a policy over a range, as a curve or a map."""

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import click

from apps.cli.ab import INTERRUPTED, resume_command
from apps.cli.base import Command, common, option
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import console, show_text, table, tell, write_json, writing
from apps.cli.progress import announce_compiling, bar, width_remark
from apps.cli.texts import pick, say
from apps.cli.types import Pairs, RangeType, Share, Weeks


@click.command("sweep", cls=Command)
@click.argument("policy", metavar="POLICY")
@option("--over", type=RangeType(), multiple=True, required=True)
@option("--scenario", default="default")
@option("--weeks", type=Weeks(), default=26)
@option("--metric", default="gross_margin")
@option("--precision", type=Share(), default="2%")
@option("--confidence", text="option.confidence_sweep", type=Share(), default="95%")
@option("--worlds", type=click.IntRange(min=2))
@option("--max-pairs", type=Pairs(), default=200)
@option("--html", type=click.Path(dir_okay=False))
@option("--resume", type=click.Path(file_okay=False))
@option("--cluster")
@option("--threads", type=click.IntRange(min=1))
@common(seed=True)
@click.pass_context
def sweep(context, policy, over, scenario, metric, confidence, html, resume, json_file, **question):
    """Try every value, show the effects, write the page and the JSON."""
    from apps.cli.experiments import spoken_in
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario
    from sim.experiment.problems import Interrupted
    from sim.experiment.running.sweep import sweep as try_values

    if len({each.path for each in over}) != len(over) or len(over) > 2:
        raise BadInput(say("error.two_fields"))
    values = {each.path: each.values for each in over}
    start, office = load_policy(policy), load_scenario(scenario)
    announce_compiling()
    spoken = spoken_in(metric)
    try:
        with results_folder(resume) as folder, bar(policy, None) as advance:

            def told(place, points, progress):
                last = progress.looks[-1] if progress.looks else None
                remark = width_remark(progress.pairs, last and last.half_width, last and last.target, spoken)
                advance(place + progress.pairs / max(progress.planned, 1), points, remark)

            points = try_values(
                start, office, values, metric=metric, confidence=confidence, folder=folder, progress=told, **question
            )
    except Interrupted as stop:
        tell(f"{say('interrupted')}\n  {resume_command(sys.argv[1:], str(stop.folder.parent))}")
        context.exit(INTERRUPTED)
    show_points(points)
    if html:
        from sim.experiment.report.sweep_page import write_sweep_page
        from sim.experiment.verdict.parts import Text

        titles = {name: Text(en=each.title.en, zh=each.title.zh) for name, each in (("policy", start), ("scenario", office))}
        command = command_again(**context.params)
        with writing(html):
            page = write_sweep_page(points, html, language.get(), confidence=confidence, command=command, **titles)
        show_text(f"{say('page')} {page.resolve()}")
    write_json(json_file, [written(point) for point in points])


def written(point) -> dict:
    """A point as JSON has it."""
    notes = [note.model_dump(mode="json") for note in point.notes]
    return {**point._asdict(), "effect": point.effect.model_dump(mode="json"), "notes": notes}


def command_again(policy, over, precision, confidence, **options) -> list[str]:
    """The words of the command that gives this sweep again, on whatever machine: nothing of files, threads or a cluster."""
    from sim.experiment.report.page import command_words

    varied = [word for each in over for word in ("--over", f"{each.path}={','.join(each.values)}")]
    asked = {name: options[name] for name in ("scenario", "weeks", "metric", "worlds", "max_pairs", "seed")}
    return command_words(
        "sweep", policy, *varied, **asked, precision=f"{100 * precision:g}%", confidence=f"{100 * confidence:g}%"
    )


@contextmanager
def results_folder(asked: str | None):
    """The folder asked for, or one of our own that lasts only if the sweep is interrupted."""
    from sim.experiment.problems import Interrupted

    if asked:
        yield Path(asked)
        return
    folder = Path(tempfile.mkdtemp(prefix="rehearse-sweep-"))
    interrupted = False
    try:
        yield folder
    except Interrupted:
        interrupted = True
        raise
    finally:
        if not interrupted:
            shutil.rmtree(folder, ignore_errors=True)


def show_points(points) -> None:
    """Write the sentence that can be repeated, the effects, and what they rest on."""
    from sim.experiment.report.sweep_page import basis, caution, notes, sentence

    screen = console()
    screen.print()
    screen.print(sentence(points).of(language.get()), style="bold")
    screen.print(basis(points).of(language.get()), style="dim")
    screen.print(curve(points) if len(points[0].values) == 1 else effect_map(points))
    if rough := caution(points):
        screen.print(rough.of(language.get()))
    for note in notes(points):
        screen.print(note.of(language.get()))


def curve(points):
    """One row a value."""
    from apps.cli.verdict_view import effect_cells, effect_table

    shown = effect_table(pick(points[0].effect.title.en, points[0].effect.title.zh), next(iter(points[0].values)))
    for point in points:
        shown.add_row(*point.values.values(), *effect_cells(point.effect))
    return shown


def effect_map(points):
    """A row for each value of the first setting, a column for each value of the second; changes with their intervals."""
    from sim.experiment.report.both import span, value

    first, second = points[0].values
    columns = list(dict.fromkeys(point.values[second] for point in points))
    title = pick(points[0].effect.title.en, points[0].effect.title.zh)
    shown = table(say("sweep.map", metric=title, first=first, second=second), first, *columns)
    rows: dict[str, list[str]] = {}
    for point in points:
        effect = point.effect
        change = value(effect.difference, effect.unit, signed=True, difference=True).of(language.get())
        ends = span(effect.low, effect.high, effect.unit, signed=True, difference=True).of(language.get())
        rows.setdefault(point.values[first], []).append(f"{change}\n[dim]{ends}[/]")
    for written, cells in rows.items():
        shown.add_row(written, *cells)
    return shown
