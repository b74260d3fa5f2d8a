"""Bad input ends in a sentence that says where, what and what instead, in the reader's language; never in a traceback."""

import click

from apps.cli.language import language
from apps.cli.texts import pick, say

BAD_INPUT = 2
CHECK_FAILED = 1


class BadInput(click.ClickException):
    """Something that the user gave cannot be used."""

    exit_code = BAD_INPUT


def told(error: Exception) -> str | None:
    """What an error about the user's input says in the reader's language; None for an error that is the program's own.

    Documents list their problems, experiments and scenarios carry a sentence in each language. They are told by what they
    carry, not by their class: their modules are heavy, and if they were never imported, they raised nothing.
    """
    if hasattr(error, "problems") and hasattr(error, "text"):
        return error.text(language.get())
    if hasattr(error, "faults"):
        return "\n".join(fault.sentence(language.get()) for fault in error.faults)
    if hasattr(error, "en") and hasattr(error, "zh"):
        return pick(error.en, error.zh)
    return None


def translated(error: click.UsageError) -> str:
    """What click found wrong with the command line, in the language of the reader."""
    if isinstance(error, (click.NoSuchOption, click.NoSuchCommand)):
        sentence = (
            say("error.no_such_option", name=error.option_name)
            if isinstance(error, click.NoSuchOption)
            else say("error.no_such_command", name=error.command_name)
        )
        return sentence + (" " + say("error.did_you_mean", names=", ".join(error.possibilities)) if error.possibilities else "")
    if isinstance(error, click.MissingParameter):
        optional = error.param is not None and error.param.param_type_name == "option"
        return say("error.missing_option" if optional else "error.missing_argument", name=_named(error.param))
    if isinstance(error, click.BadParameter):
        return say("error.bad_value", name=_named(error.param), reason=reason(error))
    return say("error.unexpected_argument" if type(error) is click.UsageError else "error.bad_usage")


def _named(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return param.opts[0] if param.param_type_name == "option" else param.human_readable_name


def reason(error: click.BadParameter) -> str:
    """Why a value was refused; click's own types are told apart, ours speak both languages already."""
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return say("error.not_a_choice", value=given(error), allowed=", ".join(map(str, kind.choices)))
    if isinstance(kind, (click.IntRange, click.FloatRange)) and None not in (kind.min, kind.max):
        return say("error.not_in_range", value=given(error), low=f"{kind.min:g}", high=f"{kind.max:g}")
    if isinstance(kind, (click.IntRange, click.FloatRange)) and kind.min is not None:
        return say("error.above" if kind.min_open else "error.from", value=given(error), low=f"{kind.min:g}")
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)):
        return say("error.not_a_number", value=given(error))
    return error.message


def given(error: click.BadParameter) -> str:
    """The value that was refused, as click quotes it."""
    parts = error.message.split("'")
    return parts[1] if len(parts) > 2 else parts[0].split(" ")[0]


def show(error: click.ClickException) -> None:
    """Write the error to the terminal's error channel."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    message = translated(error) if isinstance(error, click.UsageError) else error.format_message()
    click.echo(say("error", message=message), err=True)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(say("error.see_help", command=error.ctx.command_path), err=True)
