"""Days with complete records and the habit programme (E2): the coach counts what the office counts, shows it and pays it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.parity.check import office_with_journal, parity
from coach.recording.programme import Programme
from policies.documents.loader import edited, load_policy
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk
from tests.coach.test_target_parity import three_regions

pytestmark = pytest.mark.system("E2")
PROGRAMME = {"programme_days": 21, "reward_day": 10, "entries_day": 2, "within_hours": 24}
FACTS = {"decision_maker": "Wang", "budget": 5000.0, "competitor": "Acme"}


def made(folder, **recording) -> Desk:
    """A firm whose programme begins on Tuesday, 6 January 2026: the policy came into force on Monday morning."""
    desk = Desk(Firm(folder, policy_of(recording=PROGRAMME | recording, targets={"cadence": "none"})))
    for rep in ("rep-1", "rep-2"):
        desk.firm.post("registered", f"deal of {rep}", unit=rep, stage=1, amount=1.0)
    return desk


@pytest.fixture
def desk(tmp_path):
    firm = made(tmp_path)
    yield firm
    firm.firm.store.close()


def standing(desk: Desk, role: str = "operations", rep: str = "rep-1") -> dict:
    return next(each for each in desk.ask(role, "GET", "/recording").json()["reps"] if each["unit"] == rep)


def today(desk: Desk, rep: str = "rep-1") -> dict:
    return standing(desk, rep=rep)["days"][-1]


def enter(desk: Desk, number: int = 1, rep: str = "rep-1", **told) -> None:
    for _ in range(number):
        desk.firm.now += 60_000
        desk.firm.post("contact", f"deal of {rep}", **told)


@pytest.mark.parity
@pytest.mark.parametrize(
    "recording",
    [
        {"programme_days": 21, "reward_day": 12, "entries_day": 2, "filled": 0.2},
        {"programme_days": 30, "within_hours": 2, "entries_day": 1, "filled": 0.4},
        {"programme_days": 0, "reward_day": 25, "entries_day": 4, "within_hours": 100},
    ],
)
def test_office_and_coach_count_the_same_days_from_one_journal(recording):
    changes = {"targets.cadence": "none"} | {f"recording.{name}": value for name, value in recording.items()}
    report = parity(
        office_with_journal(three_regions(), edited(load_policy("monthly-private"), changes), 3, 7),
        batch_ms=14 * 86_400_000, restart=False,
    )  # fmt: skip
    assert (report.missing_days, report.extra_days) == ([], [])
    assert report.same_days > 50


def test_a_programme_begins_on_the_morning_after_and_has_three_parts_of_a_week(tmp_path):
    desk = made(tmp_path, reward_day=0)
    assert desk.ask("operations", "GET", "/recording").json()["reps"] == []
    parts = {}
    for day in range(6, 28):
        desk.firm.until(f"2026-01-{day:02} 10:00")
        told = desk.ask("operations", "GET", "/recording").json()["reps"][0]["days"][-1]
        parts[day] = (told["day"][-2:], told["number"], told["part"])
    assert [parts[day] for day in (6, 12, 13, 19, 20, 26)] == [
        ("06", 1, "in_time"), ("12", 7, "in_time"), ("13", 8, "filled"), ("19", 14, "filled"), ("20", 15, "together"),
        ("26", 21, "together"),
    ]  # fmt: skip
    assert parts[27] == parts[26]
    desk.firm.store.close()


def test_whoever_comes_later_begins_on_the_first_morning(desk):
    desk.firm.until("2026-01-14 15:00")
    desk.firm.post("registered", "rep-3", kind="unit", level="rep", parent="team-1")
    desk.firm.until("2026-01-15 12:00")
    assert today(desk, "rep-3")["number"] == 1
    assert today(desk)["number"] == 10


def test_entries_in_time_make_a_day_complete_and_late_ones_do_not(desk):
    desk.firm.until("2026-01-07 10:00")
    enter(desk)
    enter(desk, acted="2026-01-05 09:30")
    assert (today(desk)["entries"], today(desk)["full"]) == (1, False)
    enter(desk, acted="2026-01-06 18:00")
    assert (today(desk)["entries"], today(desk)["full"]) == (2, True)


def test_an_entry_withdrawn_on_its_own_day_does_not_count(desk):
    desk.firm.until("2026-01-06 10:00")
    enter(desk)
    enter(desk, key="mistaken")
    assert today(desk)["full"]
    desk.firm.post("voided", "deal of rep-1", voids="mistaken")
    assert (today(desk)["entries"], today(desk)["full"]) == (1, False)


def test_the_second_part_asks_for_what_was_learnt(desk):
    desk.firm.until("2026-01-13 10:00")
    enter(desk, 2)
    assert (today(desk)["filled"], today(desk)["full"]) == (0.0, False)
    enter(desk, 3, **FACTS)
    assert (today(desk)["filled"], today(desk)["full"]) == (1.0, True)


def test_what_was_learnt_is_counted_once_a_deal_as_it_stands_at_the_end_of_the_day(tmp_path):
    desk = made(tmp_path, filled=0.6)
    desk.firm.post("registered", "another", unit="rep-1", stage=1, amount=1.0)
    desk.firm.until("2026-01-13 10:00")
    enter(desk)
    enter(desk, decision_maker="Wang")
    enter(desk, budget=5000.0)
    assert (today(desk)["filled"], today(desk)["full"]) == (pytest.approx(2 / 3), True)
    desk.firm.post("contact", "another", key="mistaken")
    assert (today(desk)["filled"], today(desk)["full"]) == (pytest.approx(2 / 6), False)
    desk.firm.post("field_recorded", "another", decision_maker="Li", competitor="Acme")
    assert (today(desk)["filled"], today(desk)["full"]) == (pytest.approx(4 / 6), True)
    desk.firm.post("voided", "another", voids="mistaken")
    assert today(desk)["filled"] == pytest.approx(2 / 3)
    desk.firm.until("2026-01-14 10:00")
    desk.firm.post("field_recorded", "deal of rep-1", budget=None)
    assert standing(desk)["days"][-2]["filled"] == pytest.approx(2 / 3)
    desk.firm.store.close()


def test_the_third_part_asks_that_the_colleagues_enter_more_than_a_week_before(desk):
    desk.firm.until("2026-01-13 10:00")
    enter(desk, 1, "rep-2")
    desk.firm.until("2026-01-20 10:00")
    enter(desk, 2)
    enter(desk, 1, "rep-2")
    assert (today(desk)["others"], today(desk)["others_before"], today(desk)["full"]) == (1, 1, False)
    enter(desk, 1, "rep-2")
    assert today(desk)["full"]


def test_days_before_in_and_after_a_programme_are_told_as_they_are_paid(tmp_path):
    desk = made(tmp_path, programme_days=0)
    told = {}
    for day in (6, 7, 12, 13, 26, 31):
        desk.firm.until(f"2026-01-{day:02} 10:00")
        if day == 12:
            desk.firm.service.activate(policy_of(recording=PROGRAMME | {"programme_days": 9}), "tester")
        if day != 13:
            enter(desk, 2)
        found = standing(desk)
        assert found["earned"] == desk.ask("rep", "GET", "/reps/rep-1/pay").json()["rewards"]
        told[day] = (found["full"], found["judged"], found["earned"], found["latest"]["number"])
    assert told == {
        6: (1, 2, 10, None), 7: (2, 3, 20, None), 12: (3, 6, 30, None), 13: (3, 6, 30, 1), 26: (4, 16, 40, None),
        31: (4, 20, 40, None),
    }  # fmt: skip
    desk.firm.until("2026-02-02 10:00")
    assert (standing(desk)["full"], standing(desk)["judged"], standing(desk)["earned"]) == (0, 0, 0)
    desk.firm.store.close()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4))
@settings(max_examples=8)
def test_complete_days_are_paid_by_the_day(tmp_path_factory, entries):
    desk = made(tmp_path_factory.mktemp("firm"), programme_days=0)
    for place, number in enumerate(entries):
        desk.firm.until(f"2026-01-{6 + place:02} 10:00")
        enter(desk, number)
    paid = desk.ask("rep", "GET", "/reps/rep-1/pay").json()
    complete = sum(number >= PROGRAMME["entries_day"] for number in entries)
    assert paid["rewards"] == standing(desk)["earned"] == complete * PROGRAMME["reward_day"]
    assert paid["total"] == paid["base"] + paid["variable"] + paid["rewards"]
    desk.firm.store.close()


@pytest.mark.parametrize(("moved", "told"), [("reassigned", {"owner": "rep-2"}), ("field_recorded", {"amount": 2.0})])
def test_what_was_entered_on_a_deal_stays_with_who_entered_it(desk, moved, told):
    desk.firm.until("2026-01-06 10:00")
    enter(desk, 2)
    desk.firm.post(moved, "deal of rep-1", unit="rep-2", **told)
    enter(desk)
    assert (today(desk)["entries"], today(desk, "rep-2")["entries"]) == (2, 1)


def test_a_policy_that_ends_the_programme_ends_it_and_another_begins_it_anew(desk):
    desk.firm.until("2026-01-08 10:00")
    desk.firm.service.activate(policy_of(name="without"), "tester")
    desk.firm.until("2026-01-09 10:00")
    desk.firm.service.activate(policy_of(recording=PROGRAMME), "tester")
    with desk.firm.store.read() as connection:
        programme = Programme(connection, desk.firm.store.calendar, date(2026, 1, 6), date(2026, 1, 12))
        firsts = [programme.first_day("rep-1", date(2026, 1, day)) for day in (7, 8, 9, 12)]
    assert firsts == [date(2026, 1, 6), None, date(2026, 1, 10), date(2026, 1, 10)]


def test_everybody_sees_the_own_days_and_those_of_who_reports_to_them(desk):
    desk.firm.until("2026-01-06 10:00")
    seen = {role: [each["unit"] for each in desk.ask(role, "GET", "/recording").json()["reps"]] for role in desk.tokens}
    assert (seen["rep"], seen["peer"], seen["manager"]) == (["rep-1"], ["rep-2"], ["rep-1", "rep-2"])
    assert seen["desk"] == seen["trainer"] == []
