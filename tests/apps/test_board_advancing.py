"""Deals that are moved on from the board: through the same gates as everywhere, answered in place; and the pipeline's looks."""

import pytest

from apps.board import pipeline_looks
from apps.board.page import Board
from apps.board.pipeline_looks import LOOKS, SORTS
from apps.board.place import Place
from apps.pages.texts import LANGUAGES
from coach.store import SYSTEM, Viewer, reading
from tests.coach.firm import Firm, policy_of

REP, PEER, MANAGER = (
    Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en"), Viewer("manager", "manager", "team-1", "en"),
)  # fmt: skip
ASKED = {"id": "needs-first", "on": "opportunity", "before": "advance", "when": {"needs_summary": "missing"}}


@pytest.fixture
def firm(tmp_path):
    built = Firm(tmp_path, policy_of(ASKED), "2026-03-26 10:00")
    for number, amount in enumerate((5_000.0, 90_000.0, 20_000.0), start=1):
        built.deal(f"D{number}", "rep-1", customer=f"Customer {number}", amount=amount, stage=number)
    return built


def opened(firm, viewer: Viewer = REP, **place) -> Board:
    return Board(firm.store, firm.service, viewer, place=Place("pipeline", **place))


def value(firm, name: str, record: str = "D1"):
    return reading.record(firm.store, SYSTEM, "opportunity", record)["values"].get(name)


@pytest.mark.system("P1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gate_refuses_with_what_is_missing_which_is_filled_in_on_the_spot(firm, language):
    board = opened(firm, REP._replace(language=language))
    board.tapped({"do": "advance", "record": "D1", "value": "2"})
    assert value(firm, "stage") == 1.0
    assert "callout worse" in board.html
    told = board.html.split("callout worse")[1].split("class='looks'")[0]
    assert "name='needs_summary'" in told
    assert "Traceback" not in told
    board.tapped({"do": "explain", "kind": "opportunity", "record": "D1", "fields": {"needs_summary": "seals"}})
    board.tapped({"do": "advance", "record": "D1", "value": "2"})
    assert value(firm, "stage") == 2.0
    assert "data-do='undo'" in board.html


@pytest.mark.parametrize("tap", [
    {"do": "advance", "record": "D1", "value": "4"},  # a stage is skipped
    {"do": "advance", "record": "D1", "value": "1"},  # it is there already, as another tab may not know
    {"do": "advance", "record": "D1", "value": "99"},
    {"do": "advance", "record": "D1", "value": "²"},
    {"do": "advance", "record": "gone", "value": "2"},
    {"do": "end", "record": "D1", "value": "frozen"},
])  # fmt: skip
def test_what_cannot_be_is_told_and_changes_nothing(firm, tap):
    board = opened(firm)
    board.tapped(tap)
    assert "callout worse" in board.html
    assert (value(firm, "stage"), value(firm, "status")) == (1.0, "open")


def test_nobody_moves_a_peers_deal(firm):
    for viewer in (PEER, Viewer("lost", "rep", None, "en")):
        opened(firm, viewer).tapped({"do": "end", "record": "D1", "value": "lost"})
    assert value(firm, "status") == "open"
    assert "data-do='advance'" not in opened(firm, MANAGER).html


def test_a_deal_is_closed_and_that_is_taken_back(firm):
    board = opened(firm)
    board.tapped({"do": "end", "record": "D1", "value": "lost"})
    assert value(firm, "status") == "lost"
    board.tapped({"do": "undo", "key": board.told_key, "kind": "opportunity", "record": "D1"})
    assert value(firm, "status") == "open"


@pytest.mark.parametrize("look", ["", "list", "stages"])
def test_every_look_shows_the_same_deals(firm, look):
    board = opened(firm, look=look)
    html, table = board.draw()
    assert all(f"Customer {number}" in html for number in (1, 2, 3))
    assert len(table.rows) == 3


def test_the_list_is_sorted_and_filtered_as_the_address_says(firm):
    rows = opened(firm, look="list", sort="amount").table.rows
    assert [row[0] for row in rows] == ["Customer 2", "Customer 3", "Customer 1"]
    assert [row[0] for row in opened(firm, look="list", sort="stage").table.rows][0] == "Customer 3"
    assert [row[0] for row in opened(firm, look="list", stage="2").table.rows] == ["Customer 2"]
    for sort in (*SORTS, "nothing"):
        assert len(opened(firm, sort=sort, stage="").table.rows) == 3


def test_in_the_board_of_stages_each_deal_stands_in_its_column(firm):
    html = opened(firm, look="stages").html
    columns = html.split("class='column'")[1:]
    assert len(columns) == len(firm.service.policy().stages)
    assert [f"Customer {place}" in column for place, column in enumerate(columns, start=1)][:3] == [True] * 3
    assert "draggable" in html
    assert "draggable" not in opened(firm, MANAGER, look="stages").html


@pytest.mark.parametrize("tap", [{"do": "end", "value": "lost"}, {"do": "end", "value": "no_decision"},
                                 {"do": "advance", "value": "2"}])  # fmt: skip
def test_a_page_that_does_not_know_that_a_deal_has_ended_changes_nothing(firm, tap):
    board = opened(firm)
    board.tapped({"do": "end", "record": "D1", "value": "lost"})
    first = board.told_key
    board.tapped(tap | {"record": "D1"})
    assert "callout worse" in board.html
    board.tapped({"do": "undo", "key": first, "kind": "opportunity", "record": "D1"})
    assert value(firm, "status") == "open"


@pytest.mark.parametrize("look", LOOKS)
def test_deals_without_a_stage_of_the_policy_are_shown_too_and_begin_with_the_first(firm, look):
    firm.deal("bare", "rep-1", customer="Bare", stage=None)
    firm.service.activate(policy_of(stages=[{"id": "talks", "name": {"en": "Talks", "zh": "洽谈"}}]), "tester")
    for viewer in (REP, MANAGER):
        html = opened(firm, viewer, look=look).html
        assert all(name in html for name in ("Bare", "Customer 1", "Customer 2", "Customer 3"))
    if look == "stages":
        bare, talks = opened(firm, look=look).html.split("class='column'")[1:]
        assert ("Without a stage" in bare, "data-drop" in bare, "Customer 1" in talks) == (True, False, True)
    opened(firm).tapped({"do": "advance", "record": "bare", "value": "1"})
    assert value(firm, "stage", "bare") == 1.0


@pytest.mark.parametrize("stage", ["abc", "0", "9", "-1", "²", "1.0", "1" * 50])
def test_an_address_with_a_stage_that_is_none_shows_all(firm, stage):
    assert len(opened(firm, look="list", stage=stage).table.rows) == 3


@pytest.mark.parametrize("look", ["list", "stages"])
def test_a_long_pipeline_is_cut_and_shown_whole_when_asked_for(firm, look, monkeypatch):
    monkeypatch.setattr(pipeline_looks, "MOST", 1)
    for number in (4, 5):
        firm.deal(f"D{number}", "rep-1", customer=f"Customer {number}", stage=1)
    assert opened(firm, look=look).html.count("Customer ") == (1 if look == "list" else 3)
    assert "all=1" in opened(firm, look=look).html
    whole = opened(firm, look=look, all=True)
    assert (whole.html.count("Customer "), len(whole.table.rows)) == (5, 5)
