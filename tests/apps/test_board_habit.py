"""The habit programme on the board: a rep's task of the day under Today, everybody below a manager under Targets."""

import pytest

from apps.board.page import Board
from apps.board.place import Place
from coach.store import Viewer
from tests.coach.firm import Firm, policy_of

pytestmark = pytest.mark.system("E2")
PROGRAMME = {"programme_days": 21, "reward_day": 10, "entries_day": 2}


@pytest.fixture
def firm(tmp_path):
    """The second Tuesday of a programme that began on Tuesday, 6 January 2026, a full day of rep-1."""
    made = Firm(tmp_path, policy_of(recording=PROGRAMME, targets={"cadence": "none"}))
    made.deal("A", "rep-1", customer="Blue Sea")
    made.until("2026-01-06 10:00")
    made.post("contact", "A")
    made.post("contact", "A")
    made.until("2026-01-13 10:00")
    made.post("contact", "A", budget=5000.0)
    yield made
    made.store.close()


def shown(firm, view: str, role: str = "rep", unit: str = "rep-1", language: str = "en") -> str:
    board = Board(firm.store, firm.service, Viewer("somebody", role, unit, language))
    board.go(Place(view))
    return board.html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Day 8 of 21: fill in what you learnt", "1 of 2 entries in time so far.", "33%",
                "Of 6 days counted since 1 Jan, when the pay period began, 1 were complete; they earned 10."]),
        ("zh", ["第 8/21 天：填写完整", "已及时录入 1 条，需 2 条。", "33%",
                "本薪酬周期自 1 月 1 日 起，已计 6 天，其中 1 天完整，共得 10。"]),
    ],
)  # fmt: skip
def test_a_rep_sees_the_days_task_how_far_it_is_and_what_was_earned(firm, language, said):
    page = shown(firm, "today", language=language)
    assert [each for each in said if each not in page] == []


def test_a_manager_sees_everybody_below_and_a_rep_only_the_own_row(firm):
    table = "day 8 of 21: fill in what you learnt"
    assert shown(firm, "targets", "manager", "team-1").count(table) == 2
    assert shown(firm, "targets").count(table) == 1


def test_without_reward_and_programme_the_board_says_nothing_of_it(firm):
    firm.service.activate(policy_of(name="without"), "tester")
    firm.until("2026-01-14 10:00")
    assert "entries in time" not in shown(firm, "today") + shown(firm, "targets", "manager", "team-1")
