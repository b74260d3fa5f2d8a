"""`rehearse office`: a scenario from five numbers that a manager knows."""

import click

from apps.cli.base import Command, common, option
from apps.cli.output import show_text, table, tell, write_json
from apps.cli.progress import bar
from apps.cli.texts import say
from apps.cli.types import Days, Share


@click.command("office", cls=Command)
@option("--people", type=click.IntRange(min=1, max=2000), required=True)
@option("--leads-per-week", type=click.FloatRange(min=0, min_open=True), required=True)
@option("--win-rate", type=Share(), required=True)
@option("--cycle", type=Days(), required=True)
@option("--deal", type=click.FloatRange(min=0, min_open=True), required=True)
@option("--name", default="mine")
@common(seed=True)
def office(people, leads_per_week, win_rate, cycle, deal, name, seed, json_file):
    """Search, write the scenario to the terminal, show asked and shown beside each other on the error channel."""
    from apps.cli.progress import announce_compiling
    from policies.documents.loader import load_policy
    from scenarios.loader import scenario_yaml
    from sim.fit.five_numbers import FiveNumbers
    from sim.fit.search import find_office

    announce_compiling()
    asked = FiveNumbers(people, leads_per_week, win_rate, cycle, deal)
    with bar(say("progress.pilots"), None) as advance:
        found = find_office(asked, load_policy("monthly-private"), name=name, seed=seed, progress=advance)
    show_text(scenario_yaml(found.scenario).rstrip())
    tell_found(asked, found.shown)
    scenario = found.scenario.model_dump(mode="json")
    write_json(json_file, {"scenario": scenario, "asked": asked._asdict(), "shown": found.shown._asdict()})


def tell_found(asked, shown) -> None:
    """What was asked for, what the office shows and what its people can carry; beside the YAML that may go into a file."""
    from rich.console import Console

    from coach.plain import plain
    from sim.fit.unreachable import CROWDED

    rows = (
        ("office.leads", plain(asked.leads_per_week), f"{shown.leads_per_week:,.1f}"),
        ("office.win_rate", f"{asked.win_rate:.1%}", f"{shown.win_rate:.1%}"),
        ("office.cycle", plain(asked.cycle_days), f"{shown.cycle_days:.1f}"),
        ("office.deal", f"{asked.deal_value:,.0f}", f"{shown.deal_value:,.0f}"),
        ("office.untouched", "", f"{shown.untouched:.0%}"),
        ("office.busy", "", f"{shown.busy:.0%}"),
    )
    beside = table(say("office.found"), say("office.number"), say("office.asked"), say("office.shown"))
    for key, wanted, seen in rows:
        beside.add_row(say(key), wanted, seen)
    tell("")
    Console(stderr=True, highlight=False).print(beside)
    tell(say("office.wins", wins=f"{shown.wins:,.0f}", people=f"{shown.people:,}"))
    if shown.untouched > CROWDED:
        contacted = asked.leads_per_week * (1.0 - shown.untouched)
        tell(say("office.crowded", people=asked.people, contacted=f"{contacted:,.0f}", share=f"{shown.untouched:.0%}"))
