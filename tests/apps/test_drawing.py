"""Plots that several people ask for at once come out whole, and a page that cannot be drawn says so."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coach.store import Viewer
from sim.experiment.report.frame import embedded
from sim.experiment.report.page import verdict_charts
from tests.experiment.verdict_example import example

PEOPLE = 4


def test_plots_drawn_at_once_are_those_drawn_one_by_one():
    charts = verdict_charts(example())
    alone = embedded(charts)
    with ThreadPoolExecutor(PEOPLE) as people:
        together = list(people.map(lambda _: embedded(charts), range(PEOPLE)))
    sizes = {name: len(json.dumps(item)) for name, item in alone.items()}
    for drawn in together:
        assert {name: len(item["doc"]["roots"]) for name, item in drawn.items()} == dict.fromkeys(alone, 1)
        found = {name: len(json.dumps(item)) for name, item in drawn.items()}
        assert found == pytest.approx(sizes, rel=0.05)  # their ids grow longer


WORDS = {"en": "could not be shown (ZeroDivisionError)", "zh": "无法显示（ZeroDivisionError）"}


@pytest.mark.parametrize("language", WORDS)
def test_a_page_that_cannot_be_drawn_says_so_and_what_to_do(language, caplog):
    from apps.pages.frame import Site

    site = Site("gate", Viewer("ops", "operations", None, language), Path("apps") / "gate", lambda: 1 / 0)
    site.refresh()
    (shown,) = site._body.objects
    assert WORDS[language] in shown.object
    assert "href='gate" in shown.object
    assert "could not be drawn" in caplog.text
