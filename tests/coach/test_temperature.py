"""S6, customer-perceived temperature: the net promoter score, and what bad reviews name."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from apps.cli.main import program
from coach.scoring.past import Past
from coach.scoring.temperature import rows as read
from coach.store import Store
from policies.scores.temperature import FEWEST_ANSWERS, named_in, temperature
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

GUIDE = Path(__file__).parents[2] / "docs" / "scores.md"
SLOW = (
    "拖了两个月才发货", "交货延迟", "回复太慢了", "slowly and unwillingly answered", "一拖再拖", "送货来得太晚",
    "报价等了一个星期", "没人回复我们的问题", "Slow, took three weeks to answer", "no reply to two mails", "响应太慢，催了三次",
)  # fmt: skip
UNFIT = ("规格不符，装不上", "推荐的型号不适合我们", "It does not fit our line", "not what we asked for", "方案答非所问")
LIKE_SLOW = (
    "拖拉机太贵", "拖车费太高", "价格慢慢涨", "延迟付款条件不合理", "not slow at all, but too dear",
    "the slowdown of our market",
    "价格不合适", "it isn't slow, only expensive", "付款条件不合适", "发票金额不对",
)  # fmt: skip
OTHER = ("价格太贵", "包装破损", "too expensive", "the driver was rude", "发票开错了")


@pytest.mark.parametrize("text", SLOW)
def test_a_slow_response_is_recognised(text):
    assert [each.en for each in named_in(text)] == ["slow response"]


@pytest.mark.parametrize("text", UNFIT)
def test_a_poor_match_is_recognised(text):
    assert [each.en for each in named_in(text)] == ["poor match"]


@pytest.mark.parametrize("text", [*OTHER, *LIKE_SLOW])
def test_other_complaints_are_not(text):
    assert named_in(text) == []


@given(answers=st.lists(st.integers(0, 10).map(float), max_size=60))
def test_it_is_promoters_less_detractors(answers):
    score = temperature(answers, [])
    if len(answers) < FEWEST_ANSWERS:
        assert score.value is None
        return
    assert -100 <= score.value <= 100
    promoters, detractors = [a for a in answers if a >= 9], [a for a in answers if a <= 6]
    assert score.value == pytest.approx(100 * (len(promoters) - len(detractors)) / len(answers))
    assert (score.colour == "green") == (score.value >= 42)


def test_a_month_whose_bad_reviews_name_it_in_more_than_35_of_a_hundred_is_an_alarm():
    happy = [10.0] * 20
    assert temperature(happy, [*SLOW[:2], *OTHER[:3]]).colour == "red"
    assert temperature(happy, [SLOW[0], *OTHER]).colour == "green"
    assert temperature(happy, SLOW[:4]).colour == "green"  # too few reviews to judge
    assert "2 of 5 bad reviews" in temperature(happy, [*SLOW[:2], *OTHER[:3]]).reasons[1].en


def test_the_latest_answer_is_the_one_that_was_given_last_however_late_another_was_entered(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(FEWEST_ANSWERS):
        name = f"C{number}"
        firm.tell(300, "registered", name, kind="customer", unit="rep-1")
        firm.tell(20, "satisfaction", name, kind="customer", custom__recommend=9.0)
        firm.tell(60, "satisfaction", name, kind="customer", late=10, custom__recommend=2.0)
    firm.write()
    assert next(each for each in rows(Desk(firm), "manager", "S6") if each["id"] == "firm")["value"] == 100.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    firm = ScoredFirm(tmp_path_factory.mktemp("temperature"))
    for number in range(20):
        name = f"C{number}"
        firm.tell(300, "registered", name, kind="customer", unit="rep-1" if number < 12 else "rep-9")
        firm.tell(80, "satisfaction", name, kind="customer", custom__recommend=2.0)
        bad = number < 6
        told = {"custom__recommend": 3.0 if bad else 9.0} | ({"custom__review": "响应太慢"} if number < 4 else {})
        firm.tell(10, "satisfaction", name, kind="customer", **told | ({"custom__review": "太贵"} if 4 <= number < 6 else {}))
    firm.write()
    return Desk(firm)


@pytest.mark.system("S6")
def test_the_firm_is_told_its_temperature_and_what_bad_reviews_name(desk):
    (firm,) = rows(desk, "rep", "S6")
    assert (firm["value"], firm["cases"], firm["colour"]) == (pytest.approx(40.0), 20, "red")
    assert "近 30 天 6 条差评中有 4 条提到响应慢或匹配差" in words(firm)
    assert "slow response: 4" in words(firm)
    assert {each["id"] for each in rows(desk, "manager", "S6")} == {"firm", "team-1"}


@pytest.mark.system("S6")
def test_surveys_and_reviews_come_in_as_the_guide_says(tmp_path):
    examples = re.findall(r"```csv\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [each for each in examples if "satisfaction" in each]
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "activities.csv").write_text(example, encoding="utf-8")
    customers = "id,unit,acted_at,recorded_at\nC-17,,2026-01-05T09:00,\nC-18,,2026-01-05T09:00,\n"
    (folder / "customers.csv").write_text(customers, encoding="utf-8")
    done = CliRunner().invoke(program, ["import", str(folder), "--mapping", "rehearse", "--to", str(tmp_path / "firm.db")])
    assert done.exit_code == 0, done.output
    store = Store.open(tmp_path / "firm.db")
    (firm,) = read(Past.of(store, 1_772_500_000_000))
    store.close()
    assert "1 customers answered" in firm.score.reasons[0].en
    assert "1 of 1 bad reviews" in firm.score.reasons[1].en
