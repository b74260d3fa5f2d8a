"""`rehearse scenarios`: the library of offices, one in full, their differences, their faults."""

from datetime import timedelta

import click

from apps.cli.base import Command, Group, common
from apps.cli.errors import CHECK_FAILED
from apps.cli.language import language
from apps.cli.output import console, show_text, tell, write_json
from apps.cli.texts import say

YEAR_OF_WEEKS = 52  # an experiment rarely asks for more


@click.group("scenarios", cls=Group, invoke_without_command=True)
@common()
@click.pass_context
def scenarios(context, json_file):
    """Without a further command: the list."""
    if context.invoked_subcommand is None:
        list_scenarios(json_file)


@scenarios.command("list", cls=Command)
@common()
def listing(json_file):
    """The library."""
    list_scenarios(json_file)


def list_scenarios(json_file: str | None) -> None:
    """Write the names and titles of the library."""
    from apps.cli.library import Entry, show_list
    from scenarios.loader import load_scenario, scenario_names

    entries = [Entry(name, *load_scenario(name).title.model_dump().values()) for name in scenario_names()]
    show_list(entries)
    write_json(json_file, [{"name": entry.name, "title": {"en": entry.en, "zh": entry.zh}} for entry in entries])


@scenarios.command("show", cls=Command)
@click.argument("scenario", metavar="SCENARIO")
@common()
def show(scenario, json_file):
    """Every setting."""
    from scenarios.loader import load_scenario, scenario_yaml

    loaded = load_scenario(scenario)
    show_text(scenario_yaml(loaded, whole=True).rstrip())
    write_json(json_file, loaded.model_dump(mode="json"))


@scenarios.command("diff", cls=Command)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@common()
def diff(a, b, json_file):
    """The settings that differ."""
    from apps.cli.library import changes, show_changes
    from scenarios.loader import load_scenario

    found = changes(load_scenario(a).model_dump(mode="json"), load_scenario(b).model_dump(mode="json"))
    show_changes(found, a, b)
    write_json(json_file, [change._asdict() for change in found])


@scenarios.command("check", cls=Command)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@common()
@click.pass_context
def check(context, files, json_file):
    """Every problem of every file, and which holidays are not published."""
    from policies.documents.errors import PolicyError
    from scenarios.loader import load_scenario

    problems = []
    for file in files:
        try:
            loaded = load_scenario(file)
        except PolicyError as error:
            tell(error.text(language.get()))
            problems.extend(error.problems)
            continue
        console().print(say("check.good", file=file))
        last = loaded.policy_date + timedelta(weeks=YEAR_OF_WEEKS + loaded.runoff_weeks)
        years = loaded.calendar.unpublished_years(loaded.start, last)
        if years:
            tell(say("check.unpublished", years=", ".join(map(str, years))))
    write_json(json_file, [problem._asdict() for problem in problems])
    if problems:
        context.exit(CHECK_FAILED)
