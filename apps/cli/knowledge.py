"""`rehearse knowledge`: answers of a store's knowledge base that fit a question."""

import click

from apps.cli.base import Command, common
from apps.cli.output import console, show_text, table, write_json
from apps.cli.texts import say


@click.command("knowledge", cls=Command)
@click.argument("store", metavar="STORE")
@click.argument("question", metavar="QUESTION")
@common()
def knowledge(store, question, json_file):
    """Search, show question and answer, write the JSON."""
    from coach.knowledge.base import search
    from coach.store import SYSTEM, Store

    opened = Store.open(store, create=False)
    try:
        found = search(opened, SYSTEM, question)
    finally:
        opened.close()
    if found:
        shown = table(None, say("knowledge.question"), say("knowledge.answer"))
        shown.columns[1].justify = "left"
        for each in found:
            shown.add_row(each.question, each.answer)
        console().print(shown)
    else:
        show_text(say("knowledge.nothing"))
    write_json(json_file, [each._asdict() for each in found])
