"""`rehearse validate`: a policy before it goes live."""

from getpass import getuser

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import CHECK_FAILED
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, writing
from apps.cli.texts import pick, say
from apps.cli.types import Pairs, Weeks

INTERRUPTED = 130


@click.command("validate", cls=Command)
@click.argument("policy", metavar="POLICY")
@option("--store", text="option.validate_store", required=True)
@option("--guardrails", text="option.validate_guardrails", type=click.Path(dir_okay=False), required=True)
@option("--against")
@option("--scenario", default="small")
@option("--weeks", type=Weeks(), default=13)
@option("--max-pairs", type=Pairs(), default=120)
@option("--threads", type=click.IntRange(min=1))
@option("--html", type=click.Path(dir_okay=False))
@option("--xlsx", text="option.validate_xlsx", type=click.Path(dir_okay=False))
@common(seed=True)
def validate(policy, store, guardrails, against, scenario, weeks, max_pairs, threads, seed, html, xlsx, json_file):
    """Read everything that was given, validate, show the report, write it."""
    from apps.cli.progress import announce_compiling
    from coach.store import Store
    from coach.store.appending import now_ms
    from coach.store.validations import keep_validation
    from coach.validation.document import read_guardrail_document
    from coach.validation.validate import Rehearsal
    from policies.checks.check import check
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario

    proposed, problems = load_policy(policy), check(policy)
    other = load_policy(against) if against else None
    document = read_guardrail_document(guardrails)
    rehearsal = Rehearsal(load_scenario(scenario), weeks=weeks, max_pairs=max_pairs, seed=seed, threads=threads)
    opened = Store.open(store, create=False)
    try:
        announce_compiling()
        report = run(proposed, opened, document, rehearsal, against=other, problems=problems)
        if report is not None:
            keep_validation(opened, proposed, report.decision.passed, now_ms(), getuser())
    finally:
        opened.close()
    if report is None:
        return INTERRUPTED
    show(report)
    deliver(report, html, xlsx, json_file)
    return 0 if report.decision.passed else CHECK_FAILED


def run(*asked, **more):
    """The report, with a progress bar for each part; None when it was stopped."""
    from threading import Event

    from apps.cli.progress import bar
    from coach.validation.past import Stopped
    from coach.validation.validate import validate as work

    cancel = Event()
    with bar(say("validate.past"), None) as advance:

        def told(step) -> None:
            advance(step.done, step.of, f"{say(f'validate.{step.part}')} {step.done:,}/{step.of:,}")

        try:
            return work(*asked, **more, told=told, cancel=cancel)
        except (Stopped, KeyboardInterrupt):
            show_text(pick(Stopped.en, Stopped.zh))
            return None


def show(report) -> None:
    """The decision with its reasons first, then the rules over the past."""
    title = pick(report.policy.title.en, report.policy.title.zh)
    screen = console()
    screen.print()
    passed = report.decision.passed
    screen.print(
        say("validate.passed" if passed else "validate.failed", title=title), style="bold green" if passed else "bold red"
    )
    screen.print(say("validate.compared", title=pick(report.against.title.en, report.against.title.zh)), style="dim")
    for reason in report.decision.reasons:
        screen.print(f"  • {pick(reason.en, reason.zh)}", markup=False)
    if report.history is not None:
        screen.print(rules_over_the_past(report.history))
        for rule in report.history.policy.rules:
            screen.print(f"{rule.rule}: {pick(rule.sentence.en, rule.sentence.zh)}", markup=False)
    screen.print()
    for remark in report.decision.remarks:
        screen.print(pick(remark.en, remark.zh), markup=False, style="dim")


def rules_over_the_past(history):
    """The table of rules: firings, notices, first day, and what the other policy's rule of that name did."""
    title = say("validate.history", events=f"{history.events:,}", people=history.people, weeks=len(history.weeks))
    columns = ("rule", "firings", "per_week", "notices", "first_day", "against")
    shown = table(title, *(say(f"validate.{name}") for name in columns))
    other = {rule.rule: rule.firings for rule in history.against.rules}
    for rule in history.policy.rules:
        shown.add_row(rule.rule, *_cells(rule, rule.per_person_week), f"{other.get(rule.rule, 0):,}")
    total = history.policy
    shown.add_row(say("validate.all"), *_cells(total, total.firings_per_person_week), f"{history.against.firings:,}")
    return shown


def _cells(part, per_week: float) -> tuple[str, ...]:
    day = part.first_day
    return f"{part.firings:,}", f"{per_week:.2f}", f"{part.notices:,}", f"{day.from_now:,} / {day.catch_up:,}"


def deliver(report, html: str | None, xlsx: str | None, json_file: str | None) -> None:
    """Write what was asked for, and say where it is."""
    from pathlib import Path

    if html or xlsx:
        from apps.gate.report import report_page, report_workbook

        for path, content in ((html, report_page), (xlsx, report_workbook)):
            if path:
                with writing(path):
                    Path(path).parent.mkdir(parents=True, exist_ok=True)
                    Path(path).write_bytes(content(report, language.get()))
                show_text(f"{say('written')} {path}")
    write_json(json_file, report.to_json())
