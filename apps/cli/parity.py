"""`rehearse parity`: simulator and live service fire the same rules and set the same targets."""

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import CHECK_FAILED
from apps.cli.output import console, show_text, table, write_json
from apps.cli.texts import pick, say

MOST_SHOWN = 20


@click.command("parity", cls=Command)
@click.argument("policy", metavar="POLICY")
@option("--scenario", text="option.parity_scenario")
@option("--weeks", text="option.parity_weeks", type=click.IntRange(min=1, max=26), default=8)
@common(seed=True)
def parity_command(policy, scenario, weeks, seed, json_file):
    """Run the office, post its journal, compare."""
    from apps.cli.progress import announce_compiling
    from coach.parity.check import office_with_journal, parity
    from coach.parity.journal_events import OfficeJournal
    from policies.documents.loader import load_policy
    from scenarios.loader import load_scenario
    from sim.office.rehearsing import not_rehearsed

    announce_compiling()
    rules = load_policy(policy)
    usual = "projects" if rules.played.kinds else "small"
    office = office_with_journal(load_scenario(scenario) if scenario else five_reps(load_scenario(usual)), rules, seed, weeks)
    report = parity(office)
    counts = {"events": report.events, "batches": report.batches, "same": report.same, "same_targets": report.same_targets}
    counts["same_days"] = report.same_days
    differences = {"missing": report.missing, "extra": report.extra}
    if report.holds:
        show_text(say("parity.holds", **counts))
    else:
        show_text(say("parity.differs", same=report.same, **{name: len(found) for name, found in differences.items()}))
        shown = table(None, "", "rule", "record", "at", "effect")
        for name, found in differences.items():
            for did in sorted(found, key=lambda each: each.at)[:MOST_SHOWN]:
                effect = f"{did.effect} {did.argument or ''}".strip()
                shown.add_row(say(f"parity.{name}"), did.rule, did.record, _clock(office, did.at), effect)
        console().print(shown)
        if report.missing_targets:
            show_text(say("parity.targets_differ", missing=len(report.missing_targets), same=report.same_targets))
        if report.missing_days:
            show_text(say("parity.days_differ", missing=len(report.missing_days), same=report.same_days))
    for each in not_rehearsed(office.policy, office.scenario):
        if each.rule == "calendars":
            show_text(pick(each.en, each.zh))
    came_up = {did.rule for did in OfficeJournal(office).did()}
    silent = [rule.id for rule in rules.rules if rule.mode == "live" and rule.id not in came_up]
    if silent:
        show_text(say("parity.never_came_up", rules=", ".join(silent)))
    told = {name: [did._asdict() for did in found] for name, found in differences.items()}
    targets = {"missing_targets": report.missing_targets, "extra_targets": report.extra_targets}
    told |= {name: [asked._asdict() for asked in found] for name, found in targets.items()}
    days = {"missing_days": report.missing_days, "extra_days": report.extra_days}
    told |= {name: [judged._asdict() for judged in found] for name, found in days.items()}
    write_json(json_file, counts | told | {"never_came_up": silent})
    return 0 if report.holds else CHECK_FAILED


def five_reps(scenario):
    """The scenario with five reps in two teams, and leads in proportion."""
    share = 5 / scenario.people.reps
    people = scenario.people.model_copy(update={"reps": 5, "teams": 2})
    leads = scenario.leads.model_copy(update={"per_week": scenario.leads.per_week * share})
    return scenario.model_copy(update={"people": people, "leads": leads})


def _clock(office, instant: int) -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(instant / 1000, ZoneInfo(office.scenario.calendar.zone)).isoformat(timespec="milliseconds")
