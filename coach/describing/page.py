"""A description as one self-contained page that holds both languages, and as a workbook's rows."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from coach.describing.description import Description
from coach.describing.plots import UNITS, plot
from sim.experiment.report.both import Both
from sim.experiment.report.frame import embedded
from sim.experiment.report.page import write_html

FOLDER = Path(__file__).parent
FEWEST_ROWS = 2
"""A single row is told in the table alone."""


TITLE = Both("What the record says", "记录说明了什么")


def write_description(found: Description, path: str | Path, lang: str = "en", title: Both = TITLE) -> Path:
    """Write the page of a description; returns its path. An unknown language is a ValueError."""
    drawn = {
        each.name: partial(plot, each)
        for section in found.sections
        for each in section.measured
        if sum(row.value is not None for row in each.rows) >= FEWEST_ROWS
    }
    first, last = (local_day(instant, found.zone) for instant in (found.first, found.at))
    view = {
        "d": found,
        "shown": set(drawn),
        "unit": UNITS,
        "title": title,
        "recorded": Both(
            f"Recorded from {first} to {last}, dates in {found.zone}", f"记录自 {first} 至 {last}，日期按 {found.zone}"
        ),
    }
    return write_html("describe.html", path, lang, embedded(drawn), view, folder=FOLDER)


def local_day(instant: int, zone: str) -> str:
    """The day of an instant (ms) in a zone."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()
