"""A forecast or a backtest as one self-contained page that holds both languages."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coach.forecasting import words
from coach.forecasting.backtest import Backtest, day
from coach.forecasting.forecast import Forecast
from coach.forecasting.measures import LEVELS
from coach.forecasting.plots import errors, weekly
from sim.experiment.report.both import Both, value
from sim.experiment.report.frame import embedded
from sim.experiment.report.page import write_html

if TYPE_CHECKING:
    from bokeh.model import Model

FOLDER = Path(__file__).parent


Charts = Mapping[str, Callable[[str], "Model"]]
"""Plots by name, each drawn for a language."""


def charts_of(found: Forecast) -> Charts:
    """The plots of a forecast: wins and, where there are amounts, revenue by week; errors of the methods."""
    drawn: dict[str, Callable[[str], Model]] = {"wins": partial(weekly, found.behind, found.wins)}
    if found.revenue is not None:
        drawn["revenue"] = partial(weekly, (), found.revenue)
    if found.tried is not None and found.tried.errors:
        drawn["errors"] = partial(errors, found.tried)
    return drawn


def write_forecast(found: Forecast, path: str | Path, lang: str = "en") -> Path:
    """Write the page of a forecast; returns its path. An unknown language is a ValueError."""
    drawn = charts_of(found)
    view = {"f": found, "sentences": words.sentences(found), "tried": found.tried, "title": Both("What to expect", "预期")}
    return write_html("forecast.html", path, lang, embedded(drawn), view | _common(drawn), folder=FOLDER)


def write_backtest(found: Backtest, path: str | Path, lang: str = "en") -> Path:
    """Write the page of a backtest; returns its path. An unknown language is a ValueError."""
    drawn = {"errors": partial(errors, found)} if found.errors else {}
    told = [words.verdict(found), *words.coverage(found, found.chosen.name)]
    title = Both("How well the past was foretold", "过去预测得如何")
    view = {"f": None, "sentences": told, "tried": found, "title": title}
    return write_html("forecast.html", path, lang, embedded(drawn), view | _common(drawn), folder=FOLDER)


def _common(drawn: Charts) -> dict:
    return {"shown": set(drawn), "levels": LEVELS, "day": day, "number": partial(value, unit="count")}
