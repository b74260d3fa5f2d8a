"""Offices made of three real histories: how many of their numbers lie inside the 95 % intervals of the record's.

The record tells wins and losses a day by age, which the search aims at, and the days of the wins and the variation of weeks,
which follow by themselves. The bank's record names no seller; 45 of its people worked on offers.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.forecasts import ZONES, end_of, histories, until
from benchmarks.measure import Row, Words
from benchmarks.public_data import data_folder, told_absent
from coach.describing.spans import spans_of
from coach.fitting.comparison import Pair, foretold, made
from coach.fitting.firm import firm_in
from policies.documents.loader import load_policy
from policies.time.calendar import Calendar
from sim.fit.from_record import fit_office

PEOPLE = {"loans": 45}
NAMES = {
    "school": Words("office of a school's CRM", "学校 CRM 的模拟公司"),
    "loans": Words("office of loan applications", "贷款申请的模拟公司"),
    "programme": Words("office of a sales programme", "外包销售项目的模拟公司"),
}
_MADE, _FORETOLD = Words("fitted numbers inside", "拟合数字在区间内"), Words("foretold numbers inside", "预测数字在区间内")
_SECONDS = Words("CPU seconds", "CPU 秒")
ALLOWED = 480.0
"""Seconds of one core for a fit: four minutes of two."""


def fitted_offices(lang: str) -> Iterator[Row] | list[Row]:
    """For each history: shares of the office's numbers inside the record's intervals, and what the fit took."""
    folder = data_folder()
    return told_absent(lang) if folder is None else _rows(folder, lang)


def _rows(folder: Path, lang: str) -> Iterator[Row]:
    policy = load_policy("monthly-private")
    for name, records in histories(folder):
        end = end_of(name)
        spans = spans_of(until(records, end), end, ZONES[name], set())
        told = firm_in(spans, Calendar().in_zone(ZONES[name]), PEOPLE.get(name))
        begun = time.process_time()
        fitted = fit_office(told.firm, policy)
        took = time.process_time() - begun
        title = getattr(NAMES[name], lang)
        for words, groups in ((_MADE, made(told, fitted)), (_FORETOLD, foretold(told, fitted))):
            yield _inside(title, getattr(words, lang), [pair for pairs in groups.values() for pair in pairs])
        yield Row(title, took, getattr(_SECONDS, lang), f"{ALLOWED:g} (<= 1)", took / ALLOWED)


def _inside(title: str, what: str, pairs: list[Pair]) -> Row:
    held = [pair.inside for pair in pairs if pair.inside is not None]
    missed = ", ".join(pair.label.en for pair in pairs if pair.inside is False)
    return Row(title, float(sum(held)), what, f"{len(held)} ({missed or '–'})", sum(held) / max(len(held), 1))
