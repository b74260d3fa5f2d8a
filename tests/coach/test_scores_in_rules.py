"""Scores and chances of winning as quantities in rules: recorded once a day, so that rules of every kind take them."""

import pytest

from coach.scoring.readings import READINGS
from coach.scoring.recording import QUANTITIES, ScoreRecorder, named_by, record_scores
from coach.scoring.scores import win_chances
from coach.store import SYSTEM, reading
from policies.documents.loader import load_policy
from policies.language.policy import Policy
from policies.record.records import field
from tests.coach.firm import Firm, at, policy_of
from tests.coach.scored import ScoredFirm

pytestmark = pytest.mark.file
POOR = {"id": "poor-journey", "on": "opportunity", "every": "week", "streak": 2,
        "when": {"status": "open", "journey": "< 75"}, "then": [{"escalate": "manager"}]}  # fmt: skip


def naming(quantity, **rule) -> Policy:
    looks = {"id": "look", "on": quantity.kind, "every": "week", "when": {quantity.field: "present"},
             "then": [{"notify": "owner"}]}  # fmt: skip
    return policy_of(looks | rule)


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda each: each.field)
class TestEachQuantity:
    def test_it_is_a_field_that_no_rule_sets_and_the_office_leaves_out(self, quantity):
        about = field(quantity.kind, quantity.field)
        assert quantity.score in (*READINGS, "within", "ever")
        assert not about.derived
        with pytest.raises(ValueError, match=quantity.field):
            naming(quantity, then=[{"set": {quantity.field: 1}}])
        (left,) = naming(quantity).cannot_rehearse
        assert left.rule == "look"

    def test_it_is_reckoned_only_where_a_rule_in_force_names_it(self, quantity):
        assert named_by(naming(quantity)) == [quantity]
        assert named_by(naming(quantity, mode="off")) == []
        assert named_by(load_policy("full-playbook")) == []


def journeys(firm: Firm) -> list[tuple[int, float | None]]:
    events = reading.history(firm.store, SYSTEM, "opportunity", "A")["events"]
    return [(each["recorded_at"], each["payload"]["journey"]) for each in events if each["source"] == "scores"]


@pytest.mark.system("S3")
class TestRecording:
    def test_a_number_is_recorded_where_it_changed_and_is_no_action(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        firm.deal()
        firm.post("first_contact")
        firm.until("2026-01-09 23:30")
        before = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"]
        assert [record_scores(firm.service) for _ in range(2)] == [1, 0]
        assert [value for _, value in journeys(firm)] == [0.0]
        assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"] == before

    def test_two_weeks_running_below_the_limit_alarm_through_a_restart(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        firm.deal()
        firm.post("first_contact")
        firm.until("2026-01-09 23:30")
        record_scores(firm.service)
        firm.stand_still("2026-01-12 10:00")
        firm.service.tick()
        assert firm.fired() == []
        firm.until("2026-01-19 10:00")
        assert firm.fired() == ["01-19 00:00 poor-journey/A escalated manager"]

    def test_it_is_recorded_half_an_hour_before_midnight(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        recorder = ScoreRecorder(firm.service)
        for now, hours in (("2026-01-05 09:00", 14.5), ("2026-01-05 23:30", 24.0), ("2026-01-05 23:45", 23.75)):
            firm.now = at(now)
            assert recorder.seconds_to_next() == hours * 3600


def test_the_chance_of_winning_is_the_one_that_the_forecast_tells(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(120):
        opened = 340.0 - 2 * number
        firm.tell(opened, "registered", f"past-{number}", unit="rep-1", owner="rep-1", stage=1, amount=1000.0 + number)
        firm.tell(opened - 10 - number % 30, "lost" if number % 3 else "won", f"past-{number}")
    firm.tell(20.0, "registered", "A", unit="rep-1", owner="rep-1", stage=1, amount=5000.0)
    firm.write()
    likely = {"on": "opportunity", "since": "opened_at", "then": [{"notify": "manager"}]}
    named = {"win_chance": "> 0%", "win_ever": ">= field win_chance"}
    firm.service.activate(policy_of({"id": "likely", "when": {"status": "open"} | named} | likely), "tester")
    _, chances = win_chances(firm.store, firm.now)
    record_scores(firm.service)

    values = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]
    assert values["win_chance"] == round(chances["A"].probability, 2) > 0
    assert values["win_ever"] == round(chances["A"].ever, 2) >= values["win_chance"]
    assert [each["event"] for each in reading.firings(firm.store, SYSTEM, rule="likely")] == ["fired", "notified"]
