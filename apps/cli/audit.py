"""`rehearse audit`: what rules and fields cost and bring, and proposals to drop or loosen, each to be rehearsed."""

from pathlib import Path

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, writing
from apps.cli.score import instant
from apps.cli.texts import pick, say


@click.command("audit", cls=Command)
@click.argument("store", metavar="STORE")
@option("--at", text="option.audit_at")
@option("--weeks", text="option.audit_weeks", type=click.IntRange(min=1, max=104), default=13, show_default=True)
@option("--to", text="option.audit_to", type=click.Path(file_okay=False))
@common()
def audit(store, at, weeks, to, json_file):
    """Audit, show rules, fields and proposals, write the policies that would come of them and the JSON."""
    from coach.auditing.audit import audit as work
    from coach.store import SYSTEM, Store

    opened = Store.open(store, create=False)
    try:
        found = work(opened, SYSTEM, instant(at, opened.calendar.zone), weeks)
    finally:
        opened.close()
    show_rules(found)
    show_fields(found)
    show_proposals(found)
    if to is not None:
        deliver(found, store, Path(to))
    write_json(json_file, found.document())


def show_rules(found) -> None:
    """A row for each rule, and what the numbers cannot say."""
    heads = ("rule", "fired", "followed", "shadow", "won", "others", "alerts", "minutes", "said")
    shown = table(say("audit.rules"), *(say(f"audit.{name}") for name in heads))
    for each in found.rules:
        said = "/".join(str(number) for number in each.said.values())
        shown.add_row(
            each.rule, str(each.fired), share(each.followed, each.old_enough),
            share(each.shadow_followed, each.shadow_old_enough), share(each.fired_on.won, each.fired_on.decided),
            share(each.never_fired_on.won, each.never_fired_on.decided),
            str(each.alerts), f"{each.minutes:.0f}", said,
        )  # fmt: skip
    console().print(shown)
    show_text(say("audit.reading"))


def show_fields(found) -> None:
    """A row for each field that is asked for."""
    from policies.words.rule_words import field_label

    heads = ("field", "asked_by", "filled", "entries", "used_by")
    shown = table(say("audit.fields"), *(say(f"audit.{name}") for name in heads))
    for each in found.fields:
        shown.add_row(
            field_label(each.kind, each.field, language.get()), ", ".join(each.asked_by), share(each.filled, each.records),
            str(each.entries), ", ".join(each.used_by) or say("audit.nobody"),
        )  # fmt: skip
    console().print(shown)


def show_proposals(found) -> None:
    """Each with its reason."""
    if not found.proposals:
        show_text(say("audit.no_proposals"))
    for each in found.proposals:
        show_text(say(f"audit.{each.action}_{each.kind}", what=each.what, why=pick(*each.why)))


def deliver(found, store: str, folder: Path) -> None:
    """Write the policy in force and each proposal, with the commands that rehearse them."""
    from policies.documents.loader import policy_yaml

    if not folder.resolve().parent.is_dir():
        raise BadInput(say("error.file", file=folder, reason=say("fit.no_folder")))
    folder.mkdir(exist_ok=True)
    now = folder / f"{found.policy.name}.yaml"
    for place, policy in ((now, found.policy), *((folder / f"{each.name}.yaml", each.document) for each in found.proposals)):
        with writing(str(place)):
            place.write_text(policy_yaml(policy), encoding="utf-8")
    for each in found.proposals:
        show_text(f"rehearse ab {now} {folder / f'{each.name}.yaml'} --from {store} --weeks 13")


def share(part: int, whole: int) -> str:
    """A share with what it is of; a dash for of nothing."""
    return "–" if whole == 0 else f"{part / whole:.0%} ({part}/{whole})"
