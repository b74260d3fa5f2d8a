"""A manager's home: what waits for a decision of the viewer, and nothing that waits for others."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.pages.texts import LANGUAGES
from coach.store import SYSTEM, Viewer, reading
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE

MANAGER, DIRECTOR = Viewer("manager", "manager", "team-1", "en"), Viewer("director", "manager", "company", "en")


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    return board_firm(tmp_path_factory.mktemp("home"), now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))


def home(firm, viewer: Viewer) -> Board:
    return Board(firm.store, firm.service, viewer)


def test_a_manager_begins_there_and_a_rep_does_not(firm):
    assert home(firm, MANAGER).view == "home"
    rep = home(firm, Viewer("rep", "rep", "rep-1", "en"))
    assert rep.view == "today"
    assert "view=home" not in rep.html


@pytest.mark.system("G7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_far_behind_stands_there_with_the_worst_deals_and_the_way_to_them(firm, language):
    html = home(firm, MANAGER._replace(language=language)).html
    assert "view=pipeline&amp;rep=rep-2" in html
    assert "peers-deal" in html
    assert "view=pipeline&amp;rep=rep-1" not in html


def test_it_counts_what_it_shows(firm):
    board = home(firm, MANAGER)
    waiting = len(board.table.rows)
    assert waiting > 0
    assert f"Waiting for you: {waiting}." in board.html
    own = [each for each in reading.todos(firm.store, SYSTEM) if each["unit"] == MANAGER.unit]
    assert sum(row[0] == "escalated or to do" for row in board.table.rows) == len(own)


def test_what_waits_for_the_team_is_not_the_directors_to_do(firm):
    rows = home(firm, DIRECTOR).table.rows
    own = [each for each in reading.todos(firm.store, SYSTEM) if each["unit"] == DIRECTOR.unit]
    assert sum(row[0] == "escalated or to do" for row in rows) == len(own)
