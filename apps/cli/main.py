"""The program `rehearse`: its commands, and how it ends.

An installed package adds commands by the entry point group `rehearse.commands` ("name = module:attribute"), so that the program
need not know of it.
"""

import sys
from importlib.metadata import entry_points

import click

from apps.cli import errors
from apps.cli.base import Group, language_option
from apps.cli.language import choose_language, language

COMMANDS = {
    "ab": "apps.cli.ab:ab",
    "sweep": "apps.cli.sweep:sweep",
    "map": "apps.cli.map:map_command",
    "run": "apps.cli.run:run",
    "office": "apps.cli.office:office",
    "import": "apps.cli.import_files:import_files",
    "connect": "apps.cli.connect:connect",
    "describe": "apps.cli.describe:describe_store",
    "fit": "apps.cli.fit:fit",
    "forecast": "apps.cli.forecast:forecast",
    "backtest": "apps.cli.forecast:backtest",
    "score": "apps.cli.score:score",
    "knowledge": "apps.cli.knowledge:knowledge",
    "note": "apps.cli.note:note",
    "audit": "apps.cli.audit:audit",
    "policies": "apps.cli.policies:policies",
    "scenarios": "apps.cli.scenarios:scenarios",
    "schema": "apps.cli.schema:schema",
    "facts": "apps.cli.facts:facts",
    "case": "apps.cli.cases:case",
    "cases": "apps.cli.cases:cases",
    "store": "apps.cli.store:store",
    "serve": "apps.cli.serve:serve",
    "validate": "apps.cli.validate:validate",
    "parity": "apps.cli.parity:parity_command",
}
REGISTERED = {point.name: point.value for point in entry_points(group="rehearse.commands")}
INTERRUPTED = 130


class Program(Group):
    """The outermost group: chooses the language before anything is read, and turns bad input into sentences."""

    def main(self, args=None, prog_name=None, complete_var=None, standalone_mode=False, **extra):  # noqa: ARG002 -- click's
        arguments = sys.argv[1:] if args is None else list(args)
        language.set(choose_language(arguments))
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            errors.show(error)
            code = error.exit_code
        except click.Abort:
            code = INTERRUPTED
        except ValueError as error:
            message = errors.told(error)
            if message is None:
                raise
            click.echo(message, err=True)
            code = errors.BAD_INPUT
        sys.exit(code if isinstance(code, int) else 0)

    def format_commands(self, ctx, formatter):
        for name in REGISTERED:
            self.get_command(ctx, name)  # it brings the text that its line shows
        super().format_commands(ctx, formatter)


@click.group(cls=Program, places={**COMMANDS, **REGISTERED}, no_args_is_help=True)
@language_option
def program():
    """Help stands in the catalogue of texts."""


def speak_utf8() -> None:
    """Windows consoles may expect another encoding; what cannot be shown is replaced instead of stopping the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main() -> None:
    """Entry point of the installed program."""
    speak_utf8()
    program.main(prog_name="rehearse")


if __name__ == "__main__":
    main()
