"""`rehearse import --guess`: what an export seems to mean, the doubts as questions, and the mapping for next time."""

import sys
from pathlib import Path
from typing import Any

import click

from apps.cli.output import console, show_text, table, tell
from apps.cli.texts import say, spoken


def settled(place: Path, source: str, answers: tuple[str, ...], taken: dict[str, Any], *, ask: bool):
    """The mapping that a person agrees to, and what it reads; `taken`: when the files were, for `read_folder`. With `ask` off
    the guesses stand; an open question ends the command."""
    from coach.guessing.guess import guess
    from coach.guessing.sources import tables
    from coach.mapping.archives import source_name
    from coach.mapping.importing import read_folder

    raw, told = tables(place), _answers(answers)
    name = source_name(source)
    found = guess(raw, told, source=name)
    while ask and (question := next((each for each in found.doubts if each.key not in told), None)) is not None:
        told[question.key] = _asked(question)
        found = guess(raw, told, source=name)
    _show_columns(found, raw)
    if found.open:
        _leave(found.open)
    reading = read_folder(place, found.mapping, **taken)
    _show_rows(reading, found)
    _show_counts(reading)
    for each in found.unused:
        tell(say("guess.unused", file=each.file, rows=each.rows))
    if "zone" not in told:
        tell(say("guess.zone", zone=found.mapping.time_zone))
    if ask and not _answered(click.confirm, say("guess.go_on"), default=True):
        raise click.Abort
    return found.mapping, reading


def _answers(written: tuple[str, ...]) -> dict[str, str]:
    told = {}
    for each in written:
        key, sign, value = each.partition("=")
        if not sign:
            raise click.UsageError(say("guess.no_answer", found=each))
        told[key.strip()] = value.strip()
    return told


def _asked(question) -> str:
    show_text("")
    show_text(spoken(question.question))
    values = [each.value for each in question.choices]
    for number, each in enumerate(question.choices, start=1):
        show_text(f"  {number}  {spoken(each.label)}")
    usual = values.index(question.chosen) + 1 if question.chosen in values else 1
    number = _answered(click.prompt, say("guess.which"), type=click.IntRange(1, len(values)), default=usual)
    return values[number - 1]


def _answered(ask, *arguments, **settings):
    """What a person answers; where there is nobody to do so, it is said that nothing was stored."""
    try:
        return ask(*arguments, **settings)
    except click.Abort:
        click.echo(say("guess.nobody"), err=True)
        raise


def _leave(questions) -> None:
    """Nothing was stored; say what to answer, and how."""
    click.echo(say("guess.open", count=len(questions)), err=True)
    for each in questions:
        click.echo(f"  {spoken(each.question)}", err=True)
        for answer in each.choices:
            if each.key == "zone":
                click.echo(f"    --zone {answer.value}", err=True)
            else:
                click.echo(f'    --answer "{each.key}={answer.value}"  {spoken(answer.label)}', err=True)
    sys.exit(1)


def _show_columns(found, raw) -> None:
    from coach.guessing.telling import CONCEPTS, meanings

    shown = table(say("guess.columns"), say("guess.means"), say("guess.column"), say("guess.example"))
    for column in shown.columns:
        column.justify = "left"
    for each in meanings(found, raw):
        shown.add_row(spoken(CONCEPTS[each.concept]), each.column, *(text[:40] for text in each.examples or ("",)))
    console().print(shown)


def _show_rows(reading, found) -> None:
    """The first deals as they are going to stand in the store."""
    from coach.guessing.preview import first_deals
    from coach.guessing.telling import DEAL, SHOWN_ROWS, STATES

    deals = first_deals(reading, found.mapping, SHOWN_ROWS)
    shown = table(say("guess.rows", count=len(deals)), *map(spoken, DEAL.values()))
    for column in (shown.columns[0], shown.columns[1], shown.columns[4]):
        column.justify = "left"
    for deal in deals:
        shown.add_row(
            deal.name[:40], (deal.owner or "–")[:24], deal.amount_text, deal.created, spoken(STATES[deal.state]),
            deal.closed or "–",
        )  # fmt: skip
    console().print(shown)


def _show_counts(reading) -> None:
    from coach.guessing.preview import rows_by_fate
    from coach.mapping.remarks import FATES

    known = {name: words for name, words in FATES.items() if name != "unchanged"}
    shown = table(say("guess.counts"), say("import.table"), *map(spoken, known.values()))
    for each in rows_by_fate(reading):
        shown.add_row(each.name, *(f"{getattr(each, name):,}" for name in known))
    console().print(shown)


def keep_mapping(mapping, keep: str | None, store: str) -> None:
    """Write the mapping beside the store, for the next export."""
    from coach.guessing.kept import place_beside, write_mapping

    path = place_beside(store) if keep is None else Path(keep)
    if path is not None:
        write_mapping(mapping, path)
        tell(say("guess.kept", file=path, store=store))
