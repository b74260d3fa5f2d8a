"""What commands write: tables in the terminal, JSON in files, numbers as people read them."""

import json
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import click

from apps.cli.errors import BadInput
from apps.cli.texts import say

json_only: ContextVar[bool] = ContextVar("json_only", default=False)


def asked_json(context, parameter, value):  # noqa: ARG001 -- the signature is click's
    """Callback of `--json`: with `-` the terminal gets the JSON and nothing else, so that it can be piped."""
    json_only.set(value == "-")
    return value


def console():
    """A rich console where results are shown, wide enough for a table when the output is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 118
    return Console(file=sys.stdout, width=width, highlight=False, quiet=json_only.get())


def show_text(text: str) -> None:
    """Write a result as it is, without breaking its lines."""
    if not json_only.get():
        click.echo(text)


def table(title: str | None, *columns: str):
    """A compact rich table: the first column to the left, numbers to the right."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        made.add_column(column, justify="right" if position else "left", overflow="fold")
    return made


def write_json(path: str | None, document) -> None:
    """Write a document (or JSON text) to a file, to the terminal for "-", nowhere for None."""
    if path is None:
        return
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False, indent=2)
    if path == "-":
        click.echo(text)
    else:
        write_text(path, text + "\n")


def write_text(path: str, text: str) -> None:
    """Write a UTF-8 file, and the folder it stands in."""
    with writing(path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")


@contextmanager
def writing(path: str):
    """A file is written within; a place that cannot be written is bad input, not a failure of the program."""
    try:
        yield
    except OSError as error:
        raise BadInput(say("error.file", file=path, reason=error.strerror or str(error))) from error


def tell(message: str) -> None:
    """A remark beside the result: on the error channel, so that what is piped stays clean."""
    click.echo(message, err=True)
