"""The board without a browser: what a rep and a manager are shown, what a tap does, and what a peer is never told."""

import csv
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.board.attainment import week_ends
from apps.board.page import FOLDER, VIEWS, Board
from apps.board.place import Place
from apps.board.taking import Table, as_csv, as_excel
from apps.board.taps import DOES
from apps.board.targets_view import band
from apps.pages.texts import texts
from coach.store import Viewer, reading
from coach.store.last_actions import last_actions
from coach.store.standings import standings
from policies.language.sections import Notices
from policies.time.calendar_arrays import DAY_MS
from tests.apps.board_firm import OWN_ATTAINED, OWN_TARGET, SECRET_ATTAINED, SECRET_TARGET, board_firm, copy_of
from tests.coach.firm import OFFICE, policy_of

REP, PEER = Viewer("rep", "rep", "rep-1"), Viewer("peer", "rep", "rep-2")
MANAGER, DIRECTOR = Viewer("manager", "manager", "team-1"), Viewer("director", "manager", "company")
THURSDAY = datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo(OFFICE.zone))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Firms by visibility, each built once."""
    known = {}

    def build(visibility: str):
        if visibility not in known:
            known[visibility] = board_firm(tmp_path_factory.mktemp(visibility), visibility, THURSDAY)
        return known[visibility]

    return build


@pytest.fixture
def firm_with(built, tmp_path):
    """A firm of one's own, with a policy of that visibility."""
    return lambda visibility: copy_of(built(visibility), tmp_path)


@pytest.fixture
def firm(firm_with):
    return firm_with("private")


def board(firm, viewer, view="today") -> Board:
    """The board of somebody, opened at a view."""
    opened = Board(firm.store, firm.service, viewer)
    opened.go(Place(view))
    return opened


def shown(firm, viewer, view="today") -> str:
    return board(firm, viewer, view).html


def test_a_morning_begins_with_what_is_due_and_goes_on_with_ranked_actions(firm):
    html = shown(firm, REP)
    first, then = html.split("Then: what is worth most")
    assert "frozen-deal" in first
    assert "stall reason" in first
    assert "data-do='done'" in first
    assert f"data-due='{reading.todos(firm.store, REP)[0]['due_at']}'" in first
    assert "new-deal" in then
    assert "frozen-deal" not in then
    assert "about 45 min" in then
    assert "got this far were won" not in then, "of no closed deal nothing is said"
    assert "peers-deal" not in html


def test_one_tap_says_that_a_todo_is_done(firm):
    opened = board(firm, REP)
    number = reading.todos(firm.store, REP)[0]["id"]
    opened.tapped({"do": "done", "todo": str(number)})
    assert reading.todos(firm.store, REP) == []
    assert f"data-todo='{number}'" not in opened.html


def test_a_tap_records_an_action_and_can_be_taken_back(firm):
    opened = board(firm, REP)
    before = reading.record(firm.store, REP, "opportunity", "new-deal")["values"]["last_action_at"]
    opened.tapped({"do": "tap", "event": "contact", "kind": "opportunity", "record": "new-deal"})
    assert reading.record(firm.store, REP, "opportunity", "new-deal")["values"]["last_action_at"] == firm.now
    key = next(
        each["key"]
        for each in reading.history(firm.store, REP, "opportunity", "new-deal")["events"]
        if each["source"] == "board"
    )
    opened.tapped({"do": "undo", "key": key, "kind": "opportunity", "record": "new-deal"})
    assert reading.record(firm.store, REP, "opportunity", "new-deal")["values"]["last_action_at"] == before


@pytest.mark.system("P3")
def test_the_stall_reason_reopens_a_frozen_deal_in_place_and_is_no_action(firm):
    opened = board(firm, REP, "pipeline")
    idle = reading.record(firm.store, REP, "opportunity", "frozen-deal")["values"]["last_action_at"]
    assert "It cannot advance" in opened.html
    forget = opened.tapped(
        {"do": "explain", "kind": "opportunity", "record": "frozen-deal", "fields": {"stall_reason": "budget postponed"}}
    )
    values = reading.record(firm.store, REP, "opportunity", "frozen-deal")["values"]
    assert (values["frozen"], values["stall_reason"], values["last_action_at"]) == (0.0, "budget postponed", idle)
    assert forget == ["frozen-deal.stall_reason"]
    assert "It cannot advance" not in opened.html
    assert "so the freeze counts from there" in opened.html


def test_an_empty_reason_changes_nothing_and_says_so(firm):
    opened = board(firm, REP, "pipeline")
    forget = opened.tapped({"do": "explain", "kind": "opportunity", "record": "frozen-deal", "fields": {"stall_reason": "  "}})
    assert forget == []
    assert "nothing was recorded" in opened.html
    assert reading.record(firm.store, REP, "opportunity", "frozen-deal")["values"]["frozen"] == 1.0


@pytest.mark.parametrize(
    "tap",
    [
        {"do": "tap", "event": "contact", "kind": "opportunity", "record": "peers-deal"},
        {"do": "tap", "event": "won", "kind": "opportunity", "record": "new-deal"},
        {"do": "explain", "kind": "opportunity", "record": "peers-deal", "fields": {"stall_reason": "x"}},
        {"do": "explain", "kind": "unit", "record": "rep-1", "fields": {"target": "1"}},
        {"do": "done", "todo": "-1"},
        {"do": "done", "todo": "no number"},
        {"do": "nothing known"},
        {},
    ],
)
def test_a_rep_can_tap_nothing_of_a_peer_whatever_is_sent(firm, tap):
    def state():
        return [
            reading.record(firm.store, MANAGER, *of)
            for of in (("opportunity", "peers-deal"), ("unit", "rep-1"), ("unit", "rep-2"))
        ]

    opened, before = board(firm, REP), state()
    opened.go(Place(rep="rep-2"))
    opened.tapped(tap)
    assert state() == before
    assert opened.rep == "rep-1"
    assert "peers-deal" not in str(opened.table)


def test_the_action_that_reset_the_clock_is_named_and_a_withdrawn_one_is_not(firm):
    row = reading.record(firm.store, REP, "opportunity", "new-deal")["row"]
    assert last_actions(firm.store, REP, [row])[row].event == "document"
    firm.post("contact", "new-deal", key="slip")
    assert last_actions(firm.store, REP, [row])[row].event == "contact"
    firm.post("voided", "new-deal", voids="slip")
    assert last_actions(firm.store, REP, [row])[row].event == "document"
    assert last_actions(firm.store, PEER, [row]) == {}


def test_a_late_entry_says_when_it_was_entered(firm):
    firm.post("contact", "new-deal", acted="2026-03-25 11:00")
    html = shown(firm, REP, "pipeline")
    assert "contact, 25 Mar 11:00 (from test); entered only 26 Mar 10:00" in html


@pytest.mark.system("G7")
def test_the_heat_map_holds_attainment_against_pace_for_every_unit_below(firm):
    opened = board(firm, DIRECTOR, "targets")
    rows = {(row[0], row[2][:10]): row for row in opened.table.rows}
    assert {unit for unit, _ in rows} >= {"rep-1", "rep-2", "team-1"}
    last = rows["rep-1", "2026-03-26"]
    assert last[3:6] == [OWN_TARGET, OWN_ATTAINED, round(OWN_ATTAINED / OWN_TARGET, 4)]
    assert last[6] > 1
    assert rows["rep-2", "2026-03-26"][6] < 0.2
    html = opened.html
    assert "More than 20 % behind pace at the last two week ends, and still: team-1, rep-2" in html
    assert "view=today&amp;rep=rep-1&amp;lang=en'>rep-1</a>" in html


def test_weeks_end_just_before_monday_and_the_last_column_is_now():
    now = round(THURSDAY.timestamp() * 1000)
    ends = week_ends(OFFICE, now, weeks=2)
    assert [OFFICE.local_date(each).isoformat() for each in ends] == ["2026-03-15", "2026-03-22", "2026-03-26"]
    assert OFFICE.midnight(OFFICE.local_date(ends[1] + 1)) == ends[1] + 1


def test_colours_follow_pace():
    assert [band(pace) for pace in (1.2, 1.0, 0.95, 0.8, 0.79, 0.6, 0.1, None)] == [
        "ahead", "ahead", "near", "slow", "behind", "behind", "far", "none",
    ]  # fmt: skip


def figures(value: float) -> list[str]:
    """How an amount could stand in a page."""
    return [f"{value:.0f}", f"{value:,.0f}", f"{value / 1000:.3g} k", f"{value / 10000:.3g}"]


@pytest.mark.system("G4")
@pytest.mark.parametrize("visibility", ["private", "none", "private_rank", "anonymous"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_peer_is_told_no_private_target_in_any_view_or_table(firm_with, visibility, language):
    firm = firm_with(visibility)
    opened = board(firm, REP._replace(language=language))
    seen = ""
    for view in VIEWS:
        opened.go(Place(view))
        seen += opened.html + as_csv(opened.table).getvalue().decode()
    for secret in (SECRET_TARGET, SECRET_ATTAINED / 40, SECRET_ATTAINED / 50):
        assert [each for each in figures(secret) if each in seen] == []
    assert "rep-2" not in seen
    manager = board(firm, MANAGER._replace(language=language), "targets")
    assert str(SECRET_TARGET) in as_csv(manager.table).getvalue().decode()


def test_anonymous_attainment_comes_without_names_and_without_amounts(firm_with):
    html = shown(firm_with("anonymous"), REP, "targets")
    assert "The others, without names" in html
    assert "1%" in html.split("The others, without names")[1]


@pytest.mark.system("G4")
def test_public_targets_are_shown_by_name_but_not_what_was_private_before(firm):
    firm.service.activate(policy_of(targets={"visibility": "public"}), "tester")
    firm.now += DAY_MS
    looks = [firm.now - 3 * DAY_MS, firm.now]
    told = standings(firm.store, REP, looks)
    assert told["rep-2"][0] is None
    assert told["rep-2"][1].target == SECRET_TARGET
    assert told["rep-1"][0].target == OWN_TARGET
    assert "rep-2" in shown(firm, REP, "targets")


def test_tables_are_taken_away_as_they_are_shown_and_no_cell_is_a_formula():
    table = Table("deals", ["id", "amount"], [["=1+1", 5.0], ["A", None]])
    assert list(csv.reader(StringIO(as_csv(table).getvalue().decode("utf-8-sig")))) == [
        ["id", "amount"],
        ["'=1+1", "5.0"],
        ["A", ""],
    ]
    sheet = load_workbook(as_excel(table)).active
    assert [[cell.value for cell in row] for row in sheet] == [["id", "amount"], ["'=1+1", 5], ["A", None]]


def test_a_deal_given_to_a_team_stands_in_the_pipeline_of_those_above_it_and_counts_in_their_sums(firm):
    def value(viewer) -> float:
        return sum(row[3] or 0.0 for row in board(firm, viewer, "pipeline").table.rows)

    whole = value(MANAGER)
    giving = {"id": "give", "on": "opportunity", "when": {"status": "open", "amount": 77_777}, "since": "opened_at",
              "after": "1d", "then": [{"assign": "team-1"}]}  # fmt: skip
    firm.service.activate(policy_of(giving), "tester", catch_up=True)
    firm.until("2026-03-26 10:05")
    assert reading.record(firm.store, MANAGER, "opportunity", "peers-deal")["unit"] == "team-1"
    assert "peers-deal" not in shown(firm, PEER, "pipeline")
    assert "peers-deal" in shown(firm, MANAGER, "pipeline")
    assert (value(MANAGER), value(DIRECTOR)) == (whole, whole)
    assert "gave it to somebody else" in shown(firm, PEER, "messages")
    opened = board(firm, MANAGER, "pipeline")
    opened.go(Place("pipeline", "team-1"))
    assert [row[0] for row in opened.table.rows] == ["peers-deal"]
    opened.go(Place("today", "team-1"))
    assert "77,777" in opened.html


@pytest.mark.parametrize(
    ("viewer", "told"),
    [(Viewer("new", "rep"), "belongs to no unit"), (Viewer("chief", "manager", "nowhere"), "No rep is recorded")],
)
def test_empty_boards_say_what_to_do(firm, viewer, told):
    assert told in shown(firm, viewer)


def test_a_manager_reads_what_a_rep_on_leave_has_to_do_as_the_deputy(firm):
    firm.service.activate(firm.service.policy().model_copy(update={"notices": Notices(deputy=True)}), "tester")
    assert "the deputy of" not in shown(firm, MANAGER, "messages")
    firm.post("absence_began", "rep-1", kind="unit")
    assert "for you as the deputy of rep-1, who is on leave" in shown(firm, MANAGER, "messages")
    assert "for team-1 as the deputy of rep-1, who is on leave" in shown(firm, DIRECTOR, "messages")
    firm.post("absence_ended", "rep-1", kind="unit")
    assert "the deputy of" not in shown(firm, MANAGER, "messages")


def test_what_a_record_is_called_is_never_markup(firm):
    firm.deal("<script>alert(1)</script>", "rep-1", customer="<b>A & B</b>", amount=9_000.0)
    for view in ("today", "pipeline", "messages"):
        html = shown(firm, REP, view)
        assert "<script" not in html
        assert "<b>A &" not in html


def test_every_text_of_the_board_is_there_in_both_languages():
    told = texts(FOLDER)
    assert told
    assert [name for name, words in told.items() if set(words) != {"en", "zh"} or not all(words.values())] == []


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["x" * 5000, "²", "-1", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MESSAGES = ODD | st.fixed_dictionaries(
    {"do": st.sampled_from(DOES) | ODD},
    optional={name: ODD for name in ("view", "value", "rep", "event", "kind", "record", "key", "todo", "number", "fields")},
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSAGES)
def test_whatever_a_browser_sends_is_answered_on_the_page_and_raises_nothing(firm, caplog, message):
    opened = board(firm, REP)
    before = sequence(firm)
    opened.tapped(message)
    assert sequence(firm) == before
    assert caplog.records == []
    assert opened.html


def sequence(firm) -> int:
    with firm.store.read() as connection:
        return connection.exec_driver_sql("select count(*) from event").scalar()


def test_a_fault_of_the_program_is_told_on_the_page_and_stands_in_the_log(firm, monkeypatch, caplog):
    opened = board(firm, REP)
    monkeypatch.setattr(opened.recording, "tap", lambda *_: 1 / 0)
    opened.tapped({"do": "tap", "event": "contact", "kind": "opportunity", "record": "new-deal"})
    assert "could not be done (ZeroDivisionError)" in opened.html
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_manager_sees_that_an_owner_left_and_what_belongs_to_nobody(firm, language):
    firm.post("absence_began", "rep-1", kind="unit", left_at=float(firm.now))
    firm.post("registered", "orphan-deal", customer="orphan-deal", amount=10.0, stage=1)
    opened = Board(firm.store, firm.service, MANAGER._replace(language=language))
    assert opened.reps[-1] == "rep-1"  # who is there comes first
    told = {name: text[language] for name, text in texts(FOLDER).items()}
    gone = {"rep": "rep-1", "name": "rep-1", "day": "2026 年 3 月 26 日" if language == "zh" else "26 Mar 2026"}
    opened.go(Place("pipeline"))
    assert told["words.left"].format(**gone) in opened.html
    assert "orphan-deal" in opened.html
    assert told["pipeline.nobody"] in opened.html
    opened.go(Place("today", "rep-1"))
    assert told["today.gone"].format(**gone) in opened.html
    opened.go(Place("today", "rep-2"))
    assert "callout worse" not in opened.html
