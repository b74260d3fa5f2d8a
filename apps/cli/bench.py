"""`rehearse bench`: how fast this machine runs the office, as ratios."""

import click

from apps.cli.base import Command, common
from apps.cli.output import console, table, write_json
from apps.cli.texts import say


@click.command("bench", cls=Command)
@common()
def bench(json_file):
    """Measure, show a table, write JSON."""
    from benchmarks.run import main

    rows = main()
    shown = table(None, say("bench.name"), say("bench.value"), say("run.unit"), say("bench.against"), say("bench.ratio"))
    for row in rows:
        shown.add_row(row["name"], f"{row['value']:,.4g}", row["unit"], str(row["against"]), f"{row['ratio']:.3g}")
    console().print(shown)
    write_json(json_file, rows)
