"""A record's page with its whole story, and finding it: for whom it is, in words of people, without names of fields."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.pages.texts import LANGUAGES
from coach.store import Viewer, reading
from coach.store.finding import find_records
from policies.record.records import EVENTS
from tests.apps.board_firm import board_firm
from tests.coach.firm import OFFICE, Firm, policy_of

REP, PEER = Viewer("rep", "rep", "rep-1", "en"), Viewer("peer", "rep", "rep-2", "en")
MANAGER = Viewer("manager", "manager", "team-1", "en")


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    built = board_firm(tmp_path_factory.mktemp("records"), now=datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone)))
    built.deal("D-9", "rep-1", customer="北京澜信 50%_科技", amount=77_000.0)
    built.post("contact", "D-9", key="slip")
    built.post("voided", "D-9", voids="slip")
    built.post("field_recorded", "D-9", budget=50_000.0, decision_maker="Frau Öz")
    return built


def opened(firm, viewer: Viewer, place: Place) -> Board:
    return Board(firm.store, firm.service, viewer, place=place)


def page(firm, viewer: Viewer, record: str, kind: str = "opportunity") -> Board:
    return opened(firm, viewer, Place("record", kind=kind, record=record))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_tells_what_is_known_and_its_story_in_words(firm, language):
    html = page(firm, REP._replace(language=language), "D-9").html
    assert "北京澜信 50%_科技" in html
    for word in {"en": ("deal", "decision maker", "Fields recorded"), "zh": ("商机", "决策人", "填写字段")}[language]:
        assert word in html
    assert "Frau Öz" in html
    assert "decision_maker" not in html
    assert "last_action_at" not in html
    assert "1774" not in re.sub("<[^>]*>", "", html), "an instant in milliseconds"


def test_what_was_taken_back_stands_in_the_story_as_such_and_not_in_the_table(firm):
    board = page(firm, REP, "D-9")
    assert "<s>Conversation</s> (taken back)" in board.html
    told = [row[1] for row in board.table.rows]
    assert told[0] == "Fields recorded"
    assert told.count("Conversation") == board.html.count(">Conversation<") - 1


def test_what_is_asked_for_can_be_recorded_in_place(firm):
    html = page(firm, REP, "frozen-deal").html
    assert "name='stall_reason'" in html
    assert "What comes next" in page(firm, REP, "new-deal").html
    assert "name='stall_reason'" not in page(firm, MANAGER, "frozen-deal").html


@pytest.mark.parametrize(("kind", "record"), [("opportunity", "peers-deal"), ("unit", "rep-2"), ("nothing", "x"), ("", "")])
def test_of_what_is_not_the_viewers_nothing_is_told(firm, kind, record):
    html = page(firm, REP, record, kind).html
    assert "callout worse" in html
    assert "Entered" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_words(firm, language):
    board = opened(firm, REP._replace(language=language), Place("record"))
    board.draw()
    words = {name: board.say(f"story.{name}") for name in EVENTS}
    assert len(set(words.values())) == len(EVENTS)


@pytest.mark.parametrize("text", ["澜信", "北京澜信 科技", "50%_", "öz", "ÖZ", "d-9", "frau öz"])
def test_a_record_is_found_by_any_words_that_stand_in_it(firm, text):
    assert [each["id"] for each in find_records(firm.store, REP, text)] == ["D-9"]


@pytest.mark.parametrize("text", ["", " ", "x", "%%", "decision_maker", "50%5", "澜信 nothing", '"', "\\\\"])
def test_other_words_and_names_of_fields_find_nothing(firm, text):
    assert find_records(firm.store, REP, text) == []


def test_nobody_finds_what_is_not_theirs_to_see(firm):
    assert find_records(firm.store, PEER, "澜信") == []
    assert [each["id"] for each in find_records(firm.store, MANAGER, "澜信")] == ["D-9"]
    board = opened(firm, REP, Place("search", question="peers-deal"))
    assert "None of the records" in board.html
    assert board.table.rows == []


def test_what_is_found_leads_to_the_record(firm):
    html = opened(firm, REP, Place("search", question="澜信")).html
    assert "view=record&amp;kind=opportunity&amp;record=D-9" in html
    assert "at least two characters" in opened(firm, REP, Place("search", question="x")).html


VISITS = {"visit": {
    "title": {"en": "visit", "zh": "拜访"},
    "fields": {"mood": {"type": "choice", "title": {"en": "mood", "zh": "态度"},
                        "choices": {"warm": {"en": "well disposed", "zh": "友好"}, "cool": {"en": "reserved", "zh": "冷淡"}}},
               "cost": {"type": "money", "title": {"en": "cost of the visit", "zh": "拜访费用"}}},
}}  # fmt: skip
ASK = {"id": "ask-cost", "on": "visit", "when": {"cost": "missing"}, "since": "registered_at", "after": "1h",
       "then": [{"require": "cost"}, {"require": "mood"}]}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_of_a_kind_that_a_policy_declares_has_its_page_too(tmp_path, language):
    firm = Firm(tmp_path, policy_of(ASK, kinds=VISITS), "2026-03-26 10:00")
    firm.post("registered", "V-1", kind="visit", unit="rep-1", owner="rep-1", mood="warm")
    firm.until("2026-03-26 12:00")
    rep, words = REP._replace(language=language), {"en": ("mood", "well disposed"), "zh": ("态度", "友好")}[language]
    html = page(firm, rep, "V-1", "visit").html
    assert all(word in html for word in words)
    assert ">warm<" not in html
    assert {"en": "visit", "zh": "拜访"}[language] in opened(firm, rep, Place("search", question="V-1")).html
    board = page(firm, rep, "V-1", "visit")
    assert "name='cost'" in board.html
    for view in ("today", "home", "messages"):
        assert "Traceback" not in opened(firm, rep, Place(view)).html
    board.tapped({"do": "explain", "kind": "visit", "record": "V-1", "fields": {"cost": "1,200", "mood": "cool"}})
    values = reading.record(firm.store, rep, "visit", "V-1")["values"]
    assert (values["cost"], values["mood"]) == (1200.0, "cool"), board.html
