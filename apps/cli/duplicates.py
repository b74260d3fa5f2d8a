"""How likely duplicates are shown: a table of the first, and all of them as CSV and JSON."""

import csv
from io import StringIO

from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, write_text
from apps.cli.texts import say

SHOWN = 20
_HEADS = (
    "name", "kind", "id", "owner", "other_name", "other_kind", "other_id", "other_owner", "likeness", "verdict", "reasons",
)  # fmt: skip


def show_duplicates(pairs, csv_file: str | None, json_file: str | None, *, perhaps: bool) -> None:
    """Show pairs of `coach.customers.pairs`, and write them."""
    told = [_told(pair) for pair in pairs]
    likely = sum(each["verdict"] == "likely" for each in told)
    if not told:
        show_text(say("duplicates.none"))
    else:
        found = ("duplicates.found", {"perhaps": len(told) - likely}) if perhaps else ("duplicates.found_likely", {})
        show_text(say(found[0], likely=likely, **found[1]))
        console().print(_table(told[:SHOWN]))
    if len(told) > SHOWN:
        show_text(say("duplicates.more", shown=SHOWN))
    if csv_file:
        write_text(csv_file, _as_csv(told))
        show_text(f"{say('written')} {csv_file}")
    write_json(json_file, told)


def _told(pair) -> dict:
    record, other = pair.record, pair.other
    return {
        "name": pair.name, "kind": record.kind, "id": record.id, "owner": record.unit, "other_name": pair.other_name,
        "other_kind": other.kind, "other_id": other.id, "other_owner": other.unit,
        "likeness": round(pair.likeness.share, 3), "verdict": pair.likeness.verdict,
        "reasons": {
            "en": [each.en for each in pair.likeness.reasons], "zh": [each.zh for each in pair.likeness.reasons],
        },
    }  # fmt: skip


def _table(told: list[dict]):
    made = table(None, *(say(f"duplicates.{name}") for name in ("one", "other", "owners", "share", "why")))
    for column in made.columns[1:3]:
        column.justify = "left"
    made.columns[4].justify = "left"
    for each in told:
        owners = [each[name] or say("duplicates.nobody") for name in ("owner", "other_owner")]
        both = " / ".join(dict.fromkeys(owners))
        made.add_row(each["name"], each["other_name"], both, f"{each['likeness']:.0%}", _reasons(each))
    return made


def _reasons(each: dict) -> str:
    return ("；" if language.get() == "zh" else "; ").join(each["reasons"][language.get()])


def _as_csv(told: list[dict]) -> str:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, _HEADS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(each | {"reasons": _reasons(each)} for each in told)
    return text.getvalue()
