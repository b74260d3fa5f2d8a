"""The page of a sweep: what is best and whether that is more than luck, as a curve or a map, with nothing loaded."""

import csv
import io

import pytest

from sim.experiment.report.both import span, value
from sim.experiment.report.sweep_page import basis, best, caution, sentence, write_sweep_page
from sim.experiment.report.texts import text
from sim.experiment.running.sweep import Point
from sim.experiment.verdict.verdict import Text
from tests.experiment.pages import Page
from tests.experiment.verdict_example import effect

TITLES = {"policy": Text(en="Monthly targets", zh="月度目标"), "scenario": Text(en="Default office", zh="默认团队")}


def point(change: float, half: float = 0.01, direction: int = 1, worlds: int = 50, **values: str) -> Point:
    found = effect("Gross margin", "毛利", "money", direction, 18_640_000, change, half)
    return Point(values, found, 4 * worlds, worlds, "precision")


def curve() -> list[Point]:
    return [point(0.03 - abs(days - 15) * 0.002, after=f"{days}d") for days in (7, 15, 30, 45)]


def grid() -> list[Point]:
    return [
        point(0.03 - days * 0.001 - places * 0.01, after=f"{days}d", places=str(places))
        for days in (7, 15)
        for places in (1, 2, 3)
    ]


def page(points, path, lang="en") -> Page:
    words = ("rehearse", "sweep", "golden-48h")
    return Page(write_sweep_page(points, path, lang, confidence=0.95, command=words, **TITLES).read_text(encoding="utf-8"))


@pytest.mark.parametrize("points", [curve(), grid()], ids=["curve", "map"])
def test_shows_every_point_in_both_languages_without_a_network(points, tmp_path):
    made = page(points, tmp_path / "sweep.html", "zh")
    assert set(made.charts()) == {"sweep-en", "sweep-zh"}
    assert [address for address in made.addresses if not address.startswith(("#", "data:"))] == []
    for lang in ("en", "zh"):
        shown = made.shown(lang, "main")
        assert shown.startswith(" ".join(sentence(points).of(lang).split()))
        assert all(", ".join(p.values.values()) in shown for p in points)


def test_the_csv_holds_every_number_unrounded(tmp_path):
    rows = list(csv.DictReader(io.StringIO(page(curve(), tmp_path / "sweep.html").downloaded("sweep.csv").lstrip("\ufeff"))))
    assert [(row["after"], float(row["difference"]), float(row["low"])) for row in rows] == [
        (p.values["after"], p.effect.difference, p.effect.low) for p in curve()
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_shows_each_change_with_the_interval_that_decided(lang, tmp_path):
    shown = page(curve(), tmp_path / "sweep.html").shown(lang, "tbody").replace("\xa0", " ")
    for each in curve():
        e = each.effect
        change, ends = value(e.difference, "money", signed=True), span(e.low, e.high, "money", signed=True)
        assert " ".join(f"{change.of(lang)} {ends.of(lang)}".replace("\xa0", " ").split()) in shown


def test_a_metric_without_cases_makes_a_page_without_a_plot(tmp_path):
    nothing = {"difference": None, "low": None, "high": None, "call": "unclear"}
    points = [p._replace(effect=p.effect.model_copy(update=nothing)) for p in curve()]
    assert page(points, tmp_path / "sweep.html").charts() == {}


def test_says_how_much_was_simulated_and_warns_of_few_worlds(tmp_path):
    few = [point(0.03, worlds=10, after="7d"), point(0.01, worlds=40, after="15d")]
    assert "40–160, in 10–40 worlds" in basis(few).en
    assert "200, in 50 worlds" in basis(curve()).en
    assert caution(few).en in page(few, tmp_path / "few.html").shown("en", "main")
    assert caution(curve()) is None
    assert text("sweep.few", n=30).en not in page(curve(), tmp_path / "many.html").shown("en", "main")


def test_the_best_is_the_largest_gain_beyond_chance():
    points = [point(0.09, half=0.2, after="1d"), point(0.03, after="7d"), point(0.05, after="15d"), point(-0.2, after="30d")]
    assert best(points).values == {"after": "15d"}
    said, gain = sentence(points).en, best(points).effect
    assert value(gain.difference, "money", signed=True).en in said
    assert span(gain.low, gain.high, "money", signed=True).en in said


def test_less_is_best_where_less_is_better():
    points = [
        point(-0.03, direction=-1, after="7d"),
        point(-0.05, direction=-1, after="15d"),
        point(0.2, direction=-1, after="30d"),
    ]
    assert best(points).values == {"after": "15d"}


def test_says_so_when_nothing_is_beyond_chance():
    points = [point(0.01, half=0.05, after="7d"), point(0.02, half=0.05, after="15d")]
    assert best(points) is None
    assert "beyond chance" in sentence(points).en


def test_two_settings_are_tried_in_combinations():
    assert "6 combinations of after × places" in sentence(grid()).en
    assert "after × places 的 6 种组合" in sentence(grid()).zh


def test_an_unknown_language_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="'fr'"):
        page(curve(), tmp_path / "sweep.html", "fr")


@pytest.mark.parametrize("points", [[], [point(0.1, after="7d", places="1", on="lead")]], ids=["none", "three settings"])
def test_anything_but_one_or_two_settings_is_an_error(points, tmp_path):
    with pytest.raises(ValueError, match="one or two settings"):
        page(points, tmp_path / "sweep.html")
