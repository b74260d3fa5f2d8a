"""The page of a sweep: what is best and whether that is more than luck, as a curve or a map, with nothing loaded."""

import csv
import io

import pytest

from sim.experiment.report.both import value
from sim.experiment.report.sweep_page import best, sentence, write_sweep_page
from sim.experiment.sweep import Point
from sim.experiment.verdict import Text
from tests.experiment.pages import Page
from tests.experiment.verdict_example import effect

TITLES = {"policy": Text(en="Monthly targets", zh="月度目标"), "scenario": Text(en="Default office", zh="默认办公室")}


def point(change: float, half: float = 0.01, direction: int = 1, **values: str) -> Point:
    return Point(values, effect("Gross margin", "毛利", "money", direction, 18_640_000, change, half), 200, 50, "precision")


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


def test_the_best_is_the_largest_gain_beyond_chance():
    points = [point(0.09, half=0.2, after="1d"), point(0.03, after="7d"), point(0.05, after="15d"), point(-0.2, after="30d")]
    assert best(points).values == {"after": "15d"}
    assert value(best(points).effect.difference, "money", signed=True).en in sentence(points).en


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


@pytest.mark.parametrize("points", [[], [point(0.1, after="7d", places="1", on="lead")]], ids=["none", "three settings"])
def test_anything_but_one_or_two_settings_is_an_error(points, tmp_path):
    with pytest.raises(ValueError, match="one or two settings"):
        page(points, tmp_path / "sweep.html")
