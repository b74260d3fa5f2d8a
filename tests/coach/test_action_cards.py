"""Action cards: what won deals had on record in the stage, for newcomers, where the policy says so (H1)."""

import pytest

from apps.board.page import Board
from apps.board.place import Place
from coach.store import Viewer
from policies.documents.loader import edited, load_policy
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

ZH = Viewer("rep", "rep", "rep-1", "zh")


def won(firm: Firm, name: str, industry: float, decision_maker: bool = True) -> None:
    """A deal won from stage 1, with a conversation and, most of the time, the decision maker known."""
    firm.deal(name, "rep-2", industry=industry, needs_summary="x")
    if decision_maker:
        firm.post("field_recorded", name, decision_maker="Chen")
    firm.now += 2 * 86_400_000
    firm.post("won", name)


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, load_policy("action-cards"))
    for number in range(6):
        won(firm, f"like-{number}", 3.0, decision_maker=number > 0)
    won(firm, "other", 4.0)
    firm.deal("A", industry=3.0)
    return Desk(firm)


def card(desk, deal: str = "A", role: str = "rep"):
    return desk.ask(role, "GET", f"/deals/{deal}/card").json()


@pytest.mark.system("H1")
def test_a_newcomer_is_told_what_won_deals_with_such_customers_had_in_the_stage_and_what_is_still_to_do(desk):
    told = card(desk)
    assert (told["wins"], told["wider"], told["days"]) == (6, False, 2.0)
    steps = {each["words"]["en"]: (each["wins"], each["done"]) for each in told["steps"]}
    assert steps["a conversation"] == (6, True)
    assert steps["who decides recorded"] == (5, False)
    assert "who decides recorded" in [each["en"] for each in told["must"]]
    assert all(not each["zh"].isascii() for each in told["must"])
    desk.firm.post("field_recorded", "A", decision_maker="Li")
    assert "who decides recorded" not in [each["en"] for each in card(desk)["must"]]
    assert card(desk, role="manager") == card(desk)
    assert desk.ask("peer", "GET", "/deals/A/card").status_code == 404


@pytest.mark.system("H1")
def test_too_few_wins_of_a_kind_are_told_from_all_and_too_few_at_all_give_no_card(desk):
    desk.firm.deal("B", industry=4.0)
    assert (card(desk, "B")["wins"], card(desk, "B")["wider"]) == (7, True)
    desk.firm.deal("C", industry=3.0, stage=4)
    assert card(desk, "C") is None


@pytest.mark.system("H1")
def test_what_the_stage_asks_for_comes_first(desk):
    policy = desk.firm.service.policy()
    first = policy.stages[0].id
    desk.firm.service.activate(edited(policy, {f"{first}.requires": ["budget"]}), "tester")
    assert "budget" in card(desk)["must"][0]["en"]


@pytest.mark.system("H1")
def test_only_newcomers_get_it_and_only_where_the_policy_says_so(desk):
    desk.firm.post("field_recorded", "rep-1", kind="unit", **{"custom.hired_at": float(desk.firm.now - 10 * 31 * 86_400_000)})
    assert card(desk) is None
    desk.firm.post("field_recorded", "rep-1", kind="unit", **{"custom.hired_at": float(desk.firm.now - 86_400_000)})
    assert card(desk) is not None
    desk.firm.service.activate(load_policy("monthly-private"), "tester")
    assert card(desk) is None


@pytest.mark.system("H1")
def test_it_stands_with_the_deal_and_on_todays_list(desk):
    board = Board(desk.firm.store, desk.firm.service, ZH)
    assert "本阶段要做" in board.html
    board.go(Place("pipeline"))
    assert "行动卡" in board.html
    assert "6 个赢单中 5 个" in board.html
