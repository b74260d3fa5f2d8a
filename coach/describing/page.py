"""A description as one self-contained page that holds both languages, and as a workbook's rows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from coach.describing.description import Description
from coach.describing.plots import UNITS, plot
from sim.experiment.report.both import Both
from sim.experiment.report.frame import embedded
from sim.experiment.report.page import write_html

if TYPE_CHECKING:
    from bokeh.model import Model

FOLDER = Path(__file__).parent
FEWEST_ROWS = 2
"""A single row is told in the table alone."""


TITLE = Both("What the record says", "记录说明了什么")


def charts_of(found: Description) -> dict[str, Callable[[str], "Model"]]:
    """The plots of a description by the name of what they show, each drawn for a language."""
    return {
        each.name: partial(plot, each)
        for section in found.sections
        for each in section.measured
        if sum(row.value is not None for row in each.rows) >= FEWEST_ROWS
    }


def write_description(
    found: Description, path: str | Path, lang: str = "en", title: Both = TITLE, drawn: Mapping | None = None
) -> Path:
    """Write the page of a description; returns its path. An unknown language is a ValueError.

    `drawn`: its plots, if they are drawn already (`frame.embedded` of `charts_of`).
    """
    view = {
        "d": found,
        "shown": set(charts_of(found)),
        "unit": UNITS,
        "title": title,
        "recorded": recorded(found),
    }
    charts = embedded(charts_of(found)) if drawn is None else dict(drawn)
    return write_html("describe.html", path, lang, charts, view, folder=FOLDER)


def recorded(found: Description) -> Both:
    """From when to when the record is."""
    first, last = (local_day(instant, found.zone) for instant in (found.first, found.at))
    return Both(f"Recorded from {first} to {last}, dates in {found.zone}", f"记录自 {first} 至 {last}，日期按 {found.zone}")


def local_day(instant: int, zone: str) -> str:
    """The day of an instant (ms) in a zone."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()
