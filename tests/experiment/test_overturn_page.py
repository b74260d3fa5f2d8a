"""The pages on what would overturn a verdict, and the page of a map: what is there, in both languages, without a network."""

import csv
import io
import json
import re

import pytest

from sim.experiment.overturn.parts import Surrogate
from sim.experiment.report.both import Both, percent
from sim.experiment.report.map_page import write_map_page
from sim.experiment.report.map_words import basis, sentence, side_words
from sim.experiment.report.page import write_page
from sim.experiment.report.reading import region_evidence, surrogate_said
from sim.experiment.report.texts import text
from sim.experiment.running.winmap import WinMap
from tests.experiment.overturn_example import overturn, win_map
from tests.experiment.pages import Page
from tests.experiment.verdict_example import example

HAN = re.compile(r"[\u4e00-\u9fff]")


NOTHING = Surrogate(r2=-0.1, ceiling=0.6, bound=0.3, influences=[])


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Page:
    return read(write_page(example(), tmp_path_factory.mktemp("full") / "verdict.html"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Page:
    nothing = overturn().model_copy(update={"regions": [], "surrogate": NOTHING})
    bare = example(overturn=nothing, series={}, guardrails=[])
    return read(write_page(bare, tmp_path_factory.mktemp("empty") / "verdict.html"))


def read(path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def map_page(found, folder, lang="en") -> Page:
    words = ("rehearse", "map", "monthly-private", "weekly-public", "--over", "deal_size,leads_per_rep")
    return read(write_map_page(found, folder / "map.html", lang, command=words))


def plain(words: Both, lang: str) -> str:
    return " ".join(words.of(lang).replace("\xa0", " ").split())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_verdict_tells_the_region_with_its_evidence_and_the_shares(full, lang):
    verdict, shown = example(), full.shown(lang, "main").replace("\xa0", " ")
    (region,) = verdict.overturn.regions
    assert getattr(region.text, lang) in shown
    assert plain(region_evidence(region, verdict.metrics[verdict.metric]), lang) in shown
    assert plain(surrogate_said(verdict.overturn.surrogate), lang) in shown
    assert "58%" in plain(surrogate_said(verdict.overturn.surrogate), lang)
    for one in verdict.overturn.surrogate.influences:
        assert percent(one.first.value, places=0).of(lang) in shown
    assert text("drivers.heading").of(lang) in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_says_so_where_nothing_holds_up(empty, lang):
    shown = empty.shown(lang, "main").replace("\xa0", " ")
    assert plain(text("overturn.no_region", n=80), lang) in shown
    assert plain(surrogate_said(NOTHING), lang) in shown
    assert "30%" in plain(surrogate_said(NOTHING), lang)
    assert "shares-en" not in empty.charts()


@pytest.mark.parametrize("axes", [1, 2])
def test_a_map_is_shown_in_both_languages_without_a_network(axes, tmp_path):
    found = win_map(axes)
    page = map_page(found, tmp_path, "zh")
    assert set(page.charts()) == {"map-en", "map-zh"}
    assert [address for address in page.addresses if not address.startswith(("#", "data:"))] == []
    assert '<html lang="zh-CN"' in page.html
    for lang in ("en", "zh"):
        shown = page.shown(lang, "main").replace("\xa0", " ")
        assert shown.startswith(plain(sentence(found), lang))
        assert plain(basis(found), lang) in shown
    assert not HAN.search(page.shown("en", "main"))
    assert not HAN.search(json.dumps(page.charts()["map-en"], ensure_ascii=False))


def test_what_a_map_holds_can_be_taken_away(tmp_path):
    found = win_map()
    page = map_page(found, tmp_path)
    assert WinMap.model_validate_json(page.downloaded("map.json")) == found
    rows = list(csv.DictReader(io.StringIO(page.downloaded("map.csv").lstrip("\ufeff"))))
    assert [float(row["change_relative"]) for row in rows] == [point.change for point in found.points]


def test_the_sentence_says_who_wins_on_how_much_and_where():
    said = sentence(win_map())
    assert "“Weekly public targets” wins on" in said.en
    assert "chiefly where median deal size is low and leads per rep and week is low" in said.en
    assert "尚无定论" in said.zh


def test_a_map_that_decides_nothing_says_so():
    found = win_map(tilt=0.0)
    assert found.share["undecided"] == 1
    assert "Nowhere on this map" in sentence(found).en


def test_a_metric_that_is_neither_good_nor_bad_names_no_winner():
    found = win_map().model_copy(update={"direction": 0})
    assert "gives more" in side_words(found, "b").en
    assert "wins" not in sentence(found).en


def test_an_unknown_language_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="'fr'"):
        map_page(win_map(), tmp_path, "fr")
