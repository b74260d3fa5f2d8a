"""The verdict's page: it needs nothing else, speaks both languages, begins with the sentence, shows the verdict's numbers."""

import csv
import io
import json
import math
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.report import reading
from sim.experiment.report.both import MINUS, Both, percent, span, value
from sim.experiment.report.frame import embedded
from sim.experiment.report.page import write_page
from sim.experiment.report.texts import all_texts, text
from sim.experiment.verdict.verdict import Drivers, Estimate, Verdict
from tests.experiment.pages import Page
from tests.experiment.verdict_example import example

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return example()


@pytest.fixture(scope="module")
def path(verdict, tmp_path_factory):
    return write_page(verdict, tmp_path_factory.mktemp("report") / "made" / "verdict.html")


@pytest.fixture(scope="module")
def page(path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def sparse() -> Verdict:
    """A verdict with as little in it as can be: no money, no cases for some metrics, no targets in one arm, nothing decided."""
    nothing = Estimate(value=None, low=None, high=None)
    full = example()
    empty = {"baseline": nothing, "variant": nothing, "difference": None, "low": None, "high": None, "relative": nothing,
             "better_share_of_worlds": nothing, "p_adjusted": None, "call": "unclear"}  # fmt: skip
    without = full.metrics["repurchase"].model_copy(update=empty)
    primary = full.metrics["win_rate"].model_copy(update={"call": "unclear"})
    return example(
        metric="win_rate",
        metrics={"win_rate": primary, "repurchase": without},
        differences_by_world=[0.01] * 30,
        groups=full.groups.model_copy(update={"hires": None, "high": without, "units": {}}),
        costs=full.costs.model_copy(
            update={"money_per_month": None, "hour_cost": None, "alerts_per_manager_day": None, "hours_per_month": {}}
        ),
        drivers=Drivers(named=[], tested=12, null_correlation=None),
        overturn=None,
        guardrails=[],
        looks=[],
        attainment=full.attainment.model_copy(update={"b": [[None, None]] * 3}),
        stopped="interrupted",
        series={},
        notes=[],
    )


@pytest.fixture(scope="module")
def page_with_gaps(tmp_path_factory) -> Page:
    return Page(write_page(sparse(), tmp_path_factory.mktemp("report") / "gaps.html", "zh").read_text(encoding="utf-8"))


class TestSelfContained:
    def test_names_no_address_outside_itself(self, page):
        assert [address for address in page.addresses if not address.startswith(("#", "data:"))] == []

    def test_style_loads_nothing(self, page):
        styles = "".join(word.text for word in page.words if word.inside("style"))
        assert "url(" not in styles
        assert "@import" not in styles

    def test_forbids_the_browser_to_load_anything(self, page):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page.html)[1]
        assert "default-src 'none'" in policy
        assert "http" not in policy

    def test_is_small_enough_for_a_mail(self, path):
        assert path.stat().st_size < 3e6

    def test_a_plot_holds_nothing_of_other_pages_that_define_models_in_the_same_process(self):
        import panel as pn
        from bokeh.plotting import figure

        assert pn.layout.FlexBox(1).get_root().ref["id"]
        charts = embedded({"plot": lambda _lang: figure()})
        assert [sorted(chart["doc"]) for chart in charts.values()] == [["config", "roots", "title", "version"]] * 2

    def test_importing_the_page_loads_no_plot_library(self):
        code = "import sys, sim.experiment.report.page; print(sorted({'bokeh', 'holoviews', 'hvplot'} & set(sys.modules)))"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


class TestLanguages:
    @pytest.mark.parametrize("name", sorted(all_texts()))
    def test_every_text_exists_in_both(self, name):
        words = all_texts()[name]
        assert words.en.strip()
        assert not HAN.search(words.en)
        assert HAN.search(words.zh) or not LATIN_WORD.search(re.sub(r"\{\w+\}", "", words.en)), words
        assert set(re.findall(r"\{\w+\}", words.en)) == set(re.findall(r"\{\w+\}", words.zh))

    def test_every_text_is_used(self):
        import pathlib

        import sim.experiment.report.page as module

        files = pathlib.Path(module.__file__).parent.iterdir()
        source = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix in (".py", ".html"))
        prefixes = set(re.findall(r"""["'](\w+\.\w*)["'] ~|f["'](\w+\.\w*)\{""", source))
        built = tuple(prefix for pair in prefixes for prefix in pair if prefix)
        unused = [name for name in all_texts() if f'"{name}"' not in source and f"'{name}'" not in source]
        assert [name for name in unused if not name.startswith(built)] == []

    def test_a_reader_of_one_language_sees_only_that_one(self, page, verdict):
        data = {*verdict.groups.units, "Rehearse", "EN", "中文"}
        told_apart = ("en", "zh", "script", "style", "title", "code", "pre", "note", "switch")
        loose = [word for word in page.words if not word.inside(*told_apart)]
        assert [word.text for word in loose if LATIN_WORD.search(word.text) and word.text.strip() not in data] == []
        assert [word.text for word in loose if HAN.search(word.text)] == []
        assert not HAN.search(page.shown("en").replace("中文", ""))

    def test_every_plot_is_there_in_both(self, page):
        charts = page.charts()
        names = {name.rsplit("-", 1)[0] for name in charts}
        assert {f"{name}-{lang}" for name in names for lang in ("en", "zh")} == set(charts)
        assert {
            "effect",
            "worlds",
            "looks",
            "hours",
            "drivers",
            "shares",
            "funnel",
            "profile",
            "attainment-a",
            "attainment-b",
        } <= names
        for name in names:
            assert f'id="{name}-en"' in page.html
            assert f'id="{name}-zh"' in page.html
            assert not HAN.search(json.dumps(charts[f"{name}-en"], ensure_ascii=False)), name
            assert HAN.search(json.dumps(charts[f"{name}-zh"], ensure_ascii=False)), name

    def test_begins_in_the_language_asked_for(self, page, page_with_gaps):
        assert '<html lang="en" data-lang="en">' in page.html
        assert '<html lang="zh-CN" data-lang="zh">' in page_with_gaps.html

    def test_an_unknown_language_is_an_error(self, tmp_path):
        with pytest.raises(ValueError, match="'fr'"):
            write_page(sparse(), tmp_path / "page.html", "fr")


class TestContent:
    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_sentence_comes_first(self, page, verdict, lang):
        opening, said = ("".join(words.split()) for words in (page.shown(lang, "main"), getattr(verdict.sentence, lang)))
        assert opening.startswith(said)

    def test_a_long_sentence_is_shown_whole(self):
        from sim.experiment.verdict.verdict import Text

        said = Text(
            en="It raises wins by 4.2 %. It is better in 9 of 10 worlds. Nobody loses.",
            zh="成交提高 4.2%。多数情形更好。无人受损。",
        )
        first, rest = reading.opening(said)
        first, rest = (Both(*(words.replace("\xa0", " ") for words in part)) for part in (first, rest))
        assert first == ("It raises wins by 4.2 %.", "成交提高 4.2%。")
        assert (f"{first.en} {rest.en}", f"{first.zh}{rest.zh}") == (said.en, said.zh)

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_table_shows_the_numbers_of_the_verdict(self, page, verdict, lang):
        for name, effect in verdict.metrics.items():
            other = "en" if lang == "zh" else "zh"
            cells = " ".join(word.text for word in page.rows[name] if not word.inside(other))
            for said in (
                value(effect.baseline.value, effect.unit),
                value(effect.variant.value, effect.unit),
                value(effect.difference, effect.unit, signed=True, difference=True),
                span(effect.low, effect.high, effect.unit, signed=True, difference=True),
                percent(effect.relative.value, signed=True),
                reading.in_worlds(effect),
                reading.word(effect),
                reading.good(effect, in_words=True),
            ):
                assert said.of(lang) in cells

    def test_the_csv_holds_every_number_unrounded(self, page, verdict):
        rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(page.downloaded("verdict.csv").lstrip("\ufeff")))}
        assert set(rows) == set(verdict.metrics)
        for name, effect in verdict.metrics.items():
            row = rows[name]
            assert (float(row["difference"]), float(row["low"]), float(row["high"])) == (
                effect.difference,
                effect.low,
                effect.high,
            )
            assert float(row["baseline"]) == effect.baseline.value
            assert row["call"] == effect.call

    def test_the_whole_verdict_can_be_taken_away(self, page, verdict):
        assert Verdict.model_validate_json(page.downloaded("verdict.json")) == verdict

    def test_the_effect_plot_holds_the_money_of_the_verdict(self, page, verdict):
        drawn = json.dumps(page.charts()["effect-en"])
        assert value(verdict.costs.money_per_month.net.value, "money", signed=True).en.replace("\xa0", "\\u00a0") in drawn
        assert value(verdict.costs.money_per_month.hours.value, "money", signed=True).en.replace("\xa0", "\\u00a0") in drawn

    def test_says_how_to_get_it_again(self, page):
        command = page.shown("en", "pre")
        assert command.startswith("rehearse ab monthly-private weekly-public --scenario default --weeks 26")
        assert "--precision 1% --confidence 95% --max-pairs 2000 --seed 20261" in command

    def test_lists_the_unverified_assumptions(self, page):
        from sim.office.behaviour import PARAMETERS

        unverified = [parameter for parameter in PARAMETERS if parameter.status == "U"]
        assert unverified
        for lang in ("en", "zh"):
            shown = page.shown(lang).lower()
            assert [p.name for p in unverified if " ".join(getattr(p, lang).split()).lower() not in shown] == []

    def test_says_which_rules_were_left_out(self, page, verdict):
        (rule,) = verdict.policies.b.cannot_rehearse
        assert rule.rule in page.shown("en", "code")
        assert rule.reason.zh in page.shown("zh")

    def test_hostile_titles_stay_text(self, tmp_path):
        full = sparse()
        bad = "</script><script>alert(1)</script>"
        card = full.policies.a.model_copy(update={"title": full.policies.a.title.model_copy(update={"en": bad, "zh": bad})})
        policies = full.policies.model_copy(update={"a": card})
        html = write_page(full.model_copy(update={"policies": policies}), tmp_path / "page.html").read_text(encoding="utf-8")
        assert bad not in html

    def test_a_verdict_with_gaps_still_makes_a_page(self, page_with_gaps):
        shown = page_with_gaps.shown("en", "main")
        assert not re.search(r"\b(None|nan|undefined)\b", shown)
        assert text("advice.preliminary").en in shown
        assert text("guardrails.none").en in shown
        assert text("time.attainment_none").en in shown
        assert text("drivers.none", tested=12).en in shown
        assert text("overturn.few", n=80).en in shown
        names = ("effect", "worlds", "funnel", "profile", "attainment-a")
        assert set(page_with_gaps.charts()) == {f"{name}-{lang}" for name in names for lang in ("en", "zh")}


class TestAdvice:
    @pytest.mark.parametrize(
        ("call", "states", "expected"),
        [
            ("better", ["held"], "go"),
            ("better", [], "go_bare"),
            ("better", ["held", "undecided"], "pilot"),
            ("better", ["undecided", "broken"], "blocked"),
            ("unclear", ["broken"], "blocked"),
            ("unclear", ["held"], "open"),
            ("worse", ["held"], "keep"),
            ("identical", [], "same"),
            ("higher", ["held"], "neutral"),
        ],
    )
    def test_weighs_the_gain_against_the_guardrails(self, verdict, call, states, expected):
        primary = verdict.metrics[verdict.metric].model_copy(update={"call": call})
        rails = [verdict.guardrails[0].model_copy(update={"state": state}) for state in states]
        tried = verdict.model_copy(update={"metrics": {**verdict.metrics, verdict.metric: primary}, "guardrails": rails})
        assert reading.advice(tried).badge == text(f"advice.{expected}")

    def test_names_the_broken_guardrail(self, verdict):
        assert "alerts per manager and day" in reading.advice(verdict).why.en

    def test_names_those_who_are_worse_off(self, verdict):
        assert reading.worse_off(verdict).en == "It is worse for: Third that sold most margin before."


class TestNumbers:
    @given(
        st.floats(-1e11, 1e11, allow_nan=False),
        st.sampled_from(["money", "share", "days", "count"]),
        st.sampled_from(["en", "zh"]),
    )
    def test_what_is_written_is_within_half_a_percent_or_rounds_to_zero(self, number, unit, lang):
        written = value(number, unit).of(lang).replace("\xa0", " ").replace(",", "").replace(MINUS, "-").replace("%", " %")
        digits, _, word = written.partition(" ")
        times = {"k": 1e3, "M": 1e6, "bn": 1e9, "万": 1e4, "亿": 1e8, "%": 0.01}.get(word, 1.0)
        finest = {"share": 1e-3 if abs(number) >= 0.001 else 1e-4, "money": 1.0 if abs(number) >= 10 else 0.01}
        smallest = finest.get(unit, 0.01)
        assert math.isclose(float(digits) * times, number, rel_tol=0.0051, abs_tol=smallest * 0.51)

    @given(st.floats(0.0005, 1e9))
    def test_a_sign_is_the_only_difference_between_gain_and_loss(self, size):
        gain, loss = (value(x, "money", signed=True).en for x in (size, -size))
        assert gain.lstrip("+") == loss.lstrip(MINUS)

    @pytest.mark.parametrize(
        ("said", "en", "zh"),
        [
            (value(1_236_000, "money"), "1.24 M", "124 万"),
            (value(None, "money"), "–", "–"),
            (value(0.0123, "share", signed=True, difference=True), "+1.2 points", "+1.2 个百分点"),
            (percent(0.95, trim=True), "95%", "95%"),
            (value(94.0, "minutes"), "94.0 min", "94.0 分钟"),
            (
                span(-0.002, 0.007, "share", signed=True, difference=True),
                f"{MINUS}0.2 to +0.7 points",
                f"{MINUS}0.2 至 +0.7 个百分点",
            ),
            (span(64_000, 170_000, "money"), "64.0 k to 170 k", "6.40 万 至 17.0 万"),
        ],
    )
    def test_is_written_as_each_language_writes_it(self, said, en, zh):
        assert (said.en.replace("\xa0", " "), said.zh.replace("\xa0", " ")) == (en, zh)
