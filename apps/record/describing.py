"""What the record says, worked out and drawn beside the pages and kept for everybody who may see it."""

from datetime import date, timedelta
from typing import NamedTuple

from apps.pages.findings import Findings, Told
from coach.describing.describe import describe
from coach.describing.description import Description
from coach.describing.page import charts_of
from coach.describing.spans import last_recorded
from coach.store.sight import Sight
from sim.experiment.report.frame import embedded


class Question(NamedTuple):
    """What the record says as of the end of a day, None for the last record, and whose own figures are told with it."""

    day: date | None
    sight: Sight


class Described(NamedTuple):
    """A description and its plots, as pages carry them: by name and language."""

    description: Description
    drawn: dict


class Describing(Findings[Question]):
    """Descriptions by day and sight."""

    def find(self, asked: Question, at: int, told: Told) -> Described:
        """Describe, then draw each plot; raises CoachError where nothing is recorded."""
        if asked.day is None:
            at = last_recorded(self.store, at)
        else:
            at = min(at, self.store.calendar.midnight(asked.day + timedelta(days=1)) - 1)
        most = 0

        def describing(done: int, of: int) -> None:
            nonlocal most
            most = of
            told(done, 2 * of)

        description = describe(self.store, at, describing, asked.sight.units)
        charts = charts_of(description)
        drawn: dict = {}
        for number, (name, make) in enumerate(charts.items()):
            told(most + most * number // len(charts), 2 * most)
            drawn |= embedded({name: make})
        return Described(description, drawn)
