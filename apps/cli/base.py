"""Commands that speak two languages and load nothing until they are called.

Only click is imported here: `rehearse --help` must answer at once.
"""

import importlib
from collections.abc import Callable

import click

from apps.cli.language import LANGUAGES
from apps.cli.output import asked_json
from apps.cli.texts import say


class Bilingual(click.Command):
    """Help of a click command in the language of the reader. The text of command `ab` stands under "ab" in the catalogue."""

    def text_key(self, context: click.Context) -> str:
        """Catalogue key of this command: its path below the program, joined by dots ("policies.show")."""
        names = []
        while context.parent is not None:
            names.append(context.info_name or "")
            context = context.parent
        return ".".join(reversed(names)) or "program"

    def format_usage(self, ctx, formatter):
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("usage") + " ")

    def format_help_text(self, ctx, formatter):
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in say(self.text_key(ctx) + ".help").split("\n"):
                formatter.write_text(paragraph)

    def format_options(self, ctx, formatter):
        records = [record for option in self.get_params(ctx) if (record := option.get_help_record(ctx))]
        with formatter.section(say("options")):
            formatter.write_dl([(names, say("help") if "--help" in names else help) for names, help in records])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(Bilingual):
    """One command."""


class Group(Bilingual, click.Group):
    """Commands below a name, imported when they are called: `places` maps a command's name to "module:attribute"."""

    def __init__(self, *arguments, places: dict[str, str] | None = None, **options):
        super().__init__(*arguments, **options)
        self.places = places or {}

    def list_commands(self, ctx):  # noqa: ARG002 -- the signature is click's
        return [*self.places, *self.commands]

    def get_command(self, ctx, cmd_name):
        if cmd_name not in self.places:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.places[cmd_name].partition(":")
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx, formatter):
        prefix = "" if ctx.parent is None else self.text_key(ctx) + "."
        with formatter.section(say("commands")):
            formatter.write_dl([(name, say(f"{prefix}{name}")) for name in self.list_commands(ctx)])


class Option(click.Option):
    """An option whose help stands in the catalogue under "option.NAME" (or under the key given as `text`)."""

    def __init__(self, *arguments, text: str | None = None, **options):
        super().__init__(*arguments, **options)
        self.text = text or f"option.{self.name}"

    def get_help_record(self, ctx):
        record = super().get_help_record(ctx)
        if record is None:
            return None
        default = self.get_default(ctx, call=False)
        shown = isinstance(default, (str, int, float)) and not self.is_flag
        return record[0], say(self.text) + (say("default", value=default) if shown else "")


def option(*names, **settings) -> Callable:
    """Decorator: an `Option`."""
    return click.option(*names, cls=Option, **settings)


language_option = option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
"""Decorator: `--lang`. The program has read it before click does; here it is declared, so that help shows it."""


def common(seed: bool = False) -> Callable:
    """Decorator: the options that every command has; `seed` where chance plays a part."""

    def decorate(function):
        function = language_option(function)
        json_file = click.Path(dir_okay=False, allow_dash=True)
        function = option("--json", "json_file", type=json_file, callback=asked_json)(function)
        if seed:
            function = option("--seed", type=click.IntRange(min=0), default=1)(function)
        return function

    return decorate
