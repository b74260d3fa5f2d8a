"""`rehearse score`: all scores of a store at an instant, once, without a server."""

import time

import click

from apps.cli.base import Command, common, option
from apps.cli.errors import BadInput
from apps.cli.language import language
from apps.cli.output import console, show_text, table, write_json, writing
from apps.cli.texts import pick, say

WORST = 10


@click.command("score", cls=Command)
@click.argument("store", metavar="STORE")
@option("--at", text="option.score_at")
@option("--benchmark", type=click.Path(dir_okay=False, exists=True))
@option("--xlsx", type=click.Path(dir_okay=False))
@option("--only", text="option.only_score", metavar="S15")
@common()
def score(store, at, benchmark, xlsx, only, json_file):
    """Score, show the worst opportunities and what to know, write the workbook and the JSON; or one score alone."""
    if only is not None:
        return one_score(store, at, only.upper(), json_file)
    from coach.scoring.scores import score_store
    from coach.scoring.workbook import notes, write_scores
    from coach.store import Store

    opened = Store.open(store, create=False)
    try:
        zone = opened.calendar.zone
        scored = score_store(opened, instant(at, zone), benchmark_of(benchmark))
    finally:
        opened.close()
    show_opportunities(scored, zone)
    show_others(scored)
    for each in notes(scored):
        show_text(pick(each.en, each.zh))
    if xlsx:
        with writing(xlsx):
            write_scores(scored, xlsx, language.get(), zone)
        show_text(f"{say('written')} {xlsx}")
    if json_file:
        write_json(json_file, document_of(scored))
    return 0


def one_score(place: str, at: str | None, name: str, json_file: str | None) -> int:
    """One score of a store: what it is, its numbers, worst first, and their reasons."""
    from coach.scoring.past import Past
    from coach.scoring.readings import READINGS, sorted_rows
    from coach.scoring.rows import plain_card, plain_row
    from coach.store import Store
    from policies.scores.catalogue import ABOUT

    if name not in READINGS:
        raise BadInput(say("error.score", name=name, known=", ".join(READINGS)))
    opened = Store.open(place, create=False)
    try:
        past = Past.of(opened, instant(at, opened.calendar.zone))
    finally:
        opened.close()
    rows = sorted_rows(past, name)
    show_score(ABOUT[name], rows)
    write_json(json_file, {"about": plain_card(ABOUT[name]), "at": past.at, "rows": [plain_row(each) for each in rows]})
    return 0


def show_score(about, rows) -> None:
    """The card of a score, and its worst numbers."""
    from policies.scores.about import limit_words, written

    show_text(f"{about.id} {pick(*about.name)}: {pick(*about.formula)}")
    for name, limit in (("score.healthy", about.healthy), ("score.alarm", about.alarm)):
        if limit is not None:
            show_text(f"{say(name)}: {pick(*limit_words(about, limit))}")
    if not rows:
        show_text(say("score.none"))
        return
    shown = table(say("score.shown", shown=min(WORST, len(rows)), all=len(rows)), say("score.of"), say("score.value"),
                  say("score.interval"), say("score.cases"), say("score.why"))  # fmt: skip
    shown.columns[4].justify = "left"
    for row in rows[:WORST]:
        number = row.score
        ends = "" if number.interval is None else "–".join(written(about, end) for end in number.interval)
        why = "\n".join(pick(*each) for each in (*number.reasons, *row.lines))
        title = pick(row.title["en"], row.title["zh"])
        shown.add_row(title, written(about, number.value), ends, "" if number.cases is None else str(number.cases), why)
    console().print(shown)


def instant(written: str | None, zone: str) -> int:
    """The instant asked for, ms; the present one for None, the end of the day for a date."""
    if written is None:
        return time.time_ns() // 1_000_000
    import pandas as pd

    from coach.mapping.parsing import instants

    found = instants(pd.Series([written.strip()], dtype=object), ("iso",), "end", zone)[0]
    if found != found:
        raise BadInput(say("error.not_an_instant", value=written))
    return int(found)


def benchmark_of(path: str | None) -> dict[int, float] | None:
    """Shares by stage from a YAML file such as {1: 60%, 2: 35%}."""
    if path is None:
        return None
    from pathlib import Path

    from policies.documents.reading import read_file
    from policies.language.predicate import as_number

    document = read_file(Path(path)).plain()
    shares = {str(stage): as_number(share) for stage, share in document.items()}
    if not all(stage.isdecimal() and share is not None and 0 < share <= 1 for stage, share in shares.items()):
        raise BadInput(say("error.benchmark", file=path))
    return {int(stage): share for stage, share in shares.items() if share is not None}


def show_opportunities(scored, zone: str) -> None:
    """The least healthy open opportunities."""
    from coach.store.titles import told_apart
    from coach.winning.model import WITHIN_DAYS

    known = [each for each in scored.opportunities if each.health.value is not None]
    worst = sorted(known, key=lambda each: each.health.value)[:WORST]
    if not worst:
        return
    title = say("score.worst", shown=len(worst), all=len(scored.opportunities))
    shown = table(title, say("score.id"), say("score.health"), say("score.win", days=WITHIN_DAYS), say("score.why"))
    shown.columns[3].justify = "left"
    for each in worst:
        win = "–" if each.probability is None else f"{each.probability:.0%}"
        called = told_apart("opportunity", each.id, each.values, zone, scored.currency)
        reason = each.health.reasons[0]
        shown.add_row(pick(called["en"], called["zh"]), f"{each.health.value:.0f}", win, pick(reason.en, reason.zh))
    console().print(shown)


def show_others(scored) -> None:
    """Of every score but S1 the worst number, and why; a score that nothing can be told of is left out."""
    from policies.scores.about import written
    from policies.scores.catalogue import ABOUT

    shown = table(say("score.others"), say("score.which"), say("score.of"), say("score.value"), say("score.cases"),
                  say("score.why"))  # fmt: skip
    shown.columns[1].justify = shown.columns[4].justify = "left"
    for name, about in ABOUT.items():
        if name == "S1" or not (rows := scored.rows[name]):
            continue
        number, cases = rows[0].score, rows[0].score.cases
        why = "\n".join(pick(*each) for each in number.reasons[:1])
        title = pick(rows[0].title["en"], rows[0].title["zh"])
        called = f"{about.id} {pick(*about.name)}"
        shown.add_row(called, title, written(about, number.value), "" if cases is None else str(cases), why)
    if shown.row_count:
        console().print(shown)


def document_of(scored) -> dict:
    """The scores as plain values."""
    from coach.scoring.rows import plain_row
    from coach.scoring.workbook import notes, timed
    from coach.winning.model import WITHIN_DAYS
    from policies.scores.score import Score

    def told(row) -> dict:
        plain = {name: value for name, value in row._asdict().items() if name not in ("values", "why", "funnel")}
        plain |= {name: value._asdict() for name, value in plain.items() if isinstance(value, Score)}
        if "ever" in plain and not timed(scored):
            plain["won_if_closed"] = plain.pop("ever")
        if hasattr(row, "why"):
            plain["why"] = [{"feature": each.feature.name, "points": each.points} for each in row.why]
        if hasattr(row, "funnel"):
            plain["funnel"] = funnel_of(row.funnel)
        return plain

    rows = {name: [told(each) for each in getattr(scored, name)] for name in ("opportunities", "customers", "reps")}
    within = scored.expected_within
    return {
        "at": scored.at, "currency": scored.currency, **rows, "firm": funnel_of(scored.firm), "within_days": WITHIN_DAYS,
        "expected_wins": [each._asdict() for each in scored.expected],
        "expected_wins_within": None if within is None else within._asdict(),
        "notes": [each._asdict() for each in notes(scored)],
        "scores": {name: [plain_row(each) for each in rows] for name, rows in scored.rows.items()},
    }  # fmt: skip


def funnel_of(funnel) -> dict:
    """A funnel as plain values."""
    return {
        "stages": [each._asdict() for each in funnel.stages],
        "bottleneck": funnel.bottleneck,
        "reason": funnel.reason._asdict(),
    }
