"""`rehearse bench`: how fast this machine runs the office, as ratios."""

import click

from apps.cli.base import Command, common
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import console, table, write_json
from apps.cli.texts import say


@click.command("bench", cls=Command)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@common()
def bench(names, json_file):
    """Measure, show a table, write JSON."""
    from benchmarks.run import BENCHMARKS, main

    for name in names:
        if name not in BENCHMARKS:
            raise BadInput(say("error.not_a_choice", value=name, allowed=", ".join(BENCHMARKS)))
    rows = main(names or None, lang=language.get())
    shown = table(None, say("bench.name"), say("bench.value"), say("run.unit"), say("bench.against"), say("bench.ratio"))
    for row in rows:
        shown.add_row(row["name"], f"{row['value']:,.4g}", row["unit"], row["against"], f"{row['ratio']:.3g}")
    console().print(shown)
    write_json(json_file, rows)
