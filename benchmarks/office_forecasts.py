"""Weekly wins of three real histories foretold by the firm's own office, run on from what was open, beside the other methods.

Each origin has an office of its own, fitted on what was known then. The record does not tell which policy was in force: none is
taken, so that no deadline of targets shapes the weeks.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.fitted_offices import PEOPLE
from benchmarks.forecasts import NAMES, end_of, histories, history_of
from benchmarks.measure import Row, Words
from benchmarks.public_data import data_folder, told_absent
from coach.forecasting.backtest import OFFICE, Backtest, backtest
from coach.forecasting.forecasters import NAIVE, OWN
from coach.today.office import OfficeMethods
from policies.documents.loader import load_policy
from policies.time.calendar import Calendar

WEEKS, EVERY = 8, {"school": 6, "loans": 4, "programme": 16}
_ERROR, _INSIDE = Words("CRPS of the office", "模拟团队的 CRPS"), Words("share within the 80 % interval", "落入 80% 区间的比例")


def office_forecasts(lang: str) -> Iterator[Row] | list[Row]:
    """For each history: the office's error against the best naive method and against chances, and coverage of its intervals."""
    folder = data_folder()
    return told_absent(lang) if folder is None else _rows(folder, lang)


def _rows(folder: Path, lang: str) -> Iterator[Row]:
    for name, records in histories(folder):
        end = end_of(name)
        history = history_of(name, records, end)
        methods = OfficeMethods(Calendar().in_zone(history.zone), load_policy("no-targets"), PEOPLE.get(name))
        found = backtest(history, end, WEEKS, EVERY[name], forecasters=(OWN, methods.under(), *NAIVE))
        yield from _told(getattr(NAMES[name], lang), found, lang)


def _told(name: str, found: Backtest, lang: str) -> Iterator[Row]:
    office, chances, best = found.measures(OFFICE), found.crps(OWN.name), found.best_naive
    if office is None or chances is None or best is None:
        return
    for other, error in ((best.name, found.naive[best.name]), (OWN.name, chances)):
        yield Row(name, office.crps, getattr(_ERROR, lang), f"{other} {error:.3f} ({len(found.origins)})", office.crps / error)
    yield Row(name, office.coverage[80], getattr(_INSIDE, lang), f"0.8 ({office.weeks})", office.coverage[80] / 0.8)
