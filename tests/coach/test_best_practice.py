"""S13, best practice: what was done on like cases that moved on in the last 30 days."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.scores.best_practice import FEWEST_STAYS, FEWEST_WITH, MOST, Stay, best_practice
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk

stays = st.lists(st.builds(Stay, st.frozensets(st.sampled_from("abcdef"), max_size=4), st.booleans()), max_size=50)


def many(number: int, approaches: str, moved: bool) -> list[Stay]:
    return [Stay(frozenset(approaches), moved)] * number


def test_the_approach_that_went_with_moving_on_is_told_with_its_counts():
    found = best_practice(many(8, "a", True) + many(2, "a", False) + many(2, "", True) + many(8, "", False), [])
    assert (found.score.value, found.score.cases) == (0.5, 20)
    (only,) = found.approaches
    assert (only.name, only.having.part, only.having.whole, only.lacking.part, only.lacking.whole) == ("a", 8, 10, 2, 10)


def test_what_went_with_standing_still_or_made_no_difference_is_not_told():
    assert best_practice(many(8, "a", False) + many(8, "b", True), []).approaches[0].name == "b"
    same = many(5, "a", True) + many(5, "a", False) + many(5, "", True) + many(5, "", False)
    assert best_practice(same, []).approaches == ()
    assert "no approach stands out" in best_practice(same, []).score.reasons[-1].en


def test_too_few_like_stays_are_joined_by_those_of_other_types_and_it_says_so():
    found = best_practice(many(3, "a", True), many(3, "a", True) + many(20, "", False))
    assert found.score.cases == 23
    assert "only 3" in found.score.reasons[1].en
    assert best_practice(many(3, "a", True), many(9, "a", True)).score.value is None


@given(like=stays, others=stays)
def test_every_number_is_a_count_of_stays(like, others):
    found = best_practice(like, like + others)
    counted = like if len(like) >= FEWEST_STAYS else like + others
    assert len(found.approaches) <= MOST
    if found.score.value is None:
        assert len(counted) < FEWEST_STAYS
        return
    assert found.score.cases == len(counted)
    assert found.score.value == sum(stay.moved for stay in counted) / len(counted)
    for each in found.approaches:
        having = [stay.moved for stay in counted if each.name in stay.approaches]
        assert (each.having.part, each.having.whole) == (sum(having), len(having))
        assert len(having) >= FEWEST_WITH
        assert each.lacking is None or each.having.value > each.lacking.value


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Twelve deals of rep-2 stood in the second stage: who sent a document moved on."""
    firm = ScoredFirm(tmp_path_factory.mktemp("practice"))
    for number in range(12):
        name = f"P{number}"
        firm.tell(60, "registered", name, unit="rep-2", owner="rep-2", industry=3.0, stage=1.0)
        firm.tell(40, "advanced", name, stage=2.0)
        if number < 7:
            firm.tell(30, "document", name)
        firm.tell(20, "advanced" if number < 6 else "lost", name, **({"stage": 3.0} if number < 6 else {}))
    for number in range(10):  # long ago: does not count
        firm.tell(200, "registered", f"old{number}", unit="rep-2", owner="rep-2", industry=3.0, stage=2.0)
        firm.tell(100, "won", f"old{number}")
    firm.tell(60, "registered", "stuck", unit="rep-1", owner="rep-1", industry=3.0, stage=2.0)
    firm.tell(9, "document", "stuck")
    firm.tell(5, "registered", "fresh", unit="rep-1", owner="rep-1", industry=3.0, stage=1.0)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S13")
def test_a_stuck_deal_shows_what_worked_on_like_cases_in_the_last_30_days(desk):
    found = {each["title"]["en"]: each for each in rows(desk, "rep", "S13")}
    here = next(each for title, each in found.items() if title.startswith("stage 2"))
    assert here["value"] == pytest.approx(6 / 13)
    assert "6 of 13 stays in this stage moved on in the last 30 days" in words(here)
    assert "a document or quote sent: 6 of 8 moved on; without it 0 of 5" in words(here)
    assert "发送资料或报价：8 次中 6 次推进；未采用时 5 次中 0 次" in words(here)
    assert "1 open without a step forward for 15 days" in words(here)


@pytest.mark.system("S13")
def test_what_was_done_during_a_stay_and_entered_after_the_step_belongs_to_that_stay(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(12):
        name = f"P{number}"
        firm.tell(60, "registered", name, unit="rep-2", owner="rep-2", industry=3.0, stage=2.0)
        if number < 6:
            firm.tell(25, "document", name, late=10)
        firm.tell(20, "advanced" if number < 6 else "lost", name, **({"stage": 3.0} if number < 6 else {}))
    firm.tell(60, "registered", "stuck", unit="rep-1", owner="rep-1", industry=3.0, stage=2.0)
    firm.write()
    told = " / ".join(words(each) for each in rows(Desk(firm), "rep", "S13"))
    assert "a document or quote sent: 6 of 6 moved on; without it 0 of 7" in told


@pytest.mark.system("S13")
def test_like_cases_are_named_to_whom_may_see_them_only(desk):
    by_role = {role: rows(desk, role, "S13") for role in ("rep", "peer", "manager", "trainer")}
    assert by_role["trainer"] == []
    assert all(not each["like"] for each in by_role["rep"])
    for role in ("peer", "manager"):
        assert {like["id"] for each in by_role[role] for like in each["like"]} <= {f"P{number}" for number in range(12)}
        assert any(each["like"] for each in by_role[role])
