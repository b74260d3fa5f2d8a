"""`rehearse note`: what a note of a meeting says of budget, decision maker, competitor and next step."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from apps.cli.base import Command, common, option
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json
from apps.cli.texts import say


@click.command("note", cls=Command)
@click.argument("text", metavar="TEXT")
@option("--on", "day", text="option.note_on", type=click.DateTime(["%Y-%m-%d"]))
@option("--zone", text="option.note_zone", default="Asia/Shanghai", show_default=True)
@common()
def note(text, day, zone, json_file):
    """Read, show values with their words, write the JSON."""
    from coach.noting.asking import RULES, endpoint_of, read
    from policies.time.calendar import Calendar
    from policies.words.rule_words import field_label

    calendar = Calendar().in_zone(zone)
    moment = datetime.now(UTC) if day is None else day.replace(tzinfo=ZoneInfo(zone))
    at = round(moment.timestamp() * 1000)
    told = read(text, at, calendar, endpoint=endpoint_of())
    if told.failed is not None:
        show_text(say("note.failed"))
    if told.found:
        shown = table(None, say("note.field"), say("note.value"), say("note.words"))
        shown.columns[2].justify = "left"
        for each in told.found:
            shown.add_row(field_label("opportunity", each.field, language.get()), _value(each, zone), each.words)
        console().print(shown)
    else:
        show_text(say("note.nothing"))
    by = "rules" if told.by == RULES else "endpoint"
    write_json(json_file, {"by": by, "failed": told.failed, "fields": [each._asdict() for each in told.found]})


def _value(found, zone: str) -> str:
    if found.value is None:
        return say("note.undated")
    if found.field == "next_step_at":
        return f"{datetime.fromtimestamp(found.value / 1000, ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    return f"{found.value:,.15g}" if isinstance(found.value, float) else found.value
