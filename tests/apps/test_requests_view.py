"""The board's requests and pay without a browser: asking, answering, and what each role sees of them, in both languages."""

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.taking import as_csv, as_excel
from coach.desks.queue import requests
from coach.store import SYSTEM, Viewer
from tests.coach.firm import Firm, at, policy_of

pytestmark = pytest.mark.file
REP, PEER = Viewer("ann", "rep", "rep-1"), Viewer("bo", "rep", "rep-2")
MANAGER, FINANCE = Viewer("lead", "manager", "team-1"), Viewer("fin", "desk", "finance")
STAGE = [{"id": "talks", "name": {"en": "Talks", "zh": "洽谈"}}]


@pytest.fixture
def firm(tmp_path):
    built = Firm(tmp_path, policy_of(stages=STAGE, support={"finance_hours": 4}))
    built.deal("A", "rep-1", customer="North <b>", amount=50_000.0)
    period = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-02-01 00:00")}
    built.post("target_set", "rep-1", kind="unit", target=40_000.0, attained=0.0, **period)
    return built


def shown(firm: Firm, viewer: Viewer, view: str, language: str = "en") -> Board:
    opened = Board(firm.store, firm.service, viewer._replace(language=language))
    opened.speak(language)
    opened.go(Place(view))
    return opened


@pytest.mark.system("H6")
def test_a_rep_asks_finance_answers_and_both_see_it(firm):
    rep = shown(firm, REP, "requests")
    fields = {"deal": "A", "wanted": "finance_expense", "amount": "2,000", "question": "Travel"}
    rep.tapped({"do": "ask_desk", "fields": fields})
    assert f"finance: {rep.write.money(2_000.0)}" in rep.html
    assert "promised by" in rep.html

    finance = shown(firm, FINANCE, "requests", "zh")
    assert "North &lt;b&gt;" in finance.html
    assert "批准" in finance.html
    (made,) = finance.table.rows
    (request,) = requests(firm.store, SYSTEM)
    finance.tapped({"do": "answer_desk", "record": request.id, "value": "granted"})
    assert "没有等待您答复的请求" in finance.html
    assert "Granted" in shown(firm, REP, "requests").html
    assert made[0].startswith("North")


@pytest.mark.parametrize("fields", [
    {"deal": "A", "wanted": "finance_expense", "amount": "", "question": "x"},
    {"deal": "A", "wanted": "nothing", "question": "x"},
    {"deal": "A", "wanted": "manager_discount", "amount": "much"},
    {"deal": "gone", "wanted": "presales_answer", "question": "x"},
])  # fmt: skip
def test_what_does_not_fit_is_told_and_nothing_is_asked(firm, fields):
    opened = shown(firm, REP, "requests")
    opened.tapped({"do": "ask_desk", "fields": fields})

    assert "callout worse" in opened.html
    assert opened.table.rows == []


@pytest.mark.system("M2")
def test_pay_is_shown_with_its_parts_and_nobody_sees_a_peers(firm):
    firm.post("won", "A", amount=50_000.0)
    mine = shown(firm, REP, "pay")

    assert "North &lt;b&gt;" in mine.html
    assert mine.table.rows[0][3] == 50_000.0
    assert "North" not in shown(firm, PEER, "pay").html
    assert "North" in shown(firm, MANAGER, "pay", "zh").html


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("viewer", [REP, MANAGER, FINANCE, Viewer("ops", "operations"), Viewer("lost", "rep")])
def test_every_view_is_drawn_and_taken_away_in_both_languages(firm, viewer, language):
    for view in shown(firm, viewer, "", language).views:
        opened = shown(firm, viewer, view, language)
        assert opened.view == view
        assert opened.html
        assert as_csv(opened.table).read()
        assert as_excel(opened.table).read()
