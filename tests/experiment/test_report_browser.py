"""The page in a real browser without a network: it draws, it asks nobody, it switches language, it fits, it prints."""

from contextlib import contextmanager

import pytest

from sim.experiment.report.both import span
from sim.experiment.report.map_page import write_map_page
from sim.experiment.report.page import write_page
from sim.experiment.report.sweep_page import write_sweep_page
from sim.experiment.report.texts import text
from tests.browsing import SIZES
from tests.experiment.overturn_example import win_map
from tests.experiment.test_sweep_page import TITLES, curve, grid
from tests.experiment.verdict_example import example

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_page(example(), tmp_path_factory.mktemp("report") / "verdict.html")


@contextmanager
def offline(browser, size, path):
    """The page as somebody opens it offline, with every request and every complaint of the browser written down."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn=en]")
    try:
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module", params=SIZES)
def opened(request, browser, path):
    """The page of the verdict, on each size of screen; what is asked and complained about is looked at last."""
    with offline(browser, request.param, path) as page:
        yield page


def show(page, lang: str) -> None:
    """Switch the language and wait until its plots stand."""
    page.click(f"[data-to={lang}]")
    page.wait_for_selector(f"html[data-drawn={lang}]")
    page.wait_for_timeout(500)


def test_switches_language_without_a_reload(opened):
    show(opened, "en")
    opened.evaluate("window.here = true")
    heading = opened.locator("#effect h2")
    assert heading.inner_text() == text("effect.heading").en
    show(opened, "zh")
    assert heading.inner_text() == text("effect.heading").zh
    assert opened.locator("h1").inner_text() == example().sentence.zh.split("。")[0] + "。"
    assert opened.evaluate("document.documentElement.lang") == "zh-CN"
    show(opened, "en")
    assert heading.inner_text() == text("effect.heading").en
    assert opened.evaluate("window.here")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_fits_its_width_with_every_plot_drawn(opened, lang, tmp_path):
    show(opened, lang)
    opened.screenshot(path=tmp_path / f"{lang}.png", full_page=True)
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    places = opened.locator(f".chart.{lang}")
    assert places.count() == 14
    for place in places.all():
        box = place.locator("canvas").first.bounding_box()
        assert box["width"] > 200, place.get_attribute("id")
        assert box["height"] > 40


def test_a_tooltip_says_the_value(opened):
    show(opened, "en")
    plot = opened.locator("#effect-en canvas").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    tooltip = opened.locator(".bk-Tooltip")
    for share in range(400, 800, 5):
        opened.mouse.move(box["x"] + box["width"] * share / 1000, box["y"] + 46)
        opened.wait_for_timeout(20)
        if tooltip.count():
            break
    tooltip.get_by_text(text("effect.net").en, exact=True).wait_for(timeout=3000)
    net = example().costs.money_per_month.net
    assert tooltip.get_by_text(span(net.low, net.high, "money", signed=True).en).count() == 1


def test_prints_each_plot_as_a_picture_with_the_details_open(opened):
    show(opened, "en")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    pictures = opened.locator(".paper-chart.en")
    assert pictures.count() == 14
    for picture in pictures.all():
        assert picture.is_visible()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
    assert opened.locator("details:not([open], .long)").count() == 0
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator("details:not([open])").count() == 2
    opened.emulate_media(media="screen")


def test_no_request_left_and_nothing_was_complained_about(opened, path):
    assert [url for url in opened.asked if url != path.as_uri() and not url.startswith(("data:", "blob:"))] == []
    assert opened.complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("axes", [1, 2], ids=["curve", "map"])
def test_a_map_of_who_wins_where_is_drawn_in_both_languages_and_fits_its_width(browser, size, axes, tmp_path):
    made = write_map_page(win_map(axes), tmp_path / "map.html", command=["rehearse", "map"])
    with offline(browser, size, made) as page:
        for lang in ("en", "zh"):
            show(page, lang)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert page.locator(f"#map-{lang} canvas").first.bounding_box()["width"] > 200
        assert page.complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("points", [curve(), grid()], ids=["curve", "map"])
def test_a_sweep_is_drawn_in_both_languages_and_fits_its_width(browser, size, points, tmp_path):
    made = write_sweep_page(points, tmp_path / "sweep.html", confidence=0.95, command=["rehearse", "sweep"], **TITLES)
    with offline(browser, size, made) as page:
        for lang in ("en", "zh"):
            show(page, lang)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert page.locator(f"#sweep-{lang} canvas").first.bounding_box()["width"] > 200
        assert page.complaints == []
