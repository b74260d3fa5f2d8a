"""`rehearse connect`: a CRM over the network into a store, again and again if asked, and findings back into it."""

import os
import time
from pathlib import Path

import click

from apps.cli.base import Command, Group, common, option
from apps.cli.errors import BadInput
from apps.cli.import_files import shown_steps, told_report
from apps.cli.language import language
from apps.cli.output import show_text, write_json
from apps.cli.texts import say
from apps.cli.texts_connect import KEY


@click.group("connect", cls=Group, no_args_is_help=True)
@common()
def connect(json_file):  # noqa: ARG001 -- each command below writes its own
    """Help stands in the catalogue of texts."""


@connect.command("odoo", cls=Command)
@click.argument("url", metavar="URL")
@option("--to", "store", required=True, text="option.connect_to")
@option("--database")
@option("--key-file", type=click.Path(dir_okay=False, exists=True))
@option("--write-back", "writes", is_flag=True, text="option.write_back")
@option("--anew", is_flag=True)
@option("--watch", type=click.IntRange(min=1), metavar="SECONDS")
@common()
def odoo(url, store, database, key_file, writes, anew, watch, json_file):
    """Pull, store, write back; again and again if asked."""
    from coach.connecting.interface import ConnectionProblem
    from coach.connecting.odoo import Odoo
    from coach.store import Store

    crm = Odoo(url, _key(key_file), database)
    opened = Store.open(store)
    try:
        while True:
            try:
                _once(opened, crm, store, writes, anew, json_file)
            except ConnectionProblem as problem:
                if watch is None:
                    raise
                click.echo(say("connect.failed", seconds=watch, why=getattr(problem, language.get())), err=True)
            if watch is None:
                return
            anew = False
            time.sleep(watch)
    finally:
        opened.close()
        crm.close()


def _once(opened, crm, store, writes, anew, json_file) -> None:
    from coach.connecting.connect import bring, write_back

    with shown_steps("progress.storing") as told:
        report = bring(opened, crm, anew=anew, told=told)
    told_report(report, store, opened.calendar)
    document = report.document()
    if writes:
        written = write_back(opened, crm, language.get())
        show_text(say("connect.written", **written._asdict()))
        document["written_back"] = written._asdict()
    write_json(json_file, document)


def _key(key_file: str | None) -> str:
    key = os.environ.get(KEY, "") if key_file is None else Path(key_file).read_text(encoding="utf-8")
    if not key.strip():
        raise BadInput(say("connect.no_key"))
    return key.strip()
