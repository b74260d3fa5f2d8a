"""Rules on the board and in the terminal (A2, A4): what people say of them, what was learned, and what they cost."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from apps.board.page import Board
from apps.board.place import Place
from apps.cli.main import program
from coach.store import Viewer
from policies.documents.loader import load_policy
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

REP, MANAGER = Viewer("rep", "rep", "rep-1", "en"), Viewer("manager", "manager", "team-1", "en")


@pytest.fixture
def firm(tmp_path):
    return board_firm(tmp_path, now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def open_board(firm, viewer: Viewer, view: str = "rules") -> Board:
    board = Board(firm.store, firm.service, viewer)
    board.go(Place(view))
    return board


@pytest.mark.system("A2")
def test_one_tap_at_a_todo_says_what_the_rule_is_worth_and_the_manager_reads_it_at_the_rule(firm):
    rep = open_board(firm, REP, "messages")
    assert "data-value='plan-next' data-kind='opportunity' data-record='new-deal'" in rep.html
    told = {"verdict": "in_the_way", "why": "I plan on Mondays"}
    typed = rep.tapped(
        {"do": "say_of_rule", "value": "plan-next", "kind": "opportunity", "record": "new-deal", "fields": told}
    )
    assert typed == ["why.plan-next.new-deal"]
    manager = open_board(firm, MANAGER)
    assert "in the way: I plan on Mondays (rep)" in manager.html
    manager.tapped({"do": "learn", "value": "plan-next", "fields": {"text": "Two days is too short."}})
    assert "Two days is too short. (manager" in open_board(firm, REP).html


@pytest.mark.system("A4")
def test_those_who_lead_see_what_rules_and_fields_cost_and_reps_do_not(firm):
    manager, rep = open_board(firm, MANAGER), open_board(firm, REP)
    assert "cannot say" in manager.html
    assert "Fields that are asked for" in manager.html
    assert manager.table.rows
    assert "alerts and refusals" not in rep.html
    assert rep.table.rows == []


@pytest.mark.system("A4")
def test_the_terminal_writes_the_policy_of_each_proposal_with_the_command_that_rehearses_it(firm, tmp_path):
    firm.store.close()
    folder = tmp_path / "proposals"
    asked = ["audit", str(firm.path), "--at", "2026-03-26", "--weeks", "2", "--to", str(folder)]
    done = CliRunner().invoke(program, asked)
    assert done.exit_code == 0, done.output
    written = {path.stem: load_policy(path) for path in Path(folder).glob("*.yaml")}
    assert all(policy.name == name for name, policy in written.items())
    for name in written:
        assert "-drop-" not in name or f"{name}.yaml --from {firm.path}" in done.output
    assert any("-drop-" in name or "-loosen-" in name for name in written)
