"""Numbers in texts for people: no powers of ten, spans of time in a unit that fits, stages by their names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.mapping.importing import stages_in
from coach.mapping.loader import load_mapping
from coach.plain import plain, span_of_days
from coach.scoring.scores import score_store
from coach.scoring.workbook import notes
from coach.store import Store
from coach.store.stage_names import keep_stage_names, stage_name, stage_names
from coach.winning.encoding import Feature
from coach.winning.looks import FEATURES
from coach.winning.model import Reason, reason_text
from policies.scores.score import Words
from tests.coach.firm import Firm, policy_of
from tests.policies.stage_layouts import stages_of

numbers = st.floats(-1e12, 1e12, allow_subnormal=False).filter(lambda each: each == 0 or abs(each) > 1e-12)
LANGUAGES = ("en", "zh")
WORTH = {"days": 1.0, "day": 1.0, "天": 1.0, "hours": 1 / 24, "hour": 1 / 24, "小时": 1 / 24, "minutes": 1 / 1440,
         "minute": 1 / 1440, "分钟": 1 / 1440}  # fmt: skip


@given(numbers, st.sampled_from([None, 2, 3, 6]))
def test_a_number_is_written_without_powers_of_ten_and_reads_as_it_is(number, figures):
    written = plain(number, figures)
    assert re.fullmatch(r"-?\d+(\.\d+)?", written)
    assert float(written) == pytest.approx(number, rel=0 if figures is None else 0.51 * 10.0 ** (1 - figures))


@given(st.floats(-5000, 5000), st.sampled_from(LANGUAGES))
def test_a_span_of_time_reads_as_long_as_it_is(days, language):
    number, unit = re.fullmatch(r"(-?[\d.,]+) (\D+)", span_of_days(days, language)).groups()
    assert float(number.replace(",", "")) * WORTH[unit] == pytest.approx(days, rel=0.05, abs=0.51 / 1440)
    assert len(number.lstrip("-").replace(",", "")) <= 4
    assert (unit in ("day", "hour", "minute")) == (number in ("1", "-1") and language == "en")


@pytest.mark.parametrize(
    ("days", "en", "zh"),
    [(5.3e-06, "0 minutes", "0 分钟"), (0.02, "29 minutes", "29 分钟"), (0.3, "7.2 hours", "7.2 小时"), (3.0, "3 days", "3 天"),
     (400.4, "400 days", "400 天"), (-12.0, "-12 days", "-12 天")],
)  # fmt: skip
def test_spans_by_hand(days, en, zh):
    assert (span_of_days(days, "en"), span_of_days(days, "zh")) == (en, zh)


@given(st.sampled_from(FEATURES), numbers, st.sampled_from(LANGUAGES))
def test_no_reason_of_a_probability_has_powers_of_ten(feature, value, language):
    assert not re.search(r"\de[+-]?\d", reason_text(Reason(feature, value, 0.08), language, {}))


def test_a_reason_names_the_stage():
    reason = Reason(next(each for each in FEATURES if each.name == "stage"), 2.0, 0.08)
    names = {2: Words("Proposal", "方案")}
    assert reason_text(reason, "en", names) == "stage Proposal (+8 points)"
    assert reason_text(reason, "zh", names) == "阶段：方案（+8 个百分点）"
    assert reason_text(Reason(Feature("custom.steps", "steps", "步数", True), 2.0, 0.08), "en", names) == "steps 2 (+8 points)"


NAMES = {1: "First talk", 2: "Offer", 3: "Order"}


def test_stages_have_the_names_of_the_export_until_a_policy_knows_them_all(tmp_path):
    firm = Firm(tmp_path)
    with firm.store.write() as connection:
        keep_stage_names(connection, {1: "First talk", 2: "Offer"})
        keep_stage_names(connection, {3: "Order"})
        told = stage_names(connection)
    assert {number: (name.en, name.zh) for number, name in told.items()} == {n: (name, name) for n, name in NAMES.items()}
    assert stage_name(told, 4.0) == Words("stage 4", "第 4 阶段")
    for stages, own in ((["discovery", None], False), (["discovery", None, None], True)):
        policy = policy_of(stages=stages_of(stages), name=f"of-{len(stages)}")
        firm.service.activate(policy, "tester")
        with firm.store.read() as connection:
            found = stage_names(connection)
        assert found[1].en == (policy.stages[0].name.en if own else "First talk")
    firm.store.close()


def test_an_export_tells_what_its_stages_are_called():
    assert stages_in(load_mapping("zoho-school")) == {2: "Qualificated", 3: "Test Sent", 4: "Waiting For Payment"}
    assert stages_in(load_mapping("rehearse")) == {}


def test_the_funnel_names_the_stage_where_the_fewest_go_on(tmp_path):
    firm = Firm(tmp_path)
    for number in range(60):
        name = str(number)
        firm.deal(name)
        if number < 40:
            firm.post("advanced", name, stage=2)
        firm.post("won" if number < 10 else "lost", name)
    with firm.store.write() as connection:
        keep_stage_names(connection, NAMES)
    firm.store.close()
    scored = score_store(Store.open(firm.path), firm.now)
    assert scored.firm.reason.en == "no benchmark was given; the fewest go on from stage “Offer” (25%)"
    assert scored.firm.reason.zh == "未提供基准；“Offer”阶段推进率最低（25%）"
    assert any("“Offer”" in each.en for each in notes(scored))
