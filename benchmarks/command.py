"""`rehearse bench`: how fast this machine runs the office, as ratios.

The program does not know of it: pyproject.toml registers it in the entry point group `rehearse.commands`.
"""

import click

from apps.cli import texts
from apps.cli.base import Command, common
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import console, table, write_json
from apps.cli.texts import say

TEXTS: dict[str, tuple[str, str]] = {
    "bench": ("Measure the speed on this machine.", "在本机上测速。"),
    "bench.help": (
        "Measure the speed on this machine, as ratios within one run. Without NAME all measurements are made: some minutes.",
        "在本机上测速，以同一次运行内的比值表示。不写 NAME 则做全部测量，需要几分钟。",
    ),
    "bench.name": ("what", "项目"),
    "bench.value": ("value", "数值"),
    "bench.against": ("against", "对照"),
    "bench.ratio": ("ratio", "比值"),
}
texts.add(TEXTS)


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
