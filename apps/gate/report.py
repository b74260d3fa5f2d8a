"""The report of a validation to be taken away: one self-contained page with both languages, or a workbook."""

import tempfile
from io import BytesIO
from pathlib import Path

from markupsafe import Markup

from apps.gate import tables
from apps.pages.texts import LANGUAGES, Speaker
from coach.validation.decision import guardrail_words
from coach.validation.parts import History, Validation
from coach.validation.words import FATES, STATES
from sim.experiment.report.reading import word
from sim.experiment.report.workbook import heads, unit_name

FOLDER = Path(__file__).parent
STYLE = (FOLDER.parent / "pages" / "documents" / "assets" / "site.css").read_text(encoding="utf-8")


def report_page(report: Validation, language: str) -> bytes:
    """The page's file (UTF-8), opened in a language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    say = Speaker(FOLDER, language)
    return environment.get_template("report.html").render(
        lang=language, title=say("read.report", policy=say.both(report.policy.title)),
        style=Markup(STYLE),
        sections={each: sections(Speaker(FOLDER, each), report) for each in LANGUAGES}, verdict=verdict_page(report, language),
    ).encode("utf-8")  # fmt: skip


def sections(say, report: Validation) -> list[Markup]:
    """The parts in one language."""
    past = tables.past(say, report)
    if report.history is not None:
        past += tables.fates(say, report.history) + tables.people(say, report.history)
    rehearsal = Markup("<h2>{}</h2>{}").format(say("read.rehearsal"), tables.guardrails(say, report))
    return [
        tables.heading(say, report) + tables.decision(say, report), tables.static(say, report),
        past + tables.lines(say, report), rehearsal,
    ]  # fmt: skip


def verdict_page(report: Validation, language: str) -> str:
    """The page of the rehearsal's verdict, which holds both languages."""
    from sim.experiment.report.page import write_page

    with tempfile.TemporaryDirectory() as folder:
        return write_page(report.rehearsal, Path(folder) / "verdict.html", language).read_text(encoding="utf-8")


def report_workbook(report: Validation, language: str) -> bytes:
    """The workbook's file: decision, rules, fates, weeks, people, lines, and the rehearsal's metrics."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    say = Speaker(FOLDER, language)
    book = Workbook()
    book.remove(book.active)
    for name, rows in _sheets(say, report).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_safe(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(80, 4 + longest)
        sheet.freeze_panes = "A2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheets(say, report: Validation) -> dict[str, list[list]]:
    passed = "read.passed" if report.decision.passed else "read.not_passed"
    decision = [[say(passed)], *([say.both(each)] for each in (*report.decision.reasons, *report.decision.remarks))]
    sheets = {say("read.decision"): decision, say("read.line"): _lines(say, report)}
    if report.static:
        sheets[say("read.static")[4:]] = [[say("read.static")], *([say.both(each.text)] for each in report.static)]
    if report.history is not None:
        sheets |= _past(say, report.history)
    metrics: list[list] = [
        heads(say.language, "metric", "unit", "today", "proposed", "difference", "low", "high", "call")
    ]
    metrics += [
        [
            say.both(each.title), unit_name(each.unit, say.language), each.baseline.value, each.variant.value, each.difference,
            each.low, each.high, say.both(word(each)),
        ]
        for each in report.rehearsal.metrics.values()
    ]  # fmt: skip
    return sheets | {say("read.rehearsal")[4:]: metrics}


def _lines(say, report: Validation) -> list[list]:
    rows = [[say(f"read.{name}") for name in ("line", "rule", "state", "value", "against", "limit")]]
    rows += [
        [say.both(each.title), each.rule, say.both(STATES[each.state]), each.value, each.against, each.at_most]
        for each in report.lines
    ]
    return rows + [[say.both(guardrail_words(each)), None, say.both(STATES[each.state]), each.value, None, each.limit]
                   for each in report.guardrails]  # fmt: skip


def _past(say, history: History) -> dict[str, list[list]]:
    mine = history.policy
    names = ("rule", "mode", "firings", "per_week", "busiest", "notices", "from_now", "catch_up")
    rules = [[say(f"read.{name}") for name in names]]
    rules += [
        [each.rule, say(f"act.{each.mode}"), each.firings, each.per_person_week, each.busiest_week, each.notices,
         each.first_day.from_now, each.first_day.catch_up]
        for each in mine.rules
    ]  # fmt: skip
    statuses = list(FATES)
    fates = [[say("read.rule"), *(say.both(FATES[status]) for status in statuses)]]
    fates += [[each.rule, *(each.fates.later.get(status, 0) for status in statuses)] for each in mine.rules]
    weeks = [[say(f"read.{name}") for name in ("week", "rule", "firings")]]
    weeks += [[each.week, each.rule, each.firings] for each in mine.by_week]
    people = [[say(f"read.{name}") for name in ("person", "week", "to_person", "on_records")]]
    people += [[each.unit, each.week, each.notices, each.firings] for each in mine.by_person_week]
    return {
        say("read.rule"): rules, say("read.fates")[:31]: fates, say("read.by_week"): weeks, say("read.heat")[:31]: people,
    }  # fmt: skip


def _safe(cell):
    # A text that begins like a formula would be run by the program that opens the file.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
