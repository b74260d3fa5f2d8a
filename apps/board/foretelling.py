"""Forecasts for the board, worked out and drawn beside the pages: one for the firm, of which everybody is told the own part."""

from collections.abc import Hashable
from typing import NamedTuple

from apps.pages.findings import Findings, Told
from coach.forecasting.forecast import Forecast, forecast
from coach.forecasting.known import History
from coach.forecasting.page import charts_of
from coach.forecasting.seen import seen
from coach.store.sight import Sight
from sim.experiment.report.frame import embedded

WEEKS = 13


class Foretold(NamedTuple):
    """What somebody may expect, None where nothing is expected; and its plots, by name and language."""

    forecast: Forecast | None
    drawn: dict


class Foretelling(Findings[Sight]):
    """Forecasts by sight."""

    _whole: tuple[Hashable, Forecast] | None = None

    def find(self, asked: Sight, at: int, told: Told) -> Foretold:
        """Foretell the firm, unless that was done from this record, and take the part; CoachError where nothing is recorded."""
        found = seen(self._firm(at, told), asked)
        if found is None:
            return Foretold(None, {})
        charts = charts_of(found)
        if asked.is_ones_own:
            charts = {name: make for name, make in charts.items() if name == "errors"}
        return Foretold(found, embedded(charts))

    def _firm(self, at: int, told: Told) -> Forecast:
        record = self.record()
        told(0, 1)
        if self._whole is None or self._whole[0] != record:
            history = History.of(self.store, at)
            self._whole = record, forecast(history, history.last, WEEKS, told=told)
        return self._whole[1]
