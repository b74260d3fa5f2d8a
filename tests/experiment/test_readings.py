"""The word is decided exactly where the interval shown leaves out zero, absolute and relative, in every place that shows it."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.cli.language import language
from apps.cli.verdict_view import effect_cells
from sim.experiment.report import map_words, reading
from sim.experiment.report.both import LANGUAGES, MINUS, percent, span, value
from sim.experiment.statistics.comparison import QuantileComparison, SumsComparison
from sim.experiment.statistics.estimators import LOOK_MARGIN, ratio, relative, relative_interval, studentised
from sim.experiment.verdict.calls import call_of
from sim.experiment.verdict.digits import digits, places_apart
from sim.experiment.verdict.effects import effects
from sim.experiment.verdict.sentence import _said, sentence
from sim.experiment.verdict.verdict import Drivers, Effect, Estimate, Groups, GuardrailResult, Text
from sim.office.behaviour import PARAMETERS
from sim.office.counting.metrics import METRICS, Metric

DECIDED = ("better", "worse", "higher", "lower")
UNITS = ("money", "share", "days", "minutes", "deals", "per year", "hours")


def printed(words: str) -> list[float]:
    """The signs of the numbers in printed words, as a reader sees them: -1, 0 or 1."""
    found = re.findall(rf"([+{MINUS}−]?)([\d.,]+(?:e-\d+)?)", words)
    return [0.0 if not re.search("[1-9]", figures) else -1.0 if sign in (MINUS, "−") else 1.0 for sign, figures in found]


def leaves_out_zero(words: str) -> bool:
    low, high = printed(words)[:2]
    return low == high != 0.0


@st.composite
def families(draw):
    """Comparisons of metrics whose effects are small or large against their noise, skewed or not, at any scale."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    worlds, found = draw(st.integers(3, 40)), {}
    for place in range(draw(st.integers(1, 6))):
        scale = 10.0 ** draw(st.integers(-6, 8))
        effect = draw(st.floats(-4.0, 4.0)) / math.sqrt(worlds) * draw(st.sampled_from([0.0, 1.0, 1.0, 3.0]))
        level = draw(st.sampled_from([0.0, 1.0, 10.0]))
        noise = rng.lognormal(0.0, 0.8, (worlds, 4)) if draw(st.booleans()) else rng.normal(0.0, 1.0, (worlds, 4))
        a = scale * (level + rng.normal(0.0, 1.0, (worlds, 1)) + 0.0 * noise)
        b = a + scale * (effect + noise - noise.mean())
        cases = rng.integers(1, 9, (worlds, 4)).astype(float) if draw(st.booleans()) else np.ones((worlds, 4))
        metric = Metric(f"m{place}", "x", None, draw(st.sampled_from(UNITS)), draw(st.sampled_from([-1, 0, 1])), "it", "它")
        found[metric.name] = (metric, SumsComparison((a, cases), (b, cases)))
    return found


@settings(max_examples=80, deadline=None)
@given(families(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_word_is_decided_exactly_where_what_is_shown_leaves_out_zero(family, confidence):
    for effect in effects(family, confidence, 1).values():
        assert effect.low is not None
        decided = effect.call in DECIDED
        for lang in LANGUAGES:
            absolute = span(effect.low, effect.high, effect.unit, signed=True, difference=True).of(lang)
            assert leaves_out_zero(absolute) == decided, absolute
            if effect.relative.low is not None:
                relative = span(effect.relative.low, effect.relative.high, "share", signed=True).of(lang)
                assert leaves_out_zero(relative) == decided, relative
            assert leaves_out_zero(getattr(_said(effect)[1], lang)) == decided
            token = language.set(lang)
            try:
                cells = effect_cells(effect)
            finally:
                language.reset(token)
            assert cells[4] == reading.told_interval(effect).of(lang)
            assert leaves_out_zero(cells[4]) == decided
            beside = printed(cells[4])[:2]
            assert beside == printed(getattr(_said(effect)[1], lang))[:2], "the sentence tells the same interval"
            assert reading.word(effect).of(lang) in cells[-1]
        change = Estimate(value=effect.difference, low=effect.low, high=effect.high)
        assert reading.side(change, effect.direction) == effect.call
        for strip in (reading.strip(change, reading.scale([change])), reading.strip(effect.relative, 1e9)):
            if strip is not None and decided:
                assert strip.left >= 50 or round(strip.left + strip.width, 6) <= 50


@settings(max_examples=80, deadline=None)
@given(families(), st.sampled_from([0.8, 0.95]))
def test_the_relative_interval_lies_on_the_side_of_the_absolute_one_and_holds_its_value(family, confidence):
    for _, comparison in family.values():
        change, share = (comparison.interval(which, confidence) for which in ("difference", "relative"))
        if math.isfinite(share.low):
            assert (share.low > 0) == (change.low > 0)
            assert (share.high < 0) == (change.high < 0)
            assert share.low <= share.value <= share.high


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.floats(-0.3, 0.3))
def test_quantiles_too_lie_on_one_side_absolute_and_relative(seed, shift):
    rng, edges = np.random.default_rng(seed), np.geomspace(1.0, 1e4, 61)

    def arm(by: float) -> np.ndarray:
        return np.array([[np.histogram(rng.lognormal(4.0 + by, 0.8, 50), edges)[0] for _ in range(4)] for _ in range(12)]) * 1.0

    a, b = arm(0.0), arm(shift)
    comparison = QuantileComparison(a, b, edges, 0.5, 1)
    change, share = (comparison.interval(which, 0.9) for which in ("difference", "relative"))
    assert ((share.low > 0) - (share.high < 0)) == ((change.low > 0) - (change.high < 0))


def test_a_relative_interval_is_fiellers():
    # Without skewness: the roots of (d - s a)^2 = t^2 (v_dd - 2 s v_da + s^2 v_aa).
    d, a, v_dd, v_aa, v_da, freedom = 4.0, 20.0, 1.5, 2.0, -0.4, 39

    def less(s):
        return studentised(d - s * a, math.sqrt(v_dd - 2 * s * v_da + s * s * v_aa), 0.0, freedom, 0.95)

    from scipy.stats import t

    q = t.ppf(1 - LOOK_MARGIN * 0.025, freedom) ** 2
    roots = np.sort(np.roots([a * a - q * v_aa, -2 * (d * a - q * v_da), d * d - q * v_dd]))
    found = relative_interval(less(0.0), studentised(a, math.sqrt(v_aa), 0.0, freedom, 0.95), less)
    assert (found.low, found.high) == pytest.approx(tuple(roots))
    assert found.value == d / a


def test_a_relative_change_that_all_worlds_share_is_known_exactly():
    level = np.array([[1.0], [2.0], [4.0], [3.0]])
    ones = np.ones_like(level)
    found = SumsComparison((level, ones), (1.25 * level, ones)).interval("relative", 0.95)
    assert (found.low, found.value, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_relative_change_of_a_level_that_is_not_told_from_zero_has_no_interval():
    rng = np.random.default_rng(1)
    ones = np.ones((20, 1))
    found = SumsComparison((rng.normal(0.0, 1.0, (20, 1)), ones), (rng.normal(3.0, 1.0, (20, 1)), ones))
    assert found.interval("difference", 0.95).low > 0
    assert math.isnan(found.interval("relative", 0.95).low)


def test_a_metric_without_a_baseline_is_told_by_its_change(rendered_row):
    row = rendered_row(Estimate(value=None, low=None, high=None))
    assert leaves_out_zero(row.split("|")[-1])


@pytest.fixture
def rendered_row():
    from jinja2 import Environment, FileSystemLoader

    from sim.experiment.report.page import HERE
    from sim.experiment.report.texts import text

    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    environment.globals.update(t=text, value=value, percent=percent, span=span, reading=reading)
    module = environment.from_string("{% from 'parts.html' import effect_row with context %}{{ effect_row('it', effect, 1) }}")

    def row(relative: Estimate) -> str:
        nothing = Estimate(value=0.0, low=0.0, high=0.0)
        shown = Effect(
            title=Text(en="it", zh="它"), unit="deals", direction=1, baseline=nothing, variant=nothing, difference=5.0, low=2.0,
            high=8.0, relative=relative, better_share_of_worlds=nothing, p_adjusted=0.01, call="better",
        )  # fmt: skip
        cells = re.findall(r"<td[^>]*>(.*?)</td>", module.render(effect=shown), re.DOTALL)
        return "|".join(re.sub(r'<span class="zh".*?</span>|<[^>]*>', "", cell) for cell in cells)

    return row


numbers = st.floats(-1e12, 1e12, allow_subnormal=False)


@given(numbers, st.sampled_from(UNITS), st.booleans(), st.booleans(), st.sampled_from(LANGUAGES))
def test_a_number_reads_as_zero_exactly_where_it_is_zero_and_keeps_its_sign(number, unit, is_difference, trim, lang):
    words = value(number, unit, signed=True, difference=is_difference, trim=trim).of(lang)
    assert printed(words)[0] == math.copysign(1.0, number) * (number != 0.0)
    assert not words.startswith(("-", f"{MINUS}0.0%"))


@given(st.floats(1e-12, 1e9), st.integers(0, 3))
def test_digits_are_as_many_as_show_something(size, places):
    assert float(digits(size, places).replace(",", "")) > 0


@given(st.floats(-2.0, 2.0), st.sampled_from([-0.1, -0.05, -0.02, 0.0, 0.02, 0.07, 0.1]))
def test_a_guardrails_bound_reads_on_its_own_side_of_the_limit(bound, limit):
    result = GuardrailResult(
        metric="wins", title=Text(en="Wins", zh="成交"), group="all", measure="relative", side="at_least", limit=limit,
        value=bound, bound=bound, state="undecided" if bound < limit else "held",
    )  # fmt: skip

    def read(words: str) -> float:
        return float(words.replace(MINUS, "-").rstrip("%"))

    shown, line = (read(words(result, "share").en) for words in (reading.rail_bound, reading.rail_limit))
    if abs(bound - limit) > 1e-8:
        assert (shown > line) == (bound > limit)
        assert shown != line


def test_places_apart_by_hand():
    assert places_apart(-4.98, -5.0, 1) == 2
    assert places_apart(-5.02, -5.0, 1) == 2
    assert places_apart(-4.7, -5.0, 1) == 1


@pytest.mark.parametrize(
    ("low", "high", "direction", "call"),
    [
        (1, 2, 1, "better"), (1, 2, -1, "worse"), (1, 2, 0, "higher"), (-2, -1, 1, "worse"), (-2, -1, -1, "better"),
        (-2, -1, 0, "lower"), (0, 2, 1, "unclear"), (-1, 0, -1, "unclear"), (0, 0, 1, "identical"), (None, None, 1, "unclear"),
    ],
)  # fmt: skip
def test_the_word_of_an_interval(low, high, direction, call):
    assert call_of(low, high, direction) == call


def test_pay_is_neither_good_nor_bad_and_what_is_good_is_told_of_every_metric():
    assert METRICS["variable_pay"].better == 0
    assert {metric.better for name, metric in METRICS.items() if name.startswith("hours_")} == {0}
    assert {metric.better for metric in METRICS.values()} == {-1, 0, 1}


samples = st.lists(st.tuples(st.floats(1.0, 100.0), st.floats(1.0, 100.0)), min_size=3, max_size=20)


@given(samples)
def test_a_relative_change_leaves_out_one_world_at_a_time(worlds):
    a, b = (np.array(column) for column in zip(*worlds, strict=True))
    ones = np.ones_like(a)
    found = relative(ratio(b, ones), ratio(a, ones))
    for place in range(len(a)):
        rest = np.delete(b, place).mean() / np.delete(a, place).mean() - 1.0
        assert found.left_out[place] == pytest.approx(rest, abs=1e-9)
    assert found.value == pytest.approx(b.mean() / a.mean() - 1.0, abs=1e-9)


def test_the_same_quantity_has_one_interval_wherever_it_stands():
    from sim.experiment.statistics.comparison import compare_metric
    from sim.experiment.statistics.samples import stack
    from sim.experiment.verdict.costs import costs, per_month
    from tests.experiment.synthetic import LAYOUT, SyntheticPairs

    pairs = [SyntheticPairs(effect=1.0)(index) for index in range(48)]
    a, b = (stack([pair[side] for pair in pairs], 4) for side in (0, 1))
    family = {name: (metric, compare_metric(LAYOUT, name, a, b, 1)) for name, metric in LAYOUT.metrics.items()}
    metrics = effects(family, 0.95, 1)
    told = costs(LAYOUT, metrics, a, b, 8.0, 60.0, 0.95)
    assert told.alerts_per_manager_day == metrics["alerts_per_manager_day"]
    assert told.hours_per_month["recording"].low == metrics["hours_recording"].low * per_month(8.0)
    assert told.hours_per_month["recording"].call == metrics["hours_recording"].call
    assert told.money_per_month.gross_margin.low == metrics["gross_margin"].low * per_month(8.0)


@given(st.floats(-2.0, 2.0), st.floats(0.0, 1.0), st.sampled_from(["relative", "points"]), st.sampled_from(LANGUAGES))
def test_a_cell_of_a_map_is_decided_exactly_where_its_interval_leaves_out_zero(change, error, measure, lang):
    found = SimpleNamespace(measure=measure)
    assert leaves_out_zero(map_words.ends(found, change, error).of(lang)) == (abs(change) > error)


class TestAMetricThatIsNeitherGoodNorBad:
    def effect(self, low: float, high: float) -> Effect:
        part = Estimate(value=1.0, low=0.9, high=1.1)
        return Effect(
            title=Text(en="Variable pay", zh="浮动薪酬"), unit="money", direction=0, baseline=part, variant=part,
            difference=low, low=low, high=high, relative=Estimate(value=low, low=low, high=high), better_share_of_worlds=part,
            p_adjusted=0.5, call=call_of(low, high, 0),
        )  # fmt: skip

    def test_it_is_higher_or_lower_or_not_decided_and_that_is_not_identical(self):
        words = [reading.word(self.effect(*ends)) for ends in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.2), (0.0, 0.0))]
        assert [each.en for each in words] == ["Higher", "Lower", "Not decided", "Identical"]
        assert [each.zh for each in words] == ["更高", "更低", "尚无定论", "完全相同"]

    def test_the_share_of_worlds_says_higher_and_not_better(self):
        told = reading.in_worlds(self.effect(0.1, 0.2))
        assert (told.en, told.zh) == ("100% (higher)", "100%（更高）")

    def test_nobody_is_called_worse_off(self):
        lower = self.effect(-0.2, -0.1)
        groups = Groups(low=lower, middle=lower, high=lower, hires=None, units={})
        none = Drivers(named=[], tested=0, null_correlation=None)
        said = sentence(lower, Text(en="a", zh="甲"), Text(en="b", zh="乙"), 40, 0.95, groups, [], none)
        assert "lowers variable pay" in said.en
        assert not re.search("worse for|clearly worse", said.en)
        assert "变差的是" not in said.zh


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda each: each.name)
def test_the_unit_of_every_parameter_is_written_in_both_languages(parameter):
    written = value(parameter.central, parameter.unit, signed=False)
    assert not re.search("[A-Za-z]{3,}", written.zh), written.zh
    assert not re.search("[\u4e00-\u9fff]", written.en), written.en
