"""Weekly action units live: counted from recorded visits, quotes and wins of reps whose targets the coach set."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rules.service import Service
from coach.store import SYSTEM, reading
from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import Desk
from tests.coach.test_targets import FIXED, in_force

pytestmark = pytest.mark.system("G2")
ASKED = FIXED | {"action_units": {"effective_visits": 3, "tailored_quotes": 2, "upsells": 1}}
SHORT = {"id": "actions-short", "on": "unit", "every": "week", "when": {"level": "rep", "effective_visits": "< 3"},
         "then": [{"todo": "manager"}]}  # fmt: skip
PARTS = ("needs_summary", "proposal_pages", "next_step_at")


class Office(Desk):
    """A firm with targets in force since Monday, 5 January 2026, 09:00."""

    def __init__(self, folder, **targets):
        super().__init__(Firm(folder, policy_of(SHORT, targets=ASKED | targets)))
        self.tokens["director"] = self._token("director", "manager", "company")
        in_force(self)

    def counted(self, role: str = "operations") -> dict[str, dict]:
        return {each["unit"]: each["counted"] for each in self.ask(role, "GET", "/targets/actions").json()}

    def visits(self) -> float | None:
        return self.counted()["rep-1"]["effective_visits"]


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.firm.store.close()


def part(name: str, firm: Firm) -> dict[str, object]:
    """One of the three parts of an effective visit; the next step is dated two days from now."""
    return {name: float(firm.now + 2 * 86_400_000) if name == "next_step_at" else "said and shown"}


def visit(office, record: str = "A", parts: tuple[str, ...] = PARTS) -> None:
    office.firm.post("contact", record)
    for name in parts:
        office.firm.post("field_recorded", record, **part(name, office.firm))


@settings(max_examples=20)
@given(st.sets(st.sampled_from(PARTS)), st.permutations(PARTS))
def test_a_visit_counts_once_all_three_parts_are_recorded_in_whatever_order(tmp_path_factory, missing, order):
    office = Office(tmp_path_factory.mktemp("firm"))
    office.firm.post("registered", "A", unit="rep-1", stage=1, amount=1.0)
    visit(office, parts=tuple(name for name in order if name not in missing))
    assert office.visits() == (None if missing else 1.0)
    office.firm.store.close()


def test_the_parts_count_within_a_day_of_the_visit_and_not_later(office):
    office.firm.deal("A")
    office.firm.until("2026-01-06 08:59")
    office.firm.post("field_recorded", "A", needs_summary="x", proposal_pages="y")
    assert office.visits() is None
    office.firm.until("2026-01-06 09:30")
    office.firm.post("field_recorded", "A", **part("next_step_at", office.firm))
    assert office.visits() is None
    office.firm.until("2026-01-06 10:00")
    office.firm.post("contact", "A")
    assert office.visits() == 1.0


def test_a_next_step_that_lies_behind_the_visit_makes_it_not_effective(office):
    office.firm.deal("A", needs_summary="x", proposal_pages="y", next_step_at=float(at("2026-01-05 08:00")))
    assert office.visits() is None


def test_two_talks_on_one_day_about_one_deal_are_one_visit_and_about_two_deals_two(office):
    for record in ("A", "A", "B"):
        office.firm.deal(record, needs_summary="x", proposal_pages="y")
        visit(office, record)
        office.firm.now += 60_000
    assert office.visits() == 2.0


def test_a_restart_between_the_visit_and_its_parts_changes_nothing_and_counts_nothing_twice(office):
    office.firm.deal("A", needs_summary="x", proposal_pages="y")
    again = office.app.state.service = office.firm.service = Service(office.firm.store, lambda: office.firm.now)
    office.firm.post("field_recorded", "A", **part("next_step_at", office.firm))
    assert office.visits() == 1.0
    assert again is office.firm.service
    office.app.state.service = office.firm.service = Service(office.firm.store, lambda: office.firm.now)
    office.firm.post("field_recorded", "A", needs_summary="z")
    assert office.visits() == 1.0


def test_quotes_and_upsells_are_counted_and_the_week_begins_again_at_zero_even_after_standing_still(office):
    firm = office.firm
    firm.deal("A")
    firm.deal("B", source="existing_customer")
    firm.post("document", "A")
    firm.post("document", "A")
    firm.post("document", "B")
    firm.post("won", "B", amount=5.0)
    assert office.counted()["rep-1"] == {"effective_visits": None, "tailored_quotes": 2.0, "upsells": 1.0}
    firm.stand_still("2026-01-20 09:00")
    office.app.state.service = firm.service
    firm.service.tick()
    assert office.counted()["rep-1"] == {"effective_visits": 0.0, "tailored_quotes": 0.0, "upsells": 0.0}
    events = reading.history(firm.store, SYSTEM, "unit", "rep-1")["events"]
    zeros = [each["recorded_at"] for each in events if each["event"] == "counted" and not any(each["payload"].values())]
    assert zeros == [at("2026-01-12 00:00") + 1, at("2026-01-19 00:00") + 1]


def test_a_rule_sees_the_week_that_ended_and_tells_the_manager_who_fell_short(office):
    for record in "ABC":
        office.firm.deal(record, needs_summary="x", proposal_pages="y")
        visit(office, record)
    office.firm.until("2026-01-13 09:00")
    assert office.firm.fired() == []
    office.firm.until("2026-01-20 09:00")
    assert [line for line in office.firm.fired() if "rep" in line] == [
        "01-19 00:00 actions-short/rep-1 todo_opened manager", "01-19 00:00 actions-short/rep-2 todo_opened manager",
    ]  # fmt: skip


def test_a_rep_sees_the_own_counts_and_no_peers(office):
    office.firm.deal("A", needs_summary="x", proposal_pages="y")
    visit(office)
    assert office.counted("rep") == {"rep-1": {"effective_visits": 1.0, "tailored_quotes": None, "upsells": None}}
    assert list(office.counted("peer")) == ["rep-2"]
    assert list(office.counted("manager")) == ["rep-1", "rep-2"]


def test_where_another_system_sets_the_targets_its_counts_stand(tmp_path):
    firm = Firm(tmp_path, policy_of(SHORT, targets=ASKED))
    firm.post("target_set", "rep-1", kind="unit", target=5.0, period_start_at=at("2026-01-01 00:00"),
              period_end_at=at("2026-02-01 00:00"))  # fmt: skip
    firm.deal("A", needs_summary="x", proposal_pages="y", next_step_at=float(at("2026-01-09 08:00")))
    firm.post("counted", "rep-1", kind="unit", effective_visits=7)
    firm.post("contact", "A")
    assert reading.record(firm.store, SYSTEM, "unit", "rep-1")["values"]["effective_visits"] == 7.0
    firm.store.close()
